"""Each fault told once: what only follows from another fault is left out, what is wrong in many places becomes one finding."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from toritsugi.definition.finding import Finding, Severity, place_in_text
from toritsugi.definition.nodes import Entries
from toritsugi.definition.origin import Position

#: Findings on the flow as a whole, which is not known while a state or an event cannot be read.
_FLOW = frozenset({"UNREACHABLE_STATE", "DEAD_END", "CONDITIONS_CYCLE", "NEVER_OFFERED"})
#: Faults that leave a hole in the flow.
_HOLES = frozenset(
    {
        *("UNKNOWN_STATE", "UNKNOWN_KEY", "MISSING", "DUPLICATE_KEY", "BAD_ID", "EXPECTED_MAPPING", "EXPECTED_TEXT"),
        *("EXPECTED_WORDS", "FROM_FINAL_STATE", "ENGINE_AND_CAUSE", "NOT_YES_NO", "TEXT_TOO_LONG", "BAD_KEY"),
        *("TOO_MANY_CONFIGURATIONS", "NEVER_TOGETHER", "ENDS_INSIDE"),
    }
)
#: Doubts about what a text means that has no errors.
_DOUBTS = frozenset({"LEAVES_ITS_CLASS", "OPENED_WITHOUT", "REASON_NEVER_TOLD"})
#: Code -> the part of the file that declares what is unknown.
_DECLARED_IN = {
    "UNKNOWN_STATE": "states",
    "UNKNOWN_PARTY": "parties",
    "UNKNOWN_FIELD": "data",
    "UNKNOWN_NAME": "data",
    "UNKNOWN_EVENT": "events",
    "UNKNOWN_DOCUMENT": "documents",
    "UNKNOWN_APPROVAL": "approvals",
    "UNKNOWN_LINK": "links",
    "UNKNOWN_LEDGER": "ledgers",
    "UNKNOWN_DEADLINE": "deadlines",
    "UNKNOWN_CHOICES": "choices",
    "UNKNOWN_CALENDAR": "parties",
    "NOBODY": "parties",
    "NAME_TAKEN": "data",
}
#: Faults of an expression that its names' types may be to blame for.
_OF_TYPE = frozenset(
    {
        *("UNKNOWN_NAME", "UNKNOWN_CHOICE", "WRONG_TYPE", "NOT_COMPARABLE", "NOT_ORDERED", "NOT_A_CONDITION"),
        *("NOT_A_NAME", "NOT_A_LIST", "NOT_A_NUMBER", "AMBIGUOUS_NAME", "BAD_NUMBER", "UNKNOWN_FIELD", "UNEXPECTED"),
        "EXPECTED_TEXT",
    }
)
#: Codes that may be about one and the same word.
_NAMES = frozenset({"UNKNOWN_FIELD", "UNKNOWN_NAME", "UNKNOWN_LINK", "UNKNOWN_LEDGER"})

#: From so many titles in one language on, the file is meant to be so.
_MANY_TITLES = 4


def told_once(findings: Iterable[Finding], root: Entries, source: str) -> tuple[Finding, ...]:
    """The findings that stand on their own, in the order of the text."""
    found = sorted(findings, key=place_in_text)
    text = _Text(source)
    kept = _in_one_language([one for one in found if not _follows(one, found, root, text)])
    return tuple(sorted(_grouped(kept, root, text), key=place_in_text))


def _in_one_language(findings: list[Finding]) -> list[Finding]:
    """A file written in one language is told so once, not at every title."""
    half = [one for one in findings if one.code == "ONE_LANGUAGE" and one.position is not None]
    if len(half) < _MANY_TITLES:
        return findings
    first, *rest = half
    ja = f"もう一方の言語の文がない箇所が{len(half)}あります。一つの言語だけで使うなら、このままでかまいません。"
    en = f"{len(half)} texts are in one language only; that is fine where only one is spoken."
    told = replace(first, message_ja=ja, message_en=en, also=tuple(one.position for one in rest if one.position))
    return [told if one is first else one for one in findings if one is first or one not in rest]


class _Text:
    """The author's text, to look up what stands where."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.lines = source.split("\n")

    def around(self, one: Finding) -> str:
        """The line of a finding, and the lines below it that belong to it."""
        if one.position is None:
            return ""
        first = one.position.line - 1
        depth = _indent(self.lines[first]) if first < len(self.lines) else 0
        last = first + 1
        while last < len(self.lines) and (not self.lines[last].strip() or _indent(self.lines[last]) > depth):
            last += 1
        return "\n".join(self.lines[first:last])

    def above(self, one: Finding) -> str:
        """The line before a finding's."""
        return self.lines[one.position.line - 2] if one.position is not None and one.position.line > 1 else ""

    def mentions(self, word: str) -> list[Position]:
        """Where a word stands, comments included."""
        whole = re.compile(rf"(?<![A-Za-z0-9_]){re.escape(word)}(?![A-Za-z0-9_])")
        return [
            Position(line=number, column=match.start() + 1)
            for number, line in enumerate(self.lines, start=1)
            if word in line
            for match in whole.finditer(line)
        ]


