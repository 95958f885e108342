"""Whether an event may happen, and if not, every reason why; reading only.

Reasons come in the order of procedures.md 1.5: actor, state, channel, address, wrong or incomplete form, other guards.
The first group that fails answers; within it all failing reasons are told together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from toritsugi.core.counting import numbers
from toritsugi.core.datavalues import check_value
from toritsugi.core.disclosure import roles_of
from toritsugi.core.environment import Moment, environment
from toritsugi.core.family import Family, WorkingCase
from toritsugi.core.filling import filled, misnumbered
from toritsugi.core.frozen import frozen
from toritsugi.core.moments import jst_date
from toritsugi.core.plan import EventPlan
from toritsugi.core.proposal import faults_of
from toritsugi.core.seeing import sight_of
from toritsugi.core.values import Event
from toritsugi.core.window import open_days
from toritsugi.definition.fields import CHANNELS
from toritsugi.definition.model import Nature
from toritsugi.definition.model_effects import GiveApproval, SendMessage
from toritsugi.definition.model_events import Guard, Need
from toritsugi.errors import NotPossible, text

#: The one code whose answer says on which days the act would be possible.
OUT_OF_WINDOW = "OUT_OF_WINDOW"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason why an event may not happen."""

    code: str
    ja: str
    en: str
    #: the manual's section the rule rests on.
    source: str = ""
    #: stated | implied | policy
    basis: str = ""
    #: a written reason would lift it.
    soft: bool = False
    #: first words of the names that it rests on, by which it may tell of them.
    words: frozenset[str] = frozenset()


@frozen
class Leave:
    """An event that may happen: in which role, leading where, lifting which soft guards."""

    role: str
    authority: str
    target: str
    values: Mapping[str, Any]
    overridden: tuple[str, ...] = ()
    #: what its rules read, for the effects to read on.
    env: dict[str, Any] = field(default_factory=dict)
    #: count -> how many other cases there are, of those that its rules read.
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """By what right an event is fired when not by the sender's own role."""

    #: signal | deadline | condition | refusal
    kind: str
    #: `case/seq` of the row that causes it.
    cause: str | None


def role_of(member: WorkingCase, plan: EventPlan, event: Event) -> str | None:
    """The party as which the actor may fire the event in this case; None: none."""
    actor = event.actor
    for party in plan.event.by:
        if actor.role in (None, party) and (
            _may_stand_in(member, party) if actor.operator else member.parties.get(party) == actor.institution
        ):
            return party
    return None


def _may_stand_in(member: WorkingCase, party: str) -> bool:
    """Whether the operator may act for a party: not for one to which somebody has to be appointed first."""
    return party not in member.plan.appointed or party in member.parties


def leave(
    family: Family, member: WorkingCase, plan: EventPlan, event: Event, moment: Moment, authority: Authority | None
) -> Leave:
    """That the event may happen.

    Raises:
        NotPossible: it may not; the case is untouched.
    """
    if authority is not None:
        role = event.actor.role or authority.kind
    else:
        role = role_of(member, plan, event) or ""
        if not role:
            raise refused(family, member, event, [told("ACTOR_NOT_ALLOWED", parties=titles(member, plan.event.by))])
    target = None if member.ended else member.plan.table.target(event.name, member.state)
    if target is None:
        closed = window_closed(member, plan)
        raise refused(family, member, event, [closed or told("INVALID_TRANSITION", state=_state(member))])
    first = _early(member, plan, event, moment, own=authority is None)
    if first is not None:
        raise refused(family, member, event, [first])
    written = [*form_reasons(member, plan, event)]
    if plan.rows:
        written += row_reasons(family, member, plan, event.values, moment.occurred_at)
    reasons, unseen = _parted(family, member, event, written, own=authority is None)
    if reasons:
        raise refused(family, member, event, reasons)
    values = event.values
    if plan.rows:
        values = {**values, **filled(plan.rows, values, family.situation.catalogues, jst_date(moment.occurred_at))}
    env = environment(family, member, plan.reads, moment)
    env.update(values)
    counts = numbers(family, member, plan, env, moment) if plan.reads.counts else {}
    if counts:
        env.update(counts)
    lifted: tuple[str, ...] = ()
    failing = [*_guard_reasons(member, plan, env), *_menu_reasons(family, member, event, moment)]
    if failing and _overrides(event) and not member.case.erased:
        lifted = tuple(reason.code for reason in failing if reason.soft)
        failing = [reason for reason in failing if not reason.soft]
    if failing or plan.event.approvals or plan.disclosures:
        reasons = [*approval_reasons(member, plan), *failing]
        if reasons:
            raise refused(family, member, event, reasons)
    if unseen:
        raise refused(family, member, event, unseen)
    return Leave(
        role=role,
        authority=authority.kind if authority else ("operator" if event.actor.operator else "role"),
        target=target,
        values=values,
        overridden=lifted,
        env=env,
        counts=counts,
    )


