"""What an event does once it may happen: each kind of effect, on a working copy of the case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from toritsugi.core.allowance import Allowance, NotCovered, Posting, consume, release, reserve, without_tax
from toritsugi.core.computed import check_computed
from toritsugi.core.environment import Moment, environment
from toritsugi.core.family import Family, WorkingCase
from toritsugi.core.messages import compose
from toritsugi.core.plan import INSTITUTION, ITEM, EventPlan, Plan, PlannedEffect
from toritsugi.core.values import Case, Event, GivenApproval
from toritsugi.definition.model import Kinship, Link, Procedure
from toritsugi.definition.model_effects import (
    AddEntry,
    AppointParty,
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
from toritsugi.errors import NotPossible


@dataclass(slots=True, kw_only=True)
class Doing:
    """One event being carried out on one case: what it reads, and what it leaves for its history row."""

    family: Family
    member: WorkingCase
    plan: EventPlan
    event: Event
    moment: Moment
    seq: int
    env: dict[str, Any]
    #: fields that hold what the sender itself gave with the event.
    own: frozenset[str]
    #: fires an event in a linked case; `(member, event name, values)`.
    signal: Callable[[WorkingCase, str, Mapping[str, Any]], None]
    #: records that a case was opened.
    opened: Callable[[WorkingCase], None]
    values: dict[str, Any] = field(default_factory=dict)
    personal: dict[str, Any] = field(default_factory=dict)
    approvals: dict[str, str] = field(default_factory=dict)
    postings: list[Posting] = field(default_factory=list)
    parties: dict[str, str | None] = field(default_factory=dict)
    unreached: list[str] = field(default_factory=list)

    def put(self, name: str, value: Any) -> None:
        """Give a field a value, in the case, for the rules that follow, and for the history row."""
        if self.member.case.erased and name in self.member.plan.personal:
            return  # the key is gone: nothing personal can be kept any more
        self.member.put(name, value)
        self.env[name] = value
        (self.personal if name in self.member.plan.personal else self.values)[name] = value

    def refresh(self) -> None:
        """Read linked cases and ledgers again: an effect before this one may have changed or ended them."""
        now = environment(self.family, self.member, self.plan.reads, self.moment)
        if self.plan.reads.links:
            gone = [name for name in self.env if name not in now and name.split(".", 1)[0] in self.plan.reads.links]
            for name in gone:
                del self.env[name]
        self.env.update(now)


def apply(doing: Doing) -> None:
    """Carry out the effects in the order of the file.

    Raises:
        NotPossible: a linked case or a ledger refuses; then the whole decision is refused.
    """
    for planned in doing.plan.effects:
        if planned.when is None or planned.when(doing.env):
            try:
                _act(doing, planned)
            except NotPossible as refusal:
                refusal.came_by(doing.member.id, planned.words - doing.own)
                raise


def _act(doing: Doing, planned: PlannedEffect) -> None:
    match planned.effect:
        case SetField():
            _set(doing, planned)
        case SendMessage() as effect:
            _send(doing, effect)
        case AddEntry() as effect:
            _add(doing, effect, planned)
        case OpenCase() as effect:
            _open_case(doing, effect)
        case Signal() as effect:
            _signal(doing, effect, planned)
        case PostLedger() as effect:
            _post(doing, effect, planned)
        case GiveApproval() as effect:
            _give(doing, effect)
        case RevokeApproval() as effect:
            _revoke(doing, effect)
        case AppointParty() as effect:
            _appoint(doing, effect, planned)


def _set(doing: Doing, planned: PlannedEffect) -> None:
    for name, compute in planned.values.items():
        value = None if compute is None else compute(doing.env)
        if planned.unsure:
            _look(doing, name, value)
        doing.put(name, value)


def _add(doing: Doing, effect: AddEntry, planned: PlannedEffect) -> None:
    computed = {name: value(doing.env) for name, value in planned.values.items() if value}
    given = {name: value for name, value in computed.items() if value is not None}
    entry = given if effect.item is None else given.get(ITEM)
    if entry is None:
        return
    known = doing.member.personal if effect.field in doing.member.plan.personal else doing.member.data
    entries = [*(known.get(effect.field) or ()), entry]
    if len(entries) > doing.member.plan.procedure.data[effect.field].type.longest:
        _look(doing, effect.field, entries)
    elif planned.unsure:
        _look(doing, effect.field, [entry])  # those before it were looked at when they came
    doing.put(effect.field, entries)


def _look(doing: Doing, name: str, value: Any) -> None:
    field = doing.member.plan.procedure.data[name]
    reads = frozenset({name})
    check_computed(field, value, event=doing.event.name, state=doing.member.state, reads=reads)


def _send(doing: Doing, effect: SendMessage) -> None:
    if doing.member.case.erased:
        return  # its content could not be sealed, and what it would say is gone
    doing.member.messages += compose(
        effect,
        family=doing.family,
        member=doing.member,
        event=doing.event,
        seq=doing.seq,
        env=doing.env,
    )


def _open_case(doing: Doing, effect: OpenCase) -> None:
    member = doing.member
    link = member.plan.procedure.links[effect.link]
    if link.relation is Kinship.CHILD or doing.family.linked(member, link) is None:
        _begin(doing, open_linked(doing, link))
    doing.refresh()


def _begin(doing: Doing, other: WorkingCase) -> None:
    try:
        doing.opened(other)
    except NotPossible as refusal:
        refusal.arose_in(other.id)
        refusal.event, refusal.possible = doing.event.name, ()
        raise


def open_linked(doing: Doing, link: Link) -> WorkingCase:
    """A new case behind a link, with the data and parties that the link carries over.

    Raises:
        NotPossible: BAD_INPUT, it does not take what is carried; DUPLICATE, there may be one only and there is one.
    """
    family, member = doing.family, doing.member
    plan = family.plans.current(link.procedure)
    procedure = plan.procedure
    if procedure.one_per_subject and family.open_about(member, procedure.id, member.subject) is not None:
        reads = [frozenset({link.id})]
        raise NotPossible("DUPLICATE", event=doing.event.name, state=member.state, link=_title(link), reads=reads)
    data = _carried(doing, link, plan)
    parties = {theirs: member.parties[ours] for theirs, ours in link.parties.items() if ours in member.parties}
    for theirs, ours in link.institutions.items():
        if member.data.get(ours) is not None:
            parties[theirs] = member.data[ours]
    opened = family.add_opened(
        new_case(
            procedure,
            family.fresh_id(),
            data={name: value for name, value in data.items() if name not in plan.personal},
            parties={name: one for name, one in parties.items() if name in procedure.parties},
            now=doing.moment.recorded_at,
            subject=member.subject,
            opened_by=(member.id, link.id),
        )
    )
    for name in data.keys() & plan.personal:
        opened.put(name, data[name])
    return opened


def _carried(doing: Doing, link: Link, plan: Plan) -> dict[str, Any]:
    """What the link carries, as far as the other procedure still has a place for it; nothing personal in the clear."""
    member, fields = doing.member, plan.procedure.data
    if any(ours in member.plan.personal for ours in link.carries.values()):
        doing.family.know_personal(member)
    found: dict[str, Any] = {}
    for theirs, ours in link.carries.items():
        secret = ours in member.plan.personal
        value = member.personal.get(ours) if secret else member.data.get(ours)
        if value is not None and theirs in fields and (fields[theirs].personal or not secret):
            # a field that carries may take more than the one it is carried to
            reads = frozenset({link.id, ours})
            check_computed(fields[theirs], value, event=doing.event.name, state=member.state, reads=reads)
            found[theirs] = deepcopy(value)
    return found


def new_case(
    procedure: Procedure,
    case_id: str,
    *,
    data: Mapping[str, Any],
    parties: Mapping[str, str],
    now: int,
    subject: str | None = None,
    opened_by: tuple[str | None, str | None] = (None, None),
) -> Case:
    """A case before its first history row, in the procedure's initial state.

    Args:
        opened_by: the case that opens it, and the link through which it does so.
    """
    fixed = {party.id: party.institution for party in procedure.parties.values() if party.institution}
    return Case(
        id=case_id,
        procedure=procedure.id,
        version=procedure.version,
        content_hash=procedure.content_hash,
        state=procedure.initial,
        ended=False,
        revision=0,
        head=b"",
        opened_at=now,
        recorded_at=now,
        occurred_at=0,
        subject=subject or subject_of(procedure, data),
        one_per_subject=procedure.one_per_subject,
        parent=opened_by[0],
        opened_by_link=opened_by[1],
        parties={**parties, **fixed},
        data=data,
        ledgers={name: Allowance(ceiling_yen=ledger.ceiling_yen) for name, ledger in procedure.ledgers.items()},
    )


def subject_of(procedure: Procedure, data: Mapping[str, Any]) -> str | None:
    """What the case is about: the first of the procedure's subject fields that is set."""
    return next((str(data[name]) for name in procedure.subject if data.get(name) is not None), None)


