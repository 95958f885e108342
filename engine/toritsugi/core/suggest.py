"""Which support fits a step, a need and a day: out of catalogues, with the reasons, and what is closed never as open.

A row fits if it is of the step, meets the need, and is offered by the institution and in the prefecture asked for. What
fits is offered if it may be applied for on that day, and withheld with the reason if not. Where nothing can be offered,
the nearest rows are named that can be used on that day, each with what it misses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from toritsugi.core.fitting import Misfit, fits, general, misfits
from toritsugi.core.needwords import Match, Needs, named
from toritsugi.core.question import Asked, Question, asked
from toritsugi.core.standing import OFFERED, Reason, Stand, Standing, stand
from toritsugi.definition.measure import Catalogue, Onward, Row, RowKind
from toritsugi.definition.types import Title

#: Most rows that are named where nothing fits.
MOST_NEAREST = 5

#: By what suggestions are sorted, the weightiest first.
ORDER = Title(
    ja="支援策、取次ぎ先の順。その中では、受付中、資料が新しい、段階が明記されている、当てはまる言葉が多い、主な用途に当たる、資料の順",
    en="measures before routes; then open, newer document, step stated, more of the words, main purpose, order of the document",
)
_KINDS = tuple(RowKind)
_STANDINGS = tuple(Standing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One row, with why it is named and how it stands on the day."""

    catalogue: Catalogue
    row: Row
    stand: Stand
    #: why it fits.
    fits: tuple[Reason, ...]
    #: what was asked for and it does not have; empty unless it is only near.
    misses: tuple[Reason, ...] = ()
    #: whom its first contacts pass the company on to, for this need.
    onward: tuple[Onward, ...] = ()
    #: the procedure that carries it for this need; None: none of ours.
    procedure: str | None = None

    @property
    def key(self) -> str:
        """How it is cited: catalogue and number, `overseas_support_2016/m07`."""
        return f"{self.catalogue.id}/{self.row.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """The answer; each list by `ORDER`."""

    question: Question
    #: what fits and may be applied for on the day, or has to be asked about.
    offered: tuple[Suggestion, ...]
    #: what fits and may not: closed, not open yet, only planned, not known.
    withheld: tuple[Suggestion, ...]
    #: where nothing is offered: what can be used on the day and comes near.
    nearest: tuple[Suggestion, ...]
    #: words that no need is called by.
    unknown: tuple[str, ...]


def suggest(question: Question, catalogues: Sequence[Catalogue]) -> Suggestions:
    """What of `catalogues` fits a question.

    Raises:
        BadInput: there is no such step, catalogue, institution or prefecture, or the need is too long.
    """
    return _Search(asked(question, catalogues), catalogues).answer()


class _Search:
    """One question put to every row."""

    def __init__(self, wanted: Asked, catalogues: Sequence[Catalogue]) -> None:
        self.wanted = wanted
        self.needs = Needs(catalogues)
        self.found = self.needs.found(wanted.words)

    def answer(self) -> Suggestions:
        here = [one for one in self.rows if not one.misfits]
        offered = _sorted(one for one in here if one.stand.standing in OFFERED)
        known = {match.word for one in self.rows for match in one.matches}
        return Suggestions(
            question=self.wanted.question,
            offered=offered,
            withheld=_sorted(one for one in here if one.stand.standing not in OFFERED),
            nearest=() if offered else _sorted(self.near())[:MOST_NEAREST],
            unknown=tuple(word for word in self.wanted.words if word not in known),
        )

    @cached_property
    def rows(self) -> tuple[_Candidate, ...]:
        """Every row of the catalogues asked for."""
        return tuple(
            self.candidate(catalogue, row, place)
            for place, catalogue in enumerate(self.wanted.catalogues)
            for row in catalogue.rows.values()
        )

    def candidate(self, catalogue: Catalogue, row: Row, place: int) -> _Candidate:
        by_need = {need: self.found[need] for need in row.needs if need in self.found}
        meant = tuple(match for group in by_need.values() for match in group)
        rest = [word for word in self.wanted.words if word not in {match.word for match in meant}]
        matches = (*meant, *named(row, rest))
        return _Candidate(
            catalogue=catalogue,
            row=row,
            stand=stand(row, catalogue, self.wanted.question.on),
            needs=by_need,
            matches=matches,
            misfits=misfits(self.wanted, catalogue, row, matches),
            general=bool(row.needs) and row.needs[0] in self.needs.general,
            place=place,
            question=self.wanted,
        )

    def near(self) -> Iterator[_Candidate]:
        """Rows that can be used and meet the need, if not as asked for; and those that help with anything."""
        for one in self.rows:
            if one.stand.standing in OFFERED and (Misfit.NEED not in one.misfits or one.general):
                yield one


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    catalogue: Catalogue
    row: Row
    stand: Stand
    #: need of the row -> the words that mean it.
    needs: Mapping[str, tuple[Match, ...]]
    matches: tuple[Match, ...]
    misfits: Mapping[Misfit, Reason]
    #: its main purpose is to help with anything.
    general: bool
    #: of the catalogue, in the order given.
    place: int
    question: Asked

    def suggestion(self) -> Suggestion:
        onward = self.onward()
        unasked = self.general and Misfit.NEED in self.misfits
        carried = next((one.procedure for one in onward if one.needs and one.procedure), None)
        return Suggestion(
            catalogue=self.catalogue,
            row=self.row,
            stand=self.stand,
            fits=(*fits(self.question, self.catalogue, self.row, self.matches), *((general(),) if unasked else ())),
            misses=tuple(reason for misfit, reason in self.misfits.items() if not (unasked and misfit is Misfit.NEED)),
            onward=onward,
            procedure=carried or self.row.procedure,
        )

    def onward(self) -> tuple[Onward, ...]:
        """Those for this very need first; those for another one not at all."""
        special = [one for one in self.row.onward if not self.needs.keys().isdisjoint(one.needs)]
        return (*special, *(one for one in self.row.onward if not one.needs))

    def rank(self) -> tuple[int, ...]:
        """Smaller comes first; see `ORDER`."""
        words = {match.word for match in self.matches}
        exact = {match.word for match in self.matches if match.exact}
        main = next((number for number, need in enumerate(self.row.needs) if need in self.needs), 0)
        step = self.question.question.step
        return (
            Misfit.NEED in self.misfits,
            len(self.misfits),
            min((abs(step - one) for one in self.row.steps), default=0) if step is not None else 0,
            _KINDS.index(self.catalogue.kind),
            _STANDINGS.index(self.stand.standing),
            self.catalogue.historic,
            step is not None and not self.row.steps,
            -len(words),
            -len(exact),
            main,
            self.place,
        )


def _sorted(candidates: Iterator[_Candidate] | Sequence[_Candidate]) -> tuple[Suggestion, ...]:
    return tuple(one.suggestion() for one in sorted(candidates, key=_Candidate.rank))
