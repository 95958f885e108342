"""Moving a case to another version of its procedure: what goes along, what is lost, what stands in the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from toritsugi.core.allowance import Allowance
from toritsugi.core.datavalues import check_value
from toritsugi.core.suspension import counted_in
from toritsugi.core.values import (
    REASON,
    Case,
    CaseChange,
    Decision,
    EndedDeadline,
    Event,
    RunningDeadline,
    Step,
    SuspendedDeadline,
)
from toritsugi.definition.model import DataField, Procedure
from toritsugi.definition.types import Title

#: name of the history row.
REBASED = "rebase"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebase:
    """What moving a case to another version does, or did."""

    case_id: str
    procedure: str
    from_version: str
    to_version: str
    #: content hash of the version that it moves to.
    to_content: str
    from_state: str
    to_state: str
    #: field as it was -> as it will be called, for every field that has a value and keeps it.
    fields: Mapping[str, str]
    #: fields whose values the case no longer has afterwards; the history keeps them.
    lost_fields: tuple[str, ...] = ()
    #: approvals that no longer stand, parties nobody plays any more, `once` events that are forgotten.
    lost_approvals: tuple[str, ...] = ()
    lost_parties: tuple[str, ...] = ()
    forgotten_events: tuple[str, ...] = ()
    #: running deadline -> its ISO date, which stays as it was worked out; of a suspended one, as it was before.
    deadlines_stay: Mapping[str, str] = field(default_factory=dict)
    deadlines_stop: Mapping[str, str] = field(default_factory=dict)
    #: what stands in the way: place, ja, en; never a value.
    problems: tuple[Mapping[str, str], ...] = ()
    #: False: this is what would happen.
    applied: bool = False


def rebased(case: Case, old: Procedure, new: Procedure, mapping: Mapping[str, str]) -> tuple[Rebase, Case]:
    """What becomes of a case, and the case as it would stand.

    Args:
        case: with its personal values, unless they were erased.
        mapping: state or field of the old version -> of the new one; "" drops a field. What is not named keeps its id.
    """
    problems = [*_unfit(case, new), *_misnamed(old, new, mapping), *_stuck(case, old, new)]
    state = mapping[case.state] if mapping.get(case.state) in new.states else case.state
    fields, values = _fields(case, new, mapping, problems)
    if state not in new.states or new.states[state].terminal:
        ja = f"状態「{old.states[case.state].title.ja}」に当たる、終わっていない状態を指定してください。"
        problems.append(_problem(case.state, ja, f"name an open state of the new version for '{case.state}'."))
    ledgers = _ledgers(case, new, problems)
    fixed = {party.id: party.institution for party in new.parties.values() if party.institution}
    personal = {name: value for name, value in values.items() if new.data[name].personal}
    after = replace(
        case,
        version=new.version,
        content_hash=new.content_hash,
        state=state,
        parties={**{name: one for name, one in case.parties.items() if name in new.parties}, **fixed},
        data={name: value for name, value in values.items() if name not in personal},
        personal=None if case.erased else personal,
        personal_set=case.personal_set if case.erased else frozenset(personal),
        approvals={name: one for name, one in case.approvals.items() if name in new.approvals},
        deadlines={name: one for name, one in case.deadlines.items() if name in new.deadlines},
        suspended={name: one for name, one in case.suspended.items() if name in new.deadlines},
        done=case.done & new.events.keys(),
        ledgers=ledgers,
    )
    told = Rebase(
        case_id=case.id,
        procedure=case.procedure,
        from_version=case.version,
        to_version=new.version,
        to_content=new.content_hash,
        from_state=case.state,
        to_state=state,
        fields=fields,
        lost_fields=tuple(sorted({*case.data, *case.personal_set} - fields.keys())),
        lost_approvals=tuple(sorted(case.approvals.keys() - after.approvals.keys())),
        lost_parties=tuple(sorted(case.parties.keys() - after.parties.keys())),
        forgotten_events=tuple(sorted(case.done - after.done)),
        deadlines_stay={one.name: one.due_on for one in _kept(after)},
        deadlines_stop={one.name: one.due_on for one in _stopping(case, after)},
        problems=tuple(problems),
    )
    return told, after


def _problem(place: str, ja: str, en: str) -> Mapping[str, str]:
    return {"place": place, "ja": ja, "en": en}


def _unfit(case: Case, new: Procedure) -> Iterator[Mapping[str, str]]:
    """Why this case cannot go to that procedure at all."""
    if case.ended:
        yield _problem(case.id, "案件は終わっています。", "the case has ended.")
    if new.id != case.procedure:
        yield _problem(new.id, "別の手続には移せません。", "a case does not move to another procedure.")
    elif new.content_hash == case.content_hash:
        yield _problem(new.version, "既にこの版です。", "the case stands on this version already.")
    if new.one_per_subject != case.one_per_subject:
        ja, en = "対象ごとに1件とする定めが版により違います。", "the versions differ in one_per_subject."
        yield _problem("one_per_subject", ja, en)


def _misnamed(old: Procedure, new: Procedure, mapping: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """Entries of the mapping that name nothing."""
    for ours, theirs in mapping.items():
        if ours not in old.states and ours not in old.data:
            ja, en = (
                "この手続の状態でも項目でもありません。",
                "it is neither a state nor a field of the case's version.",
            )
            yield _problem(ours[:60], ja, en)
        elif not ((theirs in new.states and ours in old.states) or (theirs in ("", *new.data) and ours in old.data)):
            ja = f"移す先の版に「{theirs[:60]}」がありません。"
            yield _problem(ours, ja, f"the version it moves to has no '{theirs[:60]}'.")


def _stuck(case: Case, old: Procedure, new: Procedure) -> Iterator[Mapping[str, str]]:
    """Suspended deadlines that could not go on in that version with what is left of them."""
    for name in sorted(case.suspended.keys() & new.deadlines.keys()):
        spec = new.deadlines[name]
        if not spec.resumed_by:
            ja = f"停止中の期限「{spec.title.ja}」は、移す先の版では再開できません。先に再開してください。"
            en = f"the suspended deadline '{spec.title.en}' can never go on in that version; have it go on first."
            yield _problem(name, ja, en)
        elif counted_in(old.deadlines[name]) is not counted_in(spec):
            ja = f"停止中の期限「{spec.title.ja}」の残り日数は、移す先の版では数え方が違います。先に再開してください。"
            en = (
                f"the days left of the suspended deadline '{spec.title.en}' count otherwise there; have it go on first."
            )
            yield _problem(name, ja, en)


def _fields(
    case: Case, new: Procedure, mapping: Mapping[str, str], problems: list[Mapping[str, str]]
) -> tuple[dict[str, str], dict[str, Any]]:
    """Where each field that is set goes, and the values under their new names."""
    fields: dict[str, str] = {}
    values: dict[str, Any] = {}
    for name in sorted({*case.data, *case.personal_set}):
        target = mapping[name] if mapping.get(name) == "" or mapping.get(name) in new.data else name
        if target not in new.data:
            continue
        secret = name in case.personal_set
        if case.erased and secret:
            if target == name:
                fields[name] = name  # it was set, and its value is gone; that much stays known
            continue
        value = (case.personal or {}).get(name) if secret else case.data[name]
        problems += _misfits(name, new.data[target], value, secret=secret, erased=case.erased)
        if target in values:
            ja, en = "二つの項目が同じ項目に移ります。", "two fields would become this one."
            problems.append(_problem(target, ja, en))
        fields[name], values[target] = target, value
    return fields, values


def _misfits(name: str, target: DataField, value: Any, *, secret: bool, erased: bool) -> Iterator[Mapping[str, str]]:
    title: Title = target.title
    if secret and not target.personal:
        yield _problem(
            name, f"{title.ja}：個人情報のままにしてください。", f"{title.en}: personal data stays personal."
        )
    if erased and target.personal:
        ja = f"{title.ja}：消去済みの案件に個人情報は置けません。"
        yield _problem(name, ja, f"{title.en}: nothing personal can be kept in an erased case.")
    for found in check_value(target.type, value):
        yield _problem(name, f"{title.ja}：{found.ja}", f"{title.en}: {found.en}")


def _ledgers(case: Case, new: Procedure, problems: list[Mapping[str, str]]) -> dict[str, Allowance]:
    found = {name: Allowance(ceiling_yen=ledger.ceiling_yen) for name, ledger in new.ledgers.items()}
    for name, allowance in case.ledgers.items():
        if name not in found:
            problems.append(_problem(name, "残高のある枠は落とせません。", "a ledger cannot be left behind."))
        elif allowance.consumed_yen + allowance.reserved_yen > found[name].ceiling_yen:
            ja, en = "新しい上限を既に超えています。", "more is booked than the new ceiling allows."
            problems.append(_problem(name, ja, en))
        else:
            found[name] = replace(allowance, ceiling_yen=found[name].ceiling_yen)
    return found


def decide_rebase(case: Case, after: Case, event: Event, now: int) -> Decision:
    """The one history row that moves the case; nothing else happens, and no condition is looked at before the next act."""
    seq = case.revision + 1
    stopped = _stopping(case, after)
    withdrawn = sorted(case.approvals.keys() - after.approvals.keys())
    personal = {} if case.erased else _changed(case.personal or {}, after.personal or {})
    if event.reason is not None and not case.erased:
        personal[REASON] = event.reason
    step = Step(
        case_id=case.id,
        seq=seq,
        event=REBASED,
        from_state=case.state,
        to_state=after.state,
        actor=event.actor.id,
        institution=event.actor.institution,
        role=event.actor.role or "operator",
        authority="operator",
        cause=None,
        occurred_at=now,
        recorded_at=now,
        values=_changed(case.data, after.data),
        personal=personal,
        deadlines={one.name: "cancelled" for one in stopped},
        approvals=dict.fromkeys(withdrawn, "withdrawn"),
    )
    moved = replace(after, revision=seq, recorded_at=now, occurred_at=max(case.occurred_at, now))
    change = CaseChange(
        before=case,
        after=moved,
        steps=(step,),
        ended=tuple(EndedDeadline(name=one.name, seq=one.seq, status="cancelled", ended_seq=seq) for one in stopped),
        recall_approvals=tuple(withdrawn),
    )
    return Decision(case_id=case.id, changes=(change,))


def _kept(after: Case) -> list[RunningDeadline | SuspendedDeadline]:
    return [*after.deadlines.values(), *after.suspended.values()]


def _stopping(case: Case, after: Case) -> list[RunningDeadline | SuspendedDeadline]:
    """The deadlines, suspended ones among them, that the other version does not know."""
    return [
        *(one for name, one in case.deadlines.items() if name not in after.deadlines),
        *(one for name, one in case.suspended.items() if name not in after.suspended),
    ]


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What differs, None for what is gone."""
    return {name: after.get(name) for name in sorted({*before, *after}) if before.get(name) != after.get(name)}
