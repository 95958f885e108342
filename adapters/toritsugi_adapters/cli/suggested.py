"""Suggestions on a terminal: what can be used and why, what cannot and why not; and the same as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from toritsugi.core.standing import Standing
from toritsugi.core.suggest import ORDER
from toritsugi.definition.measure import RowKind
from toritsugi_adapters.cli import wording
from toritsugi_adapters.cli.language import words
from toritsugi_adapters.cli.layout import paragraph, table
from toritsugi_adapters.cli.rows import number, opening, row_shape, row_table, stand_shape, who

if TYPE_CHECKING:
    from toritsugi.core.proposal import Menu, Proposal
    from toritsugi.core.standing import Reason
    from toritsugi.core.suggest import Suggestion, Suggestions
    from toritsugi.definition.measure import Catalogue

#: More than so many are shown as one line each.
_MOST_IN_FULL = 5

Json = dict[str, Any]


def answer_text(answer: Suggestions) -> Iterator[str]:
    """The whole answer."""
    day = wording.day(answer.question.on.isoformat())
    if answer.unknown:
        listed = wording.joined(f"「{word}」" if words("ja", "en") == "ja" else f'"{word}"' for word in answer.unknown)
        yield from paragraph(
            words(f"{listed}に当たる用途は、一覧にありません。", f"No catalogue knows a need {listed}.")
        )
        yield ""
    if answer.offered:
        yield from _offered(answer.offered, day)
    else:
        yield words(f"この条件で{day}に使えるものはありません。", f"Nothing of that kind can be used on {day}.")
    if answer.nearest:
        yield from ("", words("近いもの（この日に使えます）", "The nearest that can be used on that day"))
        yield from _in_full(answer.nearest)
    yield from _withheld(answer.withheld)
    yield from _footer(answer)


def _offered(offered: Sequence[Suggestion], day: str) -> Iterator[str]:
    routes = [one for one in offered if one.catalogue.kind is RowKind.ROUTES]
    others = [one for one in offered if one.catalogue.kind is not RowKind.ROUTES]
    if others:
        yield words(f"{day}に使えるもの（{len(others)}件）", f"To be used on {day} ({len(others)})")
        yield from _in_full(others) if len(others) <= _MOST_IN_FULL else _listed(others)
    if routes:
        yield from [""] if others else []
        yield words(f"取次ぎ先（{len(routes)}件）", f"Whom it is passed on to ({len(routes)})")
        yield from _in_full(routes) if len(routes) <= _MOST_IN_FULL else _listed(routes)


def _in_full(suggestions: Sequence[Suggestion]) -> Iterator[str]:
    for one in suggestions:
        yield ""
        yield from paragraph(f"{number(one)}  {wording.of(one.row.title)}", indent=4, first="  ")
        why = (words("理由", "why"), _sentences([*one.fits, *one.misses]))
        yield from table([why, *row_table(one)], indent=6)


def _listed(suggestions: Sequence[Suggestion]) -> Iterator[str]:
    yield ""
    heads = words("番号,名称,機関,受付", "NO.,NAME,INSTITUTION,WINDOW").split(",")
    if all(one.catalogue.kind is RowKind.ROUTES for one in suggestions):
        yield from table(
            [(number(one), wording.of(one.row.title), who(one)) for one in suggestions], heads=heads[:3], indent=2
        )
    else:
        rows = (
            (number(one), wording.of(one.row.title), who(one), wording.of(one.stand.reason.text)) for one in suggestions
        )
        yield from table(rows, heads=heads, indent=2)
    ja = f"詳しくは --need {suggestions[0].row.id} のように番号を指定してください。"
    yield from ("", *paragraph(words(ja, f"Name one for its details: --need {suggestions[0].row.id}")))


def _withheld(withheld: Sequence[Suggestion]) -> Iterator[str]:
    told = [one for one in withheld if one.stand.standing is not Standing.UNKNOWN]
    other = len(withheld) - len(told)
    if told:
        yield from (
            "",
            words(f"当てはまるが、この日には使えないもの（{len(told)}件）", f"Fits, but not on that day ({len(told)})"),
            "",
        )
        rows = [(number(one), wording.of(one.row.title), wording.of(one.stand.reason.text)) for one in told]
        yield from table(rows, heads=words("番号,名称,使えない理由", "NO.,NAME,WHY NOT").split(","), indent=2)
    if other:
        ja = f"ほかに、別の時期の資料に{other}件あります（その日のことは分かりません）。"
        yield from (
            "",
            *paragraph(words(ja, f"{other} more in documents of another time, which do not speak of that day.")),
        )


def _footer(answer: Suggestions) -> Iterator[str]:
    yield ""
    used = {one.catalogue.id: one.catalogue for one in (*answer.offered, *answer.nearest)}
    for catalogue in used.values():
        yield from paragraph(_source(catalogue), indent=6, first=words("一覧：", "from: "))
    yield from paragraph(wording.of(ORDER), indent=8, first=words("並び順：", "order:  "))


def _source(catalogue: Catalogue) -> str:
    past = words("（過去の内容）", " (how things were then)") if catalogue.historic else ""
    return f"{wording.of(catalogue.title)}{past}  {catalogue.id}"


def _sentences(reasons: Iterable[Reason]) -> str:
    return words("", " ").join(wording.of(reason.text) for reason in reasons) or words(
        "（条件の指定なし）", "(nothing asked)"
    )


def proposal_text(proposal: Proposal) -> Iterator[str]:
    """Each menu of a proposal, and whether it may be proposed."""
    if not proposal.menus and not proposal.unknown:
        yield words("一覧の番号が書かれていません。", "It holds no number of a catalogue.")
    marks = {True: words("可", "yes"), False: words("不可", "no")}
    rows = [
        (marks[one.possible], one.row.id, wording.of(one.row.title), wording.of(one.stand.reason.text))
        for one in proposal.menus
    ]
    rows += [
        (marks[False], one, "-", words("この番号は一覧にありません。", "No catalogue has this number."))
        for one in proposal.unknown
    ]
    yield from table(rows)
    ways = [
        (opening(one.row), one.row.procedure)
        for one in proposal.menus
        if one.possible and one.row.procedure is not None
    ]
    if ways:
        yield from ("", words("案件を開くには", "To open a case"))
        yield from table(ways, indent=2)


def answer_shape(answer: Suggestions) -> Json:
    """`suggest --json`."""
    question = answer.question
    return {
        "question": {
            "on": question.on.isoformat(),
            "step": question.step,
            "need": question.need,
            "institution": question.institution,
            "prefecture": question.prefecture,
            "catalogue": question.catalogue,
        },
        "offered": [_shape(one) for one in answer.offered],
        "withheld": [_shape(one) for one in answer.withheld],
        "nearest": [_shape(one) for one in answer.nearest],
        "unknown": list(answer.unknown),
        "order": {"ja": ORDER.ja, "en": ORDER.en},
    }


def _shape(one: Suggestion) -> Json:
    return {
        "key": one.key,
        **row_shape(one),
        **stand_shape(one.stand),
        "reasons": [_reason(reason) for reason in (*one.fits, one.stand.reason)],
        "misses": [_reason(reason) for reason in one.misses],
    }


def _reason(reason: Reason) -> Json:
    return {"code": reason.code, "ja": reason.text.ja, "en": reason.text.en}


def proposal_shape(proposal: Proposal) -> Json:
    """`suggest --menus --json`."""
    return {
        "sound": proposal.sound,
        "menus": [_menu_shape(menu) for menu in proposal.menus],
        "unknown": list(proposal.unknown),
    }


def _menu_shape(menu: Menu) -> Json:
    return {
        "catalogue": menu.catalogue.id,
        "id": menu.row.id,
        "title": {"ja": menu.row.title.ja, "en": menu.row.title.en},
        "possible": menu.possible,
        "procedure": menu.row.procedure,
        **stand_shape(menu.stand),
        "reason": _reason(menu.stand.reason),
    }