def _signal(doing: Doing, effect: Signal, planned: PlannedEffect) -> None:
    link = doing.member.plan.procedure.links[effect.link]
    family, member = doing.family, doing.member
    if effect.every:
        reached = family.every(member, link)
    else:
        reached = [other for other in (family.linked(member, link),) if other is not None]
    if not reached and effect.missing is Unreached.REFUSE:
        reads = [frozenset({link.id})]
        raise NotPossible("LINK_MISSING", event=doing.event.name, state=member.state, link=_title(link), reads=reads)
    computed = {name: value(doing.env) for name, value in planned.values.items() if value}
    values = {name: value for name, value in computed.items() if value is not None}
    missed = not reached
    for other in reached:
        if effect.missing is Unreached.RECORD and not _offers(other, effect.event):
            missed = True
        elif not (effect.every and other.ended):  # a signal before this one may have ended it
            _fire(doing, other, effect.event, values)
    if missed:
        doing.unreached.append(f"{effect.link}.{effect.event}")
    doing.refresh()


def _offers(other: WorkingCase, event: str) -> bool:
    return not other.ended and other.plan.table.target(event, other.state) is not None


def _fire(doing: Doing, other: WorkingCase, event: str, values: Mapping[str, Any]) -> None:
    try:
        doing.signal(other, event, values)
    except NotPossible as refusal:
        # the reason is the sender's to know; the linked case's state and events may not be
        refusal.arose_in(other.id)
        refusal.event, refusal.possible = doing.event.name, ()
        raise


