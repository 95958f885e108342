"""`fmt`: procedures' files laid out alike, what they say and their comments untouched."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from toritsugi_adapters.cli.desk import Desk
from toritsugi_adapters.cli.language import words
from toritsugi_adapters.cli.options import argument, command, option

if TYPE_CHECKING:
    from toritsugi_adapters.cli.fmt.proof import NotFormatted


@command(
    "fmt",
    argument("files", nargs=-1, required=True),
    option(
        "--check",
        is_flag=True,
        ja="書き換えずに、整っていないファイルを示す（あれば終了コード 6）",
        en="change nothing, name the files that would change (exit code 6 if any)",
    ),
    usage="[--check] FILE ...",
    ja="""
手続の定義（YAML）の字下げ・空白・引用符・空行を整えます。内容、順序、コメントは変えません。書き込む前に、内容が同じであることを
確かめます。フォルダーを指定すると、その中の定義をすべて整えます。「-」は標準入力で、結果を標準出力に出します。

    toritsugi fmt my_procedure.yaml""",
    en="""
Lays a procedure's file (YAML) out: indentation, blanks, quotes, blank lines. What it says, the order of everything and
all comments stay; before a file is written, its content is proven to be the same. A folder stands for all definitions
in it, - for standard input, laid out on standard output.

    toritsugi fmt my_procedure.yaml""",
)
def fmt(desk: Desk, files: tuple[str, ...], check: bool) -> int:
    from toritsugi_adapters.cli.lint.sources import named

    outcomes = [_one(file, check) for file in named(files)]
    if desk.as_json:
        desk.show([{"file": file, "outcome": outcome} for file, outcome in outcomes], [])
    elif "-" not in files:
        _tell(outcomes)
    wrong = {"refused", "would_change"} & {outcome for _, outcome in outcomes}
    return 6 if wrong else 0


def _one(file: str, check: bool) -> tuple[str, str]:
    """A file, and what became of it: unchanged, changed, would_change, refused."""
    from toritsugi_adapters.cli.fmt.proof import NotFormatted, formatted
    from toritsugi_adapters.cli.lint.sources import read_file

    raw = read_file(file)
    try:
        new = formatted(raw)
    except NotFormatted as why:
        _complain(file, raw, why)
        return file, "refused"
    if check:
        return file, "unchanged" if new == raw else "would_change"
    if file == "-":
        sys.stdout.write(new.decode())
    elif new != raw:
        _replace(Path(file), new)
    return file, "unchanged" if new == raw else "changed"


def _complain(file: str, raw: bytes, why: NotFormatted) -> None:
    """Say on stderr why a file was left alone, and where."""
    from toritsugi_adapters.cli.lint.looked import Looked
    from toritsugi_adapters.cli.lint.told import as_text

    print(f"{file}: {words(why.ja, why.en)}", file=sys.stderr)
    if why.findings:
        print("\n".join(as_text([Looked(file, raw, why.findings)])), file=sys.stderr)


def _replace(path: Path, new: bytes) -> None:
    """Put the new text in the file's place in one step, with the rights of the old one."""
    path = path.resolve()  # a link goes on pointing at the file
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(new)
    fresh.chmod(path.stat().st_mode)
    os.replace(fresh, path)


def _tell(outcomes: list[tuple[str, str]]) -> None:
    texts = {"changed": ("整えました", "laid out"), "would_change": ("整っていません", "would change")}
    told = [f"{words(*texts[outcome])}: {file}" for file, outcome in outcomes if outcome in texts]
    calm = sum(outcome == "unchanged" for _, outcome in outcomes)
    if calm:
        files = f"{calm} file{'s' * (calm != 1)}"
        told.append(words(f"{calm}ファイルは整っています。", f"{files} need{'s' * (calm == 1)} no change."))
    for line in told:
        click.echo(line)
