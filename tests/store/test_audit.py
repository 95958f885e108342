"""Whatever is done to a sealed store behind the engine's back is found and named."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from toritsugi.core.allowance import reserve
from toritsugi.ports import Refusal
from toritsugi.runtime.vault import KeyVault
from toritsugi.store.audit import Damaged, Report, seal, seals, verify
from toritsugi.store.seals import Seal, seal_from
from toritsugi.store.store import SqlStore
from toritsugi.testing.decisions import DAY, NOON, date, moving, opening
from toritsugi.testing.store_acts import claim, load, moved, opened, write


def _refuse(store: SqlStore, code: str) -> None:
    refusal = Refusal(
        case_id="c1", event="accept", code=code, actor="a", institution="bank", role="bank", recorded_at=NOON
    )
    with store.unit() as unit:
        unit.refuse(refusal)
        unit.commit()


@pytest.fixture
def office(store: SqlStore) -> SqlStore:
    """A store with three cases in which everything has happened once."""
    case = opened(
        store,
        "c1",
        values={"名": "髙﨑商店", "n": 1},
        personal={"contact": "高橋"},
        subject="s",
        ledgers={"frame": 1000},
    )
    case = moved(
        store, case, "accept", "accepted", arm={"due": date(2026, 5, 8), "other": date(2026, 5, 9)}, give=("a",)
    )
    case = moved(
        store, case, send=({"subject": "x"},), personal={"contact": None, "reason": "理由"}, values={"n": None}
    )
    case = moved(
        store, case, book=(reserve(case.ledgers["frame"], ledger="frame", item="i", amount_yen=10, consent=False),)
    )
    case = moved(store, case, end={"due": "met"}, revoke=("a",))
    moved(store, case, end={"other": "missed"})
    opened(store, "c2", personal={"contact": "佐藤"})
    moved(store, load(store, "c2"), "end", "closed", ended=True)
    opened(store, "c3")
    _refuse(store, "ACTOR_NOT_ALLOWED")
    return store


@pytest.fixture
def tampering(office: SqlStore) -> Iterator[Callable[..., None]]:
    """Statements of somebody with full access to the database, who also switches its protections off."""

    def run(*statements: str) -> None:
        with office.engine.connect() as connection:
            if office.engine.dialect.name == "sqlite":
                connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")  # type: ignore[union-attr]  # sqlite3's
            else:
                connection.execute(sa.text("SET session_replication_role = replica"))
            for statement in statements:
                connection.exec_driver_sql(statement.replace("%", "%%"))
            connection.commit()
            if office.engine.dialect.name == "sqlite":
                connection.connection.driver_connection.execute("PRAGMA foreign_keys = ON")  # type: ignore[union-attr]  # sqlite3's
            else:
                connection.execute(sa.text("SET session_replication_role = origin"))
                connection.commit()

    yield run


def _kinds(report: Report) -> set[str]:
    return {finding.kind for finding in report.findings}


def test_a_store_that_nobody_touched_is_clean(office: SqlStore) -> None:
    report = verify(office)
    assert report.clean, report.text()
    assert (report.cases, report.rows, report.unsealed_rows, report.unsealed_refusals) == (3, 9, 9, 1)
    assert "only accidents" in report.text("en") and "偶発的" in report.text("ja")
    seal(office, NOON)
    report = verify(office)
    assert report.clean, report.text()
    assert (report.unsealed_rows, report.unsealed_refusals, report.seals) == (0, 0, (1,))
    assert "accidents" not in report.text("en")


def test_work_goes_on_after_a_seal_and_is_sealed_by_the_next(office: SqlStore) -> None:
    first = seal(office, NOON)
    moved(office, load(office, "c3"))
    opened(office, "c0")
    _refuse(office, "INVALID_TRANSITION")
    report = verify(office, [first])
    assert report.clean and (report.unsealed_rows, report.unsealed_refusals) == (2, 1)
    second = seal(office, NOON + DAY)
    assert (second.number, second.previous, second.cases, second.rows) == (2, first.digest, 4, 11)
    report = verify(office, [first, second])
    assert report.clean and report.seals == (1, 2)


DAMAGES = {
    "row_altered": (
        "UPDATE toritsugi_history SET record = replace(record, 'staff-9', 'staff-8') WHERE case_id = 'c1' AND seq = 3",
    ),
    "row_missing": ("DELETE FROM toritsugi_history WHERE case_id = 'c1' AND seq = 3",),
    "rows_removed": ("DELETE FROM toritsugi_history WHERE case_id = 'c1' AND seq = 6",),
    "column_differs": ("UPDATE toritsugi_history SET event = 'x' WHERE case_id = 'c1' AND seq = 3",),
    "case_differs state": ("UPDATE toritsugi_case SET state = 'x' WHERE id = 'c1'",),
    "case_differs data": ("UPDATE toritsugi_case SET body = replace(body, '髙', '高') WHERE id = 'c1'",),
    "case_differs parties": ("UPDATE toritsugi_case SET body = replace(body, 'tama_shinkin', 'x') WHERE id = 'c1'",),
    "case_differs head": ("UPDATE toritsugi_case SET revision = 5 WHERE id = 'c1'",),
    "stray_rows": ("DELETE FROM toritsugi_case WHERE id = 'c1'",),
    "personal_missing": ("DELETE FROM toritsugi_personal WHERE case_id = 'c2'",),
    "personal_differs": (
        "UPDATE toritsugi_personal SET sealed = (SELECT p.sealed FROM toritsugi_personal p WHERE p.case_id = 'c2')"
        " WHERE case_id = 'c1' AND seq = 1",
    ),
    "message_missing": ("DELETE FROM toritsugi_message",),
    "message_differs": ("UPDATE toritsugi_message SET institution = 'x'",),
    "deadline_differs": ("UPDATE toritsugi_deadline SET due_on = '2027-01-01' WHERE name = 'due'",),
    "deadline_differs lost": ("DELETE FROM toritsugi_deadline WHERE name = 'other'",),
    "posting_differs": ("UPDATE toritsugi_posting SET amount = 11",),
    "ledger_differs": ("UPDATE toritsugi_ledger SET reserved = 0",),
    "refusals_broken": ("UPDATE toritsugi_refusal SET code = 'x'",),
    "refusals_broken gone": ("DELETE FROM toritsugi_refusal",),
    "seal_forged": ("UPDATE toritsugi_seal SET content = replace(content, '\"cases\":3', '\"cases\":2')",),
    "case_removed": (
        *(f"DELETE FROM toritsugi_{table} WHERE case_id = 'c2'" for table in ("history", "personal")),
        "DELETE FROM toritsugi_case WHERE id = 'c2'",
    ),
    "seal_broken": (
        *(f"DELETE FROM toritsugi_{table} WHERE case_id = 'c2'" for table in ("history", "personal", "sealed_head")),
        "DELETE FROM toritsugi_case WHERE id = 'c2'",
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_found_and_named(office: SqlStore, tampering: Callable[..., None], damage: str) -> None:
    seal(office, NOON)
    tampering(*DAMAGES[damage])
    report = verify(office)
    assert damage.split(maxsplit=1)[0] in _kinds(report), report.text()
    assert report.text("ja") and report.text("en")


def _rewrite(office: SqlStore, tampering: Callable[..., None]) -> None:
    """A whole new history for c3, properly chained, by somebody who knows the code."""
    tampering("DELETE FROM toritsugi_history WHERE case_id = 'c3'", "DELETE FROM toritsugi_case WHERE id = 'c3'")
    write(office, opening("c3", values={"forged": True}))


def test_a_history_that_was_rewritten_whole_is_found_once_it_was_sealed(
    office: SqlStore, tampering: Callable[..., None]
) -> None:
    seal(office, NOON)
    _rewrite(office, tampering)
    assert {"sealed_rewritten", "seal_broken"} <= _kinds(verify(office))


def test_of_what_is_not_sealed_only_accidents_are_found(office: SqlStore, tampering: Callable[..., None]) -> None:
    _rewrite(office, tampering)
    assert verify(office).clean


def test_a_tail_that_was_cut_off_cleanly_is_found_once_it_was_sealed(
    office: SqlStore, tampering: Callable[..., None]
) -> None:
    seal(office, NOON)
    tampering(
        "DELETE FROM toritsugi_history WHERE case_id = 'c2' AND seq = 2",
        "UPDATE toritsugi_case SET state = 'opened', ended = (1 = 0), revision = 1, recorded_at = opened_at, occurred_at = opened_at,"
        " head = (SELECT hash FROM toritsugi_history WHERE case_id = 'c2') WHERE id = 'c2'",
    )
    assert {"sealed_rewritten", "seal_broken"} <= _kinds(verify(office))


def test_two_rows_that_changed_places_are_found(office: SqlStore, tampering: Callable[..., None]) -> None:
    tampering(
        "UPDATE toritsugi_history SET seq = 99 WHERE case_id = 'c1' AND seq = 3",
        "UPDATE toritsugi_history SET seq = 3 WHERE case_id = 'c1' AND seq = 4",
        "UPDATE toritsugi_history SET seq = 4 WHERE case_id = 'c1' AND seq = 99",
    )
    assert {"row_altered", "column_differs"} <= _kinds(verify(office))


def test_a_seal_kept_outside_finds_what_was_taken_out_of_the_store_with_its_seals(
    office: SqlStore, tampering: Callable[..., None]
) -> None:
    kept = seal_from(seal(office, NOON).text())
    _rewrite(office, tampering)
    tampering("DELETE FROM toritsugi_seal", "DELETE FROM toritsugi_sealed_head")
    assert verify(office).clean
    assert {"seal_missing", "seal_broken"} <= _kinds(verify(office, [kept]))


def test_a_seal_missing_between_others_is_found(office: SqlStore, tampering: Callable[..., None]) -> None:
    for day in range(3):
        seal(office, NOON + day * DAY)
    tampering("DELETE FROM toritsugi_seal WHERE number = 2")
    assert "seal_missing" in _kinds(verify(office))


def test_a_damaged_store_is_not_sealed_again(office: SqlStore, tampering: Callable[..., None]) -> None:
    seal(office, NOON)
    _rewrite(office, tampering)
    with pytest.raises(Damaged):
        seal(office, NOON + DAY)
    assert len(seals(office)) == 1


def test_a_seal_of_another_key_is_no_seal(office: SqlStore) -> None:
    made = seal(office, NOON)
    stranger = KeyVault(b"x" * 32)
    forged = Seal(
        **{
            **{name: getattr(made, name) for name in Seal.__slots__},
            "signature": stranger.sign(made.content.encode()).hex(),
        }
    )
    assert "seal_forged" in _kinds(verify(office, [forged]))
    assert verify(office, public_key=bytes.fromhex(made.public_key)).clean
    assert "seal_forged" in _kinds(verify(office, public_key=stranger.public_key()))


def test_an_erased_case_verifies_and_is_counted(office: SqlStore) -> None:
    with office.unit(write=True) as unit:
        unit.write(moving(load(office, "c1"), "erase"))
        unit.erase("c1", NOON)
        unit.commit()
    seal(office, NOON)
    report = verify(office)
    assert report.clean and report.erased == 1
    assert "1 erased" in report.text("en")


def test_a_message_under_way_is_no_damage(office: SqlStore) -> None:
    claim(office, NOON + DAY)
    assert verify(office).clean


def test_without_the_key_everything_but_the_sealed_values_is_verified(office: SqlStore, store_url: str) -> None:
    from toritsugi.store.store import open_store

    other = open_store(store_url, vault=KeyVault(b"x" * 32))
    report = verify(other)
    other.close()
    assert _kinds(report) == {"key_missing"}


@pytest.mark.parametrize("text", ["[]", "{}", '{"form":"toritsugi-seal-1"}', '{"form":"toritsugi-seal-2"}'])
def test_what_is_no_seal_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        seal_from(text)