def _title(link: Link) -> dict[str, str]:
    return {"ja": link.title.ja, "en": link.title.en}


def _post(doing: Doing, effect: PostLedger, planned: PlannedEffect) -> None:
    values = {name: None if value is None else value(doing.env) for name, value in planned.values.items()}
    before = doing.member.ledgers[effect.ledger]
    if values["item"] is None or (
        effect.act is not LedgerAct.RELEASE and (values["amount"] is None or values["amount"] < 0)
    ):
        raise NotPossible(
            "FORM_INCOMPLETE",
            event=doing.event.name,
            state=doing.member.state,
            field={"ja": "経費の件名と0円以上の金額", "en": "the item and an amount of 0 yen or more"},
        )
    item, consent = str(values["item"]), bool(values["consent"])
    amount_yen = without_tax(int(values["amount"] or 0), values["tax"])
    try:
        if effect.act is LedgerAct.RELEASE:
            after, posting = release(before, ledger=effect.ledger, item=item)
        else:
            act = reserve if effect.act is LedgerAct.RESERVE else consume
            after, posting = act(before, ledger=effect.ledger, item=item, amount_yen=amount_yen, consent=consent)
    except NotCovered as refused:
        raise NotPossible(
            refused.code,
            event=doing.event.name,
            state=doing.member.state,
            available_yen=f"{refused.available_yen:,}",
            amount_yen=f"{refused.amount_yen:,}",
            reads=[frozenset({effect.ledger})],
        ) from None
    doing.member.ledgers[effect.ledger] = after
    doing.postings.append(posting)
    doing.refresh()


def _give(doing: Doing, effect: GiveApproval) -> None:
    doing.approvals[effect.approval] = "given"
    doing.member.approvals[effect.approval] = GivenApproval(
        by=doing.moment.institution, given_at=doing.moment.occurred_at, seq=doing.seq
    )


def _revoke(doing: Doing, effect: RevokeApproval) -> None:
    doing.approvals[effect.approval] = "withdrawn"
    doing.member.approvals.pop(effect.approval, None)
    doing.member.recall_approvals.append(effect.approval)


def _appoint(doing: Doing, effect: AppointParty, planned: PlannedEffect) -> None:
    """The part passes to another institution; what was decided before stays decided."""
    compute = planned.values[INSTITUTION]
    institution = None if compute is None else compute(doing.env)
    if compute is not None and institution is None:
        title = doing.member.plan.procedure.parties[effect.party].title
        field = {"ja": f"{title.ja}となる機関", "en": f"the institution to be {title.en}"}
        raise NotPossible("FORM_INCOMPLETE", event=doing.event.name, state=doing.member.state, field=field)
    parties = dict(doing.member.parties)
    if institution is None:
        parties.pop(effect.party, None)
    else:
        parties[effect.party] = institution
    doing.member.parties = parties
    doing.parties[effect.party] = institution