def window_closed(member: WorkingCase, plan: EventPlan) -> Reason | None:
    """That the case was refused because its window closed, to whoever applies after that (procedures.md 1.2)."""
    procedure = member.plan.procedure
    for deadline in procedure.deadlines.values():
        closing = procedure.events.get(deadline.missed or "")
        if (
            deadline.nature is Nature.WINDOW
            and plan.event.id in deadline.met_by
            and closing is not None
            and any(closing.leads(source) == member.state for source in closing.sources)
        ):
            return told(OUT_OF_WINDOW)
    return None


def _overrides(event: Event) -> bool:
    return event.override and bool((event.reason or "").strip())


def _early(member: WorkingCase, plan: EventPlan, event: Event, moment: Moment, *, own: bool) -> Reason | None:
    """The first reason that answers alone: repetition, channel, address, times."""
    if plan.event.once and event.name in member.done:
        return told("DUPLICATE")
    if plan.channels and event.channel is not None and event.channel not in plan.channels:
        return told(
            "CHANNEL_NOT_ALLOWED", channel=_channel(event.channel), allowed=[_channel(one) for one in plan.channels]
        )
    if plan.event.channels and event.channel is None and plan.event.by:
        allowed = [_channel(one) for one in plan.channels]
        return Reason(
            code="CHANNEL_NOT_ALLOWED",
            ja=f"方法が指定されていません（使える方法：{'、'.join(one['ja'] for one in allowed)}）。",
            en=f"The channel is missing (allowed: {', '.join(one['en'] for one in allowed)}).",
        )
    if moment.occurred_at > moment.recorded_at:
        return told("OCCURRED_LATER")
    # what the engine or a linked case fires has the moment of its cause, which the sender did not choose
    if own and moment.occurred_at < member.case.occurred_at and not plan.event.backdate:
        return told("OCCURRED_EARLIER")
    return None


def form_reasons(member: WorkingCase, plan: EventPlan, event: Event) -> Iterator[Reason]:
    """What is wrong with or missing from the data."""
    fields = member.plan.procedure.data
    for name, value in event.values.items():
        if name not in plan.inputs:
            title = fields[name].title if name in fields else None
            not_taken = told("FIELD_NOT_TAKEN", field={"ja": title.ja, "en": title.en} if title else name)
            yield replace(not_taken, words=frozenset({name}))
            continue
        if member.case.erased and fields[name].personal:
            yield told("ERASED")
        for problem in check_value(fields[name].type, value):
            yield Reason(
                code="BAD_INPUT",
                ja=f"{fields[name].title.ja}：{problem.ja}",
                en=f"{fields[name].title.en}: {problem.en}",
                words=frozenset({name}),
            )
    for name in plan.event.needs:
        if event.values.get(name) is None and (name in plan.event.anew or not member.is_set(name)):
            title = fields[name].title
            missing = told("FORM_INCOMPLETE", field={"ja": title.ja, "en": title.en})
            yield replace(missing, words=frozenset({name}))
    if plan.event.reason is Need.REQUIRED and not (event.reason or "").strip():
        yield told("FORM_INCOMPLETE", field={"ja": "理由", "en": "reason"})


