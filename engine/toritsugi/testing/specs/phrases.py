"""How a step is written: templates with slots, matched on text whose quotations are set apart and the rest folded."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from toritsugi.testing.specs.days import DATE, MOMENT, TIME

#: a quotation, whichever marks a person typed.
_QUOTED = re.compile(r"「([^「」]*(?:「[^「」]*」[^「」]*)*)」|\"([^\"]*)\"|“([^”]*)”")
_FIRST = 0xE000
_Q = "[\ue000-\uf8ff]"
_SLOT = re.compile(r"[「\"]\{([a-z]\w*)\}[」\"]|\{([a-z]\w*)\}")
#: written as an escape, so that a template may be compiled twice.
_COMMA = r"[\u3001,]? ?"
#: the words for a channel, as people write them, and its id.
CHANNELS = {
    "電子メール": "email",
    "メール": "email",
    "e-mail": "email",
    "email": "email",
    "FAX": "fax",
    "fax": "fax",
    "ファックス": "fax",
    "ファクス": "fax",
    "郵送": "post",
    "郵便": "post",
    "post": "post",
    "電話": "phone",
    "telephone": "phone",
    "phone": "phone",
    "ウェブフォーム": "web_form",
    "ウェブ": "web_form",
    "web form": "web_form",
    "持参": "in_person",
    "対面": "in_person",
    "in person": "in_person",
    "オンライン面談": "online_meeting",
    "online meeting": "online_meeting",
    "パスワード付きExcel": "password_excel",
    "excel file with a password": "password_excel",
}
#: words without a comma, a full stop or a quotation.
_PLAIN = r"[^\u3001,\u3002 \ue000-\uf8ff][^\u3001,\u3002\ue000-\uf8ff]*?"
#: slot -> what it matches outside quotations; a digit at the end of a slot's name tells two of a kind apart.
_KINDS = {
    "moment": MOMENT,
    "date": DATE,
    "time": TIME,
    "n": "[0-9]+",
    "yen": r"[0-9][0-9,]*(?: ?[千万億])?(?: ?円| ?yen)",
    "channel": "|".join(sorted(map(re.escape, CHANNELS), key=len, reverse=True)),
    "party": rf"{_Q}|{_PLAIN}",
    "word": _PLAIN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Skeleton:
    """A step's text with each quotation replaced by one private character, and everything else folded (NFKC)."""

    text: str
    quotations: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Skeleton:
        """The skeleton of a step's text; a comma in front and a full stop at the end do not count."""
        quotations: list[str] = []

        def apart(match: re.Match[str]) -> str:
            quotations.append(next(part for part in match.groups() if part is not None))
            return chr(_FIRST + len(quotations) - 1)

        bare = " ".join(unicodedata.normalize("NFKC", _QUOTED.sub(apart, text)).split())
        return cls(text=bare.lstrip("、, ").rstrip("。.: "), quotations=tuple(quotations))

    def read(self, matched: str | None) -> str | None:
        """What a slot holds: the words of a quotation as written, or folded text."""
        if matched is not None and len(matched) == 1 and _FIRST <= ord(matched) < _FIRST + len(self.quotations):
            return self.quotations[ord(matched) - _FIRST]
        return matched


class Slots(dict[str, str]):
    """slot -> what stands in it, as written; a slot that was left out is missing."""

    #: the skeleton's quotations, for slots that hold more than one.
    quotations: tuple[str, ...] = ()

    @classmethod
    def of(cls, match: re.Match[str], skeleton: Skeleton) -> Slots:
        """What stands in the slots of a match."""
        read = {name: skeleton.read(value) for name, value in match.groupdict().items()}
        slots = cls({name: value for name, value in read.items() if value is not None})
        slots.quotations = skeleton.quotations
        return slots


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """One kind of step: how it is written, and what it does."""

    #: prepare | act | expect
    purpose: str
    #: templates, as regular expressions with slots; both languages.
    patterns: tuple[re.Pattern[str], ...]
    #: a line of a spec, without its keyword.
    example_ja: str
    example_en: str
    do: Callable[..., Any]
    #: no | may | must: whether a table belongs to it.
    table: str
    #: example rows of its table.
    rows: Sequence[Sequence[str]]
    #: what a reader of the list should know besides.
    note_ja: str
    note_en: str
    #: it deals with the refusal of the act before it.
    of_refusal: bool

    def match(self, skeleton: Skeleton) -> Slots | None:
        """The slots of a step that is written like this."""
        for pattern in self.patterns:
            hit = pattern.fullmatch(skeleton.text)
            if hit is not None:
                return Slots.of(hit, skeleton)
        return None


def compiled(template: str) -> re.Pattern[str]:
    """A template as a regular expression: `「{x}」` is a quotation, `{moment}` a slot, `、` a comma if one likes."""
    return re.compile(_SLOT.sub(_slot, template.replace("、", _COMMA)), re.IGNORECASE)


def _slot(match: re.Match[str]) -> str:
    name = match[1] or match[2]
    inside = _Q if match[1] else _KINDS[name.rstrip("0123456789_")]
    return f"(?P<{name}>{inside})"


def slots_within(template: str, text: str, skeleton: Skeleton) -> list[Slots]:
    """Every place in a part of the skeleton that is written like `template`, with its slots."""
    return [Slots.of(hit, skeleton) for hit in compiled(template).finditer(text)]


def nearest(text: str, examples: Iterable[str], count: int = 3) -> list[str]:
    """The examples that are written most like `text`; what stands in quotations does not count."""
    wanted = Skeleton.of(text).text
    rated = sorted(
        ((difflib.SequenceMatcher(None, wanted, Skeleton.of(one).text).ratio(), one) for one in examples), reverse=True
    )
    return [one for rate, one in rated[:count] if rate > 0.3]
