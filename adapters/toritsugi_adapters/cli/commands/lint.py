"""`lint`: everything that is wrong with a procedure's file, in one go, each fault where it stands."""

from __future__ import annotations

import click

from toritsugi_adapters.cli.desk import Desk
from toritsugi_adapters.cli.options import argument, command, option


@command(
    "lint",
    argument("files", nargs=-1, required=True),
    option(
        "--format",
        "form",
        type=click.Choice(["text", "json", "sarif"]),
        default="text",
        metavar="text|json|sarif",
        ja="出力の形（既定：text）",
        en="form of the answer (default: text)",
    ),
    usage="[--format text|json|sarif] FILE ...",
    ja="""
手続の定義（YAML）の誤りを、場所と直し方とともにすべて一度に示します。フォルダーを指定すると、その中の定義をすべて調べます。
「-」は標準入力です。誤りがあれば終了コードは 6、注意だけなら 0 です。

    toritsugi lint my_procedure.yaml""",
    en="""
Shows every fault of a procedure's file (YAML) at once: where it is, why it is one, what would be right. A folder
stands for all definitions in it, - for standard input. The exit code is 6 if there are errors, 0 for warnings only.

    toritsugi lint my_procedure.yaml""",
)
def lint(desk: Desk, files: tuple[str, ...], form: str) -> int:
    from toritsugi_adapters.cli.lint.looked import exit_code, look, shown

    looked = look(files)
    print(shown(looked, "json" if desk.as_json else form))
    return exit_code(looked)
