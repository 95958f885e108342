"""Writes the tables of docs/language.md and the whole of docs/procedure.schema.json from the code's own lists of keys.

What the keys are called and mean stands in language_keys.py, the schema in language_schema.py.

.venv/bin/python scripts/language.py          write both anew
.venv/bin/python scripts/language.py --check  say whether they are current (exit code 1: they are not)
"""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.language_keys import KEYS
from scripts.language_schema import schema
from toritsugi.definition import check, fields
from toritsugi.definition.tokens import JAPANESE
from toritsugi.definition.types import Kind

DOCS = Path(__file__).resolve().parents[1] / "docs"
LANGUAGE, SCHEMA = DOCS / "language.md", DOCS / "procedure.schema.json"


def tables() -> dict[str, str]:
    """Name of each generated table -> its Markdown."""
    found = {block: _table(("key", "", "meaning"), _rows(block)) for block in KEYS}
    found["types"] = _table(("type",), [(f"`{kind}`",) for kind in (*Kind, "channel")])
    found["channels"] = _table(
        ("channel", "日本語"), [(f"`{id_}`", title.ja) for id_, title in fields.CHANNELS.items()]
    )
    found["codes"] = "\n".join(f"- `{code}`" for code in check.REFUSAL_CODES)
    found["words"] = _table(
        ("日本語", "the same as"), [(word, f"`{same}`" if word != same else "") for word, same in JAPANESE.items()]
    )
    return found


def _rows(block: str) -> list[tuple[str, ...]]:
    return [
        (f"`{key}`", "needed" if form.endswith("!") else "", meaning) for key, (form, meaning) in KEYS[block].items()
    ]


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def language() -> str:
    """docs/language.md with its tables written anew."""
    text = LANGUAGE.read_text("utf-8")
    for name, table in tables().items():
        start, end = f"<!-- table: {name} -->", f"<!-- end: {name} -->"
        pattern = re.compile(f"{re.escape(start)}.*?{re.escape(end)}", re.DOTALL)
        if not pattern.search(text):
            raise SystemExit(f"docs/language.md has no place for the table {name}")
        text = pattern.sub(lambda _, made=f"{start}\n{table}\n{end}": made, text)
    return text


def main() -> int:
    """Write both, or with --check say whether they are current."""
    made = {LANGUAGE: language(), SCHEMA: schema()}
    if sys.argv[1:] == ["--check"]:
        stale = [path for path, text in made.items() if not path.exists() or path.read_text("utf-8") != text]
        for path in stale:
            sys.stderr.write(f"{path.name} is not current: run scripts/language.py\n")
        return 1 if stale else 0
    for path, text in made.items():
        path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
