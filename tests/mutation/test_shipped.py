"""The shipped specs notice what goes wrong in the shipped procedures: a fixed sample; `make mutants` runs them all."""

from pathlib import Path

import pytest

from toritsugi.testing.mutation.run import Order, run_mutants
from toritsugi.testing.mutation.score import rate

SPECS = Path(__file__).parents[2] / "specs" / "tokyo"


@pytest.mark.parametrize(
    ("procedure", "features", "size"),
    [
        ("tokyo_jetro_support", ["jetro_support"], 25),
        ("support_cost_frame", ["support_cost_frame"], 20),
    ],
)
def test_at_least_95_of_100_mutants_fail_a_spec(procedure: str, features: list[str], size: int) -> None:
    paths = [SPECS / f"{name}.feature" for name in features]
    (score,) = run_mutants(Order(paths=paths, only=[procedure], sample=size, seed=4))
    assert [one.mutant.key for one in score.survivors()] == []
    assert rate(score.total()) >= 95
