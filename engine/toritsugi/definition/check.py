"""Static checks that keep a wrong procedure out: what it names exists, every state can be reached and left, nothing cycles.

`check` is told all faults in one go. What needs a run of the procedure (dead ends by data, deadlocks between cases) is
the prover's part.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial

from toritsugi.definition import (
    check_counts,
    check_disclosure,
    check_events,
    check_flow,
    check_links,
    check_personal,
    check_rows,
    uses,
)
from toritsugi.definition.duration import MAX_COUNT, Direction, Duration, Unit
from toritsugi.definition.expression import Expression, names_read
from toritsugi.definition.fields import CHANNELS
from toritsugi.definition.finding import Finding
from toritsugi.definition.interface import Interface, Interfaces, interface_of_procedure
from toritsugi.definition.model import Deadline, Nature, Procedure
from toritsugi.definition.nodes import Node
from toritsugi.definition.report import Report
from toritsugi.definition.scope import ENGINE_NAMES, names_of
from toritsugi.definition.tokens import RESERVED
from toritsugi.definition.types import Kind, Title

#: The refusal codes of procedures.md 1.5, in the order of that list.
REFUSAL_CODES: tuple[str, ...] = (
    "ACTOR_NOT_ALLOWED",
    "CHANNEL_NOT_ALLOWED",
    "WRONG_ADDRESS",
    "INVALID_TRANSITION",
    "TERMS_NOT_EXPLAINED",
    "CONSENT_MISSING",
    "DISCLOSURE_NOT_APPROVED",
    "RECIPIENT_MISMATCH",
    "FORM_INCOMPLETE",
    "WRONG_FORM",
    "NOT_ELIGIBLE",
    "SCHEME_LOAN_NOT_INTRODUCED",
    "NOT_SHINKIN",
    "NUMBER_MISMATCH",
    "DUPLICATE",
    "CEILING_EXCEEDED",
    "FRAME_EXHAUSTED",
    "REGRANT_NOT_ALLOWED",
    "OUT_OF_WINDOW",
    "SIZE_NOT_ALLOWED",
    "CAPACITY_FULL",
    "QUOTA_USED",
    "OJT_NOT_COMPLETED",
    "FEEDBACK_INCOMPLETE",
)

#: Names under which a history row keeps what is no field of the case: a field so called could never be read back.
KEPT_NAMES: Mapping[str, Title] = {
    "reason": Title(ja="操作に書き添えた理由", en="the written reason of an act"),
    "erasure_reason": Title(ja="消去の理由", en="the reason of an erasure"),
    "resolved_message": Title(ja="結果を確かめた送付物", en="the message whose outcome was found out"),
}

#: Rows of a case's history that are no event of its procedure.
ENGINE_ROWS = frozenset(
    {
        *("deadline_passed", "overdue_cleared", "erase", "rebase", "calendar_applied"),
        *("message_handed_over", "message_set_aside", "message_waiting"),
    }
)

#: What a deadline that starts with the case itself is started by.
OPENING = "open"
#: Names of the engine that a date may be worked out from.
DAYS = frozenset({"occurred_on", "occurred_at", "recorded_on", "recorded_at"})

#: Codes of findings on names of nothing begin like this.
_NOT_THERE = "UNKNOWN_"

#: Most events of one procedure (semantics.md, bounds).
MOST_EVENTS = 200


def check(
    procedure: Procedure,
    *,
    interfaces: Interfaces,
    codes: Collection[str] = REFUSAL_CODES,
    calendars: Collection[str] = (),
    root: Node | None = None,
    stored: bool = False,
) -> tuple[Finding, ...]:
    """Everything that is wrong or doubtful about a procedure, errors and warnings.

    Args:
        interfaces: as for `load`.
        codes: the refusal codes that guards and triggers may name.
        calendars: ids of institutions with a calendar, beside those that play a fixed part in the procedure.
        root: the tree that the procedure was read from; with it, findings stand exactly under the word at fault.
        stored: a text that cases are pinned to: only that what it names is there. It was accepted once, and a rule that came
            later must not make its cases unloadable.
    """
    report = Report(procedure, root)
    outside = partial(_interface, procedure, interfaces)
    linked = {id_: outside(link.procedure) for id_, link in procedure.links.items()}
    names = names_of(
        procedure.data,
        {id_: ledger.title for id_, ledger in procedure.ledgers.items()},
        {id_: (link.title, linked[id_]) for id_, link in procedure.links.items()},
        {id_: deadline.title for id_, deadline in procedure.deadlines.items()},
        {id_: count.title for id_, count in procedure.counts.items()},
    )
    _ids(report)
    _head(report)
    check_links.links(report, linked)
    check_counts.counts(report, outside)
    for id_, deadline in procedure.deadlines.items():
        _deadline(report, deadline, f"deadlines.{id_}")
    _calendars(report, calendars)
    _documents(report, names)
    check_events.events(report, linked, names, codes)
    _kept_names(report)
    check_personal.declarations(report, linked)
    check_rows.rows(report)
    check_disclosure.disclosure(report)
    check_flow.flow(report)
    _unused(report)
    _sources(report)
    return tuple([one for one in report.findings if not stored or one.code.startswith(_NOT_THERE)])


def _interface(procedure: Procedure, interfaces: Interfaces, other: str) -> Interface | None:
    return interface_of_procedure(procedure) if other == procedure.id else interfaces(other)


def _ids(report: Report) -> None:
    """A name in a rule means one thing."""
    procedure = report.procedure
    taken = {**dict.fromkeys(ENGINE_NAMES, "engine"), **dict.fromkeys(RESERVED, "rules")}
    for group in ("ledgers", "links", "counts", "data"):
        for id_ in getattr(procedure, group):
            if id_ in taken:
                ja, en = f"「{id_}」は既に使われている語です。", f"'{id_}' is taken already ({taken[id_]})."
                report.add("NAME_TAKEN", f"{group}.{id_}", ja, en)
            taken[id_] = group
    for word in {"engine", "signal"} & procedure.parties.keys():
        report.add("NAME_TAKEN", f"parties.{word}", f"「{word}」は予約語です。", f"'{word}' is reserved.")
    if OPENING in procedure.events:
        ja, en = f"「{OPENING}」は案件を開くことを指す予約語です。", f"'{OPENING}' is the opening of the case itself."
        report.add("NAME_TAKEN", f"events.{OPENING}", ja, en)
    if len(procedure.events) > MOST_EVENTS:
        ja, en = f"手続は{MOST_EVENTS}件までです。", f"a procedure has at most {MOST_EVENTS} events."
        report.add("TOO_MANY_EVENTS", "events", ja, en)


def _kept_names(report: Report) -> None:
    """A history row says one thing under each name."""
    for id_ in sorted(KEPT_NAMES.keys() & report.procedure.data.keys()):
        what = KEPT_NAMES[id_]
        ja = f"「{id_}」は、履歴が{what.ja}を記す名前です。項目には別の識別名（例：{id_}_text）を付けてください。"
        en = f"'{id_}' is where the history keeps {what.en}; give the field another id, such as '{id_}_text'."
        report.add("NAME_TAKEN", f"data.{id_}", ja, en)
    for id_ in sorted(ENGINE_ROWS & report.procedure.events.keys()):
        ja = f"「{id_}」は、履歴が取次自身の記録に使う名前です。別の識別名を付けてください。"
        report.add("NAME_TAKEN", f"events.{id_}", ja, f"'{id_}' is a row of the engine's own; choose another id.")


def _head(report: Report) -> None:
    procedure, data, parties = report.procedure, report.procedure.data, report.procedure.parties
    institutions = {party.institution for party in parties.values() if party.institution}
    report.known("party", (procedure.owner,), {*parties, *institutions}, "owner")
    report.known("field", procedure.subject, data, "subject")
    for id_, party in parties.items():
        report.known("channel", party.contact, CHANNELS, f"parties.{id_}.contact")
        report.known("field", party.contact.values(), data, f"parties.{id_}.contact")
        report.known("field", [party.called] if party.called else [], data, f"parties.{id_}.called")
    opening = procedure.opening
    for path, words in (("subject", procedure.subject), ("start.by", opening.by)):
        if not words:
            report.add("MISSING", path, f"「{path}」が必要です。", f"'{path}' is needed.")
    report.known("party", opening.by, parties, "start.by")
    report.known("field", opening.needs, data, "start.needs")
    report.known("field", opening.may_give, data, "start.may_give")
    for id_, approval in procedure.approvals.items():
        report.known("party", approval.by, parties, f"approvals.{id_}.by")
        report.known("party", (approval.recipient,), parties, f"approvals.{id_}.recipient")
        if not approval.by:
            ja, en = "この同意を与える者がいません。", "nobody can give this approval."
            report.add("NOBODY", f"approvals.{id_}", ja, en)


def _calendars(report: Report, calendars: Collection[str]) -> None:
    """Business days are counted by the calendar of somebody who is there."""
    institutions = {party.institution for party in report.procedure.parties.values() if party.institution}
    for calendar, path in uses.calendars_used(report.procedure):
        report.known("calendar", (calendar,), {*institutions, *calendars}, path)


def _deadline(report: Report, deadline: Deadline, path: str) -> None:
    procedure = report.procedure
    report.known("event", deadline.starts, {*procedure.events, OPENING}, f"{path}.starts.on")
    report.known("event", deadline.met_by, procedure.events, f"{path}.met_by")
    report.known("event", deadline.cancelled_by, procedure.events, f"{path}.cancelled_by")
    _suspended(report, deadline, path)
    report.known("party", (deadline.responsible,), procedure.parties, f"{path}.responsible")
    _dated(report, deadline.counted_from, (Kind.DATE, Kind.MOMENT), f"{path}.starts.counted_from")
    _dated(report, deadline.due_field, (Kind.DATE,), f"{path}.due")
    _worked_out(report, deadline.due_value, f"{path}.due")
    if not deadline.starts:
        ja, en = "この期限を開始する手続がありません（starts）。", "nothing starts this deadline."
        report.add("NEVER_STARTS", path, ja, en)
    if not deadline.met_by:
        report.warn("NEVER_MET", path, "この期限を果たす手続がありません。", "nothing meets this deadline.")
    if deadline.nature is Nature.WINDOW and not deadline.missed:
        ja = "申込みの期間（nature: window）には、期間が過ぎたときに行われる手続（missed）が必要です。"
        report.add("WINDOW_NEVER_CLOSES", path, ja, "a window needs the engine event that closes it (`missed`).")
    if deadline.missed and report.known("event", (deadline.missed,), procedure.events, f"{path}.missed"):
        triggers = procedure.events[deadline.missed].triggers
        if all(trigger.deadline != deadline.id for trigger in triggers):
            ja = f"「{deadline.missed}」は、この期限で起きる手続ではありません（by: engine、on: deadline）。"
            en = f"'{deadline.missed}' is no engine event of this deadline (by: engine, on: deadline)."
            report.add("NOT_AN_ENGINE_EVENT", f"{path}.missed", ja, en, word=deadline.missed)


def _suspended(report: Report, deadline: Deadline, path: str) -> None:
    """What can stop has days that can be left, and goes on again."""
    stops, goes_on, length = deadline.suspended_by, deadline.resumed_by, deadline.within
    report.known("event", stops, report.procedure.events, f"{path}.suspended_by")
    report.known("event", goes_on, report.procedure.events, f"{path}.resumed_by")
    if bool(stops) != bool(goes_on):
        ja = "期間を止める操作（suspended_by）と、再び進める操作（resumed_by）は組で書いてください。"
        en = "`suspended_by` and `resumed_by` go together."
        report.add("SUSPENDED_AND_RESUMED", f"{path}.{'suspended_by' if stops else 'resumed_by'}", ja, en)
    for both in sorted({*stops} & {*goes_on}):
        ja, en = f"「{both}」が期間を止め、同時に進めます。", f"'{both}' both suspends and resumes it."
        report.add("SUSPENDED_AND_RESUMED", f"{path}.resumed_by", ja, en, word=both)
    if stops and (length is None or length.direction is Direction.before or _days_at_most(length) > MAX_COUNT):
        ja = f"止められるのは、起点から先へ数える{MAX_COUNT}日までの期間（within）だけです。"
        en = f"only a `within` that counts forward, of at most {MAX_COUNT} days, can be suspended."
        report.add("CANNOT_BE_SUSPENDED", f"{path}.suspended_by", ja, en)


def _days_at_most(length: Duration) -> int:
    """No fewer days than the length has."""
    return length.count * {Unit.weeks: 7, Unit.months: 31, Unit.years: 366}.get(length.unit, 1)


def _worked_out(report: Report, due: Expression | None, path: str) -> None:
    """What a date is worked out from is kept in the case, and in the clear."""
    data = report.procedure.data
    for name in sorted(names_read(due)) if due is not None else ():
        if name in DAYS or (name in data and not data[name].personal):
            continue
        ja = f"「{name}」から期日は決められません（案件の項目で、個人情報でないものから決めます）。"
        en = f"a date cannot be worked out from '{name}': only from fields of the case that are not personal."
        report.add("NOT_A_FIELD", path, ja, en, word=name)


def _dated(report: Report, field: str | None, kinds: tuple[Kind, ...], path: str) -> None:
    data = report.procedure.data
    if field and report.known("field", (field,), data, path) and data[field].type.kind not in kinds:
        ja, en = f"「{field}」は日付ではありません。", f"'{field}' is no {' or '.join(kinds)}."
        report.add("WRONG_TYPE", path, ja, en, word=field)


def _documents(report: Report, names: Collection[str]) -> None:
    for id_, document in report.procedure.documents.items():
        report.known("name", document.fields, names, f"documents.{id_}.shows")
        report.known("party", sorted(document.may_see), report.procedure.parties, f"documents.{id_}.may_see")


def _unused(report: Report) -> None:
    procedure = report.procedure
    for group, ids, used in (
        ("data", procedure.data, uses.fields_used(procedure)),
        ("parties", procedure.parties, uses.parties_used(procedure)),
        ("documents", procedure.documents, uses.documents_used(procedure)),
        ("approvals", procedure.approvals, uses.approvals_used(procedure)),
        ("links", procedure.links, uses.names_used(procedure)),
        ("ledgers", procedure.ledgers, uses.names_used(procedure)),
        ("recurring", procedure.recurring, uses.series_used(procedure)),
        ("counts", procedure.counts, uses.names_used(procedure)),
    ):
        for id_ in ids:
            if id_ not in used:
                code = f"UNUSED_{uses.NOUNS[group].upper()}"
                report.warn(code, f"{group}.{id_}", f"「{id_}」は使われていません。", f"'{id_}' is not used.", word=id_)


def _sources(report: Report) -> None:
    procedure = report.procedure
    for group, rules in (
        ("states", {id_: one for id_, one in procedure.states.items() if not one.within} | {**procedure.composites}),
        ("events", procedure.events),
        ("deadlines", procedure.deadlines),
        ("documents", procedure.documents),
        ("approvals", procedure.approvals),
        ("links", procedure.links),
        ("ledgers", procedure.ledgers),
        ("recurring", procedure.recurring),
        ("counts", procedure.counts),
        ("disclosure", procedure.disclosure),
    ):
        for id_, rule in rules.items():
            if rule.origin is None:
                ja, en = "出典（source）か根拠の別（basis）がありません。", "neither `source` nor `basis` is given."
                report.warn("NO_SOURCE", f"{group}.{id_}", ja, en)
