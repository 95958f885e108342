"""A case, its history rows and its deadlines as one viewer may read them: everything that it may not see is left out.

A row is taken over member by member: one that is not known here is kept back. Hashes are kept back too, because whoever
knows the rest of a row could try out what was left out of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from toritsugi.core.disclosure import Roles, Sight, roles_of, sight
from toritsugi.core.family import Family, WorkingCase
from toritsugi.core.seeing import sight_of
from toritsugi.core.values import ERASURE_REASON, REASON, RESOLVED_MESSAGE, SYSTEM, Actor, Case
from toritsugi.definition.expression import names_read
from toritsugi.definition.model import Deadline, Procedure
from toritsugi.definition.model_effects import PostLedger

Json = Any

#: said instead of how a due date was found.
NOT_EXPLAINED = {"ja": "期限の数え方は、この立場には開示されていません。", "en": "How it was counted is not disclosed."}

#: members of a history row that every party of the case may read.
_OPEN = frozenset(
    {
        *("v", "case", "seq", "event", "from", "to", "role", "authority", "occurred_at", "recorded_at"),
        *("channel", "overridden", "deadlines", "approvals", "answer"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vantage:
    """Where a viewer stands towards a case."""

    viewer: Actor
    procedure: Procedure
    seen: Sight
    #: institutions that the viewer may know to have a part in the case.
    institutions: frozenset[str]
    #: ids of the cases that it may know to have to do with this one, itself among them.
    cases: frozenset[str]
    #: first history row that is written in the names of this version of the procedure, as far as that matters to who
    #: sees what: a name in a row before it may mean something that is kept from the viewer now.
    since: int = 0
    #: the same as far as counts go.
    counts_since: int = 0

    def case(self, case: Case) -> Case:
        """The case without what is kept from the viewer."""
        values = {**case.data, **(case.personal or {})}
        if self._keeps_nothing(case.subject, values):
            return replace(case, head=b"") if self._hides_numbers() else case
        known = case.parent in self.cases
        approvals = {
            id_: given if given.by in self.institutions else replace(given, by="")
            for id_, given in case.approvals.items()
        }
        return replace(
            case,
            head=b"",
            subject=case.subject if self._sees_subject(case.subject, values) else None,
            parties=_kept(case.parties, self.seen.parties),
            data=_kept(case.data, self.seen.fields),
            personal=None if case.personal is None else _kept(case.personal, self.seen.fields),
            personal_set=case.personal_set & self.seen.fields,
            approvals=approvals,
            ledgers={
                name: ledger if self._names_items(name) else replace(ledger, open_items={})
                for name, ledger in case.ledgers.items()
                if name in self.seen.ledgers
            },
            parent=case.parent if known else None,
            opened_by_link=case.opened_by_link if known else None,
        )

    def row(self, row: Mapping[str, Json]) -> Mapping[str, Json]:
        """A history row without what is kept from the viewer."""
        if row["seq"] < self.since:
            return self._outline(row)
        if not self._keeps_nothing(row.get("frame", {}).get("subject"), row.get("values", {})):
            return self._partly(row)
        return self._without_numbers(row) if self._hides_numbers() else row

    def _partly(self, row: Mapping[str, Json]) -> dict[str, Json]:
        shown = {name: value for name, value in row.items() if name in _OPEN}
        open_ = row["institution"] in self.institutions or self.names_institution(row["role"], row["institution"])
        shown |= {"institution": row["institution"] if open_ else "", "actor": row["actor"] if open_ else ""}
        for name, filtered in _MEMBERS.items():
            if name in row:
                shown[name] = filtered(self, row[name])
        if "frame" in row:
            shown["frame"] = self._frame(row["frame"], row.get("values", {}))
        if not self._sees_reason(row):
            shown.get("personal", {}).pop(REASON, None)
        elif (erased := row.get("values", {}).get(ERASURE_REASON)) is not None:
            shown["values"][ERASURE_REASON] = erased
        return {name: value for name, value in shown.items() if value or name not in _MEMBERS}

    def _hides_numbers(self) -> bool:
        """Whether some number of other cases is kept from the viewer, though it may see all of this one."""
        return len(self.seen.counts) < len(self.procedure.counts) or (
            self.seen.roles is not None and self.counts_since > 0
        )

    def _without_numbers(self, row: Mapping[str, Json]) -> dict[str, Json]:
        """A row without the numbers, and without the hash: a number could be tried out."""
        shown = {name: value for name, value in row.items() if name not in ("counts", "hash")}
        numbers = self._numbers(row.get("counts", {})) if row["seq"] >= self.counts_since else {}
        return {**shown, "counts": numbers} if numbers else shown

    def _numbers(self, counts: Mapping[str, int]) -> dict[str, int]:
        return _kept(counts, self.seen.counts)

    def _outline(self, row: Mapping[str, Json]) -> Mapping[str, Json]:
        """A row in the names of another version: what happened, when and by whom, and nothing of what it was about.

        A part may mean another part now: only those are named who are known to have one in the case as it stands.
        """
        shown = {name: value for name, value in self._partly(row).items() if name not in _NAMED}
        shown.get("frame", {}).pop("subject", None)
        if row["institution"] not in self.institutions:
            shown |= {"institution": "", "actor": ""}
        for told in (shown, shown.get("frame", {})):
            if "parties" in told:
                told["parties"] = {part: one for part, one in told["parties"].items() if one in self.institutions}
        if not shown.get("parties", True):
            del shown["parties"]
        return shown

    def knows(self, seq: int) -> bool:
        """Whether a row is written in names by which it can be told what the viewer may see of it."""
        return seq >= self.since

    def reason(self, row: Mapping[str, Json], reason: str) -> str | None:
        """The written reason of a row; None: it is kept from the viewer."""
        return reason if self._sees_reason(row) else None

    def explains(self, name: str) -> bool:
        """Whether the viewer may read how the due date of a deadline was found."""
        deadline: Deadline | None = self.procedure.deadlines.get(name)
        if deadline is None:
            return self.seen.everything
        read = names_read(deadline.due_value) if deadline.due_value is not None else ()
        return all(self.seen.sees(field) for field in (deadline.counted_from, deadline.due_field, *read) if field)

    def names_institution(self, party: str, institution: str) -> bool:
        """Whether the viewer may know that an institution plays or has played a part.

        Whoever plays the part itself always knows that; who played it before, only those know who may know the part.
        """
        return party in self.seen.parties and (party not in self._by_playing() or institution in self.institutions)

    def _sees_reason(self, row: Mapping[str, Json]) -> bool:
        own: bool = row["institution"] == self.viewer.institution
        return own or (self.seen.reasons and self.knows(row["seq"]))

    def _keeps_nothing(self, subject: str | None, values: Mapping[str, Json]) -> bool:
        """Whether the viewer gets it as it is: it sees everything, and what the case is about comes from the case."""
        if not self.seen.everything or self.seen.roles is None or not self.procedure.disclosure:
            return self.seen.everything
        return subject is None or self._sees_subject(subject, values)

    def _sees_subject(self, subject: str | None, values: Mapping[str, Json]) -> bool:
        """Whether the viewer sees the field that the subject was taken from.

        A case that another case opened is about what that one is about: it may come from no field of its own.
        """
        taken = [field for field in self.procedure.subject if str(values.get(field)) == subject]
        return bool(taken) and all(self.seen.sees(field) for field in taken)

    def _names_items(self, ledger: str) -> bool:
        """Whether the viewer sees all that the items of a ledger are named by."""
        effects = [effect for event in self.procedure.events.values() for effect in event.effects]
        items = [one.item for one in effects if isinstance(one, PostLedger) and one.ledger == ledger]
        return all(self.seen.sees(name) for item in items for name in names_read(item))

    def _posted(self, postings: Iterable[Sequence[Json]]) -> list[Json]:
        """Bookings as a history row tells them: ledger, act, item, amounts."""
        open_ = [[*one] for one in postings if one[0] in self.seen.ledgers]
        return [one if self._names_items(one[0]) else [*one[:2], "", *one[3:]] for one in open_]

    def _cause(self, cause: str) -> str | None:
        return cause if cause.rpartition("/")[0] in self.cases else None

    def _frame(self, frame: Mapping[str, Json], values: Mapping[str, Json]) -> dict[str, Json]:
        shown = {name: frame[name] for name in ("procedure", "version", "content", "opened_at") if name in frame}
        shown["parties"] = self._players(frame["parties"])
        if self._sees_subject(frame["subject"], values):
            shown["subject"] = frame["subject"]
        if frame.get("parent") in self.cases and "parent" in frame:
            shown |= {"parent": frame["parent"], "opened_by_link": frame["opened_by_link"]}
        return shown

    def _players(self, parties: Mapping[str, str]) -> dict[str, str]:
        """Who plays or played which part, as far as the viewer may know."""
        return {party: one for party, one in parties.items() if self.names_institution(party, one)}

    def _by_playing(self) -> frozenset[str]:
        """Parts that the viewer knows of only because it plays them."""
        kept = [one.parties for one in self.procedure.disclosure.values() if one.id not in self.seen.classes]
        return frozenset().union(*kept)

    def _sent(self, messages: Iterable[Mapping[str, Json]]) -> list[Json]:
        return [
            {
                **one,
                "institution": one["institution"] if self.names_institution(one["party"], one["institution"]) else "",
            }
            for one in messages
            if one["document"] is None or one["document"] in self.seen.documents
        ]

    def _values(self, values: Mapping[str, Json]) -> dict[str, Json]:
        return _kept(values, self.seen.fields | {RESOLVED_MESSAGE})


#: members of a history row that are shown in part -> the part that is.
_MEMBERS: Mapping[str, Callable[[Vantage, Any], Any]] = {
    "cause": Vantage._cause,
    "values": Vantage._values,
    "cleared": lambda at, names: [name for name in names if name in at.seen.fields],
    "personal": lambda at, found: _kept(found, at.seen.fields | {REASON}),
    "postings": Vantage._posted,
    "messages": Vantage._sent,
    "parties": Vantage._players,
    "counts": Vantage._numbers,
    "unreached": lambda at, names: [name for name in names if at.seen.sees(name)],
    # how many other cases were decided with this one is not of this case
    "sitting": lambda _, mark: {"id": mark["id"]},
}


#: members of a history row that name fields, ledgers, documents or links.
_NAMED = frozenset(_MEMBERS) - {"cause", "parties", "sitting"}


def _kept(values: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in names}


def unveiled(procedure: Procedure, viewer: Actor, roles: Roles) -> Vantage:
    """Where a viewer stands from whom nothing is kept back: the procedure has no classes, or it sees everything."""
    seen = sight(procedure, None, roles, (), {})
    return Vantage(viewer=viewer, procedure=procedure, seen=seen, institutions=frozenset(), cases=frozenset())


def vantage(family: Family, member: WorkingCase, viewer: Actor) -> Vantage:
    """Where a viewer stands towards a case of the family."""
    seen = sight_of(family, member, roles_of(viewer, member.parties))
    links = member.plan.procedure.links
    behind = [] if seen.everything else [family.behind(member, links[link]) for link in sorted(seen.links)]
    return Vantage(
        viewer=viewer,
        procedure=member.plan.procedure,
        seen=seen,
        institutions=frozenset([member.parties[party] for party in seen.parties if party in member.parties])
        | {viewer.institution, SYSTEM.institution},
        cases=frozenset([member.id, *(other.id for other in behind if other is not None)]),
    )
