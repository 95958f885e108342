"""A plain `toritsugi lint FILE ...` answered without the command-line library, which costs as much as the whole look."""

from __future__ import annotations

import gc

from toritsugi_adapters.cli import folder
from toritsugi_adapters.cli.lint.looked import FORMATS, exit_code, look, shown


def answer(words: list[str]) -> int | None:
    """The exit code; None: not so plain, or not to be done at all, and click tells that better."""
    folder.choose(None)
    files: list[str] = []
    form = "text"
    rest = iter(words)
    for word in rest:
        if word == "--json":
            form = "json"
        elif word == "--lang":
            if next(rest, "") not in ("ja", "en"):
                return None
        elif word == "--format":
            form = next(rest, "")
        elif word.startswith("-"):
            return None
        else:
            files.append(word)
    if files[:1] != ["lint"] or len(files) < 2 or form not in FORMATS:
        return None
    gc.disable()  # one short look makes no garbage worth a stop
    try:
        looked = look(files[1:])
    except OSError:
        return None
    finally:
        gc.enable()
    print(shown(looked, form))
    return exit_code(looked)
