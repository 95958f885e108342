"""Children, parents and siblings: opened, read and signalled, on both databases."""

from collections.abc import Iterator

import pytest

from crash.office import FILES
from inquiries import COMPANY, DESK, HELPER, LINKED, asked, inquire, last, of, open_desk, passed_on, sound
from toritsugi.core.values import Actor
from toritsugi.engine import Engine
from toritsugi.errors import NotPossible
from toritsugi.hooks import ProcedureFile
from toritsugi.store.audit import verify
from toritsugi.testing.clock import FakeClock

OPERATOR = Actor(id="op", institution="office", role="provider", operator=True)


@pytest.fixture
def desk(store_url: str, clock: FakeClock) -> Iterator[Engine]:
    with open_desk(store_url, clock) as opened:
        yield opened


def test_a_child_knows_its_parent_and_has_what_the_link_carries(desk: Engine) -> None:
    inquiry = inquire(desk)
    child = desk.case(passed_on(desk, inquiry))
    assert (child.parent, child.opened_by_link) == (inquiry, "attempt")
    assert child.data == {"outline": "輸出の相談"}
    assert child.personal == {"contact": "山田"}, "personal values stay personal on the way"
    assert child.parties == {"desk": "test_bank", "provider": "adviser_office"}
    assert sound(desk)


def test_a_child_is_opened_anew_each_time_and_the_newest_is_the_one_behind_the_link(desk: Engine) -> None:
    inquiry = inquire(desk)
    first, second = passed_on(desk, inquiry), passed_on(desk, inquiry)
    assert first != second
    assert desk.views.linked(inquiry)["attempt"].id == second
    desk.send(inquiry, "recall_one", DESK)
    assert [desk.case(one).state for one in (first, second)] == ["waiting", "withdrawn"]
    with pytest.raises(NotPossible) as refused:
        desk.send(inquiry, "recall_one", DESK)
    assert refused.value.code == "LINK_MISSING", "the newest has ended: there is no open case behind the link"


def test_children_of_another_case_about_the_same_subject_are_not_behind_the_link(desk: Engine) -> None:
    one, other = inquire(desk), inquire(desk)
    passed_on(desk, one)
    with pytest.raises(NotPossible) as refused:
        desk.send(other, "recall_one", DESK)
    assert refused.value.code == "LINK_MISSING"


def test_an_ended_child_can_be_read_but_is_not_there_any_more(desk: Engine) -> None:
    inquiry = inquire(desk)
    attempt = passed_on(desk, inquiry)
    asked(desk, attempt)
    desk.send(inquiry, "look", DESK)
    assert desk.case(inquiry).data["seen"] == "輸出の相談"
    assert "gone" not in desk.case(inquiry).data
    desk.send(attempt, "answer", HELPER, {"reply": "できます"})
    desk.send(inquiry, "look", DESK)
    assert desk.case(inquiry).data["seen"] == "輸出の相談"
    assert desk.case(inquiry).data["gone"] is True


def test_a_link_that_a_signal_has_ended_is_gone_for_the_effects_that_follow(desk: Engine) -> None:
    inquiry = inquire(desk)
    passed_on(desk, inquiry)
    desk.send(inquiry, "recall_one", DESK)
    assert desk.case(inquiry).data["gone"] is True


def test_a_child_signals_its_parent(desk: Engine) -> None:
    inquiry = inquire(desk)
    attempt = passed_on(desk, inquiry)
    asked(desk, attempt)
    desk.send(attempt, "answer", HELPER, {"reply": "できます"})
    assert desk.case(inquiry).state == "answered"
    assert desk.case(inquiry).data["answers"] == ["できます"]
    row = last(desk, inquiry)
    assert (row["event"], row["authority"], row["institution"]) == ("answered", "signal", "adviser_office")
    assert row["cause"] == f"{attempt}/{desk.case(attempt).revision}"
    assert sound(desk)


def test_a_case_that_nobody_opened_has_no_parent(desk: Engine) -> None:
    attempt = desk.start("attempt", DESK, {"outline": "直接"}, parties={"provider": "adviser_office"}).case_id
    asked(desk, attempt)
    with pytest.raises(NotPossible) as refused:
        desk.send(attempt, "answer", HELPER, {"reply": "できます"})
    assert refused.value.code == "LINK_MISSING"
    assert desk.views.linked(attempt) == {}