def _follows(one: Finding, findings: list[Finding], root: Entries, text: _Text) -> bool:
    """Whether a finding is only what another one leads to."""
    others = [other for other in findings if other is not one and other.severity is Severity.ERROR]
    if one.code in _FLOW:
        return any(_leaves_a_hole(other) for other in others) or _after_another(one, findings)
    if _declared_nowhere(one, root, others) or _of_a_misspelt_key(one, others):
        return True
    if one.code.startswith("UNUSED_"):
        return _spoken_of(one, others, text)
    if one.code in _DOUBTS:
        return bool(others)
    if one.code == "UNCLASSED":
        return _named_wrongly(one, others)
    if one.code == "NEVER_DISCLOSED":
        return any(other.path.startswith("disclosure.") for other in others)
    if one.code in _OF_TYPE:
        return _doubtful(one, others, root, text)
    return _of_the_other_side(one, others)


def _leaves_a_hole(other: Finding) -> bool:
    part = other.path.partition(".")[0]
    return other.code in _HOLES and part in ("", "events", "states", "initial", *_misspelt(other))


def _misspelt(other: Finding) -> tuple[str, ...]:
    """The top key itself, where a key at the top is unknown: it may have been meant for any part."""
    return (other.path,) if other.code == "UNKNOWN_KEY" and "." not in other.path else ()


def _after_another(one: Finding, findings: list[Finding]) -> bool:
    """Of states that nothing leads to, those behind the first are only behind it (`also` says after which)."""
    return one.code == "UNREACHABLE_STATE" and one.word == "" and any(f.code == one.code and f.word for f in findings)


def _declared_nowhere(one: Finding, root: Entries, others: list[Finding]) -> bool:
    """A whole part of the file is missing, under a misspelt key or by a mistake of its own."""
    part = _DECLARED_IN.get(one.code, one.path if one.code == "MISSING" else "")
    if not part or part in root.entries:
        return False
    return any(other.code in ("UNKNOWN_KEY", "MISSING") and other.path.count(".") == 0 for other in others)


def _of_a_misspelt_key(one: Finding, others: list[Finding]) -> bool:
    block = one.path.rpartition(".")[0]
    for other in others:
        if other.code != "UNKNOWN_KEY":
            continue
        around, _, key = other.path.rpartition(".")
        if one.path == around and one.code not in ("UNKNOWN_KEY", "BAD_ID"):
            return True
        if block == around and one.code == "MISSING" and one.path.rpartition(".")[2] != key:
            return True
        if block == around and one.code in ("NOBODY", "ENGINE_AND_CAUSE"):
            return True
    return False


def _spoken_of(one: Finding, others: list[Finding], text: _Text) -> bool:
    """Something is unused only because what uses it cannot be read."""
    id_ = one.path.rpartition(".")[2]
    word = re.compile(rf"(?<![A-Za-z0-9_]){re.escape(id_)}(?![A-Za-z0-9_])")
    return any(
        id_ in other.suggestions
        or other.path.startswith(f"{one.path}.")
        or (other.position != one.position and word.search(text.around(other)))
        for other in others
    )


