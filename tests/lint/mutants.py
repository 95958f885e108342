"""Shipped definitions with one slip each: what people really do to such a file, and the lines on which it should be told."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

#: line index -> the line anew (None: it is gone), and the right lines (1-based, in the new text).
_Change = tuple[list[str], set[int]]
_Maker = Callable[[list[str]], Iterator[_Change]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A definition with one slip in it."""

    kind: str
    text: str
    #: any of these lines is a right answer.
    right: frozenset[int]
    #: the line that was changed, as it was and as it is.
    was: str
    now: str


def mutants(text: str) -> Iterator[Mutant]:
    """Every mutant of a definition's text, kind by kind."""
    lines = text.split("\n")
    for kind, make in KINDS.items():
        for changed, right in make(lines):
            at = next(n for n, (old, new) in enumerate(zip([*lines, ""], [*changed, ""], strict=False)) if old != new)
            yield Mutant(
                kind=kind, text="\n".join(changed), right=frozenset(right), was=lines[at], now=[*changed, ""][at]
            )


def _slip(word: str) -> str:
    """A word with a letter missing in the middle."""
    middle = len(word) // 2
    return word[:middle] + word[middle + 1 :] if len(word) > 3 else word + word[-1]


def _with(lines: list[str], at: int, line: str) -> _Change:
    return [*lines[:at], line, *lines[at + 1 :]], {at + 1}


def _part(lines: list[str], at: int) -> str:
    """The top key that a line stands under."""
    return next(line.split(":")[0] for line in reversed(lines[: at + 1]) if re.match(r"[a-z_]+:", line))


def _words(pattern: str, part: str = "", most: int = 60) -> _Maker:
    """Misspell what group 1 of `pattern` matches (one word of it), in lines of one part of the file."""

    def make(lines: list[str]) -> Iterator[_Change]:
        made = 0
        for at, line in enumerate(lines):
            match = re.match(pattern, line)
            if not match or line.lstrip().startswith("#") or (part and _part(lines, at) != part):
                continue
            words = [word for word in re.finditer(r"[a-z][a-z0-9_]+", match[1]) if word[0] not in ("engine", "signal")]
            if words and made < most:
                word = words[made % len(words)]
                start, end = match.start(1) + word.start(), match.start(1) + word.end()
                made += 1
                yield _with(lines, at, line[:start] + _slip(word[0]) + line[end:])

    return make


def _replaced(old: str, new: str, part: str = "", most: int = 40) -> _Maker:
    """Replace the first match of a pattern in each line that has one."""

    def make(lines: list[str]) -> Iterator[_Change]:
        made = 0
        for at, line in enumerate(lines):
            if line.lstrip().startswith("#") or (part and _part(lines, at) != part):
                continue
            changed = re.sub(old, new, line, count=1)
            if changed != line and made < most:
                made += 1
                yield _with(lines, at, changed)

    return make


def _gone(pattern: str, part: str, most: int = 30) -> _Maker:
    """Leave out a line; what lacks it is told at the header above or on a line of the same block."""

    def make(lines: list[str]) -> Iterator[_Change]:
        made = 0
        for at, line in enumerate(lines):
            if re.match(pattern, line) and _part(lines, at) == part and made < most:
                made += 1
                header = next(n for n in range(at - 1, -1, -1) if _depth(lines[n]) < _depth(line) and lines[n].strip())
                yield [*lines[:at], *lines[at + 1 :]], {header + 1}

    return make


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _entry_gone(part: str, most: int = 30) -> _Maker:
    """Leave out a whole declaration that is used elsewhere; it is told at a line that uses it."""

    def make(lines: list[str]) -> Iterator[_Change]:
        made = 0
        for at, line in enumerate(lines):
            match = re.match(r"  ([a-z][a-z0-9_]*):", line)
            if not match or _part(lines, at) != part or made >= most:
                continue
            end = at + 1
            while end < len(lines) and lines[end].strip() and _depth(lines[end]) > 2:
                end += 1
            changed = [*lines[:at], *lines[end:]]
            named = re.compile(rf"(?<![a-z0-9_]){match[1]}(?![a-z0-9_])")
            uses = {n + 1 for n, one in enumerate(changed) if named.search(one) and not one.lstrip().startswith("#")}
            if uses:
                made += 1
                yield changed, uses

    return make


