"""Everything that is wrong or doubtful about the text of a procedure, told in one go and each fault once."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from toritsugi.definition import check
from toritsugi.definition.block import Block
from toritsugi.definition.finding import Faults, Finding
from toritsugi.definition.followups import told_once
from toritsugi.definition.interface import Interface, Interfaces, interface_of
from toritsugi.definition.like import Texts, no_texts
from toritsugi.definition.reading import read, root_of

_PROCEDURE = "procedure:"
_CATALOGUE = "catalogue:"


def lint(
    text: str | bytes,
    *,
    interfaces: Interfaces,
    texts: Texts = no_texts,
    codes: Collection[str] = check.REFUSAL_CODES,
) -> tuple[Finding, ...]:
    """The findings on a procedure's text, in the order of the text; never raises for what an author wrote.

    Args:
        interfaces: as for `load`; not asked for the procedure itself.
        texts: as for `load`.
        codes: the refusal codes that `else:` may name.
    """
    faults = Faults()
    root = root_of(text, faults, texts)
    if root is None:
        return tuple(faults.found)
    interfaces = cache(interfaces)
    found = read(root, faults, interfaces, spoken=False)
    faults.found.extend(check.check(found, interfaces=interfaces, codes=codes, root=root))
    return told_once(faults.found, root, faults.source) if faults.found else ()


def outside(text: str | bytes, texts: Texts = no_texts) -> Interface | None:
    """What others may know of the procedure in `text`; None if that cannot be read. Its faults are its own author's."""
    faults = Faults()
    root = root_of(text, faults, texts)
    return None if root is None else interface_of(Block(root, "", faults, None))


def id_written(text: bytes) -> str:
    """The id that a file gives its procedure, without reading the rest; empty if it gives none."""
    for line in text.decode("utf-8", "replace").splitlines():
        if line.startswith(_PROCEDURE):
            return line[len(_PROCEDURE) :].partition("#")[0].strip().strip("'\"")
    return ""


def describes_catalogue(text: bytes) -> bool:
    """Whether a file is a catalogue of support, by its first words."""
    return any(line.startswith(_CATALOGUE) for line in text.decode("utf-8-sig", "replace").splitlines())
