"""The errand family: small procedures that hold one of every kind of thing that can be kept from somebody."""

from typing import Any, ClassVar

from disclosure.facts import DAY_US
from disclosure.family import Act, Family, staff_of
from toritsugi.core.values import Case

OFFICE = "test_office"


class Errand(Family):
    """An errand and its dossier; the consent, the openness and the release are flags that the generator keeps itself."""

    telling_codes: ClassVar = {
        "guess": {"RECIPIENT_MISMATCH": "identity"},
        "finish": {"NOT_ELIGIBLE": "money"},
    }
    seldom: ClassVar = {
        **dict.fromkeys(("drop", "close", "finish"), 0.1),
        **dict.fromkeys(("replace_candidate", "hint_at", "find", "release", "reply"), 0.6),
        **dict.fromkeys(("allow", "forbid", "decide_openness"), 1.5),
        **dict.fromkeys(("reveal", "consult", "quote"), 3.0),
        "ask": 5.0,
    }

    def begin(self) -> None:
        """A company that has asked; the office asks its candidate next."""
        self.company = self.institution("company")
        self.first = self.institution("first_candidate")
        self.adviser = self.institution("adviser")
        self.candidate = self.first
        self.consent = self.openness = self.released = False
        names = ("company_name", "wish", "candidate_email", "company_email", "adviser_email")
        given = {
            name: self.note(self.facts.fresh_text(), "text", *self._row(name), self.company, name=name)
            for name in names
        }
        given["arrived_at"] = self.note(
            1_700_000_000_000_000 + self.number * 20 * DAY_US,
            "moment",
            "identity",
            None,
            self.company,
            name="arrived_at",
        )
        parties = {"candidate": self.first, "adviser": self.adviser}
        self.errand = self.engine.start("errand", staff_of(self.company, "company"), given, parties=parties).case_id
        self.cases[self.errand] = "errand"
        self.note(self.errand, "case", "errand", None, name="case id")
        self.look()

    @property
    def institutions(self) -> list[str]:
        """Candidates first."""
        return [*dict.fromkeys((self.first, self.candidate)), self.adviser, self.company, OFFICE]

    @property
    def guarded(self) -> list[str]:
        """All but the office."""
        return self.institutions[:-1]

    def members(self, case_id: str) -> set[str]:
        """Who plays a part in the case now."""
        if self.cases[case_id] == "dossier":
            return {self.company, OFFICE, self.first_of_dossier}
        return {self.company, OFFICE, self.candidate, self.adviser}

    def may_read(self, institution: str, row: str, scope: str | None) -> bool:
        """The rules of the two files once more, as flags."""
        everybody = {self.company, OFFICE, self.candidate, self.adviser}
        identity = {self.company, OFFICE}
        identity |= {self.candidate} if self.consent else set()
        identity |= {self.adviser} if self.openness else set()
        inside = {OFFICE, self._of_dossier()} if self.released else {OFFICE}
        rows: dict[str, set[str]] = {
            "request": everybody,
            "wish": {*everybody, self._of_dossier()},
            "identity": identity,
            "company": identity | inside,
            "money": {self.company, OFFICE},
            "adviser": {OFFICE, self.adviser},
            "first_candidate": {*everybody, self._of_dossier()},
            "candidate": everybody,
            "cover": {self.company, OFFICE, self._of_dossier()},
            "inside": inside,
            "errand": everybody | inside,
            "dossier": {*everybody, self._of_dossier()},
            "never": set(),
        }
        return institution in rows[row]

    def _of_dossier(self) -> str:
        return getattr(self, "first_of_dossier", "")

    def _row(self, name: str) -> tuple[str, str | None]:
        rows = {
            "identity": "company_name company_email arrived_at hint",
            "money": "cost next_candidate",
            "wish": "wish",
            "inside": "finding",
            "cover": "about released",
        }
        return next((row for row, names in rows.items() if name in names.split()), "request"), None

    def field_row(self, case_id: str, name: str) -> tuple[str, str | None]:
        """By the small table above."""
        return self._row(name)

    def value_row(self, case_id: str, name: str) -> tuple[str, str | None]:
        """The next candidate's id is an institution that takes part; what is written to it is read by all."""
        if name == "next_candidate":
            return "candidate", None
        return self._row(name)

    def reason_row(self, case_id: str) -> str:
        """Reasons lie with the money, and in the dossier with the finding."""
        return "inside" if self.cases[case_id] == "dossier" else "money"

    def right_value(self, case_id: str, name: str) -> Any:
        """Any value will do."""
        return None

    def player(self, case_id: str, party: str) -> str | None:
        """Who plays a part."""
        if party == "candidate":
            return self.first_of_dossier if self.cases[case_id] == "dossier" else self.candidate
        return {"company": self.company, "office": OFFICE, "adviser": self.adviser}[party]

    def came_up(self, case: Case) -> None:
        """The dossier keeps the candidate with whom it was opened."""
        self.first_of_dossier = self.candidate
        self.note(case.id, "case", "dossier", None, name="case id")

    def learn(self, act: Act) -> None:
        """Consent, openness, release, and who is the candidate."""
        match act.event:
            case "allow" | "forbid":
                self.consent = act.event == "allow"
            case "decide_openness":
                self.openness = act.values.get("open_to_adviser", self.openness)
            case "release":
                self.released = act.values.get("released", self.released)
            case "replace_candidate":
                self.consent, self.candidate = False, act.values.get("next_candidate", self.candidate)

    def explains(self, institution: str, case_id: str, deadline: str) -> bool:
        """Counted from the arrival, which identifies the company."""
        return self.may_read(institution, "identity", None)
