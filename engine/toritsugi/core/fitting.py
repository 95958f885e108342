"""Whether a row of a catalogue is what was asked for: what fits and what does not, each as a reason in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from toritsugi.core.needwords import Match, folded
from toritsugi.core.question import Asked
from toritsugi.core.standing import Reason
from toritsugi.definition.measure import Catalogue, Row
from toritsugi.definition.prefectures import PREFECTURES
from toritsugi.definition.types import Title


class Misfit(StrEnum):
    """What was asked for and a row does not have."""

    NEED = "OTHER_NEED"
    STEP = "OTHER_STEP"
    INSTITUTION = "OTHER_INSTITUTION"
    PREFECTURE = "OTHER_PREFECTURE"


def misfits(wanted: Asked, catalogue: Catalogue, row: Row, matches: Sequence[Match]) -> Mapping[Misfit, Reason]:
    """What of the question a row does not meet; empty: it fits."""
    return {misfit: Reason(code=misfit, text=text) for misfit, text in _misfits(wanted, catalogue, row, matches)}


def _misfits(wanted: Asked, catalogue: Catalogue, row: Row, matches: Sequence[Match]) -> Iterator[tuple[Misfit, Title]]:
    question = wanted.question
    if wanted.words and not matches:
        yield Misfit.NEED, Title(ja="お探しの用途のものではありません。", en="It is not for what is looked for.")
    if question.step is not None and catalogue.steps and question.step not in row.steps:
        yield Misfit.STEP, _other_step(catalogue, row)
    if question.institution.strip() and wanted.institutions[catalogue.id].isdisjoint(row.institutions):
        yield Misfit.INSTITUTION, Title(ja="ほかの機関のものです。", en="It is another institution's.")
    if wanted.prefecture is not None and row.prefectures and wanted.prefecture not in row.prefectures:
        where = [PREFECTURES[one] for one in row.prefectures]
        ja, en = "、".join(one.ja for one in where), ", ".join(one.en for one in where)
        yield Misfit.PREFECTURE, Title(ja=f"{ja}が対象です。", en=f"It is for {en}.")


def _other_step(catalogue: Catalogue, row: Row) -> Title:
    if not row.steps:
        return Title(ja="段階のない参考情報です。", en="It is a reference outside the steps.")
    ja, en = _steps(catalogue, row)
    return Title(ja=f"{ja}の支援策です。", en=f"It belongs to {en}.")


def fits(wanted: Asked, catalogue: Catalogue, row: Row, matches: Sequence[Match]) -> Iterator[Reason]:
    """What of the question a row meets."""
    step = wanted.question.step
    if step is not None and step in row.steps:
        ja, en = _steps(catalogue, row)
        yield _reason("STEP_FITS", f"{ja}の支援策です。", f"It belongs to {en}.")
    elif step is not None and not catalogue.steps:
        yield _reason("STEP_NOT_STATED", "資料に段階の区分はありません。", "Its document knows no steps.")
    for match in dict.fromkeys(matches):
        yield _match(match)
    if wanted.prefecture is not None and wanted.prefecture in row.prefectures:
        where = PREFECTURES[wanted.prefecture]
        yield _reason("PREFECTURE_FITS", f"{where.ja}が対象です。", f"It is for {where.en}.")


def general() -> Reason:
    """That somebody helps with anything: named where nothing else can be."""
    return _reason("HELPS_WITH_ANYTHING", "用途を問わず、まず相談できます。", "Whatever is looked for, ask here first.")


def _match(match: Match) -> Reason:
    if not match.need:
        return _reason(
            "NAME_FITS", f"名称または番号に「{match.word}」があります。", f'"{match.word}" is in its name or number.'
        )
    if folded(match.word) in (folded(match.title.ja), folded(match.title.en)):
        return _reason("NEED_FITS", f"「{match.title.ja}」に当たります。", f'It meets "{match.title.en}".')
    ja = f"「{match.word}」は「{match.title.ja}」に当たります。"
    return _reason("NEED_FITS", ja, f'"{match.word}" means "{match.title.en}".')


def _steps(catalogue: Catalogue, row: Row) -> tuple[str, str]:
    if len(row.steps) == len(catalogue.steps) > 1:
        return "すべての段階", "every step"
    titles = [(number, catalogue.steps[number]) for number in row.steps]
    ja = "、".join(f"STEP {number}（{title.ja}）" for number, title in titles)
    return ja, ", ".join(f"STEP {number} ({title.en})" for number, title in titles)


def _reason(code: str, ja: str, en: str) -> Reason:
    return Reason(code=code, text=Title(ja=ja, en=en))
