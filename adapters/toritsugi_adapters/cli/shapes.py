"""The JSON shapes of the command line: moments as ISO 8601 in Japan's time, dates as ISO, titles as {ja, en}."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from toritsugi.core.moments import iso_moment
from toritsugi.definition.types import Kind, Title, Type

if TYPE_CHECKING:
    from toritsugi.core.outlook import Possibility
    from toritsugi.core.values import Answer, Case
    from toritsugi.definition.model import Deadline, Procedure
    from toritsugi.definition.model_events import Event
    from toritsugi.ports import DeadlineRecord, MessageRecord

Json = Any


def title_shape(title: Title) -> dict[str, str]:
    """Both languages."""
    return {"ja": title.ja, "en": title.en}


def value_shape(type_: Type, value: Any) -> Json:
    """A stored value, its moments written out."""
    if type_.kind is Kind.MOMENT and isinstance(value, int):
        return iso_moment(value)
    if isinstance(value, list) and type_.item is not None:
        return [value_shape(type_.item, entry) for entry in value]
    if isinstance(value, dict):
        return {
            name: value_shape(type_.fields[name].type, part) for name, part in value.items() if name in type_.fields
        }
    return value


def data_shape(procedure: Procedure, values: Mapping[str, Any]) -> dict[str, Json]:
    """Values by field, in the order of the procedure's file; fields that are not set are left out."""
    return {
        name: value_shape(field.type, values[name])
        for name, field in procedure.data.items()
        if values.get(name) is not None
    }


def procedure_row(procedure: Procedure) -> dict[str, Json]:
    """One row of `procedures`."""
    return {
        "procedure": procedure.id,
        "version": procedure.version,
        "title": title_shape(procedure.title),
        "owner": procedure.owner,
    }


def procedure_shape(procedure: Procedure) -> dict[str, Json]:
    """`show`."""
    return {
        "procedure": procedure.id,
        "version": procedure.version,
        "states": [{"id": state.id, "terminal": state.terminal} for state in procedure.states.values()],
        "events": [
            {"id": event.id, "from": list(event.sources), "to": event.target, "by": list(who(event))}
            for event in procedure.events.values()
        ],
        "deadlines": [deadline_rule_shape(deadline) for deadline in procedure.deadlines.values()],
    }


def who(event: Event) -> tuple[str, ...]:
    """Whoever fires an event: its parties, `engine` for its triggers, `signal` for a linked case."""
    return (*event.by, *(("engine",) if event.triggers else ()), *(("signal",) if event.by_signal else ()))


def deadline_rule_shape(deadline: Deadline) -> dict[str, Json]:
    """A deadline as the procedure states it."""
    from toritsugi.definition.expression import unparse

    return {
        "id": deadline.id,
        "title": title_shape(deadline.title),
        "within": None if deadline.within is None else deadline.within.text("en"),
        "due_field": deadline.due_field,
        "due_value": None if deadline.due_value is None else unparse(deadline.due_value, "en"),
        "calendar": deadline.calendar,
        "starts": list(deadline.starts),
        "counted_from": deadline.counted_from,
        "met_by": list(deadline.met_by),
        "cancelled_by": list(deadline.cancelled_by),
        "suspended_by": list(deadline.suspended_by),
        "resumed_by": list(deadline.resumed_by),
        "nature": str(deadline.nature),
        "responsible": deadline.responsible,
        "missed": deadline.missed,
        "source": deadline.origin.source if deadline.origin else None,
    }


def deadline_shape(record: DeadlineRecord, procedure: Procedure | None = None) -> dict[str, Json]:
    """A deadline that was armed, and what became of it."""
    rule = procedure.deadlines.get(record.name) if procedure is not None else None
    return {
        "case": record.case_id,
        "deadline": record.name,
        "title": title_shape(rule.title) if rule is not None else None,
        "due": record.due_on,
        "due_at": iso_moment(record.due_at),
        "status": record.status,
        "responsible": record.responsible,
        "calendar": record.calendar,
        "explanation": dict(record.explanation),
    }


