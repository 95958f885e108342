"""Messages: recalled while they can be, tried again later and later, set aside, or left to a person."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pytest

from crash.office import BANK, COMPANY, SECOND, draft, open_office, submit
from toritsugi.core.values import Actor
from toritsugi.engine import Engine
from toritsugi.errors import ChannelDelayed, ChannelRefused, ChannelUncertain, ToritsugiError
from toritsugi.ports import MessageRecord, Parcel, Proof
from toritsugi.runtime.outbox import Delivery
from toritsugi.testing.clock import FakeClock
from world import START

OPERATOR = Actor(id="op1", institution="test_bank", operator=True)


@dataclass(slots=True)
class Outside:
    """A channel to a far side whose moods are given, one a hand-over; then it takes everything."""

    name: str
    repeatable: bool
    moods: list[Callable[[Parcel], None]] = field(default_factory=list)
    got: list[Parcel] = field(default_factory=list)

    def send(self, parcel: Parcel) -> Proof:
        if self.moods:
            self.moods.pop(0)(parcel)
        self.got.append(parcel)
        return Proof(channel=self.name, reference=f"receipt {len(self.got)}")


def _fails(fault: Exception) -> Callable[[Parcel], None]:
    def mood(_: Parcel) -> None:
        raise fault

    return mood


@pytest.fixture
def email() -> Outside:
    return Outside("email", repeatable=True)


@pytest.fixture
def fax() -> Outside:
    return Outside("fax", repeatable=False)


@pytest.fixture
def engine(store_url: str, clock: FakeClock, email: Outside, fax: Outside) -> Iterator[Engine]:
    with open_office(store_url, clock, [email, fax]) as opened:
        yield opened


def _messages(engine: Engine, case_id: str) -> Sequence[MessageRecord]:
    found: Sequence[MessageRecord] = engine.store.messages(case_id)
    return found


def _statuses(engine: Engine, case_id: str) -> list[str]:
    return [one.status for one in _messages(engine, case_id)]


def _shared(engine: Engine) -> str:
    """A case with one message to the bank, handed over, and one to the adviser, waiting for its claim."""
    case_id = draft(engine)
    engine.send(case_id, "consent", COMPANY)
    submit(engine, case_id, START)
    assert engine.deliver() == Delivery(handed_over=1)
    engine.send(case_id, "share", BANK)
    return case_id


def test_what_leaves_is_what_was_decided(engine: Engine, email: Outside) -> None:
    case_id = draft(engine)
    submit(engine, case_id, START)
    engine.send(case_id, "take_back", BANK, reason="a slip")
    engine.send(case_id, "submit", COMPANY, {"amount": 1, "purpose": "base", "arrived_at": START})
    assert engine.deliver() == Delivery(handed_over=2)
    shown = [dict(parcel.content["documents"][0]["lines"])["金額"] for parcel in email.got]
    assert shown == ["900,000円", "1円"]
    assert [parcel.content["address"] for parcel in email.got] == ["desk@bank.example.jp"] * 2


def test_a_handed_over_message_keeps_its_proof_and_does_not_leave_again(engine: Engine, email: Outside) -> None:
    case_id = draft(engine)
    submit(engine, case_id, START)
    assert engine.deliver() == Delivery(handed_over=1)
    assert engine.deliver() == Delivery()
    (message,) = _messages(engine, case_id)
    assert (message.status, message.attempts) == ("handed_over", 1)
    assert message.proof == Proof(channel="email", reference="receipt 1")
    assert [parcel.key for parcel in email.got] == [message.key]


def test_a_withdrawn_case_recalls_what_has_not_left(engine: Engine, email: Outside) -> None:
    case_id = _shared(engine)
    engine.send(case_id, "withdraw", COMPANY)
    assert engine.deliver() == Delivery()
    assert _statuses(engine, case_id) == ["handed_over", "recalled"]
    assert len(email.got) == 1


def test_a_revoked_consent_recalls_what_rests_on_it_and_nothing_else(engine: Engine, email: Outside) -> None:
    case_id = draft(engine)
    engine.send(case_id, "consent", COMPANY)
    submit(engine, case_id, START)
    engine.send(case_id, "share", BANK)
    engine.send(case_id, "revoke", COMPANY)
    assert engine.deliver() == Delivery(handed_over=1)
    assert _statuses(engine, case_id) == ["handed_over", "recalled"]
    assert [parcel.institution for parcel in email.got] == ["test_bank"]


def test_a_consent_given_anew_does_not_bring_back_what_was_recalled(engine: Engine) -> None:
    case_id = _shared(engine)
    engine.send(case_id, "revoke", COMPANY)
    engine.send(case_id, "consent", COMPANY)
    assert engine.deliver() == Delivery()
    assert _statuses(engine, case_id) == ["handed_over", "recalled"]


def test_once_claimed_it_leaves_and_history_shows_which_came_first(engine: Engine, email: Outside) -> None:
    """The consent is revoked while the hand-over runs: too late for this message, and its outcome is recorded."""
    case_id = _shared(engine)
    email.moods.append(lambda _: engine.send(case_id, "revoke", COMPANY) and None)
    assert engine.deliver() == Delivery(handed_over=1)
    assert _statuses(engine, case_id) == ["handed_over", "handed_over"]


def test_a_message_that_failed_is_recalled_when_the_consent_goes(engine: Engine, email: Outside) -> None:
    case_id = _shared(engine)
    email.moods.append(_fails(ChannelDelayed(60)))
    assert engine.deliver() == Delivery(failed=1)
    engine.send(case_id, "revoke", COMPANY)
    assert _statuses(engine, case_id) == ["handed_over", "recalled"]


def test_a_message_that_failed_while_the_consent_went_does_not_leave(
    engine: Engine, email: Outside, clock: FakeClock
) -> None:
    case_id = _shared(engine)

    def revoked_meanwhile(_: Parcel) -> None:
        engine.send(case_id, "revoke", COMPANY)
        raise ChannelDelayed(60)

    email.moods.append(revoked_meanwhile)
    engine.deliver()
    clock.advance(seconds=3600)
    assert engine.deliver() == Delivery()
    assert _statuses(engine, case_id) == ["handed_over", "recalled"]
    assert len(email.got) == 1


def test_a_delayed_message_leaves_at_its_moment_and_no_earlier(
    engine: Engine, email: Outside, clock: FakeClock
) -> None:
    case_id = draft(engine)
    submit(engine, case_id, START)
    email.moods.append(_fails(ChannelDelayed(90)))
    assert engine.deliver() == Delivery(failed=1)
    assert engine.store.next_due() == START + 90 * SECOND
    clock.advance(seconds=89)
    assert engine.deliver() == Delivery()
    clock.advance(seconds=1)
    assert engine.deliver() == Delivery(handed_over=1)
    assert _messages(engine, case_id)[0].attempts == 2


def test_a_message_that_always_fails_is_set_aside(engine: Engine, email: Outside, clock: FakeClock) -> None:
    case_id = draft(engine)
    submit(engine, case_id, START)
    email.moods += [_fails(ChannelDelayed(60))] * 20
    attempts = 0
    while _statuses(engine, case_id) != ["set_aside"]:
        engine.deliver()
        attempts += 1
        clock.advance(seconds=3600)
        assert attempts <= 10
    assert attempts == 10
    assert engine.deliver() == Delivery()


def test_a_message_that_is_refused_for_good_is_set_aside_at_once(engine: Engine, email: Outside) -> None:
    case_id = draft(engine)
    submit(engine, case_id, START)
    email.moods.append(_fails(ChannelRefused()))
    assert engine.deliver() == Delivery(set_aside=1)
    assert _statuses(engine, case_id) == ["set_aside"]


def test_a_message_without_a_channel_is_set_aside(store_url: str, clock: FakeClock) -> None:
    with open_office(store_url, clock) as engine:
        case_id = draft(engine)
        submit(engine, case_id, START)
        assert engine.deliver() == Delivery(set_aside=1)


@pytest.mark.parametrize("fault", [ChannelUncertain(), RuntimeError("the line broke")], ids=["said so", "broke"])
def test_an_outcome_nobody_knows_waits_for_a_person(
    engine: Engine, fax: Outside, clock: FakeClock, fault: Exception
) -> None:
    case_id = draft(engine)
    submit(engine, case_id, START, channel="fax")
    fax.moods.append(_fails(fault))
    assert engine.deliver() == Delivery(unknown=1)
    clock.advance(seconds=86_400)
    assert engine.deliver() == Delivery()
    (message,) = _messages(engine, case_id)
    assert message.status == "unknown"
    engine.resolve(message.key, "handed_over", OPERATOR)
    assert _statuses(engine, case_id) == ["handed_over"]
    assert list(engine.views.history(case_id))[-1]["event"] == "message_handed_over"


def test_a_person_may_have_a_message_sent_again(engine: Engine, fax: Outside) -> None:
    case_id = draft(engine)
    submit(engine, case_id, START, channel="fax")
    fax.moods.append(_fails(ChannelUncertain()))
    engine.deliver()
    (message,) = _messages(engine, case_id)
    engine.resolve(message.key, "waiting", OPERATOR)
    assert engine.deliver() == Delivery(handed_over=1)
    with pytest.raises(ToritsugiError):
        engine.resolve(message.key, "waiting", OPERATOR)
    assert [parcel.key for parcel in fax.got] == [message.key]


def test_a_fault_of_a_channel_that_may_repeat_is_tried_again_and_holds_nothing_up(
    engine: Engine, email: Outside, clock: FakeClock
) -> None:
    first, second = draft(engine, "One"), draft(engine, "Two")
    submit(engine, first, START)
    submit(engine, second, START)
    email.moods.append(_fails(RuntimeError("a bug in the channel")))
    assert engine.deliver() == Delivery(handed_over=1, failed=1)
    clock.advance(seconds=60)
    assert engine.deliver() == Delivery(handed_over=1)
    assert _statuses(engine, first) + _statuses(engine, second) == ["handed_over", "handed_over"]


def test_a_claim_that_expired_is_taken_over_and_its_first_owner_records_nothing(
    store_url: str, clock: FakeClock, email: Outside
) -> None:
    with open_office(store_url, clock, [email]) as slow, open_office(store_url, clock, [email]) as quick:
        case_id = draft(slow)
        submit(slow, case_id, START)

        def overtaken(_: Parcel) -> None:
            clock.advance(seconds=121)
            assert quick.deliver() == Delivery(handed_over=1)
            raise ChannelRefused

        email.moods.append(overtaken)
        slow.deliver()
        (message,) = slow.store.messages(case_id)
        assert (message.status, message.attempts) == ("handed_over", 2)


def test_a_message_nobody_tried_before_its_claim_ran_out_leaves_after_all(
    store_url: str, clock: FakeClock, fax: Outside
) -> None:
    with open_office(store_url, clock, [fax]) as engine:
        cases = [draft(engine, "One"), draft(engine, "Two")]
        for case_id in cases:
            submit(engine, case_id, START, channel="fax")
        fax.moods.append(lambda _: clock.advance(seconds=121) and None)  # so long that the second is not begun
        assert engine.deliver() == Delivery(handed_over=1)
        assert engine.deliver() == Delivery(handed_over=1)
        assert [one.status for case_id in cases for one in engine.store.messages(case_id)] == ["handed_over"] * 2
        assert [one.attempts for case_id in cases for one in engine.store.messages(case_id)] == [1, 1]


def test_a_message_that_was_being_tried_when_its_worker_died_waits_for_a_person(
    store_url: str, clock: FakeClock, fax: Outside
) -> None:
    def dies(_: Parcel) -> None:
        raise KeyboardInterrupt

    with open_office(store_url, clock, [fax]) as engine:
        case_id = draft(engine)
        submit(engine, case_id, START, channel="fax")
        fax.moods.append(dies)
        with pytest.raises(KeyboardInterrupt):
            engine.deliver()
        clock.advance(seconds=121)
        assert engine.deliver() == Delivery()
        assert _statuses(engine, case_id) == ["unknown"]
