"""What the lint promises of people's slips: told on the right line, with at most one finding that only follows.

A sample of the mutants by default; all of them (fifteen thousand, ten minutes) with TORITSUGI_MUTANTS=all.
"""

import os
from collections import Counter

from measure import all_mutants, missed, verdict
from mutants import KINDS

#: Every how manyeth mutant the sample takes.
_STEP = 1 if os.environ.get("TORITSUGI_MUTANTS") == "all" else 61


def test_the_shipped_definitions_yield_mutants_of_every_kind() -> None:
    kinds = Counter(mutant.kind for mutant in all_mutants())
    assert set(kinds) == set(KINDS)
    assert len(kinds) >= 15
    assert kinds.total() >= 500


def test_nineteen_slips_of_twenty_are_told_on_the_right_line() -> None:
    verdicts = [verdict(mutant) for mutant in list(all_mutants())[::_STEP]]
    lost = missed(verdicts)
    assert len(lost) <= 0.05 * len(verdicts), "\n".join(str(one) for one in lost)


def test_no_slip_goes_unnoticed() -> None:
    assert [str(one) for one in map(verdict, list(all_mutants())[3::_STEP]) if not one.told] == []
