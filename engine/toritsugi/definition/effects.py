"""The effects of an event, from the YAML's verbs (`set`, `send`, `signal`, ...) to the model's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from toritsugi.definition.block import Block
from toritsugi.definition.expression import Expression
from toritsugi.definition.faults import near
from toritsugi.definition.interface import Interface
from toritsugi.definition.model import DataField
from toritsugi.definition.model_effects import (
    AddEntry,
    AppointParty,
    Effect,
    GiveApproval,
    LedgerAct,
    OpenCase,
    PostLedger,
    RevokeApproval,
    SendMessage,
    SetField,
    Signal,
    Unreached,
)
from toritsugi.definition.nodes import Entries
from toritsugi.definition.rules import Rules
from toritsugi.definition.types import INSTITUTION, TEXT, YEN, YES_NO, Kind, Title, Type

#: How an amount relates to consumption tax.
TAX = Type(
    kind=Kind.CHOICE,
    options={
        "included": Title(ja="税込", en="tax included"),
        "excluded": Title(ja="税抜", en="tax excluded"),
        "exempt": Title(ja="非課税", en="not taxable"),
    },
)

VERBS = (
    "set",
    "clear",
    "add",
    "send",
    "notify",
    "open",
    "signal",
    "reserve",
    "consume",
    "release",
    "approve",
    "revoke",
    "appoint",
)
SIGNAL_KEYS = ("link", "event", "with", "every", "missing", "if")
APPOINT_KEYS = ("party", "institution", "if")
#: stands where an institution is named: from now on nobody plays the part.
NOBODY = "nobody"
SEND_KEYS = ("document", "to", "via", "enclosing", "approval", "if")
NOTIFY_KEYS = ("to", "via", "subject", "text", "approval", "if")
POST_KEYS = ("ledger", "item", "amount", "consent", "tax", "if")


class Effects:
    """Reads the effects of one procedure's events."""

    def __init__(self, rules: Rules, data: Mapping[str, DataField], linked: Mapping[str, Interface | None]) -> None:
        self._rules = rules
        self._data = data
        self._linked = linked
        self._readers: Mapping[str, Callable[[Block, Expression | None], Iterator[Effect]]] = {
            "set": self._set,
            "clear": self._clear,
            "add": self._add,
            "send": self._send,
            "notify": self._notify,
            "open": self._open,
            "signal": self._signal,
            "reserve": self._post,
            "consume": self._post,
            "release": self._post,
            "approve": self._approve,
            "revoke": self._revoke,
            "appoint": self._appoint,
        }

    def read(self, event: Block) -> tuple[Effect, ...]:
        """The effects of an event, in the order in which they happen."""
        return tuple(effect for item in event.blocks("effects", (*VERBS, "if")) for effect in self._one(item))

    def _one(self, item: Block) -> Iterator[Effect]:
        verbs = [verb for verb in VERBS if verb in item]
        if len(verbs) != 1:
            ja = f"1つの効果には {'、'.join(VERBS)} のうち1つを書いてください。"
            item.fault("ONE_EFFECT", ja, f"one effect is exactly one of {', '.join(VERBS)}.")
            return
        yield from self._readers[verbs[0]](item, self._condition(item, verbs[0]))

    def _condition(self, item: Block, verb: str) -> Expression | None:
        """`if`, beside the verb or inside it."""
        if "if" in item:
            return self._rules.rule(item, "if")
        node = item.get(verb)
        inner = Block(node, item.at(verb), item.faults, None) if isinstance(node, Entries) else None
        return self._rules.rule(inner, "if") if inner is not None and "if" in inner and verb != "set" else None

    def _set(self, item: Block, when: Expression | None) -> Iterator[Effect]:
        values = Block(item.get("set"), item.at("set"), item.faults, None)
        for field in values.entries.entries:
            value = self._value_for(values, field, self._data)
            if value is not None:
                yield SetField(field=field, value=value, when=when)

    def _clear(self, item: Block, when: Expression | None) -> Iterator[Effect]:
        for field in item.words("clear"):
            yield SetField(field=field, value=None, when=when)

    def _add(self, item: Block, when: Expression | None) -> Iterator[Effect]:
        add = Block(item.get("add"), item.at("add"), item.faults, ("to", "entry", "if"))
        field = add.required("to")
        list_ = self._data[field].type.item if field in self._data else None
        if list_ is None:
            if field in self._data:
                add.fault_in("NOT_A_LIST", f"「{field}」は一覧ではありません。", f"'{field}' is no list.", "to")
            else:
                yield AddEntry(field=field, entry={}, when=when)
        elif list_.kind is Kind.RECORD:
            yield AddEntry(field=field, entry=self._record(add, list_), when=when)
        elif (value := self._rules.value(add, "entry", list_)) is not None:
            yield AddEntry(field=field, entry={}, item=value, when=when)

    def _record(self, add: Block, record: Type) -> dict[str, Expression]:
        parts = Block(add.get("entry"), add.at("entry"), add.faults, record.fields)
        for id_, part in record.fields.items():
            if part.required and id_ not in parts:
                parts.fault("MISSING", f"「{id_}」が必要です。", f"'{id_}' is needed.")
        known = [id_ for id_ in parts.entries.entries if id_ in record.fields]
        found = {id_: self._rules.value(parts, id_, record.fields[id_].type) for id_ in known}
        return {id_: value for id_, value in found.items() if value is not None}

    def _send(self, item: Block, when: Expression | None) -> Iterator[Effect]:
        send = Block(item.get("send"), item.at("send"), item.faults, SEND_KEYS)
        yield SendMessage(
            to=_needed(send, "to"),
            via=_needed(send, "via"),
            document=send.required("document") or None,
            enclosing=send.words("enclosing"),
            approval=send.text("approval"),
            when=when,
        )

    def _notify(self, item: Block, when: Expression | None) -> Iterator[Effect]:
        notice = Block(item.get("notify"), item.at("notify"), item.faults, NOTIFY_KEYS)
        yield SendMessage(
            to=_needed(notice, "to"),
            via=_needed(notice, "via"),
            subject=notice.title("subject"),
            text=notice.title("text"),
            approval=notice.text("approval"),
            when=when,
        )

    def _open(self, item: Block, when: Expression | None) -> Iterator[Effect]:
        yield OpenCase(link=item.required("open"), when=when)

    def _signal(self, item: Block, when: Expression | None) -> Iterator[Effect]:
        signal = Block(item.get("signal"), item.at("signal"), item.faults, SIGNAL_KEYS)
        link = signal.required("link")
        interface = self._linked.get(link)
        values = Block(signal.get("with"), signal.at("with"), signal.faults, None)
        found = {field: self._signalled(values, field, interface) for field in values.entries.entries}
        given = {field: value for field, value in found.items() if value is not None}
        yield Signal(
            link=link,
            event=signal.required("event"),
            values=given,
            every=signal.yes("every"),
            missing=signal.one_of("missing", tuple(Unreached), Unreached.REFUSE),
            when=when,
        )

    def _signalled(self, values: Block, field: str, interface: Interface | None) -> Expression | None:
        if interface is None:  # the link itself is at fault, and `check` says so
            return self._rules.any_value(values, field)
        return self._value_for(values, field, interface.data)

    def _value_for(self, values: Block, field: str, data: Mapping[str, DataField]) -> Expression | None:
        """A value for a field of this case or of a linked one."""
        if field in data:
            return self._rules.value(values, field, data[field].type)
        ja, en = f"「{field[:60]}」という項目はありません。", f"there is no field '{field[:60]}'."
        values.fault("UNKNOWN_FIELD", ja, en, field, near(field, data), allowed=tuple(data), word=field)
        return None

    def _post(self, item: Block, when: Expression | None) -> Iterator[Effect]:
        act = next(act for act in LedgerAct if act in item)
        post = Block(item.get(act), item.at(act), item.faults, POST_KEYS)
        found = self._rules.value(post, "item", TEXT)
        amount = None if act is LedgerAct.RELEASE else self._rules.value(post, "amount", YEN)
        if found is None:
            return
        yield PostLedger(
            ledger=post.required("ledger"),
            act=act,
            item=found,
            amount=amount,
            consent=self._rules.value(post, "consent", YES_NO) if "consent" in post else None,
            tax=self._rules.value(post, "tax", TAX) if "tax" in post else None,
            when=when,
        )

    def _approve(self, item: Block, when: Expression | None) -> Iterator[Effect]:
        yield GiveApproval(approval=item.required("approve"), when=when)

    def _revoke(self, item: Block, when: Expression | None) -> Iterator[Effect]:
        yield RevokeApproval(approval=item.required("revoke"), when=when)

    def _appoint(self, item: Block, when: Expression | None) -> Iterator[Effect]:
        appoint = Block(item.get("appoint"), item.at("appoint"), item.faults, APPOINT_KEYS)
        party = appoint.required("party")
        if appoint.text("institution") == NOBODY:
            yield AppointParty(party=party, institution=None, when=when)
        elif (institution := self._rules.value(appoint, "institution", INSTITUTION)) is not None:
            yield AppointParty(party=party, institution=institution, when=when)


def _needed(block: Block, key: str) -> tuple[str, ...]:
    found = block.words(key)
    if not found:
        block.required(key)
    return found
