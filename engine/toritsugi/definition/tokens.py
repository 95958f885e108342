"""Cutting the text of a rule into tokens, each with its place in the text.

Names and choices are found by longest match against the words of the scope, so a Japanese title needs no space on
either side; English keywords and ids are found as whole words. An unknown word becomes a token like any other: only
where it stands says whether a name or a choice was meant, and so what to suggest.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import NoReturn

from toritsugi.definition import literals
from toritsugi.definition.faults import BadExpression, Span, excerpt
from toritsugi.definition.patterns import Pattern
from toritsugi.definition.terms import Rounding
from toritsugi.definition.types import LARGEST_INTEGER
from toritsugi.definition.vocabulary import Folded, Vocabulary, fold_with_origin

#: Words that cannot be the id of a name.
RESERVED = frozenset({"and", "or", "not", "implies", "yes", "no"})

_ENGLISH = {word: word for word in (*RESERVED, "is", "set", "in", "includes", "count", "sum", "of")}
#: Lengths of time: kinds of tokens after which a direction may stand.
LENGTHS = frozenset({"days", "business_days", "months", "years"})
#: Japanese word -> the keyword it is read as.
JAPANESE = {
    "かつ": "and",
    "または": "or",
    "又は": "or",
    "ならば": "implies",
    "であれば": "implies",
    "でない": "でない",
    "ではない": "でない",
    "が": "が",
    "は": "が",
    "入力済み": "入力済み",
    "入力済": "入力済み",
    "未入力": "未入力",
    "のいずれか": "のいずれか",
    "のいずれかである": "のいずれか",
    "のいずれでもない": "のいずれでもない",
    "を含む": "を含む",
    "を含まない": "を含まない",
    "の件数": "の件数",
    "の合計": "の合計",
    "と": "と",
    "の小さい方": "の小さい方",
    "のうち小さい方": "の小さい方",
    "のいずれか低い額": "の小さい方",
    "の早い方": "の小さい方",
    "の大きい方": "の大きい方",
    "のうち大きい方": "の大きい方",
    "のいずれか高い額": "の大きい方",
    "の遅い方": "の大きい方",
    "から": "から",
    "の最終日": "の最終日",
    "である": "である",
    "以上": "以上",
    "以後": "以上",
    "以降": "以上",
    "以下": "以下",
    "以前": "以下",
    "未満": "未満",
    "より小さい": "未満",
    "より前": "未満",
    "より大きい": "より大きい",
    "を超える": "より大きい",
    "より後": "より大きい",
    "はい": "yes",
    "いいえ": "no",
}
_JAPANESE_WORDS = sorted(JAPANESE, key=len, reverse=True)
_SYMBOL = re.compile(r"!=|≠|<=|≤|>=|≥|[=<>+\-*/×÷()\[\],]")
_SYMBOLS = {"≠": "!=", "≤": "<=", "≥": ">=", "×": "*", "÷": "/"}
_FOREIGN = {"==": "=", "<>": "!=", "=>": ">=", "=<": "<=", "&&": "and", "&": "and", "||": "or", "|": "or", "!": "not"}
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")
_PART_OF_WORD = re.compile(r"[A-Za-z0-9_]")
_UNIT = Pattern(
    r" ?(?:(?P<yen>円|yen(?![A-Za-z0-9_]))|(?P<weeks>週間|weeks?(?![A-Za-z0-9_]))"
    r"|(?P<days>日間?|暦日|(?:calendar )?days?(?![A-Za-z0-9_]))|(?P<business_days>営業日|business days?(?![A-Za-z0-9_]))"
    r"|(?P<months>(?:か|カ|ヵ|ヶ|ケ|箇)月間?|months?(?![A-Za-z0-9_]))|(?P<years>年間?|years?(?![A-Za-z0-9_]))"
    r"|(?P<percent>%|パーセント|percent(?![A-Za-z0-9_])))"
)
_DIRECTION = Pattern(r"(?:(before|前)|(after|後)|(from))(?![A-Za-z0-9_])", re.IGNORECASE)
#: の between what is multiplied and its share (対象経費の2/3), or between a date and a length of time (出発日の4営業日前).
_SHARE_OF = Pattern(r"の(?= ?[0-9])")
_SHARE = Pattern(r"([0-9]{1,9})分の([0-9]{1,9})")
_SMALLER = Pattern(r"(?:the )?(?:(smaller|lower|earlier)|(larger|higher|later)) of(?![A-Za-z0-9_])", re.IGNORECASE)
_LAST_DAY = Pattern(r"(?:the )?last day of(?![A-Za-z0-9_])", re.IGNORECASE)
_ROUNDED = Pattern(
    r"rounded (?:(?P<up>up)|(?P<down>down)|(?P<half_up>half up))(?: to (?P<unit>[0-9][0-9,]*)(?P<yen> ?yen)?)?(?![A-Za-z0-9_])"
    r"|[をの]? ?(?:(?P<unit_ja>[0-9][0-9,]*)?(?P<yen_ja> ?円)? ?(?:未満(?:を|は)?|単位(?:で|に)) ?)?"
    r"(?:(?P<down_ja>切り?捨て)|(?P<up_ja>切り?上げ)|(?P<half_up_ja>四捨五入))",
    re.IGNORECASE,
)
#: The first day of a series on or after a date: before the date in English, behind it in Japanese.
_FIRST = Pattern(r"(?:the )?first (?=[^ ])", re.IGNORECASE)
_NO_SERIES = Pattern(r"(?:the )?first [^ ]+ (?:on or )?after(?![A-Za-z0-9_])", re.IGNORECASE)
_ON_OR_AFTER = Pattern(r" ?(on or )?after(?![A-Za-z0-9_])", re.IGNORECASE)
_FIRST_BEHIND = Pattern(r"(?:(以後|以降)|(?:より|の)後) ?の ?最初の ?")
#: A text without these rounds nothing: the pattern above is not tried.
_ROUNDS = ("ounded ", "切", "四捨五入")
_STARTS_A_VALUE = frozenset("0123456789¥明大昭平令")
_CLOSING = {'"': '"', "'": "'", "「": "」", "『": "』", "“": "”", "＂": "＂", "＇": "＇"}


@dataclass(frozen=True, slots=True)
class Token:
    """One word, value or sign."""

    #: "word", "number", "yen", "percent", "share", "days", "business_days", "months", "years", "date", "moment", "first",
    #: "text", "rounding", "rounding_yen", "end", a keyword, or the sign itself.
    kind: str
    #: as it stands in the folded text (a quoted text: as the author wrote it, without quotes).
    text: str
    span: Span
    #: of a number, yen, length (int), share ("3/2": two thirds), rounding (its unit), date (ISO), moment (microseconds) or text.
    value: str | int = ""


def tokens(text: str, vocabulary: Vocabulary) -> list[Token]:
    """All tokens of `text`; the last one is "end".

    Raises:
        BadExpression: where the text contains what cannot be read.
    """
    return _Lexer(text, fold_with_origin(text), vocabulary).read()


class _Lexer:
    def __init__(self, text: str, folded: Folded, vocabulary: Vocabulary) -> None:
        self.original = text
        self.text = folded.text
        self.origin = folded.origin
        self.vocabulary = vocabulary
        self.brackets = 0
        self.phrases = " of" in self.text.lower()
        self.rounds = any(word in self.text for word in _ROUNDS)
        self.after_length = False
        self.recurs = bool(vocabulary.series) and ("first " in self.text.lower() or "最初の" in self.text)

    def read(self) -> list[Token]:
        found: list[Token] = []
        at = 0
        while at < len(self.text):
            if self.text[at] == " ":
                at += 1
                continue
            token, at = self._next(at)
            self.brackets += (token.kind == "[") - (token.kind == "]")
            self.after_length = token.kind in LENGTHS
            found.append(token)
        end = len(self.original)
        return [*found, Token("end", "", Span(end, end))]

    def _span(self, start: int, end: int) -> Span:
        return Span(self.origin[start], self.origin[end] if end > start else self.origin[start])

    def _token(self, kind: str, start: int, end: int, value: str | int = "") -> tuple[Token, int]:
        return Token(kind, self.text[start:end], self._span(start, end), value), end

    def _next(self, at: int) -> tuple[Token, int]:
        if self.original[self.origin[at]] in _CLOSING:
            return self._quoted(at)
        if phrase := self._phrase(at):
            return phrase
        word = self._known_word(at)
        character = self.text[at]
        if character in _STARTS_A_VALUE:
            return self._value(at, word)
        if identifier := _IDENTIFIER.match(self.text, at):
            end = max(identifier.end(), word)
            keyword = _ENGLISH.get(self.text[at:end].lower(), "word")
            return self._token(keyword, at, end)
        keyword = self._japanese_keyword(at)
        if keyword and at + len(keyword) >= word:
            return self._token(JAPANESE[keyword], at, at + len(keyword))
        if word > at:
            return self._token("word", at, word)
        if symbol := _SYMBOL.match(self.text, at):
            return self._symbol(at, symbol)
        return self._unknown(at)

    def _phrase(self, at: int) -> tuple[Token, int] | None:
        """Words that mean something only together, or only where they stand."""
        if self.after_length and (match := _DIRECTION.match(self.text, at)):
            return self._token("before" if match[1] else "after" if match[2] else "from", at, match.end())
        if self.rounds and (match := _ROUNDED.match(self.text, at)) and match.end() >= self._known_word(at):
            return self._rounding(match)
        if self.recurs and (first := self._first(at)):
            return first
        character = self.text[at]
        if character == "の" and (match := _SHARE_OF.match(self.text, at)) and self._known_word(at) <= at + 1:
            return self._token("の", at, match.end())
        if self.phrases and character in "tTsSlLeEhH":
            if match := _SMALLER.match(self.text, at):
                return self._token("smaller of" if match[1] else "larger of", at, match.end())
            if match := _LAST_DAY.match(self.text, at):
                return self._token("last day of", at, match.end())
        return None

    def _first(self, at: int) -> tuple[Token, int] | None:
        """`first meeting_day on or after`, 以後の最初の会議の日: the series is the token's text."""
        before = _FIRST.match(self.text, at)
        match = before or _FIRST_BEHIND.match(self.text, at)
        if match is None:
            return None
        word = self.vocabulary.series_at(self.text, match.end())
        end = match.end() + len(word)
        direction = _ON_OR_AFTER.match(self.text, end) if before else None
        if not word or self._splits(end) or (before and direction is None):
            if before and (word or not _NO_SERIES.match(self.text, at)):
                return None
            return self._no_series(match.end())
        on_or_after = direction[1] if direction else match[1]
        end = direction.end() if direction else end
        token = Token("first" if before else "first behind", word, self._span(at, end), "" if on_or_after else "after")
        return token, end

    def _no_series(self, at: int) -> NoReturn:
        name = self.text[at : at + 40].split(" ")[0]
        ja = f"「{excerpt(name)}」という、繰り返す日（recurring）はありません。"
        en = f"there is no series `{excerpt(name)}` under `recurring`."
        span = self._span(at, at + len(name))
        raise BadExpression("UNKNOWN_SERIES", ja, en, span, tuple(self.vocabulary.series)[:12])

    def _rounding(self, match: re.Match[str]) -> tuple[Token, int]:
        found = match.groupdict()
        mode = next(mode for mode in Rounding if found[mode] or found[f"{mode}_ja"])
        unit = int((found["unit"] or found["unit_ja"] or "1").replace(",", "")[:20])
        if not 1 <= unit <= LARGEST_INTEGER:
            span = self._span(match.start(), match.end())
            ja, en = "端数処理の単位は1以上で書いてください。", "what is rounded to must be 1 or more."
            raise BadExpression("BAD_NUMBER", ja, en, span)
        kind = "rounding_yen" if found["yen"] or found["yen_ja"] else "rounding"
        return Token(kind, mode, self._span(match.start(), match.end()), unit), match.end()

    def _known_word(self, at: int) -> int:
        """Where the longest word of the scope that starts here ends; `at` if there is none."""
        for word in self.vocabulary.starting(self.text[at]):
            end = at + len(word)
            if self.text.startswith(word, at) and not self._splits(end):
                return end
        return at

    def _splits(self, end: int) -> bool:
        """Whether a word that ended here would cut an English word or a number in two."""
        return end < len(self.text) and bool(
            _PART_OF_WORD.match(self.text[end]) and _PART_OF_WORD.match(self.text[end - 1])
        )

    def _japanese_keyword(self, at: int) -> str:
        if self.text[at] < "\u3000":
            return ""
        return next((word for word in _JAPANESE_WORDS if self.text.startswith(word, at)), "")

    def _symbol(self, at: int, symbol: re.Match[str]) -> tuple[Token, int]:
        pair = self.text[at : at + 2]
        if pair in _FOREIGN:
            raise self._foreign(at, pair)
        return self._token(_SYMBOLS.get(symbol[0], symbol[0]), at, symbol.end())

    def _foreign(self, at: int, sign: str) -> BadExpression:
        meant = _FOREIGN[sign]
        ja, en = (
            f"「{sign}」は使えません。「{meant}」と書いてください。",
            f"`{sign}` is not used here; write `{meant}`.",
        )
        return BadExpression("UNEXPECTED", ja, en, self._span(at, at + len(sign)), (meant,))

    def _value(self, at: int, word: int) -> tuple[Token, int]:
        """A moment, date or number; a title that begins like one, when it is longer."""
        for kind, pattern, reader in _DATED:
            if (match := pattern.match(self.text, at)) and match.end() >= word:
                return self._dated(kind, match, reader)
        sign = self.text[at] == "¥"
        if (share := _SHARE.match(self.text, at)) and share.end() >= word:
            return self._token("share", at, share.end(), f"{int(share[1])}/{int(share[2])}")
        match = literals.NUMBER_IN_RULE.match(self.text, at + sign)
        if match is not None and match.end() >= word:
            return self._number(at, match, sign)
        return self._token("word", at, word) if word > at else self._unknown(at)

    def _dated(self, kind: str, match: re.Match[str], reader: literals.Reader) -> tuple[Token, int]:
        try:
            return self._token(kind, match.start(), match.end(), reader(match[0]))
        except ValueError:
            span = self._span(match.start(), match.end())
            ja, en = f"「{match[0]}」という日はありません。", f"there is no such day as {match[0]}."
            raise BadExpression("BAD_DATE", ja, en, span) from None

    def _number(self, at: int, match: re.Match[str], sign: bool) -> tuple[Token, int]:
        span = self._span(at, match.end())
        value = literals.number(match[1], match[2] or "")
        if value > LARGEST_INTEGER or len(match[1]) > 30:
            raise BadExpression("BAD_NUMBER", "数が大きすぎます。", "the number is too large.", span)
        if re.match(r"\.[0-9]", self.text[match.end() : match.end() + 2]):
            raise BadExpression("BAD_NUMBER", "小数は使えません。", "numbers here are whole.", span)
        if self.brackets and "," in match[1]:
            ja = "[ ] の中では、桁区切りのない数字を書き、値の間に「, 」か「、」と空白を入れてください。"
            en = "inside [ ], write numbers without separators, and put a space after each comma."
            raise BadExpression(
                "AMBIGUOUS_NUMBER", ja, en, span, (match[1].replace(",", ""), match[1].replace(",", ", "))
            )
        return self._with_unit(at, match, value, sign)

    def _with_unit(self, at: int, match: re.Match[str], value: int, sign: bool) -> tuple[Token, int]:
        unit = _UNIT.match(self.text, match.end())
        kind = (unit.lastgroup if unit else None) or ""
        end = unit.end() if unit else match.end()
        if sign or kind == "yen":
            return self._token("yen", at, end if kind == "yen" else match.end(), value)
        if kind in ("weeks", "days"):
            return self._token("days", at, end, value * (7 if kind == "weeks" else 1))
        return self._token(kind or "number", at, end, value)

    def _quoted(self, at: int) -> tuple[Token, int]:
        start = self.origin[at]
        closing = _CLOSING[self.original[start]]
        parts: list[str] = []
        end = start + 1
        while end < len(self.original) and self.original[end] != closing:
            end += self.original[end] == "\\" and self.original[end + 1 : end + 2] in ("\\", closing)
            parts.append(self.original[end : end + 1])
            end += 1
        if end >= len(self.original):
            span = Span(start, len(self.original))
            ja, en = f"引用符「{closing}」で閉じられていません。", f"the text is not closed by {closing}."
            raise BadExpression("TEXT_NOT_CLOSED", ja, en, span, (closing,))
        value = "".join(parts)
        return Token("text", value, Span(start, end + 1), value), bisect_left(self.origin, end + 1)

    def _unknown(self, at: int) -> tuple[Token, int]:
        """A run of letters that nothing declares, up to the next thing that can be read."""
        end = at
        while end < len(self.text) and self._letter(end) and (end == at or not self._resumes(end)):
            end += 1
        if end == at:
            for foreign in (self.text[at : at + 2], self.text[at]):
                if foreign in _FOREIGN:
                    raise self._foreign(at, foreign)
            shown = excerpt(self.text[at]) if self.text[at].isprintable() else f"U+{ord(self.text[at]):04X}"
            ja, en = f"「{shown}」は使えません。", f"`{shown}` cannot be used here."
            raise BadExpression("BAD_CHARACTER", ja, en, self._span(at, at + 1))
        return self._token("word", at, end)

    def _letter(self, at: int) -> bool:
        character = self.text[at]
        return character.isalnum() or character in "_.・ー々〆"

    def _resumes(self, at: int) -> bool:
        word, keyword = self._known_word(at), self._japanese_keyword(at)
        return (
            word - at > 1
            or len(keyword) > 1
            or (keyword == "が" and self._japanese_keyword(min(at + 1, len(self.text) - 1)) != "")
        )


_DATED: tuple[tuple[str, Pattern, literals.Reader], ...] = (
    ("moment", literals.MOMENT_IN_RULE, literals.read_moment),
    ("date", literals.DATE_IN_RULE, literals.read_date),
)