def test_a_sibling_is_the_newest_case_of_its_procedure_that_the_parent_opened(desk: Engine) -> None:
    inquiry = inquire(desk)
    attempt = passed_on(desk, inquiry)
    desk.send(inquiry, "clear", DESK)
    (clearance,) = of(desk, "clearance")
    with pytest.raises(NotPossible) as refused:
        desk.send(attempt, "check", DESK)
    assert refused.value.code == "CONSENT_MISSING"
    desk.send(clearance, "give", DESK)
    desk.send(attempt, "check", DESK)
    assert desk.case(attempt).data["cleared"] is True, "read after it has ended"
    another = passed_on(desk, inquiry)
    for one in (attempt, another):
        with pytest.raises(NotPossible) as refused:
            desk.send(one, "check", DESK)
        assert refused.value.code == "DUPLICATE", "each is the other's sibling, and neither its own"
    desk.send(another, "withdraw", DESK)
    desk.send(attempt, "check", DESK)


def test_every_open_child_is_signalled_in_the_order_of_opening(desk: Engine) -> None:
    inquiry = inquire(desk)
    attempts = [passed_on(desk, inquiry) for _ in range(3)]
    for one in attempts:
        asked(desk, one)
    desk.send(attempts[1], "withdraw", DESK)
    desk.send(inquiry, "urge", DESK)
    assert [last(desk, one)["event"] for one in attempts] == ["urge", "withdraw", "urge"]
    assert "unreached" not in last(desk, inquiry)


def test_a_signal_to_every_child_is_refused_whole_when_one_of_them_refuses(desk: Engine) -> None:
    inquiry = inquire(desk)
    working, waiting = passed_on(desk, inquiry), passed_on(desk, inquiry)
    asked(desk, working)
    before = [desk.case(one).revision for one in (inquiry, working, waiting)]
    with pytest.raises(NotPossible) as refused:
        desk.send(inquiry, "urge_strictly", DESK)
    assert refused.value.code == "INVALID_TRANSITION"
    assert [desk.case(one).revision for one in (inquiry, working, waiting)] == before


def test_a_signal_that_reaches_nobody_is_recorded_where_the_procedure_says_so(desk: Engine) -> None:
    inquiry = inquire(desk)
    desk.send(inquiry, "recall_softly", DESK)
    assert last(desk, inquiry)["unreached"] == ["attempt.withdraw"]
    with pytest.raises(NotPossible) as refused:
        desk.send(inquiry, "urge_strictly", DESK)
    assert refused.value.code == "LINK_MISSING"
    working, waiting = passed_on(desk, inquiry), passed_on(desk, inquiry)
    asked(desk, working)
    desk.send(inquiry, "urge", DESK)
    assert last(desk, inquiry)["unreached"] == ["attempt.urge"], "one of them is not in a state that offers it"
    assert last(desk, working)["event"] == "urge"
    assert last(desk, waiting)["event"] == "open"
    assert sound(desk)


def test_withdrawing_closes_every_child_with_its_deadlines_and_messages(desk: Engine, clock: FakeClock) -> None:
    inquiry = inquire(desk)
    attempts = [passed_on(desk, inquiry) for _ in range(2)]
    for one in attempts:
        asked(desk, one)
    desk.send(inquiry, "withdraw", COMPANY)
    assert desk.case(inquiry).state == "withdrawn"
    for one in attempts:
        child = desk.case(one)
        assert (child.state, child.ended, child.deadlines) == ("withdrawn", True, {})
        assert [deadline.status for deadline in desk.views.deadlines(one)] == ["cancelled"]
        assert [message.status for message in desk.views.messages(one)] == ["recalled"]
        assert last(desk, one)["cause"] == f"{inquiry}/{desk.case(inquiry).revision}"
    clock.advance(seconds=30 * 86_400)
    assert desk.tick() == 0
    assert desk.deliver().handed_over == 0
    assert sound(desk)


def test_an_attempt_that_was_answered_before_stays_answered_when_the_rest_is_withdrawn(desk: Engine) -> None:
    inquiry = inquire(desk)
    answered, open_one = passed_on(desk, inquiry), passed_on(desk, inquiry)
    asked(desk, answered)
    desk.send(answered, "answer", HELPER, {"reply": "できます"})
    desk.send(inquiry, "withdraw", COMPANY)
    assert [desk.case(one).state for one in (answered, open_one)] == ["done", "withdrawn"]


def test_a_case_that_is_opened_here_opens_and_signals_further(desk: Engine) -> None:
    inquiry = inquire(desk)
    desk.send(inquiry, "record", DESK)
    (journal,), (archive,) = of(desk, "journal"), of(desk, "archive")
    assert desk.case(journal).data == {"company": "Acme", "line": "Acme", "filed": 1}
    assert (desk.case(archive).state, desk.case(archive).parent) == ("kept", journal)
    desk.send(inquiry, "record", DESK)
    assert (len(of(desk, "journal")), len(of(desk, "archive"))) == (1, 1), "by subject, what is open is found"
    assert sound(desk)