def row_reasons(
    family: Family, member: WorkingCase, plan: EventPlan, given: Mapping[str, Any], occurred_at: int
) -> Iterator[Reason]:
    """What is wrong with the numbers of catalogues' rows among the values given."""
    for one in misnumbered(member.plan.procedure, plan.rows, given, family.situation.catalogues, jst_date(occurred_at)):
        yield Reason(
            code="BAD_INPUT",
            ja=f"{one.field.title.ja}：{one.text.ja}",
            en=f"{one.field.title.en}: {one.text.en}",
            words=frozenset({one.field.id}),
        )


def _parted(
    family: Family, member: WorkingCase, event: Event, reasons: list[Reason], *, own: bool
) -> tuple[list[Reason], list[Reason]]:
    """What is wrong with the form, and apart from it what is missing of fields that the sender does not see.

    Those are named to the sender, who has to know what to give, but last of all: so that nobody learns whether one is
    set by an event that would be refused in any case.
    """
    if not reasons or not own or member.plan.classes is None:
        return reasons, []
    hidden = sight_of(family, member, roles_of(event.actor, member.parties)).hidden
    unseen = [one for one in reasons if one.code == "FORM_INCOMPLETE" and not hidden.isdisjoint(one.words)]
    return [one for one in reasons if one not in unseen], [replace(one, words=frozenset()) for one in unseen]


def _menu_reasons(family: Family, member: WorkingCase, event: Event, moment: Moment) -> Iterator[Reason]:
    """What a text proposes and cannot be used on the day of the act."""
    fields = member.plan.procedure.data
    for name, value in event.values.items():
        if fields[name].menus:
            title = fields[name].title
            for code, fault in faults_of(value, family.situation.catalogues, jst_date(moment.occurred_at)):
                ja, en = f"{title.ja}：{fault.ja}", f"{title.en}: {fault.en}"
                yield Reason(code=code, ja=ja, en=en, words=frozenset({name}))


def approval_reasons(member: WorkingCase, plan: EventPlan) -> Iterator[Reason]:
    """Approvals that the event or its disclosures need and that do not stand."""
    for approvals, code in ((plan.event.approvals, "CONSENT_MISSING"), (plan.disclosures, "DISCLOSURE_NOT_APPROVED")):
        for approval in approvals:
            if approval not in member.approvals and not _given_by(plan, approval):
                title = member.plan.procedure.approvals[approval].title
                yield told(code, approval={"ja": title.ja, "en": title.en})


def _given_by(plan: EventPlan, approval: str) -> bool:
    """Whether the event itself gives the approval before its message needs it."""
    for planned in plan.effects:
        match planned.effect:
            case GiveApproval(approval=given) if given == approval and planned.when is None:
                return True
            case SendMessage(approval=needed) if needed == approval:
                return False
    return False


def _guard_reasons(member: WorkingCase, plan: EventPlan, env: Mapping[str, Any]) -> Iterator[Reason]:
    for pair in plan.guards:
        if not pair[0](env):
            # what a guard reads matters only to who is refused by it
            yield _guard_reason(member, plan, pair[1], plan.guard_words[plan.guards.index(pair)], env)


def _guard_reason(
    member: WorkingCase, plan: EventPlan, guard: Guard, words: frozenset[str], env: Mapping[str, Any]
) -> Reason:
    shown: Any = guard.message or told(guard.code)
    if guard.code == OUT_OF_WINDOW:
        shown = open_days(shown.ja, shown.en, guard.rule, env, member.plan.personal)
    origin = guard.origin or plan.event.origin
    return Reason(
        code=guard.code,
        ja=shown.ja,
        en=shown.en,
        source=origin.source if origin else "",
        basis=origin.basis if origin else "",
        soft=guard.soft,
        words=words,
    )


