"""The long search for leaks, and the table of planted faults: `make disclosure` (STEPS, SEED, FAULTS=1)."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from disclosure.plants import PLANTS
from disclosure.play import Play, files


def search(seed: int, steps: int) -> int:
    """Play without a fault; how many leaks there are."""
    with tempfile.TemporaryDirectory() as folder:
        play = Play(folder=Path(folder), seed=seed, typing=3)
        started = time.process_time()
        play.histories_until(steps, most_leaks=50)
        play.close()
    spent = time.process_time() - started
    print(f"seed {seed}: {play.steps} steps, {play.histories} histories, {play.answers} answers, {spent:.0f} s of CPU")
    for leak in play.leaks:
        print(f"  LEAK {leak}")
    print(
        f"  carried out: {sum(play.done.values())} acts of {len(play.done)} events; refused: {sum(play.refused.values())}"
    )
    return len(play.leaks)


def faults(seed: int, steps: int) -> int:
    """Find each planted fault, as a table; how many were not found."""
    missed: list[str] = []
    started = time.process_time()
    print("| fault | planted as | found after | by |\n|---|---|---|---|")
    for plant in PLANTS:
        with tempfile.TemporaryDirectory() as folder, plant.planted(files()) as procedures:
            play = Play(folder=Path(folder), seed=seed, procedures=procedures, typing=12 if plant.typed else 0)
            play.histories_until(steps)
            play.close()
        missed += [] if play.leaks else [plant.name]
        found = (
            f"{play.leaks[0].step} steps | {play.leaks[0].output}: {play.leaks[0].what}"
            if play.leaks
            else "— | not found"
        )
        print(f"| {plant.fault} | `{plant.name}` | {found} |", flush=True)
    spent = time.process_time() - started
    told = f", not {', '.join(missed)}" if missed else ""
    print(f"seed {seed}: {len(PLANTS) - len(missed)} of {len(PLANTS)} found{told}; {spent:.0f} s of CPU", flush=True)
    return len(missed)


def main() -> int:
    """Run one of the two."""
    parser = argparse.ArgumentParser(prog="disclosure", description=__doc__)
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--runs", type=int, help="seeds in a row; 3, or 1 with --faults")
    parser.add_argument("--faults", action="store_true", help="find the planted faults instead")
    asked = parser.parse_args()
    act, runs = (faults, asked.runs or 1) if asked.faults else (search, asked.runs or 3)
    return min(1, sum(act(asked.seed + number, asked.steps) for number in range(runs)))


if __name__ == "__main__":
    sys.exit(main())