def _renamed(part: str, most: int = 30) -> _Maker:
    """Misspell a declared id; right is the declaration, and the use if there is only one."""

    def make(lines: list[str]) -> Iterator[_Change]:
        made = 0
        for at, line in enumerate(lines):
            match = re.match(r"  ([a-z][a-z0-9_]*):", line)
            if not match or _part(lines, at) != part or made >= most:
                continue
            named = re.compile(rf"(?<![a-z0-9_]){match[1]}(?![a-z0-9_])")
            uses = [n + 1 for n, one in enumerate(lines) if n != at and named.search(one.partition("#")[0])]
            if part == "events":  # what else bears the same word is an effect
                uses = [n for n in uses if _part(lines, n - 1) == "deadlines"]
            if uses:
                made += 1
                changed, right = _with(lines, at, line.replace(match[1], _slip(match[1]), 1))
                yield changed, right | (set(uses) if len(uses) == 1 else set())

    return make


def _twice(lines: list[str]) -> Iterator[_Change]:
    """Repeat a key of a block: told at the second, or at the first."""
    made = 0
    for at, line in enumerate(lines):
        if re.match(r"    (title|by|from|to|source|type): ", line) and made < 40:
            made += 1
            yield [*lines[: at + 1], line, *lines[at + 1 :]], {at + 1, at + 2}


def _state_without_end(lines: list[str]) -> Iterator[_Change]:
    for at, line in enumerate(lines):
        if " ends: yes," in line:
            yield _with(lines, at, line.replace(" ends: yes,", ""))


def _unused(lines: list[str]) -> Iterator[_Change]:
    """Declare what nothing uses."""
    entry = "  {}: {{type: text, title: {{ja: 予備, en: Spare}}, source: 1}}"
    at = lines.index("data:") + 1
    for name in ("spare", "remarks", "second_address"):
        yield [*lines[:at], entry.format(name), *lines[at:]], {at + 1}


def _lost_state(lines: list[str]) -> Iterator[_Change]:
    """A state that nothing leads to, and one that nothing leads out of."""
    if "states:" not in lines:
        return  # its states are those of the procedure that it is like
    at = lines.index("states:") + 1
    for tail in ("", ", ends: yes"):
        for name in ("limbo", "parked"):
            line = f"  {name}: {{title: {{ja: 保留中, en: Parked}}{tail}, source: 1}}"
            yield [*lines[:at], line, *lines[at:]], {at + 1}


_WORDS = r"(.*)"

