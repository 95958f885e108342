"""The names that the rules of a procedure may read: its data, and what the engine, ledgers, links and deadlines provide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from toritsugi.definition.expression import Name, NameKind
from toritsugi.definition.fields import CHANNEL
from toritsugi.definition.interface import Interface
from toritsugi.definition.model import DataField
from toritsugi.definition.types import DATE, INSTITUTION, INTEGER, MOMENT, YEN, YES_NO, Kind, Title, Type

#: Names that the engine provides with every event.
ENGINE_NAMES: Mapping[str, Name] = {
    id_: Name(id=id_, type=type_, titles=Title(ja=ja, en=en), kind=NameKind.ENGINE)
    for id_, type_, ja, en in (
        ("occurred_on", DATE, "発生日", "day it occurred"),
        ("occurred_at", MOMENT, "発生日時", "moment it occurred"),
        ("recorded_on", DATE, "記録日", "day it was recorded"),
        ("recorded_at", MOMENT, "記録日時", "moment it was recorded"),
        ("channel", CHANNEL, "連絡手段", "channel"),
        ("late", YES_NO, "期限後", "late"),
        ("actor_institution", INSTITUTION, "行為者の機関", "institution of the actor"),
    )
}

_LEDGER_PARTS = {
    "available": Title(ja="利用可能額", en="available"),
    "reserved": Title(ja="仮押さえ額", en="reserved"),
    "consumed": Title(ja="実績額", en="consumed"),
    "ceiling": Title(ja="上限額", en="ceiling"),
    "balance": Title(ja="残額", en="balance"),
}


def names_of(
    data: Mapping[str, DataField],
    ledgers: Mapping[str, Title],
    links: Mapping[str, tuple[Title, Interface | None]],
    deadlines: Mapping[str, Title],
    counts: Mapping[str, Title] | None = None,
) -> dict[str, Name]:
    """Every name in scope, by id.

    Args:
        ledgers: id -> title.
        links: id -> title and the linked procedure (None: it is not known, so nothing inside it can be read).
        deadlines, counts: id -> title.
    """
    found = [*ENGINE_NAMES.values()]
    for id_, title in ledgers.items():
        found.extend(_ledger(id_, title, NameKind.LEDGER))
    for id_, (title, interface) in links.items():
        found.extend(_link(id_, title, interface))
    for id_, title in deadlines.items():
        found.append(_name(f"{id_}.due_on", DATE, _joined(title, "期限日", "due on"), NameKind.DEADLINE))
        found.append(_name(f"{id_}.missed", YES_NO, _joined(title, "超過", "missed"), NameKind.DEADLINE))
    found.extend(_name(id_, INTEGER, title, NameKind.COUNT) for id_, title in (counts or {}).items())
    found.extend(Name(id=id_, type=item.type, titles=item.title, personal=item.personal) for id_, item in data.items())
    return {name.id: name for name in found}


def _name(id_: str, type_: Type, title: Title, kind: NameKind) -> Name:
    return Name(id=id_, type=type_, titles=title, kind=kind)


def _joined(title: Title, ja: str, en: str) -> Title:
    return Title(ja=f"{title.ja}の{ja}", en=f"{title.en}: {en}")


def _ledger(id_: str, title: Title, kind: NameKind) -> Iterator[Name]:
    for part, name in _LEDGER_PARTS.items():
        yield _name(f"{id_}.{part}", YEN, _joined(title, name.ja, name.en), kind)


def _link(id_: str, title: Title, interface: Interface | None) -> Iterator[Name]:
    yield _name(id_, YES_NO, title, NameKind.LINK)
    if interface is None:
        return
    if interface.states:
        states = Type(kind=Kind.CHOICE, options=interface.states)
        yield _name(f"{id_}.state", states, _joined(title, "状態", "state"), NameKind.LINK)
    for field_id, item in interface.data.items():
        names = _joined(title, item.title.ja, item.title.en)
        yield Name(id=f"{id_}.{field_id}", type=item.type, titles=names, kind=NameKind.LINK, personal=item.personal)
    for ledger_id, ledger in interface.ledgers.items():
        yield from _ledger(f"{id_}.{ledger_id}", _joined(title, ledger.ja, ledger.en), NameKind.LINK)
