"""The consortium family as the generator plays it: a company, its institution, JETRO, and candidates one after another."""

from typing import Any, ClassVar

from disclosure.beginnings import BEGINNINGS, DISCLOSURE, FEEDBACK, REFERRAL, SERVICE, WAYS
from disclosure.facts import Fact
from disclosure.family import Act, Family, staff_of
from disclosure.matrix import (
    ALSO_NAMED_IN_FEEDBACK,
    AUTHOR,
    COMPANY,
    ENTRY_SHEET_OPEN,
    JETRO,
    MATRIX,
    OF_ONE_CANDIDATE,
    PROVIDER,
    REASONS,
    REFERRER,
    SOUNDED,
    TOLD_WHEN_SOUNDED,
    row_of,
)
from toritsugi.core.values import Case

OFFICE = "jetro_secretariat"

_RIGHT: dict[str, Any] = {
    **dict.fromkeys(("target_plan", "target_wish", "target_antisocial", "menu_conditions"), "met"),
    **dict.fromkeys(("terms_notes", "terms_disclaimers", "terms_confidentiality", "guide_material_used"), True),
    "es_checked": True,
    "size_class": "sme",
    "sent_form": "entry_sheet",
    "password_channel": "phone",
    "own_format_deposited_on": "2026-09-01",
    "means": "email",
    "feedback_means": "email",
    "inquiry_to": ["concierge"],
}


