"""The text of `toritsugi --help`, from the command table alone."""

import re

from toritsugi_adapters.cli.language import words
from toritsugi_adapters.cli.layout import paragraph, table
from toritsugi_adapters.cli.table import COMMANDS, SECTIONS, SHARED, VALUES


def face_text() -> str:
    """What the program is for, its commands by section, and the options they share."""
    lines = [
        words(
            "使い方: toritsugi [オプション] コマンド [引数 ...]", "Usage: toritsugi [OPTIONS] COMMAND [ARGUMENTS ...]"
        ),
        "",
        *paragraph(
            words(
                "案件を機関から機関へ取り次ぎ、期限を守り、すべてを記録に残します。",
                "Carries a case between the institutions that handle it, on time and on the record.",
            ),
            indent=2,
        ),
    ]
    widest = max(len(name) for name in COMMANDS)
    for ja, en, names in SECTIONS:
        rows = [(name.ljust(widest), words(*COMMANDS[name][2:])) for name in names]
        lines += ["", f"{words(ja, en)}:", *table(rows, indent=2)]
    lines += ["", words("どのコマンドの前にも後にも書けるオプション:", "Options, before or after any command:")]
    lines += table(shared_rows(), indent=2)
    lines += [
        "",
        words("各コマンドの説明: toritsugi コマンド --help", "More about a command: toritsugi COMMAND --help"),
    ]
    return "\n".join(lines)


def shared_rows() -> list[tuple[str, str]]:
    """The shared options as rows of a table."""
    rows = [(f"{name} {called(value)}".rstrip(), words(ja, en)) for name, value, ja, en in SHARED]
    return [
        *rows,
        ("--help", words("説明を表示する", "show this text")),
        ("--version", words("版を表示する", "show the version")),
    ]


def called(usage: str) -> str:
    """A usage with its values (CASE, FILE) as the reader calls them."""
    return words(re.sub(r"\b[A-Z]+\b", lambda found: VALUES.get(found[0], found[0]), usage), usage)
