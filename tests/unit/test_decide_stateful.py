"""Whatever is sent in whatever order: invariants that no sequence of events may break."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from toritsugi.core.values import SYSTEM, Actor
from toritsugi.errors import NotPossible
from world import ADVISER, BANK, COMPANY, HOUR, PLANS, World

ACTORS = [COMPANY, BANK, ADVISER, SYSTEM, Actor(id="x", institution="elsewhere")]
EVENTS = [*PLANS.current("loan_request").events, *PLANS.current("shared_pot").events, "nonsense"]
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "amount": st.one_of(st.integers(-5, 1_500), st.just("viel")),
        "purpose": st.sampled_from(["export", "base", "fun"]),
        "arrived_at": st.integers(1_775_000_000_000_000, 1_776_000_000_000_000),
        "item": st.sampled_from(["a", "b"]),
        "agrees": st.booleans(),
        "note": st.text(max_size=5),
        "promised_on": st.sampled_from(["2026-05-01", "2026-13-01"]),
    },
)


class AnyOrder(RuleBasedStateMachine):
    """Opens cases, sends anything, lets deadlines pass."""

    cases = Bundle("cases")

    def __init__(self) -> None:
        super().__init__()
        self.world = World()

    @rule(target=cases, company=st.sampled_from(["Acme", "Bravo"]))
    def open(self, company: str) -> str:
        return self.world.open("loan_request", COMPANY, {"company": company}, adviser="adviser_office")

    @rule(
        case=cases,
        name=st.sampled_from(EVENTS),
        actor=st.sampled_from(ACTORS),
        values=VALUES,
        reason=st.sampled_from([None, "理由"]),
        override=st.booleans(),
        pot=st.booleans(),
    )
    def send(
        self,
        case: str,
        name: str,
        actor: Actor,
        values: dict[str, object],
        reason: str | None,
        override: bool,
        pot: bool,
    ) -> None:
        target = self._pot(case) if pot else case
        self.world.now += HOUR
        before = self.world.snapshot()
        try:
            self.world.send(target, name, actor, values, reason=reason, override=override)
        except NotPossible as refusal:
            assert self.world.snapshot() == before, "a refused event changes nothing"
            assert name not in refusal.possible or refusal.code != "INVALID_TRANSITION"

    @rule(case=cases)
    def pass_deadlines(self, case: str) -> None:
        for name, running in list(self.world.cases[case].deadlines.items()):
            if not running.missed and name in self.world.cases[case].deadlines:
                self.world.pass_deadline(case, name)

    def _pot(self, case: str) -> str:
        subject = self.world.cases[case].subject
        pots = [one.id for one in self.world.cases.values() if one.procedure == "shared_pot" and one.subject == subject]
        return pots[-1] if pots else case

    @invariant()
    def rows_are_numbered_without_gaps(self) -> None:
        for case in self.world.cases.values():
            numbers = [step.seq for step in self.world.steps if step.case_id == case.id]
            assert numbers == list(range(1, case.revision + 1))

    @invariant()
    def rows_lead_from_state_to_state(self) -> None:
        for case in self.world.cases.values():
            state = None
            for step in (step for step in self.world.steps if step.case_id == case.id):
                assert step.from_state == state
                state = step.to_state
            assert state == case.state

    @invariant()
    def an_ended_case_has_no_deadline(self) -> None:
        assert not any(case.ended and case.deadlines for case in self.world.cases.values())

    @invariant()
    def no_ledger_is_overdrawn_and_postings_add_up(self) -> None:
        for case in self.world.cases.values():
            for name, ledger in case.ledgers.items():
                assert 0 <= ledger.available_yen <= ledger.ceiling_yen
                postings = [one for step in self.world.steps if step.case_id == case.id for one in step.postings]
                assert sum(one.reserved_yen for one in postings if one.ledger == name) == ledger.reserved_yen
                assert sum(one.consumed_yen for one in postings if one.ledger == name) == ledger.consumed_yen

    @invariant()
    def one_pot_a_company(self) -> None:
        open_pots = [
            case.subject for case in self.world.cases.values() if case.procedure == "shared_pot" and not case.ended
        ]
        assert len(open_pots) == len(set(open_pots))

    @invariant()
    def every_disclosure_was_approved_when_it_was_decided(self) -> None:
        for case in self.world.cases.values():
            approved = False
            rows = [step for step in self.world.steps if step.case_id == case.id]
            for step in rows:
                approved = {"given": True, "withdrawn": False}.get(step.approvals.get("sharing", ""), approved)
                shared = [m for m in self.world.messages if m.case_id == case.id and m.seq == step.seq and m.approval]
                assert approved or not shared

    @invariant()
    def personal_values_stay_out_of_public_data(self) -> None:
        assert not any("contact_name" in step.values or "reason" in step.values for step in self.world.steps)


AnyOrder.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestAnyOrder = AnyOrder.TestCase