def _named_wrongly(one: Finding, others: list[Finding]) -> bool:
    """Something is in no class only because a class that may name it cannot be read, or because its name is misspelt."""
    return any(
        one.word in other.suggestions or (other.code in _HOLES and other.path.startswith("disclosure."))
        for other in others
    )


def _doubtful(one: Finding, others: list[Finding], root: Entries, text: _Text) -> bool:
    """The expression reads a field, or a link, whose own declaration is at fault."""
    if "data" not in root.entries:
        return bool(others)
    line = text.around(one) + (text.above(one) if one.code == "EXPECTED_TEXT" else "")
    for other in others:
        part, _, rest = other.path.partition(".")
        id_ = rest.partition(".")[0]
        if part in ("data", "links", "ledgers") and id_ and not one.path.startswith(f"{part}.{id_}"):
            if one.word.startswith(f"{id_}."):
                return True
            if part == "data" and re.search(rf"(?<![A-Za-z0-9_.]){re.escape(id_)}(?![A-Za-z0-9_])", line):
                return True
    return False


def _of_the_other_side(one: Finding, others: list[Finding]) -> bool:
    """A deadline and the event it fires name each other: told on one side only."""
    if one.code == "NOT_NAMED_AS_MISSED":
        return any(other.path.startswith(f"deadlines.{one.word}.") for other in others)
    if one.code == "NOT_AN_ENGINE_EVENT":
        own = ("NOT_NAMED_AS_MISSED", "NOT_AN_ENGINE_EVENT")
        return any(other.path.startswith(f"events.{one.word}.") and other.code not in own for other in others)
    if one.code in ("NO_SOURCE", "NEVER_MET", "NEVER_STARTS"):
        return any(other.path.startswith(f"{one.path}.") and other.code in _HOLES for other in others)
    return False


def _grouped(findings: list[Finding], root: Entries, text: _Text) -> Iterator[Finding]:
    """One finding for a word that is unknown in many places: at its first use, or at the declaration that misspells it."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for one in findings:
        if one.code.startswith("UNKNOWN_") and one.word and one.position is not None:
            kind = "UNKNOWN" if one.code in _NAMES else one.code
            groups.setdefault((kind, _head(one.word, root)), []).append(one)
        else:
            yield one
    for (_, word), group in groups.items():
        yield _of_a_group(word, group, text)


def _head(word: str, root: Entries) -> str:
    """Of a dotted name the first part, if already that is unknown."""
    first = word.partition(".")[0]
    known = (
        part.entries for key in ("data", "links", "ledgers", "deadlines") if (part := _part(root, key)) is not None
    )
    return word if any(first in entries for entries in known) else first


def _part(root: Entries, key: str) -> Entries | None:
    node = root.entries.get(key)
    return node if isinstance(node, Entries) else None


def _of_a_group(word: str, group: list[Finding], text: _Text) -> Finding:
    first, *rest = group
    places = dict.fromkeys(one.position for one in rest if one.position is not None and one.position != first.position)
    meant = _meant(first, text)
    if meant is None or first.position is None:
        return replace(first, also=tuple(places))
    declared, place = meant
    if not places:
        return replace(first, also=(place,))
    ja = f"「{declared}」はどこでも使われず、「{word}」が{len(places) + 1}か所で使われています。"
    en = f"'{declared}' is used nowhere, and '{word}' in {len(places) + 1} places."
    return replace(
        first,
        message_ja=ja,
        message_en=en,
        position=place,
        length=len(declared),
        suggestions=(word,),
        allowed=(),
        also=(first.position, *places),
    )


def _meant(one: Finding, text: _Text) -> tuple[str, Position] | None:
    """The likely word and its only place, if it stands nowhere but there: so it is that one which is misspelt."""
    for word in one.suggestions[:1]:
        word = word.partition(".")[0]
        places = text.mentions(word) if word.isascii() else []
        if len(places) == 1:
            return word, places[0]
    return None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
