"""The search is awake: each planted fault of disclosure is found, from one seed, within one budget of steps."""

from pathlib import Path

import pytest

from disclosure.plants import PLANTS, Plant
from disclosure.play import Play, files

SEED = 4
#: steps after which a fault counts as not found.
BUDGET = 600


def steps_to_find(plant: Plant, folder: Path, *, seed: int = SEED, budget: int = BUDGET) -> Play:
    """Play with the fault in place until it shows."""
    with plant.planted(files()) as procedures:
        play = Play(folder=folder, seed=seed, procedures=procedures, typing=12 if plant.typed else 0)
        try:
            play.histories_until(budget)
        finally:
            play.close()
    return play


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.name)
def test_a_planted_fault_is_found(plant: Plant, tmp_path: Path) -> None:
    play = steps_to_find(plant, tmp_path)
    assert play.leaks, f"not found in {play.steps} steps: {plant.fault}"


def test_a_plant_is_gone_after_its_search() -> None:
    before = {plant.name: _places(plant) for plant in PLANTS}
    for plant in PLANTS:
        with plant.planted(files()):
            pass
    assert {plant.name: _places(plant) for plant in PLANTS} == before


def _places(plant: Plant) -> list[int]:
    return [id(where.__dict__[name]) for where, name, _ in (plant.code() if plant.code else [])]
