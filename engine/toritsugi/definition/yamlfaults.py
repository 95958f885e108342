"""Why a text is no YAML, in the words of somebody who never heard of YAML: the likely slip, on the line where it was made.

The parser stumbles where it can go no further, often lines below the slip. So the lines up to there are looked through
for what people do: tabs, full-width signs, a bracket or quote that is not closed, a colon without a space.
"""

from __future__ import annotations

import re
from typing import Any

from toritsugi.definition.finding import Faults
from toritsugi.definition.origin import Position

_FULL_WIDTH_COLON = re.compile(r"\s*(?:- )?[A-Za-z_][\w ]*：")
_COLON_ALONE = re.compile(r"\s*(?:- )?[A-Za-z_]\w*:(?=[^ \t\r:/])")
_BLOCK_TEXT = re.compile(r"[:\-]\s+[|>][+\-0-9]*\s*(?:#.*)?$")
#: What the parser says -> the same in plain words.
_PLAIN_WORDS = {
    "mapping values are not allowed in this context": (
        "ここに「見出し: 」は書けません。字下げを確かめ、コロンを含む文は引用符で囲んでください。",
        "a `key: ` cannot stand here; look at the indentation, and put a text with a colon in quotes.",
    ),
    "did not find expected key": (
        "字下げがそろっていません。同じ階層の見出しは同じ桁から書いてください。",
        "the indentation does not line up; keys of one level begin in one column.",
    ),
    "could not find expected ':'": (
        "見出しの後に「: 」がありません。",
        "there is no `: ` after the key.",
    ),
    "found character that cannot start any token": (
        "この記号で始まる文は引用符で囲んでください。",
        "a text that begins with this sign goes in quotes.",
    ),
    "control characters are not allowed": (
        "目に見えない制御文字が入っています。取り除いてください。",
        "there is an invisible control character; take it out.",
    ),
    "block sequence entries are not allowed in this context": (
        "ここに「- 」は書けません。字下げを確かめてください。",
        "a `- ` cannot stand here; look at the indentation.",
    ),
    "did not find expected '-' indicator": (
        "一覧の字下げがそろっていません。「- 」は同じ桁から書いてください。",
        "the list does not line up; every `- ` begins in one column.",
    ),
}
_CLOSING = {"{": "}", "[": "]", '"': '"', "'": "'"}


def explain(error: Exception, text: str, faults: Faults) -> None:
    """Note why `text` cannot be read: the slips that are seen, else what the parser said and where."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    stumbled = mark.line if mark else _line_of(error, text)
    lines = text.split("\n")
    before = len(faults.found)
    for number, line in enumerate(lines[: stumbled + 2], start=1):
        _look(line, number, faults)
    if len(faults.found) == before and not _not_closed(lines, stumbled, faults):
        _colon_alone(lines, stumbled, faults)
    if len(faults.found) > before:
        return
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
    told = _PLAIN_WORDS.get(problem)
    ja = f"YAMLとして読めません（{problem}）。コロンの後の空白、字下げ、引用符を確かめてください。"
    en = f"this is not YAML ({problem}); look at the space after a colon, the indentation, the quotes."
    place = Position(line=stumbled + 1, column=mark.column + 1 if mark else 1)
    faults.add("NOT_YAML", "", place, ja=told[0] if told else ja, en=told[1] if told else en)


def _line_of(error: Any, text: str) -> int:
    """The line of an error that knows only how many characters went well."""
    at = getattr(error, "position", 0) or 0
    for line, content in enumerate(text.split("\n")):
        if any(not char.isprintable() and char not in "\t\r\ufeff\u3000" for char in content):
            return line
    return text.count("\n", 0, at)


def _look(line: str, number: int, faults: Faults) -> None:
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" in indent:
        ja, en = "字下げにタブは使えません。半角の空白にしてください。", "indent with spaces, not with tabs."
        faults.add("TAB", "", Position(line=number, column=indent.index("\t") + 1), ja=ja, en=en)
    if "\u3000" in indent:
        place = Position(line=number, column=indent.index("\u3000") + 1)
        ja = "字下げに全角の空白は使えません。半角の空白にしてください。"
        faults.add("FULL_WIDTH_SPACE", "", place, ja=ja, en="indent with plain spaces, not full-width ones.")
    if match := _FULL_WIDTH_COLON.match(line):
        ja, en = (
            "全角のコロン「：」は使えません。半角の「: 」にしてください。",
            "write a plain colon and a space, not '：'.",
        )
        faults.add("FULL_WIDTH_COLON", "", Position(line=number, column=match.end()), ja=ja, en=en)


def _not_closed(lines: list[str], stumbled: int, faults: Faults) -> bool:
    """Whether a bracket or quote is still open where the next line goes on with something of the same level."""
    block = -1
    for number, line in enumerate(lines[: stumbled + 1]):
        depth = _indent(line)
        if not line.strip() or (block >= 0 and depth > block):
            continue
        block = depth if _BLOCK_TEXT.search(line) else -1
        opened = _open_at_end(line) if block < 0 else None
        following = next((one for one in lines[number + 1 :] if one.strip()), "")
        if opened is None or (_indent(following) > depth and following):
            continue
        sign = line[opened]
        ja = f"「{sign}」が「{_CLOSING[sign]}」で閉じられていません。"
        en = f"`{sign}` is not closed by `{_CLOSING[sign]}`."
        faults.add("NOT_CLOSED", "", Position(line=number + 1, column=opened + 1), ja=ja, en=en)
        return True
    return False


def _open_at_end(line: str) -> int | None:
    """Where the innermost bracket or quote stands that a line leaves open; None: there is none."""
    opened: list[int] = []
    quote = -1
    for at, char in enumerate(line):
        if quote >= 0:
            if char == line[quote] and not (char == '"' and line[at - 1] == "\\"):
                quote = -1
        elif char == "#" and line[at - 1 : at] in ("", " "):
            break
        elif char in "\"'" and _starts_a_value(line, at):
            quote = at
        elif char in "{[" and (opened or _starts_a_value(line, at)):
            opened.append(at)
        elif char in "}]" and opened:
            opened.pop()
    return quote if quote >= 0 else opened[-1] if opened else None


def _starts_a_value(line: str, at: int) -> bool:
    before = line[:at].rstrip(" ")
    return not before or before[-1] in "{[,:" or before.endswith("-")


def _colon_alone(lines: list[str], stumbled: int, faults: Faults) -> None:
    """A colon without a space, on the line where the parser stumbled or the one above it."""
    above = [number for number in range(min(stumbled, len(lines) - 1), -1, -1) if lines[number].strip()][:2]
    for number in reversed(above):
        if match := _COLON_ALONE.match(lines[number]):
            ja, en = "コロンの後に空白を入れてください。", "put a space after the colon."
            faults.add("COLON_ALONE", "", Position(line=number + 1, column=match.end()), ja=ja, en=en)
            return


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
