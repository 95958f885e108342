"""Decisions made by hand: what a store is asked to write, without a procedure or an engine behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from toritsugi.core.allowance import Allowance, Posting
from toritsugi.core.calendar import Calendar
from toritsugi.core.deadline import due_on_date
from toritsugi.core.values import (
    ArmedDeadline,
    Case,
    CaseChange,
    Decision,
    EndedDeadline,
    GivenApproval,
    Message,
    RunningDeadline,
    Step,
)
from toritsugi.definition.types import Title
from toritsugi.ports import KeptProcedure

Json = Any

#: 2026-04-24T00:00Z and a day, in microseconds.
NOON = 1_777_000_000_000_000
DAY = 86_400_000_000

PROCEDURE = "example_support"
CONTENT = '{"id":"example_support"}'
CONTENT_HASH = "ab" * 32
#: the example as a store keeps it.
KEPT = KeptProcedure(id=PROCEDURE, version="1", content=CONTENT, interfaces={"linked": "{}"})

PARTIES: Mapping[str, str] = {"bank": "tama_shinkin", "jetro": "jetro_tokyo"}

CALENDAR = Calendar(
    id="example",
    title=Title(ja="例", en="Example"),
    first=date(2026, 1, 1),
    last=date(2027, 12, 31),
    known_through=date(2027, 12, 31),
    closures={},
)


def opening(
    case_id: str,
    *,
    now: int = NOON,
    values: Mapping[str, Json] | None = None,
    personal: Mapping[str, Json] | None = None,
    subject: str | None = None,
    one_per_subject: bool = False,
    ledgers: Mapping[str, int] | None = None,
) -> Decision:
    """The decision that opens a case; `ledgers` gives each its ceiling in yen."""
    case = Case(
        id=case_id,
        procedure=PROCEDURE,
        version="1",
        content_hash=CONTENT_HASH,
        state="opened",
        ended=False,
        revision=1,
        head=b"",
        opened_at=now,
        recorded_at=now,
        occurred_at=now,
        subject=subject,
        one_per_subject=one_per_subject,
        parties=PARTIES,
        data=dict(values or {}),
        personal_set=frozenset(personal or ()),
        ledgers={name: Allowance(ceiling_yen=yen) for name, yen in (ledgers or {}).items()},
    )
    step = Step(
        case_id=case_id,
        seq=1,
        event="open",
        from_state=None,
        to_state="opened",
        actor="staff-7",
        institution="tama_shinkin",
        role="bank",
        authority="opening",
        cause=None,
        occurred_at=now,
        recorded_at=now,
        values=dict(values or {}),
        personal=dict(personal or {}),
    )
    return Decision(case_id=case_id, changes=(CaseChange(before=None, after=case, steps=(step,)),))


def change(
    case: Case,
    event: str = "note",
    to: str | None = None,
    *,
    now: int | None = None,
    values: Mapping[str, Json] | None = None,
    personal: Mapping[str, Json] | None = None,
    arm: Mapping[str, date] | None = None,
    end: Mapping[str, str] | None = None,
    send: Sequence[Mapping[str, Json]] = (),
    give: Sequence[str] = (),
    revoke: Sequence[str] = (),
    book: Sequence[tuple[Allowance, Posting]] = (),
    ended: bool = False,
    withdrawn: bool = False,
) -> CaseChange:
    """One step of a case.

    Args:
        arm: deadline -> its date; end: deadline -> met, late, cancelled, missed.
        send: for each message its content, `channel` and `approval` (if any) beside it.
        book: for each posting the ledger as it is afterwards.
    """
    seq, moment = case.revision + 1, case.recorded_at + 1 if now is None else now
    personal, values = dict(personal or {}), dict(values or {})
    armed = tuple(_armed(name, day, seq) for name, day in (arm or {}).items())
    ending = tuple(
        EndedDeadline(name=name, seq=case.deadlines[name].seq, status=status, ended_seq=seq)
        for name, status in (end or {}).items()
    )
    step = Step(
        case_id=case.id,
        seq=seq,
        event=event,
        from_state=case.state,
        to_state=to or case.state,
        actor="staff-9",
        institution="jetro_tokyo",
        role="jetro",
        authority="role",
        cause=None,
        occurred_at=moment,
        recorded_at=moment,
        values=values,
        personal=personal,
        deadlines={**(end or {}), **{one.name: f"armed:{one.due.due.isoformat()}" for one in armed}},
        approvals={**dict.fromkeys(give, "given"), **dict.fromkeys(revoke, "withdrawn")},
        postings=tuple(posting for _ledger, posting in book),
    )
    after = replace(
        case,
        state=step.to_state,
        ended=ended,
        withdrawn=withdrawn,
        revision=seq,
        recorded_at=moment,
        occurred_at=max(moment, case.occurred_at),
        data=_merged(case.data, values),
        personal_set=_named(case.personal_set, personal),
        personal=None,
        approvals=_approvals(case, give, revoke, moment, seq),
        deadlines={} if ended else _running(case, armed, end or {}),
        ledgers={**case.ledgers, **{posting.ledger: ledger for ledger, posting in book}},
    )
    return CaseChange(
        before=case,
        after=after,
        steps=(step,),
        armed=armed,
        ended=ending,
        messages=tuple(_message(case.id, seq, number, one) for number, one in enumerate(send, 1)),
        recall_all=withdrawn,
        recall_approvals=tuple(revoke),
    )


def moving(case: Case, event: str = "note", to: str | None = None, **what: Any) -> Decision:
    """The decision for one step of one case; `what` as for `change`."""
    return Decision(case_id=case.id, changes=(change(case, event, to, **what),))


def together(first: CaseChange, *others: CaseChange, read: Sequence[Case] = ()) -> Decision:
    """One decision over several cases, sent to that of `first`."""
    return Decision(
        case_id=first.after.id,
        changes=tuple(sorted((first, *others), key=lambda one: one.after.id)),
        read=tuple(sorted((case.id, case.revision) for case in read)),
    )


def _merged(known: Mapping[str, Json], given: Mapping[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in {**known, **given}.items() if value is not None}


def _named(known: frozenset[str], given: Mapping[str, Json]) -> frozenset[str]:
    cleared = {name for name, value in given.items() if value is None}
    return (known | {name for name in given if name != "reason"}) - cleared


def _approvals(
    case: Case, give: Sequence[str], revoke: Sequence[str], moment: int, seq: int
) -> dict[str, GivenApproval]:
    given = {name: GivenApproval(by="tama_shinkin", given_at=moment, seq=seq) for name in give}
    return {name: one for name, one in {**case.approvals, **given}.items() if name not in revoke}


def _armed(name: str, day: date, seq: int) -> ArmedDeadline:
    return ArmedDeadline(name=name, seq=seq, responsible="jetro", due=due_on_date(day, CALENDAR))


def _running(case: Case, armed: Sequence[ArmedDeadline], end: Mapping[str, str]) -> dict[str, RunningDeadline]:
    running = {
        name: replace(one, missed=one.missed or name in end)
        for name, one in case.deadlines.items()
        if end.get(name, "missed") == "missed"
    }
    for one in armed:
        due = one.due
        running[one.name] = RunningDeadline(name=one.name, seq=one.seq, due_on=due.due.isoformat(), due_at=due.fires_at)
    return running


def _message(case_id: str, seq: int, number: int, one: Mapping[str, Json]) -> Message:
    content = {name: value for name, value in one.items() if name not in ("channel", "approval")}
    return Message(
        case_id=case_id,
        seq=seq,
        number=number,
        party="bank",
        institution="tama_shinkin",
        channel=one.get("channel", "email"),
        document=None,
        approval=one.get("approval"),
        content=content,
    )


def day_after(day: date, days: int) -> date:
    """`days` calendar days later."""
    return day + timedelta(days=days)