KINDS: dict[str, _Maker] = {
    "state misspelt in to": _words(r"    to: (.*)", "events"),
    "state misspelt in from": _words(r"    from: (?!any)(.*)", "events"),
    "state misspelt in initial": _words(r"initial: (.*)"),
    "party misspelt in by": _words(r"    by: (?!engine$)(.*)", "events"),
    "party misspelt in may_see": _words(r"    may_see: (.*)", "documents"),
    "party misspelt in to of a message": _words(r"      - send: .* to: ([a-z_]+|\[[^\]]*\]),", "events"),
    "field misspelt in needs": _words(r"    needs: (.+)", "events"),
    "field misspelt in may_give": _words(r"    may_give: (.+)", "events"),
    "field misspelt in a list": _words(r"      - ([a-z_]+)$"),
    "name misspelt in a rule": _words(r"      - rule: ([a-z_]+)", "events"),
    "name misspelt later in a rule": _words(r"      - rule: .*implies ([a-z_]+)", "events"),
    "name misspelt in a condition": _words(r"    on: \{condition: ([a-z_.]+)", "events"),
    "name misspelt in if": _words(r"        if: ([a-z_]+)", "events"),
    "choice misspelt in a rule": _words(r"      - rule: [a-z_]+ = ([a-z_]+)", "events"),
    "choice misspelt in a list": _words(r"      - rule: [a-z_]+ in \[(.*)\]", "events"),
    "value misspelt in set": _words(r"      - set: \{[a-z0-9_]+: ([a-z_]{4,})", "events"),
    "field misspelt in set": _words(r"      - set: \{([a-z0-9_]+)", "events"),
    "field misspelt in clear": _words(r"      - clear: (.*)", "events"),
    "channel misspelt": _words(r"    channels: (.*)", "events"),
    "channel misspelt in via": _words(r"          via: (.*)", "events"),
    "link misspelt": _words(r"      - (?:open: |signal: \{link: )([a-z_]+)", "events"),
    "event of a linked case misspelt": _words(r".*signal: .*event: ([a-z_]+)", "events"),
    "event misspelt in a deadline": _words(r"    (?:met_by|cancelled_by|missed): (.*)", "deadlines"),
    "event misspelt in starts": _words(r"    starts: \{on: ([a-z0-9_]+)", "deadlines"),
    "deadline misspelt": _words(r"    on: \{deadline: (.*)\}", "events"),
    "calendar misspelt": _words(r"    calendar: (.*)", "deadlines"),
    "placeholder misspelt": _words(r"            (?:ja|en): .*\{([a-z_]+)\}", "events"),
    "key misspelt": _words(
        r"    (title|by|from|to|needs|may_give|requires|effects|source|basis|channels|reason): .*", "", 80
    ),
    "key of an entry misspelt": _words(r"  [a-z0-9_]+: \{(type|title|ends|basis)", "", 40),
    "key of an effect misspelt": _words(r"      - (set|clear|send|open|add|notify|signal|approve): .*", "events"),
    "key at the top misspelt": _words(
        r"(procedure|title|owner|source|subject|parties|data|states|events|initial|start|deadlines):"
    ),
    "declared field misspelt": _renamed("data"),
    "declared state misspelt": _renamed("states"),
    "declared event misspelt": _renamed("events"),
    "declared party misspelt": _renamed("parties"),
    "declared document, approval, link misspelt": lambda lines: (
        change for part in ("documents", "approvals", "links", "ledgers") for change in _renamed(part)(lines)
    ),
    "field not declared": _entry_gone("data"),
    "state not declared": _entry_gone("states"),
    "document not declared": _entry_gone("documents"),
    "key given twice": _twice,
    "by left out": _gone(r"    by: ", "events"),
    "from left out": _gone(r"    from: ", "events"),
    "title left out": _gone(r"    title: ", "events"),
    "type left out": _gone(r"    type: ", "data"),
    "else left out": _gone(r"        else: ", "events"),
    "type misspelt": _words(r".*\{?type: (text|choice|date|moment|yen|integer|yes_no|list|record)\b", "data"),
    "refusal code misspelt": _replaced(r"else: ([A-Z]+)_", r"else: \1"),
    "yes misspelt": _replaced(r": yes\b", ": yess"),
    "final state not marked": _state_without_end,
    "equals doubled": _replaced(r"(rule: .*) = ", r"\1 == "),
    "bracket not closed in a rule": _replaced(r"(rule: .* in \[.*)\]", r"\1"),
    "text compared with a number": _replaced(r"(rule: [a-z_]+) = [a-z_]+$", r"\1 = 5"),
    "date compared with a word": _replaced(r"(rule: .*(?:_on|_at|_date) (?:>=|<=|>|<)) [a-z0-9_-]+", r"\1 yes"),
    "rounding left out": _replaced(r"^(.*\d of [a-z_]+|.* / \d+) rounded (?:up|down)", r"\1"),
    "business days of nobody": _replaced(r"^(.* business days before [a-z_]+) \([a-z_]+\)", r"\1 (nobody_here)"),
    "business days without whose": _replaced(r"^(.* business days before [a-z_]+) \([a-z_]+\)", r"\1"),
    "yen multiplied by yen": _replaced(r"^(.* rounded up\)) \* ", r"\1 * 5 yen * "),
    "length of time without its kind of day": _replaced(r"within: (\d+) business days", r"within: \1 days"),
    "length of time in ISO form": _replaced(r"within: (\d+) business days", r"within: P\1D"),
    "colon without a space": _replaced(r"^(    [a-z_]+): (?=[a-z\[])", r"\1:", "events"),
    "full-width colon": _replaced(r"^(    [a-z_]+): ", r"\1：", "events"),
    "full-width space": _replaced(r"^    (?=[a-z]+: )", "\u3000\u3000", "events"),
    "tab": _replaced(r"^    (?=[a-z]+: )", "\t", "events"),
    "indented too deep": _replaced(r"^    (?=(?:by|from|to): )", "      ", "events"),
    "indented too little": _replaced(r"^    (?=(?:from|to): )", "   ", "events"),
    "brace not closed": _replaced(r"^(    title: \{.*)\}$", r"\1", "events"),
    "bracket not closed": _replaced(r"^(    (?:by|from|needs): \[.*)\]$", r"\1", "events"),
    "quote not closed": _replaced(r'^(          (?:ja|en): ".*)"$', r"\1", "events"),
    "anchor": _replaced(r"^(    title:) ", r"\1 &here ", "events"),
    "alias": _replaced(r"^(    title:) .*", r"\1 *here", "events"),
    "tag": _replaced(r"^(    title:) ", r"\1 !!map ", "events"),
    "unused field": _unused,
    "state without a way": _lost_state,
}