def standing_reasons(
    family: Family, member: WorkingCase, plan: EventPlan, hidden: frozenset[str] = frozenset()
) -> list[Reason]:
    """Why the event is out of the question now, whatever is given with it; empty: it may be possible.

    A guard over something that comes with the event, that was not loaded for this decision, that would have to be counted,
    or that is `hidden` from whoever asks, cannot be answered.
    """
    if member.ended or plan.event.id not in member.plan.table.offered(member.state):
        return [told("INVALID_TRANSITION", state=_state(member))]
    if plan.event.once and plan.event.id in member.done:
        return [told("DUPLICATE")]
    now = family.situation.now
    moment = Moment(occurred_at=now, recorded_at=now, channel=None, institution="")
    env = environment(family, member, plan.reads, moment, as_known=True)
    coming = plan.inputs | {name for row in plan.rows.values() for name in row.fills}
    unknown = (
        {name for name in coming if name in plan.event.anew or not member.is_set(name)}
        | _ENGINE_WORDS
        | family.not_looked_for(member)
    )
    if member.case.personal is None:
        unknown |= member.personal_set
    unknown |= hidden | plan.reads.counts
    reasons = list(approval_reasons(member, plan))
    for (holds, guard), words in zip(plan.guards, plan.guard_words, strict=True):
        if not words & unknown and not holds(env):
            reasons.append(_guard_reason(member, plan, guard, words, env))
    return reasons


#: what only a real act has.
_ENGINE_WORDS = frozenset({"channel", "late", "actor_institution", "occurred_on", "occurred_at"})


def told(code: str, **details: Any) -> Reason:
    """A reason with the catalogue's text."""
    return Reason(code=code, ja=text(code, "ja", details), en=text(code, "en", details))


def refused(family: Family, member: WorkingCase, event: Event, reasons: list[Reason]) -> NotPossible:
    """The error that tells the reasons, and what the same actor could do instead."""
    possible = possible_events(family, member, event)
    known = reasons[0].code != "ACTOR_NOT_ALLOWED" or event.actor.institution in member.parties.values()
    return NotPossible(
        reasons[0].code,
        event=event.name,
        state=member.state if known else None,
        reasons=[{"code": r.code, "ja": r.ja, "en": r.en, "source": r.source, "basis": r.basis} for r in reasons],
        possible=possible,
        reads=[reason.words for reason in reasons],
    )


def possible_events(family: Family, member: WorkingCase, event: Event) -> tuple[str, ...]:
    """Events that the same actor could fire now, the refused one among them if other values would do."""
    if member.ended:
        return ()
    offered = [member.plan.events[name] for name in member.plan.table.offered(member.state)]
    own = [plan for plan in offered if role_of(member, plan, event) is not None]
    hidden = frozenset[str]()
    if own and member.plan.classes is not None:
        hidden = sight_of(family, member, roles_of(event.actor, member.parties)).hidden
    return tuple(plan.event.id for plan in own if not standing_reasons(family, member, plan, hidden))


def titles(member: WorkingCase, parties: tuple[str, ...]) -> list[dict[str, str]]:
    """What people call these parties."""
    titles = [member.plan.procedure.parties[party].title for party in parties]
    return [{"ja": title.ja, "en": title.en} for title in titles]


def _channel(channel: str) -> dict[str, str]:
    """What people call a channel; itself, if it is none."""
    title = CHANNELS.get(channel)
    return {"ja": title.ja, "en": title.en} if title is not None else {"ja": channel, "en": channel}


def _state(member: WorkingCase) -> dict[str, str]:
    title = member.plan.procedure.states[member.state].title
    return {"ja": title.ja, "en": title.en}
