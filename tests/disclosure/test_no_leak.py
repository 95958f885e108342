"""Random histories over linked cases: nobody is told anything that the visibility matrix keeps from them, by no output."""

from collections.abc import Iterator

import pytest

from disclosure.beginnings import DISCLOSURE, FEEDBACK, REFERRAL, SERVICE
from disclosure.matrix import FIELDS, MATRIX
from disclosure.play import Play

SEED = 4
STEPS = 500


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    play = Play(folder=tmp_path_factory.mktemp("disclosure"), seed=SEED, typing=1)
    play.histories_until(STEPS, most_leaks=20)
    yield play
    play.close()


def test_no_history_tells_anybody_what_is_kept_from_them(played: Play) -> None:
    assert [str(one) for one in played.leaks] == []


def test_the_histories_reach_where_something_could_leak(played: Play) -> None:
    """A search that never gets to a disclosure, a withdrawal or a second candidate finds nothing and proves nothing."""
    wanted = {
        *("share_entry_sheet", "choose_other_institution", "give_feedback", "refuse_disclosure"),
        *("provider_declined_late", "withdraw", "pass_supplementary_information", "request_further_support"),
        *("allow", "forbid", "reveal", "replace_candidate", "note_cost", "find", "release"),
    }
    assert wanted - played.done.keys() == set()
    assert sum(played.refused.values()) > STEPS // 10
    assert any(len(getattr(family, "asked", ())) > 1 for family in played.families)
    assert played.answers > 3 * STEPS


@pytest.mark.parametrize("procedure", [REFERRAL, SERVICE, FEEDBACK, DISCLOSURE])
def test_the_table_of_fields_knows_every_field_once(played: Play, procedure: str) -> None:
    typed = [name for names in FIELDS[procedure].values() for name in names.split()]
    assert sorted(typed) == sorted(played.engine.procedure(procedure).data)
    assert FIELDS[procedure].keys() <= MATRIX.keys()
