"""The question that suggestions answer, and that question understood: which catalogues, words and institutions it means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from toritsugi.core.needwords import LONGEST_NEED, folded, words_of
from toritsugi.definition.measure import Catalogue, RowKind
from toritsugi.definition.prefectures import PREFECTURES, prefecture
from toritsugi.errors import BadInput

_Problem = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody looks for; whatever is left out does not matter."""

    #: the day on which it is to be applied for.
    on: date
    #: the step of the documents' roadmap, as they number it.
    step: int | None = None
    #: words as an office types them: 商品開発, 知財 融資.
    need: str = ""
    #: id or title of an institution, or a part of the title.
    institution: str = ""
    #: tokyo, 東京都, 東京.
    prefecture: str = ""
    #: id of the only catalogue to look into; None: all of measures and routes.
    catalogue: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question understood."""

    question: Question
    catalogues: tuple[Catalogue, ...]
    words: tuple[str, ...]
    #: catalogue -> ids of its institutions that are meant.
    institutions: Mapping[str, frozenset[str]]
    prefecture: str | None


def asked(question: Question, catalogues: Sequence[Catalogue]) -> Asked:
    """The question, understood among `catalogues`.

    Raises:
        BadInput: it names what is not there, or is too long; every problem at once.
    """
    chosen = tuple(one for one in catalogues if _wanted(one, question.catalogue))
    meant = {one.id: _meant(one, question.institution) for one in chosen}
    problems = [*_catalogue(question, catalogues), *_step(question, chosen), *_need(question)]
    problems += [*_institution(question, chosen, meant), *_prefecture(question)]
    if problems:
        raise BadInput(problems)
    return Asked(
        question=question,
        catalogues=chosen,
        words=words_of(question.need),
        institutions=meant,
        prefecture=prefecture(question.prefecture),
    )


def _wanted(catalogue: Catalogue, only: str | None) -> bool:
    return catalogue.kind is not RowKind.PATTERNS if only is None else catalogue.id == only


def _meant(catalogue: Catalogue, typed: str) -> frozenset[str]:
    plain = folded(typed)
    titles = {
        id_: [folded(text) for text in (id_, title.ja, title.en)] for id_, title in catalogue.institutions.items()
    }
    exact = {id_ for id_, texts in titles.items() if plain in texts}
    return frozenset(exact or {id_ for id_, texts in titles.items() if plain and any(plain in text for text in texts)})


def _catalogue(question: Question, catalogues: Sequence[Catalogue]) -> Iterator[_Problem]:
    known = [one.id for one in catalogues]
    if question.catalogue is not None and question.catalogue not in known:
        ja = f"そのような一覧はありません（あるもの：{'、'.join(known)}）。"
        yield _problem("catalogue", ja, f"there is no such catalogue (known: {', '.join(known)}).")


def _step(question: Question, chosen: Sequence[Catalogue]) -> Iterator[_Problem]:
    steps = {number: title for one in chosen for number, title in one.steps.items()}
    if question.step is not None and steps and question.step not in steps:
        ja = "、".join(f"{number} {title.ja}" for number, title in steps.items())
        en = ", ".join(f"{number} {title.en}" for number, title in steps.items())
        yield _problem(
            "step", f"そのような段階はありません（あるもの：{ja}）。", f"there is no such step (known: {en})."
        )


def _need(question: Question) -> Iterator[_Problem]:
    if len(question.need) > LONGEST_NEED:
        yield _problem("need", f"用途は{LONGEST_NEED}文字までです。", f"a need has at most {LONGEST_NEED} characters.")


def _institution(
    question: Question, chosen: Sequence[Catalogue], meant: Mapping[str, frozenset[str]]
) -> Iterator[_Problem]:
    if question.institution.strip() and chosen and not any(meant.values()):
        titles = {id_: title for one in chosen for id_, title in one.institutions.items()}
        ja = f"そのような機関は一覧にありません（あるもの：{'、'.join(title.ja for title in titles.values())}）。"
        en = f"no catalogue has such an institution (known: {', '.join(title.en for title in titles.values())})."
        yield _problem("institution", ja, en)


def _prefecture(question: Question) -> Iterator[_Problem]:
    if question.prefecture.strip() and prefecture(question.prefecture) is None:
        names = f"{PREFECTURES['tokyo'].ja}、{PREFECTURES['osaka'].ja}"
        ja = f"そのような都道府県はありません。{names}のように書いてください。"
        yield _problem("prefecture", ja, "there is no such prefecture; write Tokyo, Osaka and so on.")


def _problem(place: str, ja: str, en: str) -> _Problem:
    return {"place": place, "ja": ja, "en": en}