class Consortium(Family):
    """One referral and everything it opens."""

    seldom: ClassVar = {
        **dict.fromkeys(("case_withdrawn", "give_up_no_provider", "complete_support"), 0.1),
        "withdraw": 0.15,
        "request_further_support": 3.0,
        **dict.fromkeys(("refuse", "revoke", "cancel", "refuse_disclosure", "deliver_card"), 0.2),
        **dict.fromkeys(("provider_declined_late", "decline_after_review"), 2.0),
        **dict.fromkeys(("close_no_reply", "reply_decline"), 0.3),
        **dict.fromkeys(("support_ended", "complete_service", "choose_jetro", "first_contact_company"), 0.3),
        **dict.fromkeys(("number_mismatch", "postpone_meeting", "service_not_feasible"), 0.4),
        **dict.fromkeys(("choose_other_institution", "reply_acceptable", "give_feedback"), 4.0),
        **dict.fromkeys(("assign_intake", "report_intake", "notify_company"), 6.0),
        **dict.fromkeys(("fix_meeting", "verify_number", "start_service"), 8.0),
    }

    length = 45
    beginnings = tuple(BEGINNINGS)
    beginning = beginnings[0]
    always_right = frozenset({"candidate"})

    def weight(self, event: str) -> float:
        """What has been done already is seldom done again, and nothing is tried long before its time."""
        if self.asked and event.startswith("approve_disclosure"):
            who = self.company if event.endswith("company") else self.referrer
            return 0.1 if (self.asked[-1], who) in self.approved else 4.0
        if event == "share_entry_sheet" and self.asked:
            return 8.0 if {(self.asked[-1], self.company), (self.asked[-1], self.referrer)} <= self.approved else 0.2
        return super().weight(event)

    def right_channel(self, event: str) -> str | None:
        """The entry sheet travels as a protected file."""
        return "password_excel" if event == "share_entry_sheet" and self.rng.random() < 0.8 else None

    def begin(self) -> None:
        """A referral that has come to the search for a provider."""
        self.company = self.institution("whom_feedback_is_about")
        self.referrer = self.institution("whom_feedback_is_about")
        self.candidates = [self.institution("own_part", "itself") for _ in range(3)]
        #: candidates that the concierge has asked, the last one last.
        self.asked: list[str] = []
        #: service case -> the institution that serves there.
        self.servers: dict[str, str] = {}
        #: feedback case -> the institution whose support it is about; JETRO for its own.
        self.authors: dict[str, str] = {}
        #: institutions whose feedback the company has asked to see.
        self.shown_to_company: set[str] = set()
        #: (candidate, who approved that it gets the entry sheet).
        self.approved: set[tuple[str, str]] = set()
        #: who plays the provider's part in the referral.
        self.appointed: str | None = None
        self.registration = ""
        self.referral = ""
        given = {
            name: self.note(self.facts.fresh_text(), "text", *self._given(name), self.referrer, name=name)
            for name in ("company_name", "referring_name", "company_reference")
        }
        parties = {"client_company": self.company, "referring_institution": self.referrer}
        self.referral = self.engine.start(
            REFERRAL, staff_of(self.referrer, "referring_institution"), given, parties=parties
        ).case_id
        self.cases[self.referral] = REFERRAL
        self.note(self.referral, "case", "entry_sheet", None, name="case id")
        for procedure, event, party, names in BEGINNINGS[self.beginning]:
            self._scripted(procedure, event, party, names.split())

    def _scripted(self, procedure: str, event: str, party: str, names: list[str]) -> None:
        """One act of the beginning, in the newest case of its procedure."""
        case_id = next(one for one, kind in reversed(self.cases.items()) if kind == procedure)
        act = self.act(case_id, event, self.player(case_id, party) or "", names, right=True)
        self.engine.send(case_id, event, staff_of(act.institution), act.values, channel=WAYS.get(event))
        self.learn(act)
        self.look()

    @property
    def institutions(self) -> list[str]:
        """Candidates first, asked or not."""
        return [*self.candidates, self.company, self.referrer, OFFICE]

    @property
    def guarded(self) -> list[str]:
        """The candidates that were asked, the next one, and the company."""
        others = [one for one in self.candidates if one not in self.asked]
        return [*self.asked, *others[:1], self.company]

    def members(self, case_id: str) -> set[str]:
        """Who plays a part in the case now."""
        found = {self.company, self.referrer, OFFICE}
        procedure = self.cases[case_id]
        if procedure == REFERRAL and self.appointed is not None:
            found.add(self.appointed)
        if procedure == SERVICE:
            found.add(self.servers[case_id])
        if procedure == FEEDBACK:
            found.add(self.authors[case_id])
        return found

    def may_read(self, institution: str, row: str, scope: str | None) -> bool:
        """Row and standings meet."""
        standings = self._standings(institution, scope)
        if row == "feedback" and scope in self.shown_to_company:
            row = "feedback_asked"
        return bool(MATRIX[row] & standings)

    def may_know(self, institution: str, fact: Fact) -> bool:
        """When the company met a provider stands in the history of the referral, for the provider that comes next too."""
        met = fact.name in ("meeting_at", "first_meeting_at") and fact.row != "never"
        return super().may_know(institution, fact) or (met and self.may_read(institution, "meeting", None))

    def _standings(self, institution: str, scope: str | None) -> set[str]:
        """What an institution is in this story, towards what belongs to `scope`."""
        found = {
            standing
            for standing, one in ((COMPANY, self.company), (REFERRER, self.referrer), (JETRO, OFFICE))
            if one == institution
        }
        if scope in (None, institution):
            served = [case_id for case_id, one in self.servers.items() if one == institution]
            if served:
                found.add(SOUNDED)
            if any(self._has_entry_sheet(case_id) for case_id in served):
                found.add(PROVIDER)
            if institution in self.authors.values():
                found.add(AUTHOR)
        return found

    def _has_entry_sheet(self, case_id: str) -> bool:
        """Both approved that this institution gets it, it got it, and it has not given it back."""
        server = self.servers[case_id]
        both = {(server, self.company), (server, self.referrer)} <= self.approved or (
            server == self.referrer and (server, self.company) in self.approved
        )
        return both and self.states[case_id] in ENTRY_SHEET_OPEN

    def field_row(self, case_id: str, name: str) -> tuple[str, str | None]:
        """By the table of fields."""
        return row_of(self.cases[case_id], name), self._scope(case_id)

    def value_row(self, case_id: str, name: str) -> tuple[str, str | None]:
        """A value may go further than its field: from the referral to the service, from there to the feedback."""
        procedure = self.cases[case_id]
        if procedure == REFERRAL:
            return self._given(name)
        if procedure == SERVICE and name in ("support_content", "progress"):
            return "feedback", self._scope(case_id)
        return self.field_row(case_id, name)

    def _given(self, name: str) -> tuple[str, str | None]:
        """Row and scope of a value that is given in the referral."""
        if name in ALSO_NAMED_IN_FEEDBACK:
            return "whom_feedback_is_about", None
        if name in TOLD_WHEN_SOUNDED:
            return "outline", None
        if name == "anonymous_outline":  # it names nobody, and may be used again for the next candidate
            return "outline", None
        if name in OF_ONE_CANDIDATE:
            return "own_part", self._next_candidate()
        return row_of(REFERRAL, name), None

    def _scope(self, case_id: str) -> str | None:
        return self.servers.get(case_id) or self.authors.get(case_id)

    def _next_candidate(self) -> str:
        """The one that is being asked, or will be next."""
        state = self.states.get(self.referral, "")
        if state == "provider_decision" or not self.asked:
            return next((one for one in self.candidates if one not in self.asked), self.candidates[-1])
        return self.asked[-1]

    def reason_row(self, case_id: str) -> str:
        """By the table of reasons."""
        return REASONS[self.cases[case_id]]

    def right_value(self, case_id: str, name: str) -> Any:
        """What lets things go on."""
        server = self.servers.get(case_id)
        named = server or (self.asked[-1] if self.asked else self.candidates[0])
        special = {
            "candidate": self._next_candidate(),
            "named_recipient": named,
            "supplementary_recipient": named,
            "number_on_card": self.registration or None,
        }
        return special.get(name, _RIGHT.get(name))

    def player(self, case_id: str, party: str) -> str | None:
        """Who plays a part."""
        if party in ("client_company", "referring_institution"):
            return self.company if party == "client_company" else self.referrer
        if party in ("providing_institution", "providing_contact"):
            return self._scope(case_id) or self.appointed
        return OFFICE

    def came_up(self, case: Case) -> None:
        """A service, a disclosure or a feedback was opened."""
        scope: str | None = None
        if case.procedure == SERVICE:
            self.servers[case.id] = scope = self.asked[-1]
        if case.procedure == FEEDBACK:
            self.authors[case.id] = scope = self.servers.get(case.parent or "", OFFICE)
        row = {SERVICE: "own_part", FEEDBACK: "whom_feedback_is_about", DISCLOSURE: "search"}[case.procedure]
        self.note(case.id, "case", row, scope, name="case id")

    def learn(self, act: Act) -> None:
        """What this act changes about who may know what."""
        if act.event == "register_company":
            self.registration = act.values["entry_registration_number"]
        if act.event == "choose_other_institution":
            self.asked.append(self.engine.case(self.referral).data["candidate"])
            for name in OF_ONE_CANDIDATE & act.values.keys():
                self.note(act.values[name], "text", "own_part", self.asked[-1], act.institution, name=name)
        if act.event.startswith("approve_disclosure") or "approves" in act.event:
            named = act.values.get("named_recipient")
            self.approved.add((named or self.asked[-1], act.institution))
        if act.event == "share_entry_sheet":
            self.appointed = self.asked[-1]
        if act.values.get("company_asked") is not None and act.procedure == FEEDBACK:
            change = self.shown_to_company.add if act.values["company_asked"] else self.shown_to_company.discard
            change(self.authors[act.case_id])
        self._dismiss()

    def _dismiss(self) -> None:
        """Whoever gave the company up, or was left by it, plays no part in the referral any more."""
        rows = self.engine.views.history(self.referral)
        for row in rows:
            if row["event"] == "share_entry_sheet":
                self.appointed = "?"
            if row["event"] in ("provider_declined_late", "request_further_support", "withdraw"):
                self.appointed = None
        if self.appointed == "?":
            self.appointed = self.asked[-1]

    def explains(self, institution: str, case_id: str, deadline: str) -> bool:
        """The dates of a feedback are counted from what only the institutions keep track of."""
        return self.cases[case_id] != FEEDBACK or institution != self.company