def case_shape(
    case: Case,
    procedure: Procedure,
    deadlines: Iterable[DeadlineRecord],
    linked: Mapping[str, Case] | None = None,
) -> dict[str, Json]:
    """`case`."""
    return {
        "id": case.id,
        "procedure": case.procedure,
        "version": case.version,
        "title": title_shape(procedure.title),
        "state": case.state,
        "state_title": title_shape(procedure.states[case.state].title),
        "ended": case.ended,
        "subject": case.subject,
        "opened_at": iso_moment(case.opened_at),
        "updated_at": iso_moment(case.recorded_at),
        "revision": case.revision,
        "parties": dict(case.parties),
        "data": data_shape(procedure, {**case.data, **(case.personal or {})}),
        "approvals": {
            name: {"by": one.by, "given_at": iso_moment(one.given_at)} for name, one in case.approvals.items()
        },
        "deadlines": [deadline_shape(record, procedure) for record in deadlines],
        "ledgers": ledgers_shape(case),
        "links": {
            name: {"case": one.id, "procedure": one.procedure, "state": one.state, "ledgers": ledgers_shape(one)}
            for name, one in (linked or {}).items()
        },
        "erased": case.erased,
    }


def ledgers_shape(case: Case) -> dict[str, Json]:
    """The ledgers of a case, in yen without consumption tax."""
    return {
        name: {
            "ceiling": ledger.ceiling_yen,
            "consumed": ledger.consumed_yen,
            "reserved": ledger.reserved_yen,
            "available": ledger.available_yen,
            "balance": ledger.balance_yen,
        }
        for name, ledger in case.ledgers.items()
    }


def answer_shape(answer: Answer, messages: Iterable[MessageRecord] = ()) -> dict[str, Json]:
    """What `open` and `send` answer."""
    return {
        "case": answer.case_id,
        "seq": answer.seq,
        "event": answer.event,
        "from": answer.from_state,
        "state": answer.state,
        "occurred_at": iso_moment(answer.occurred_at),
        "recorded_at": iso_moment(answer.recorded_at),
        "due": dict(answer.due),
        "late": list(answer.late),
        "repeated": answer.repeated,
        "messages": [message_shape(message) for message in messages],
    }


def message_shape(message: MessageRecord) -> dict[str, Json]:
    """A message and where it is; its content is no part of it."""
    proof = message.proof
    return {
        "key": message.key,
        "party": message.party,
        "institution": message.institution,
        "channel": message.channel,
        "document": message.document,
        "status": message.status,
        "attempts": message.attempts,
        "created_at": iso_moment(message.created_at),
        "settled_at": None if message.settled_at is None else iso_moment(message.settled_at),
        "proof": None if proof is None else {"reference": proof.reference, **proof.details},
    }


def possibility_shape(one: Possibility, procedure: Procedure) -> dict[str, Json]:
    """One event of `can`."""
    event = procedure.events[one.event]
    return {
        "event": one.event,
        "title": title_shape(one.title),
        "possible": one.possible,
        "by": list(who(event)),
        "from": list(event.sources),
        "to": event.target,
        "to_give": list(one.to_give),
        "may_give": list(one.may_give),
        "reason_required": one.reason_required,
        "channels": list(one.channels),
        "reasons": [
            {
                "code": reason.code,
                "message": {"ja": reason.ja, "en": reason.en},
                "source": reason.source or None,
                "basis": reason.basis or None,
                "soft": reason.soft,
            }
            for reason in one.reasons
        ],
        "source": event.origin.source if event.origin else None,
    }


def history_shape(record: Mapping[str, Any], procedure: Procedure) -> dict[str, Json]:
    """A history row as recorded: its values by type, commitments for what is personal, and its hash."""
    row = {name: part for name, part in record.items() if name not in ("answer", "claim", "request", "frame", "v")}
    for name in ("occurred_at", "recorded_at"):
        row[name] = iso_moment(row[name])
    if "values" in row:
        # values that are no fields (why personal data was erased) stand as they are
        row["values"] = {**row["values"], **data_shape(procedure, row["values"])}
    return {name: part.hex() if isinstance(part, bytes) else part for name, part in row.items()}