def test_a_condition_of_a_case_that_is_opened_here_reads_what_it_has_opened(desk: Engine) -> None:
    desk.send(inquire(desk, "last"), "record", DESK)
    (journal,) = of(desk, "journal")
    assert desk.case(journal).state == "full"
    assert last(desk, journal)["authority"] == "condition"
    desk.send(inquire(desk, "last"), "record", DESK)
    assert len(of(desk, "journal")) == 2, "the first has ended"


def test_a_vacant_part_is_nobodys_until_somebody_is_appointed(desk: Engine) -> None:
    inquiry = inquire(desk)
    attempt = passed_on(desk, inquiry)
    asked(desk, attempt)
    desk.send(attempt, "dismiss", DESK)
    assert desk.case(attempt).parties == {"desk": "test_bank"}
    for nobody in (HELPER, OPERATOR):
        with pytest.raises(NotPossible) as refused:
            desk.send(attempt, "answer", nobody, {"reply": "できます"})
        assert refused.value.code == "ACTOR_NOT_ALLOWED"
    with pytest.raises(NotPossible) as refused:
        desk.send(attempt, "assign", DESK)
    assert refused.value.code == "FORM_INCOMPLETE"
    assert sound(desk)


def test_whoever_is_appointed_plays_the_part_and_the_row_says_so(desk: Engine) -> None:
    inquiry = inquire(desk)
    attempt = desk.case(passed_on(desk, inquiry)).id
    asked(desk, attempt)
    desk.send(attempt, "dismiss", DESK)
    assert last(desk, attempt)["parties"] == {"provider": None}
    substitute = Actor(id="s1", institution="second_office", role="provider")
    desk.send(attempt, "assign", DESK, {"substitute": "second_office"})
    assert last(desk, attempt)["parties"] == {"provider": "second_office"}
    assert desk.case(attempt).parties == {"desk": "test_bank", "provider": "second_office"}
    assert desk.send(attempt, "answer", substitute, {"reply": "できます"}).state == "done"
    with pytest.raises(NotPossible) as refused:
        desk.send(passed_on(desk, inquire(desk)), "answer", substitute, {"reply": "できます"})
    assert refused.value.code == "ACTOR_NOT_ALLOWED", "in this case only"
    assert sound(desk)


@pytest.mark.parametrize("column", ["parent", "opened_by_link"])
def test_an_audit_finds_a_child_that_was_given_another_parent(desk: Engine, column: str) -> None:
    child = passed_on(desk, inquire(desk))
    with desk.store.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE toritsugi_case SET {column} = 'other' WHERE id = '{child}'")
    found = [(one.kind, one.case_id, one.detail) for one in verify(desk.store).findings]
    assert found == [("case_differs", child, column)]


def test_an_audit_finds_a_part_that_was_given_to_somebody_else(desk: Engine) -> None:
    child = passed_on(desk, inquire(desk))
    desk.send(child, "assign", DESK, {"substitute": "second_office"})
    with desk.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE toritsugi_case SET body = replace(body, 'second_office', 'third_office')")
    assert ("case_differs", "parties") in [(one.kind, one.detail) for one in verify(desk.store).findings]


def test_an_institution_is_shown_by_its_title_and_a_linked_field_by_its_own(desk: Engine) -> None:
    inquiry = inquire(desk)
    passed_on(desk, inquiry)
    desk.send(inquiry, "tell", DESK)
    letter, notice = [one.content or {} for one in desk.store.messages(inquiry, content=True)]
    assert letter["documents"][0]["lines"] == [["打診先", "相談所"], ["概要", "輸出の相談"]]
    assert notice["body"] == "相談所に打診しました。"


def test_a_deadline_may_open_the_first_case_of_a_procedure(desk: Engine, clock: FakeClock) -> None:
    inquiry = inquire(desk)
    passed_on(desk, inquiry)
    clock.advance(seconds=30 * 86_400)
    assert desk.tick() == 1
    (clearance,) = of(desk, "clearance")
    assert desk.case(clearance).parent == inquiry
    assert sound(desk)


def test_what_the_engine_knows_is_told_to_an_office_in_its_own_words(store_url: str, clock: FakeClock) -> None:
    told = "{channel}／{actor_institution}／{occurred_at}／{late}／{journal.state}／{patience.missed}"
    files = [
        ProcedureFile(file=one.file, text=one.text.replace("{candidate}に打診しました。".encode(), told.encode()))
        for one in LINKED
    ]
    with open_desk(store_url, clock, procedures=[*FILES, *files]) as desk:
        inquiry = inquire(desk)
        desk.send(inquiry, "record", DESK)
        desk.send(inquiry, "tell", DESK, channel="email")
        bodies = [one.content["body"] for one in desk.store.messages(inquiry, content=True) if one.content]
        assert bodies[-1] == "電子メール／試験銀行／2026年4月12日 22:20（日本時間）／いいえ／記載中／いいえ"
