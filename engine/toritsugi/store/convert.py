"""Values to rows and back, in this one place: what a column holds, and in which order statements bind it.

A case's body is JSON whose empty members are left out:

    parties     {party: institution}
    data        {field: value}
    personal    [names of the personal fields that are set]
    approvals   {approval: [by, given_at, seq]}
    deadlines   {deadline: [seq, due_on, due_at, missed]}      running ones
    done        [`once` events that were fired]
    ledgers     [names]                                        their figures are rows of their own
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from toritsugi.core.allowance import Allowance, Posting, Reservation
from toritsugi.core.plainjson import decode, encode, pairs
from toritsugi.core.values import ArmedDeadline, Case, GivenApproval, RunningDeadline, SuspendedDeadline
from toritsugi.errors import TooLarge
from toritsugi.ports import DeadlineRecord, MessageRecord, PostingRecord, Proof, Refusal

Json = Any
Row = Sequence[Any]

#: the columns that `case_of` reads, in this order.
CASE = (
    "id",
    "procedure",
    "version",
    "content_hash",
    "state",
    "ended",
    "revision",
    "head",
    "opened_at",
    "recorded_at",
    "occurred_at",
    "subject",
    "one_per_subject",
    "withdrawn_seq",
    "body",
    "data_key",
    "parent",
    "opened_by_link",
)
#: positions of two of them.
BODY, DATA_KEY = 14, 15

#: characters of a case's data as JSON.
LARGEST_BODY = 1024 * 1024

_NONE: Mapping[str, Any] = {}


def body_of(case: Case) -> str:
    """The body of a case's row.

    Raises:
        TooLarge: the case's data has grown beyond LARGEST_BODY.
    """
    body: dict[str, Json] = {}
    if case.parties:
        body["parties"] = dict(case.parties)
    if case.data:
        body["data"] = dict(case.data)
    if case.personal_set:
        body["personal"] = sorted(case.personal_set)
    if case.approvals:
        body["approvals"] = {name: [one.by, one.given_at, one.seq] for name, one in case.approvals.items()}
    if case.deadlines:
        body["deadlines"] = {
            name: [one.seq, one.due_on, one.due_at, one.missed, *(one.span or ())]
            for name, one in case.deadlines.items()
        }
    if case.suspended:
        body["suspended"] = {name: [one.seq, one.due_on, one.since, one.left] for name, one in case.suspended.items()}
    if case.done:
        body["done"] = sorted(case.done)
    if case.ledgers:
        body["ledgers"] = sorted(case.ledgers)
    text = encode(body)
    if len(text) > LARGEST_BODY:
        raise TooLarge(limit=f"{LARGEST_BODY:,}")
    return text


def same_body(before: Case, after: Case) -> bool:
    """Whether both have the same body; unchanged members are mostly the same objects, so this costs little."""
    return (
        before.data == after.data
        and before.deadlines == after.deadlines
        and before.suspended == after.suspended
        and before.approvals == after.approvals
        and before.personal_set == after.personal_set
        and before.done == after.done
        and before.parties == after.parties
        and before.ledgers.keys() == after.ledgers.keys()
    )


def case_of(
    row: Row,
    body: Mapping[str, Json],
    ledgers: Mapping[str, Allowance] = _NONE,
    personal: Mapping[str, Json] | None = None,
) -> Case:
    """The case of a row whose columns are `CASE`; `body` is its body, read."""
    approvals, deadlines, suspended = body.get("approvals"), body.get("deadlines"), body.get("suspended")
    return Case(
        id=row[0],
        procedure=row[1],
        version=row[2],
        content_hash=row[3],
        state=row[4],
        ended=bool(row[5]),
        revision=row[6],
        head=row[7],
        opened_at=row[8],
        recorded_at=row[9],
        occurred_at=row[10],
        subject=row[11],
        one_per_subject=bool(row[12]),
        parent=row[16],
        opened_by_link=row[17],
        withdrawn=row[13] is not None,
        parties=body.get("parties", _NONE),
        data=body.get("data", _NONE),
        personal_set=frozenset(body.get("personal", ())),
        personal=personal,
        approvals=_approvals(approvals) if approvals else _NONE,
        deadlines=_deadlines(deadlines) if deadlines else _NONE,
        suspended=_suspended(suspended) if suspended else _NONE,
        done=frozenset(body.get("done", ())),
        ledgers=ledgers,
        erased=row[DATA_KEY] is None,
    )


def _approvals(found: Mapping[str, Json]) -> dict[str, GivenApproval]:
    return {name: GivenApproval(by=by, given_at=given_at, seq=seq) for name, (by, given_at, seq) in found.items()}


def _deadlines(found: Mapping[str, Json]) -> dict[str, RunningDeadline]:
    return {
        name: RunningDeadline(
            name=name, seq=seq, due_on=due_on, due_at=due_at, missed=missed, span=(span[0], span[1]) if span else None
        )
        for name, (seq, due_on, due_at, missed, *span) in found.items()
    }


def _suspended(found: Mapping[str, Json]) -> dict[str, SuspendedDeadline]:
    return {
        name: SuspendedDeadline(name=name, seq=seq, due_on=due_on, since=since, left=left)
        for name, (seq, due_on, since, left) in found.items()
    }


def ledgers_of(rows: Iterable[Row]) -> dict[str, Allowance]:
    """Ledgers by name, of rows (name, ceiling, consumed, reserved, open_items)."""
    return {
        name: Allowance(
            ceiling_yen=ceiling,
            consumed_yen=consumed,
            reserved_yen=reserved,
            open_items={
                item: Reservation(covered_yen=covered, company_pays_yen=pays)
                for item, (covered, pays) in decode(items).items()
            },
        )
        for name, ceiling, consumed, reserved, items in rows
    }


def items_of(allowance: Allowance) -> str:
    """The open reservations of a ledger, for its row."""
    return encode({item: [one.covered_yen, one.company_pays_yen] for item, one in allowance.open_items.items()})


def deadline_row(case_id: str, armed: ArmedDeadline) -> Row:
    """A new row of the deadline table, in the order of its columns."""
    due, told = armed.due, armed.due.explanation
    return (
        case_id,
        armed.name,
        armed.seq,
        due.due.isoformat(),
        due.fires_at,
        "armed",
        armed.responsible,
        due.calendar.id,
        due.calendar_hash,
        pairs({"en": told.en, "ja": told.ja}),
        None,
    )


def deadline_of(row: Row) -> DeadlineRecord:
    """A row of the deadline table, in the order of its columns."""
    case_id, name, seq, due_on, due_at, status, responsible, calendar, calendar_hash, explanation, ended_seq = row
    return DeadlineRecord(
        case_id=case_id,
        name=name,
        seq=seq,
        due_on=due_on,
        due_at=due_at,
        status=status,
        responsible=responsible,
        calendar=calendar,
        calendar_hash=calendar_hash,
        explanation=decode(explanation),
        ended_seq=ended_seq,
    )


def message_of(row: Mapping[str, Any], content: Mapping[str, Json] | None = None) -> MessageRecord:
    """A row of the message table, by column name."""
    return MessageRecord(
        key=f"{row['case_id']}/{row['seq']}/{row['number']}",
        case_id=row["case_id"],
        seq=row["seq"],
        number=row["number"],
        party=row["party"],
        institution=row["institution"],
        channel=row["channel"],
        document=row["document"],
        approval=row["approval"],
        content_hash=row["content_hash"],
        status=row["status"],
        claimed_until=row["claimed_until"],
        attempts=row["attempts"],
        ready_at=row["ready_at"],
        proof=proof_of(row["proof"]),
        created_at=row["created_at"],
        settled_at=row["settled_at"],
        content=content,
    )


def proof_text(proof: Proof | None) -> str | None:
    """A proof for its column."""
    if proof is None:
        return None
    return encode({"channel": proof.channel, "reference": proof.reference, "details": dict(proof.details)})


def proof_of(text: str | None) -> Proof | None:
    """A proof from its column."""
    return None if text is None else Proof(**decode(text))


def posting_of(row: Row) -> PostingRecord:
    """A row of the posting table, in the order of its columns."""
    case_id, seq, number, ledger, act, item, amount, reserved, consumed, company_pays = row
    return PostingRecord(
        case_id=case_id,
        seq=seq,
        number=number,
        posting=Posting(
            ledger=ledger,
            act=act,
            item=item,
            amount_yen=amount,
            reserved_yen=reserved,
            consumed_yen=consumed,
            company_pays_yen=company_pays,
        ),
    )


def refusal_row(refusal: Refusal) -> Row:
    """A new row of the refusal table, in the order of its columns after the number."""
    return (
        refusal.case_id,
        refusal.code,
        refusal.event,
        refusal.actor,
        refusal.institution,
        refusal.role,
        refusal.recorded_at,
    )


def refusal_of(row: Row) -> Refusal:
    """A row of the refusal table, in the order of its columns after the number."""
    case_id, code, event, actor, institution, role, recorded_at = row
    return Refusal(
        case_id=case_id,
        code=code,
        event=event,
        actor=actor,
        institution=institution,
        role=role,
        recorded_at=recorded_at,
    )
