"""Files of procedures that are wrong and so are set aside: told once a command line on stderr, and the command goes on."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from toritsugi_adapters.cli.language import chosen, words
from toritsugi_adapters.cli.layout import paragraph

if TYPE_CHECKING:
    from toritsugi.errors import DefinitionError

#: files that this command line has told of.
_told: set[str] = set()


def tell_wrong(wrong: Iterable[DefinitionError]) -> None:
    """Say which file cannot be used, and what is wrong with it, each finding with its line."""
    for one in wrong:
        if one.file not in _told:
            _told.add(one.file)
            head = words(
                f"注意：{one.file} に誤りがあるため、この手続は使えません。ほかの手続は使えます。",
                f"Note: {one.file} is wrong, so its procedure cannot be used; the others can.",
            )
            print("\n".join([*paragraph(head), *(f"  {line}" for line in one.message(chosen()).splitlines())]), file=sys.stderr)


def forget() -> None:
    """Begin a new command line."""
    _told.clear()
