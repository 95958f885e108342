"""What can be wrong with what an event does: an effect too few, another value, another recipient, another amount."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from toritsugi.definition.expression import Expression
from toritsugi.definition.model_effects import AddEntry, Effect, PostLedger, SendMessage, SetField, Signal
from toritsugi.definition.nodes import Entries, Items, Text
from toritsugi.definition.types import Title
from toritsugi.testing.mutation.mutant import Mutant, Sheet, listed, words
from toritsugi.testing.mutation.of_events import rewritten
from toritsugi.testing.mutation.rules import changed, negated, other_value

_TO = Title(ja="宛先", en="the recipients")
_VIA = Title(ja="送付の方法", en="the ways of sending")
_GONE = Title(ja="行わない", en="not done")
#: verb -> kind of the mutant in which it is left out.
_DROPPED: Mapping[str, str] = {
    **dict.fromkeys(("set", "clear", "add"), "effect_dropped"),
    **dict.fromkeys(("send", "notify"), "message_dropped"),
    **dict.fromkeys(("open", "signal"), "link_act"),
    **dict.fromkeys(("reserve", "consume", "release"), "ledger"),
    **dict.fromkeys(("approve", "revoke", "appoint"), "approval_act"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """One entry of `effects`, and the effects of the model that it stands for."""

    event: str
    #: path of the entry.
    at: str
    #: path of the entry, or of the list if it is the only one.
    whole: str
    verb: str
    entry: Entries
    effects: tuple[Effect, ...]

    @property
    def inside(self) -> str:
        """Path of what stands under the verb."""
        return f"{self.at}.{self.verb}"


def of_effects(sheet: Sheet) -> Iterator[Mutant]:
    """Every mutant of every effect."""
    for place in _places(sheet):
        yield from _left_out(sheet, place)
        yield from _conditions(sheet, place)
        first = place.effects[0]
        if isinstance(first, SendMessage):
            yield from _messages(sheet, place, first)
        elif isinstance(first, Signal):
            yield from _values(sheet, place, "link_act", f"{place.inside}.with", first.values)
        elif isinstance(first, AddEntry):
            entry = {f"entry.{name}": value for name, value in first.entry.items()}
            yield from _values(sheet, place, "value", place.inside, entry or {"entry": first.item})
        elif isinstance(first, PostLedger):
            yield from _postings(sheet, place, first)
        elif isinstance(first, SetField) and place.verb == "set":
            values = {one.field: one.value for one in place.effects if isinstance(one, SetField)}
            yield from _values(sheet, place, "value", place.inside, values)


def _places(sheet: Sheet) -> Iterator[_Place]:
    for event in sheet.procedure.events.values():
        path, taken = f"events.{event.id}.effects", 0
        node = sheet.node(path)
        entries = node.items if isinstance(node, Items) else () if node is None else (node,)
        for number, entry in enumerate(entries):
            verb = next((one for one in entry.entries if one in _DROPPED), None) if isinstance(entry, Entries) else None
            if verb is None or not isinstance(entry, Entries):
                return
            count = _count(verb, entry)
            at = f"{path}.{number}" if isinstance(node, Items) else path
            found = event.effects[taken : taken + count]
            taken += count
            if found:
                whole = at if len(entries) > 1 else path
                yield _Place(event=event.id, at=at, whole=whole, verb=verb, entry=entry, effects=found)


def _count(verb: str, entry: Entries) -> int:
    """How many effects of the model an entry stands for."""
    node = entry.entries[verb]
    if verb == "set" and isinstance(node, Entries):
        return len(node.entries)
    return len(words(node)) if verb == "clear" else 1


def _left_out(sheet: Sheet, place: _Place) -> Iterator[Mutant]:
    if len(place.effects) == 1:
        about = _named(sheet, place)
        told = Title(ja=f"{about.ja}を{_GONE.ja}", en=f"{about.en}: {_GONE.en}")
        yield sheet.mutant(_DROPPED[place.verb], place.at, "removed", told, (place.whole, None), events=[place.event])
    elif place.verb == "clear":
        what = Title(ja="空欄にする項目", en="what is emptied")
        yield from sheet.fewer("effect_dropped", place.inside, "data", what, events=[place.event])
    for one in place.effects if place.verb == "set" and len(place.effects) > 1 else ():
        if isinstance(one, SetField):
            name, path = sheet.title("data", one.field), f"{place.inside}.{one.field}"
            told = Title(ja=f"「{name.ja}」を設定しない", en=f'"{name.en}" not set')
            yield sheet.mutant("effect_dropped", path, "removed", told, (path, None), events=[place.event])


def _named(sheet: Sheet, place: _Place) -> Title:
    """What is left out, in words."""
    effect = place.effects[0]
    if isinstance(effect, SetField | AddEntry):
        name = sheet.title("data", effect.field)
        return Title(ja=f"「{name.ja}」の記録（{place.verb}）", en=f'{place.verb} "{name.en}"')
    if isinstance(effect, SendMessage):
        sent = sheet.title("documents", effect.document) if effect.document else effect.subject
        return Title(ja=f"「{sent.ja}」の送付", en=f'sending "{sent.en}"') if sent else Title(ja="送付", en="sending")
    return Title(ja=f"{place.verb}", en=place.verb)


def _conditions(sheet: Sheet, place: _Place) -> Iterator[Mutant]:
    when = place.effects[0].when
    at = next((path for path in (f"{place.at}.if", f"{place.inside}.if") if sheet.node(path) is not None), None)
    if when is None or at is None:
        return
    told = Title(ja="条件なしに行う", en="done without its condition")
    yield sheet.mutant("when", at, "removed", told, (at, None), events=[place.event])
    for other in (negated(when), *changed(when)):
        yield rewritten(sheet, "when", at, when, other, [place.event])


def _messages(sheet: Sheet, place: _Place, message: SendMessage) -> Iterator[Mutant]:
    events, inside = [place.event], place.inside
    yield from sheet.fewer("recipient", f"{inside}.to", "parties", _TO, events=events, least=1)
    yield from sheet.more("recipient", f"{inside}.to", "parties", _TO, sheet.procedure.parties, events=events)
    yield from sheet.fewer("way", f"{inside}.via", "", _VIA, events=events, least=1)
    others = [one for one in ("email", "fax", "post") if one not in message.via]
    for one in others:
        told = Title(ja=f"まず{one}で送る", en=f"{one} goes first")
        first = (f"{inside}.via", listed([one, *message.via]))
        yield sheet.mutant("way", f"{inside}.via", f"{one} first", told, first, events=events)
    if len(message.via) > 1:
        told = Title(ja="送付の方法の順を逆にする", en="the ways in reverse order")
        turned = (f"{inside}.via", listed(reversed(message.via)))
        yield sheet.mutant("way", f"{inside}.via", "reversed", told, turned, events=events)
    what = Title(ja="同封物", en="what goes along")
    yield from sheet.fewer("enclosure", f"{inside}.enclosing", "documents", what, events=events)
    if message.approval is not None:
        told = Title(ja="同意がなくても送る", en="leaves without its approval")
        at = f"{inside}.approval"
        yield sheet.mutant("consent", at, "removed", told, (at, None), events=None)


def _values(
    sheet: Sheet, place: _Place, kind: str, path: str, values: Mapping[str, Expression | None]
) -> Iterator[Mutant]:
    for name, value in values.items():
        at = f"{path}.{name}"
        if kind != "value" or ("." in name and len(values) > 1):
            told = Title(ja=f"{name.removeprefix('entry.')} を渡さない", en=f"{name.removeprefix('entry.')} not given")
            yield sheet.mutant(kind, at, "removed", told, (at, None), events=[place.event])
        other = other_value(value) if value is not None else None
        if value is not None and other is not None:
            yield rewritten(sheet, kind, at, value, other, [place.event])


def _postings(sheet: Sheet, place: _Place, posting: PostLedger) -> Iterator[Mutant]:
    events = [place.event]
    for name, value in (("amount", posting.amount), ("tax", posting.tax), ("consent", posting.consent)):
        other = other_value(value) if value is not None else None
        if value is not None and other is not None:
            yield rewritten(sheet, "ledger", f"{place.inside}.{name}", value, other, events)
        if value is not None and name != "amount":
            told = Title(ja=f"{name} を見ない", en=f"{name} left out")
            at = f"{place.inside}.{name}"
            yield sheet.mutant("ledger", at, "removed", told, (at, None), events=events)
    told = Title(ja="件名を取り違える", en="another item")
    at = f"{place.inside}.item"
    yield sheet.mutant("ledger", at, "another", told, (at, Text('"?"')), events=events)
    acts = [one for one in ("reserve", "consume") if place.verb not in (one, "release")]
    for act in acts:
        told = Title(ja=f"{place.verb} の代わりに {act}", en=f"{act} in place of {place.verb}")
        edits = ((place.inside, None), (f"{place.at}.{act}", place.entry.entries[place.verb]))
        yield sheet.mutant("ledger", place.at, act, told, *edits, events=events)
