"""Decisions that rest on a case not being there, on PostgreSQL, where units run side by side."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import replace

import pytest
import sqlalchemy as sa

from toritsugi.core.lookups import Absence
from toritsugi.core.values import Decision
from toritsugi.errors import Conflict
from toritsugi.runtime.vault import KeyVault
from toritsugi.store.store import SqlStore, open_store
from toritsugi.testing.decisions import CONTENT_HASH, KEPT, NOON, PROCEDURE, opening

_WAITING = sa.text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")


@pytest.fixture
def beside(postgresql_url: str, vault: KeyVault) -> Iterator[SqlStore]:
    opened = open_store(postgresql_url, vault=vault)
    with opened.unit() as unit:
        unit.keep_procedure(CONTENT_HASH, KEPT, NOON)
        unit.commit()
    yield opened
    opened.close()


def _opens(case_id: str, about: str, *, none_about: str) -> Decision:
    """Opens a case about a subject, having seen that none was open about another one (or the same)."""
    open_then = 1 if about == none_about else 0
    absent = Absence(procedure=PROCEDURE, subject=none_about, open_then=open_then)
    return replace(opening(case_id, subject=about), absent=(absent,))


def _commit(store: SqlStore, decision: Decision) -> None:
    with store.unit() as unit:
        unit.write(decision)
        unit.commit()


def _until_it_waits(store: SqlStore, other: Future[None]) -> None:
    """Until the other unit waits for a lock; or until it is through, which it should not be."""
    with store.engine.connect() as connection:
        while not connection.scalar(_WAITING):
            try:
                other.result(0.01)
            except NotYet:
                continue
            return


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (_opens("c1", "s", none_about="s"), _opens("c2", "s", none_about="s")),
        (_opens("c1", "s", none_about="t"), _opens("c2", "t", none_about="s")),
    ],
    ids=["both open the same", "each opens what the other missed"],
)
def test_of_two_that_rest_on_what_the_other_makes_untrue_one_is_made_again(
    beside: SqlStore, mine: Decision, theirs: Decision
) -> None:
    with ThreadPoolExecutor(1) as thread, beside.unit() as unit:
        unit.write(mine)
        other = thread.submit(_commit, beside, theirs)
        _until_it_waits(beside, other)
        unit.commit()
        with pytest.raises(Conflict):
            other.result(30)
    assert [case.id for case in beside.cases()] == ["c1"]


def test_what_was_opened_since_the_look_is_a_conflict(beside: SqlStore) -> None:
    _commit(beside, opening("c1", subject="s"))
    with pytest.raises(Conflict):
        _commit(beside, _opens("c2", "t", none_about="s"))
    _commit(beside, _opens("c2", "t", none_about="u"))


def test_whoever_only_opens_a_case_waits_for_nobody(beside: SqlStore) -> None:
    with beside.unit() as unit:
        unit.write(_opens("c1", "s", none_about="s"))
        _commit(beside, opening("c2", subject="other"))
        _commit(beside, opening("c3", subject="s"))
        unit.commit()
    assert [case.id for case in beside.cases()] == ["c1", "c2", "c3"]


def test_a_second_try_waits_before_it_reads(beside: SqlStore) -> None:
    with ThreadPoolExecutor(1) as thread, beside.unit() as unit:
        unit.lock((), [(PROCEDURE, "s")])
        other = thread.submit(_locked_look, beside)
        _until_it_waits(beside, other)
        unit.write(opening("c1", subject="s"))
        unit.commit()
        other.result(30)


def _locked_look(store: SqlStore) -> None:
    with store.unit() as unit:
        unit.lock((), [(PROCEDURE, "s")])
        assert list(unit.open_cases(PROCEDURE, "s")) == ["c1"]
