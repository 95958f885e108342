"""Faults of disclosure, each planted into the product in one place, to show that the search is awake.

A plant of code replaces one name of one module while the search runs; a plant of text changes one place of one procedure.
"""
# ruff: noqa: E501  # a table, one line a row

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import toritsugi_adapters.cli.commands.graph as graph_command
from toritsugi.core import decide, disclosure, effects, messages, seeing, vantage
from toritsugi.core.disclosure import Shown
from toritsugi.core.outlook import outlook
from toritsugi.core.values import SYSTEM
from toritsugi.core.vantage import Vantage
from toritsugi.definition.model_effects import AppointParty
from toritsugi.definition.types import Title
from toritsugi.hooks import ProcedureFile
from toritsugi.runtime import outbox, views
from toritsugi.runtime.outbox import Outbox
from toritsugi.runtime.views import Views
from toritsugi_adapters.cli import shapes
from toritsugi_adapters.cli.desk import Desk

#: what is replaced: the module or class, the name there, what stands there instead.
Replacement = tuple[Any, str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """One fault."""

    name: str
    #: what a careless hand has done.
    fault: str
    code: Callable[[], list[Replacement]] | None = None
    #: (file, what stands there, what stands there instead).
    text: tuple[str, str, str] | None = None
    #: it lies in the command line, which is asked much more for it.
    typed: bool = False

    @contextlib.contextmanager
    def planted(self, files: list[ProcedureFile]) -> Iterator[list[ProcedureFile]]:
        """The procedures to play with, while the fault is in place."""
        changed = self.code() if self.code is not None else []
        kept = [(where, name, where.__dict__[name]) for where, name, _ in changed]
        for where, name, instead in changed:
            setattr(where, name, instead)
        try:
            yield [self._text(file) for file in files]
        finally:
            for where, name, before in kept:
                setattr(where, name, before)

    def _text(self, file: ProcedureFile) -> ProcedureFile:
        if self.text is None or file.file != self.text[0]:
            return file
        before = file.text.decode()
        assert before.count(self.text[1]) == 1, f"{self.name}: the place to plant it is not there, or not once"
        return ProcedureFile(file=file.file, text=before.replace(self.text[1], self.text[2]).encode())


# -- who may see what ---------------------------------------------------------------------------------------------


def _without(part: str) -> Callable[[], list[Replacement]]:
    """Entries of `seen_by` are read without their condition, or without their consent."""

    def code() -> list[Replacement]:
        rules = disclosure._rules
        return [(disclosure, "_rules", lambda class_: [replace(one, **{part: None}) for one in rules(class_)])]

    return code


def _claimed_role() -> list[Replacement]:
    asked = disclosure.roles_of

    def trusting(viewer: Any, parties: Mapping[str, str]) -> Any:
        return frozenset({viewer.role}) if viewer.role in parties else asked(viewer, parties)

    return [(views, "roles_of", trusting), (vantage, "roles_of", trusting)]


def _old_party_stays() -> list[Replacement]:
    act = effects._act

    def forgetful(doing: Any, planned: Any) -> None:
        if not (isinstance(planned.effect, AppointParty) and planned.effect.institution is None):
            act(doing, planned)

    return [(effects, "_act", forgetful)]


# -- what a case and its history tell -----------------------------------------------------------------------------


def _actors_shown() -> list[Replacement]:
    row = Vantage.row

    def telling(at: Vantage, one: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**row(at, one), "institution": one["institution"], "actor": one["actor"]}

    return [(Vantage, "row", telling)]


def _member_shown(name: str) -> Callable[[], list[Replacement]]:
    """One member of a history row is handed on as it is."""
    return lambda: [(vantage, "_MEMBERS", {**vantage._MEMBERS, name: lambda _, told: told})]


def _frame_shown() -> list[Replacement]:
    return [(Vantage, "_frame", lambda _, frame, *__: dict(frame))]


def _parent_shown() -> list[Replacement]:
    shown = Vantage.case

    def telling(at: Vantage, case: Any) -> Any:
        return replace(shown(at, case), parent=case.parent)

    return [(Vantage, "case", telling)]


def _linked_whole() -> list[Replacement]:
    def telling(self: Views, case_id: str, viewer: Any = SYSTEM) -> Any:
        ours = linked(self, case_id, viewer)
        return {name: one for name, one in linked(self, case_id, SYSTEM).items() if name in ours}

    linked = Views.linked
    return [(Views, "linked", telling)]


def _family_whole() -> list[Replacement]:
    family = Views.family
    return [
        (Views, "family", lambda self, case_id, viewer=SYSTEM: (self._at(case_id, viewer), family(self, case_id))[1])
    ]


def _list_unfiltered() -> list[Replacement]:
    cases = Views.cases

    def telling(self: Views, viewer: Any = SYSTEM, **how: Any) -> Any:
        own = {one.id for one in cases(self, viewer, **how)}
        return [one for one in cases(self, SYSTEM, **how) if one.id in own]

    return [(Views, "cases", telling)]


def _outlook_unveiled() -> list[Replacement]:
    return [
        (views, "outlook", lambda plans, case_id, situation, hidden=frozenset(): outlook(plans, case_id, situation))
    ]


# -- what leaves --------------------------------------------------------------------------------------------------


def _notices_unchecked() -> list[Replacement]:
    def forgetful(effect: Any, *rest: Any) -> Shown:
        return shows(replace(effect, subject=None, text=None), *rest)

    shows = messages._shows
    return [(messages, "_shows", forgetful)]


def _enclosed_unchecked() -> list[Replacement]:
    def forgetful(effect: Any, documents: list[Any], *rest: Any) -> Shown:
        return shows(effect, documents[:1], *rest)

    shows = messages._shows
    return [(messages, "_shows", forgetful)]


def _sender_named() -> list[Replacement]:
    def telling(family: Any, member: Any, event: Any, env: Any, seen: Any) -> Any:
        return sender(family, member, event, env, None)

    sender = messages._sender
    return [(messages, "_sender", telling)]


def _institution_unasked() -> list[Replacement]:
    """At the claim only what is shown is asked about, and not whether the reader still plays the part."""

    def forgetful(family: Any, member: Any, party: str, institution: str, shows: Shown) -> bool:
        seen = seeing.sight_of(family, member, frozenset({party}))
        return seeing.withheld(family, member, seen, shows, institution) is None

    return [(outbox, "still_shown", forgetful)]


def _logged() -> list[Replacement]:
    settle = Outbox._settle

    def talkative(self: Outbox, parcel: Any, status: str, **how: Any) -> str:
        outbox.log("message", key=parcel.key, status=f"{status} to {parcel.content.get('address')}")
        return settle(self, parcel, status, **how)

    return [(Outbox, "_settle", talkative)]


# -- the command line ---------------------------------------------------------------------------------------------


def _json_unfiltered() -> list[Replacement]:
    looked_at = Desk.looked_at

    def careless(desk: Desk, engine: Any, case_id: str) -> Any:
        found, procedure, viewer = looked_at(desk, engine, case_id)
        return (engine.case(case_id) if desk.as_json else found), procedure, viewer

    return [(Desk, "looked_at", careless)]


def _history_as_operator() -> list[Replacement]:
    """The text of `history` is filtered, its JSON is made of the rows as they stand in the store."""
    history = Views.history
    kept: dict[int, Any] = {}

    def telling(self: Views, case_id: str, viewer: Any = SYSTEM) -> Any:
        whole, shown = history(self, case_id), history(self, case_id, viewer)
        kept.update({id(row): full for row, full in zip(shown, whole, strict=True)})
        kept[0] = (shown, whole)
        return shown

    shape = shapes.history_shape
    return [
        (Views, "history", telling),
        (shapes, "history_shape", lambda row, procedure: shape(kept.get(id(row), row), procedure)),
    ]


def _graph_headed() -> list[Replacement]:
    """The diagram of a case is headed by what the case is about."""
    of_case = graph_command._of_case

    def careless(desk: Desk, case: str) -> Any:
        procedure, way = of_case(desk, case)
        with desk.engine() as engine:
            told = json.dumps([row.get("values") for row in engine.views.history(case)], ensure_ascii=False)
        states = {
            id_: replace(one, title=Title(ja=f"{one.title.ja} {told}", en=told))
            for id_, one in procedure.states.items()
        }
        return replace(procedure, states=states), way

    return [(graph_command, "_of_case", careless)]


REFERRAL, SERVICE, FEEDBACK = "consortium_referral.yaml", "consortium_service.yaml", "consortium_feedback.yaml"

PLANTS = (
    Plant(name="condition_ignored", fault="`if` of a `seen_by` entry is not asked", code=_without("holds")),
    Plant(name="consent_ignored", fault="`approval` of a `seen_by` entry is not asked", code=_without("approval")),
    Plant(name="role_believed", fault="a viewer sees as whichever party it says it is", code=_claimed_role),
    Plant(name="old_party_stays", fault="`appoint: nobody` leaves the party in its place", code=_old_party_stays),
    Plant(name="actor_shown", fault="history names who acted, whoever it was", code=_actors_shown),
    Plant(name="cause_shown", fault="history names the case and row that caused a row", code=_member_shown("cause")),
    Plant(name="values_shown", fault="history rows keep all their values", code=_member_shown("values")),
    Plant(name="personal_names_shown", fault="history says which personal fields were given", code=_member_shown("personal")),
    Plant(name="appointments_shown", fault="history names whoever was appointed before", code=_member_shown("parties")),
    Plant(name="postings_shown", fault="bookings keep their items", code=_member_shown("postings")),
    Plant(name="frame_shown", fault="the opening row keeps its frame: subject, parties, parent", code=_frame_shown),
    Plant(name="items_shown", fault="open items of a ledger are named, whatever names them", code=lambda: [(Vantage, "_names_items", lambda *_: True)]),
    Plant(name="subject_shown", fault="what a case is about is told to all", code=lambda: [(Vantage, "_sees_subject", lambda *_: True)]),
    Plant(name="reasons_shown", fault="written reasons are told to all", code=lambda: [(Vantage, "reason", lambda _, __, reason: reason)]),
    Plant(name="date_explained", fault="how a due date was counted is told to all", code=lambda: [(Vantage, "explains", lambda *_: True)]),
    Plant(name="parent_shown", fault="a case names the one that opened it", code=_parent_shown),
    Plant(name="linked_whole", fault="the case behind a link is handed on as it is", code=_linked_whole),
    Plant(name="family_whole", fault="a family is told as the operator sees it", code=_family_whole),
    Plant(name="list_unfiltered", fault="the list of cases is not filtered", code=_list_unfiltered),
    Plant(name="outlook_unveiled", fault="what can be done is worked out from what is hidden", code=_outlook_unveiled),
    Plant(name="reader_named", fault="the list of messages names their readers", code=lambda: [(views, "_posted", lambda _, record: record)]),
    Plant(name="refusal_unveiled", fault="a refusal tells its true reason", code=lambda: [(decide, "veiled", lambda _, __, ___, refusal: refusal)]),
    Plant(name="message_unchecked", fault="what a message shows is not asked about", code=lambda: [(messages, "_shows", lambda *_: Shown())]),
    Plant(name="notice_unchecked", fault="placeholders of a notice are not asked about", code=_notices_unchecked),
    Plant(name="enclosure_unchecked", fault="enclosed documents are not asked about", code=_enclosed_unchecked),
    Plant(name="link_unchecked", fault="a field behind a link is not asked of the other case", code=lambda: [(seeing, "_seen_behind", lambda *_: True)]),
    Plant(name="sender_named", fault="a letter names its sender to everybody", code=_sender_named),
    Plant(name="claim_unchecked", fault="nothing is asked again when a message leaves", code=lambda: [(Outbox, "_may_leave", lambda *_: True)]),
    Plant(name="reader_unchecked", fault="at the claim nobody asks whether the reader still plays the part", code=_institution_unasked),
    Plant(name="address_logged", fault="the log says where a message went", code=_logged),
    Plant(name="json_unfiltered", fault="`case --json` prints the whole case", code=_json_unfiltered, typed=True),
    Plant(name="history_json", fault="`history --json` prints the rows as stored", code=_history_as_operator, typed=True),
    Plant(name="graph_headed", fault="`graph --case` is labelled with values of the history", code=_graph_headed, typed=True),
    Plant(name="identity_carried", fault="the sounding carries the company's worry as its outline", text=(REFERRAL, "      anonymous_outline: anonymous_outline\n", "      anonymous_outline: worry\n")),
    Plant(name="class_widened", fault="one class too many is seen by the provider", text=(REFERRAL, "sent_form]\n    seen_by: [referring_institution, client_company, secretariat, concierge, jetro_provider]", "sent_form]\n    seen_by: [referring_institution, client_company, secretariat, concierge, jetro_provider, providing_institution]")),
    Plant(name="closing_forgotten", fault="a provider that gives the company up keeps its entry sheet", text=(SERVICE, "    to: declined_after_review\n    effects:\n      - set: {es_closed_on: occurred_on}\n      - signal: {link: referral, event: provider_declined_late}", "    to: declined_after_review\n    effects:\n      - signal: {link: referral, event: provider_declined_late}")),
    Plant(name="contacts_kept", fault="the next candidate is asked at the last one's address", text=(REFERRAL, "      - add: {to: candidates, entry: {on: occurred_on, who: candidate, answer: declined}}\n      # 次の打診先へ、前の打診先の連絡先を引き継がない。\n      - clear: [candidate_name, candidate_email, candidate_phone, candidate_fax, candidate_address]\n", "      - add: {to: candidates, entry: {on: occurred_on, who: candidate, answer: declined}}\n")),
    Plant(name="feedback_unasked", fault="the company reads the feedback without asking", text=(FEEDBACK, "{parties: [client_company], if: company_asked = yes}", "[client_company]")),
)  # fmt: skip
