"""A catalogue of support: its YAML text to a `Catalogue`, or all the reasons why not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from toritsugi.definition.block import Block
from toritsugi.definition.catalogue_row import ROW_KEYS, Shelf, prefectures, read_row, read_window
from toritsugi.definition.finding import Faults, Finding, Severity, errors_among
from toritsugi.definition.measure import Catalogue, Need, Row, RowKind, Window
from toritsugi.definition.nodes import Entries
from toritsugi.definition.types import Title
from toritsugi.definition.yamltext import compose, decoded
from toritsugi.errors import DefinitionError

TOP_KEYS = (
    *("format", "catalogue", "version", "title", "kind", "historic", "valid", "prefectures", "source"),
    *("steps", "institutions", "needs", "rows"),
)
#: The newest form of catalogues that this code reads.
NEWEST_FORMAT = 1
#: Most rows of one catalogue.
MOST_ROWS = 1_000
#: Most words that one need is called by.
MOST_WORDS = 60

#: Whether there is a procedure of this id.
Known = Callable[[str], bool]

_ID = re.compile(r"[a-z][a-z0-9_]{0,59}")
_ROW_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}")
_NONE = Title(ja="-", en="-")


def load_catalogue(text: str | bytes, *, file: str) -> Catalogue:
    """The catalogue that a YAML text describes.

    Args:
        file: what the author calls the file; used in messages only.
    Raises:
        DefinitionError: it is wrong; every fault with its line.
    """
    faults = Faults()
    found = _read(text, faults, lambda _: True)
    if (errors := errors_among(faults.found)) or found is None:
        raise DefinitionError(errors, file)
    return found


def lint_catalogue(text: str | bytes, *, known: Known) -> tuple[Finding, ...]:
    """The findings on a catalogue's text, in the order of the text; never raises for what an author wrote."""
    faults = Faults()
    _read(text, faults, known)
    return tuple(sorted(faults.found, key=lambda one: one.position or (0, 0)))


def _read(text: str | bytes, faults: Faults, known: Known) -> Catalogue | None:
    plain = decoded(text, faults)
    if plain is None:
        return None
    faults.source = plain
    root = compose(plain, faults)
    return None if root is None else _catalogue(Block(root, "", faults, TOP_KEYS), known)


def _catalogue(top: Block, known: Known) -> Catalogue:
    top.required("kind")
    steps, institutions, needs = dict(_steps(top)), dict(_titles(top, "institutions")), dict(_needs(top))
    shelf = Shelf(steps=steps, institutions=institutions, needs=needs, prefectures=prefectures(top), known=known)
    _check_format(top)
    found = Catalogue(
        id=_id(top),
        version=top.required("version"),
        title=top.title() or _NONE,
        kind=top.one_of("kind", tuple(RowKind), RowKind.MEASURES),
        source=_source(top),
        historic=top.yes("historic"),
        valid=_valid(top),
        steps=steps,
        institutions=institutions,
        needs=needs,
        rows=dict(_rows(top, shelf)),
    )
    _warn_of_unused(top, found.needs, (need for row in found.rows.values() for need in _needs_of(row)))
    return found


def _check_format(top: Block) -> None:
    if (top.integer("format") or NEWEST_FORMAT) > NEWEST_FORMAT:
        ja, en = (
            "この一覧の書式は、このプログラムより新しいものです。",
            "this catalogue's format is newer than this program.",
        )
        top.fault("FORMAT_TOO_NEW", ja, en, "format")


def _id(top: Block) -> str:
    found = top.required("catalogue")
    if found and not _ID.fullmatch(found):
        ja = f"「{found[:60]}」は識別名にできません。英小文字で始め、英小文字・数字・_ だけを使ってください。"
        en = f"'{found[:60]}' cannot be an id: lower-case letters, digits and _, a letter first."
        top.fault("BAD_ID", ja, en, "catalogue")
    return found


def _source(top: Block) -> str:
    if isinstance(top.get("source"), Entries):
        block = top.block("source", ("id", "title"))
        return block.required("title") if block is not None else ""
    return top.required("source")


def _valid(top: Block) -> Window:
    block = top.block("valid", ("from", "until", "basis"))
    return Window() if block is None else read_window(block, "from", "until")


def _steps(top: Block) -> Iterator[tuple[int, Title]]:
    for key, title in _titles(top, "steps", needed=False):
        if key.isascii() and key.isdecimal() and 0 < int(key) < 100 and not key.startswith("0"):
            yield int(key), title
        else:
            ja, en = (
                f"「{key[:20]}」は段階の番号（1、2、…）ではありません。",
                f"'{key[:20]}' is no number of a step (1, 2, ...).",
            )
            top.fault("BAD_STEP", ja, en, "steps")


def _titles(top: Block, key: str, needed: bool = True) -> Iterator[tuple[str, Title]]:
    group = top.block(key, None)
    if group is None and needed:
        top.fault("MISSING", f"「{key}」が必要です。", f"'{key}' is needed.", key)
    if group is not None:
        yield from ((id_, group.title(id_) or _NONE) for id_ in group.entries.entries)


def _needs(top: Block) -> Iterator[tuple[str, Need]]:
    if "needs" not in top:
        top.fault("MISSING", "「needs」が必要です。", "'needs' is needed.", "needs")
    for id_, block in top.named("needs", ("title", "words", "general")):
        title, words = block.title() or _NONE, block.words("words")
        if len(words) > MOST_WORDS:
            ja, en = f"言い換えは{MOST_WORDS}語までです。", f"a need is called by at most {MOST_WORDS} words."
            block.fault("TOO_MANY", ja, en, "words")
        yield id_, Need(id=id_, title=title, words=words, general=block.yes("general"))


def _rows(top: Block, shelf: Shelf) -> Iterator[tuple[str, Row]]:
    group = top.block("rows", None)
    entries = group.entries.entries if group is not None else {}
    if group is None or not entries:
        top.fault("MISSING", "「rows」に1行以上が必要です。", "'rows' takes one row or more.", "rows")
        return
    if len(entries) > MOST_ROWS:
        top.fault(
            "TOO_MANY", f"1つの一覧は{MOST_ROWS}行までです。", f"a catalogue has at most {MOST_ROWS} rows.", "rows"
        )
        return
    for id_, node in entries.items():
        if not _ROW_ID.fullmatch(id_):
            ja = f"「{id_[:60]}」は番号にできません。英字で始め、英数字・_・- だけを使ってください。"
            group.fault("BAD_ID", ja, f"'{id_[:60]}' cannot be an id: letters, digits, _ and -, a letter first.", id_)
        yield id_, read_row(id_, Block(node, group.at(id_), group.faults, ROW_KEYS, group.entries.keys.get(id_)), shelf)


def _needs_of(row: Row) -> Iterator[str]:
    yield from row.needs
    for onward in row.onward:
        yield from onward.needs


def _warn_of_unused(top: Block, needs: Mapping[str, Need], used: Iterable[str]) -> None:
    if errors_among(top.faults.found):
        return  # a need may only seem unused
    group, named = top.block("needs", None) if needs else None, frozenset(used)
    for need in needs:
        if need not in named and group is not None:
            ja, en = f"用途「{need[:60]}」を使う行がありません。", f"no row meets the need '{need[:60]}'."
            group.fault("UNUSED_NEED", ja, en, need, severity=Severity.WARNING)
