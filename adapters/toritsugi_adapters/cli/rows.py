"""One row of a catalogue of support: its facts as lines of a table, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from toritsugi.definition.measure import Fee, RowKind
from toritsugi.definition.prefectures import PREFECTURES
from toritsugi.definition.types import Title
from toritsugi_adapters.cli import wording
from toritsugi_adapters.cli.language import words

if TYPE_CHECKING:
    from toritsugi.core.standing import Stand
    from toritsugi.core.suggest import Suggestion
    from toritsugi.definition.measure import Amount, Onward, Row

_FEES = {
    Fee.FREE: Title(ja="無料", en="free"),
    Fee.CHARGED: Title(ja="有料", en="charged"),
    Fee.SUBSIDY: Title(ja="費用の一部を補助", en="part of the cost is paid"),
    Fee.LOAN: Title(ja="融資", en="loan"),
    Fee.NOT_STATED: Title(ja="記載なし", en="not stated"),
}
_WAYS = {
    "phone": Title(ja="電話", en="phone"),
    "fax": Title(ja="FAX", en="fax"),
    "email": Title(ja="電子メール", en="e-mail"),
    "web": Title(ja="ウェブ", en="web"),
    "desk": Title(ja="窓口", en="desk"),
}


def row_table(one: Suggestion) -> Iterator[tuple[str, str]]:
    """What a person wants to know of a row: (what, text)."""
    row = one.row
    measure = one.catalogue.kind is RowKind.MEASURES
    if one.catalogue.kind is RowKind.ROUTES:
        yield (words("まず", "first"), who(one))
    else:
        yield (words("受付", "window"), wording.of(one.stand.reason.text))
        yield (words("機関", "who"), who(one))
    for onward in one.onward:
        yield (words("つなぎ先", "then"), _onward(one, onward))
    if measure:
        yield (words("費用", "cost"), _cost(row))
    if row.content is not None:
        yield (words("内容", "what"), wording.of(row.content))
    if row.limits is not None:
        yield (words("条件", "limits"), wording.of(row.limits))
    if row.contacts:
        yield (
            words("連絡先", "contact"),
            wording.joined(f"{wording.of(_WAYS[c.way])} {c.address}" for c in row.contacts),
        )
    if one.procedure is not None:
        opened = (
            words(f"（{opening(row)}）", f" ({opening(row)})") if measure and one.procedure == row.procedure else ""
        )
        yield (words("手続", "case"), f"{one.procedure}{opened}")
    yield (words("出典", "source"), f"{one.catalogue.source} {row.source}")


def number(one: Suggestion) -> str:
    """What a person calls a row by: its document's own letter, or its id."""
    return one.row.letter or one.row.id


def who(one: Suggestion) -> str:
    """The institutions of a row, in words."""
    return wording.joined(wording.of(one.catalogue.institutions[name]) for name in one.row.institutions)


def opening(row: Row) -> str:
    """The command that opens a case for a measure."""
    return f"toritsugi open --measure {row.id}"


def _onward(one: Suggestion, onward: Onward) -> str:
    institution = wording.of(one.catalogue.institutions[onward.institution])
    if onward.condition is None:
        return institution
    return words(f"{institution}（{onward.condition.ja}）", f"{institution} ({onward.condition.en})")


def _cost(row: Row) -> str:
    parts = [wording.of(_FEES[row.fee])]
    if row.rate is not None:
        parts.append(str(row.rate))
    if row.ceilings:
        parts.append(words("上限 ", "at most ") + _amounts(row.ceilings))
    if row.prices:
        parts.append(_amounts(row.prices))
    if row.fee_note is not None:
        parts.append(wording.of(row.fee_note))
    if row.draws_on_frame is not None:
        parts.append(
            words("支援利用の枠から引かれる", "draws on the frame")
            if row.draws_on_frame
            else words("支援利用の枠から引かれない", "does not draw on the frame")
        )
    return wording.joined(parts)


def _amounts(amounts: Iterable[Amount]) -> str:
    """30,000,000円; with what each is for."""
    shown = []
    for one in amounts:
        yen = words(f"{one.yen:,}円", f"{one.yen:,} yen")
        shown.append(f"{yen}{words('（', ' (')}{wording.of(one.title)}{words('）', ')')}" if one.title else yen)
    return words("・", " / ").join(shown)


def row_shape(one: Suggestion) -> dict[str, Any]:
    """A row with all its facts."""
    row, catalogue = one.row, one.catalogue
    return {
        "catalogue": catalogue.id,
        "historic": catalogue.historic,
        "kind": str(catalogue.kind),
        "id": row.id,
        "letter": row.letter or None,
        "title": _both(row.title),
        "steps": list(row.steps),
        "institutions": [{"id": id_, "title": _both(catalogue.institutions[id_])} for id_ in row.institutions],
        "prefectures": [{"id": id_, "title": _both(PREFECTURES[id_])} for id_ in row.prefectures],
        "needs": list(row.needs),
        "fee": str(row.fee),
        "fee_note": _both(row.fee_note),
        "prices": [{"yen": price.yen, "title": _both(price.title)} for price in row.prices],
        "rate": str(row.rate) if row.rate is not None else None,
        "ceilings": [{"yen": ceiling.yen, "title": _both(ceiling.title)} for ceiling in row.ceilings],
        "status": str(row.status),
        "screened": row.screened,
        "draws_on_frame": row.draws_on_frame,
        "content": _both(row.content),
        "limits": _both(row.limits),
        "contacts": [{"way": contact.way, "address": contact.address} for contact in row.contacts],
        "onward": [_onward_shape(one, onward) for onward in one.onward],
        "template": row.template or None,
        "procedure": one.procedure,
        "source": f"{catalogue.source} {row.source}",
        "basis": row.basis,
    }


def _onward_shape(one: Suggestion, onward: Onward) -> dict[str, Any]:
    title = _both(one.catalogue.institutions[onward.institution])
    return {
        "institution": {"id": onward.institution, "title": title},
        "condition": _both(onward.condition),
        "procedure": onward.procedure,
    }


def stand_shape(stand: Stand) -> dict[str, Any]:
    """How it stands on the day, and the window that decides it."""
    window = stand.window
    opens, closes = (window.opens, window.closes) if window is not None else (None, None)
    return {
        "standing": str(stand.standing),
        "opens": opens.isoformat() if opens else None,
        "closes": closes.isoformat() if closes else None,
    }


def _both(title: Title | None) -> dict[str, str] | None:
    return {"ja": title.ja, "en": title.en} if title is not None else None
