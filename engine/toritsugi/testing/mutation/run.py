"""Runs the mutants of the procedures that some specs are about, in this process or in several."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

from toritsugi.hooks import INSTALLED, ProcedureFile
from toritsugi.testing.mutation.bench import Bench, Verdict
from toritsugi.testing.mutation.mutant import Mutant
from toritsugi.testing.mutation.score import Score, sampled
from toritsugi.testing.mutation.survivors import accepted

#: is told of each mutant: how many are done, of how many.
Told = Callable[[int, int], None]
#: mutants that a process judges before it asks for more.
_BATCH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be run."""

    #: feature files, and folders of them.
    paths: Sequence[Path]
    #: procedures besides the installed ones.
    procedures: Sequence[ProcedureFile] = ()
    #: what supplies institutions and procedures; with several processes, something that can be sent to them.
    plugins: Sequence[object] = (INSTALLED,)
    #: ids of the procedures to change; empty: those the specs are about.
    only: Sequence[str] = ()
    #: how many mutants of each procedure; None: all.
    sample: int | None = None
    seed: int = 1
    #: processes.
    jobs: int = 1


def run_mutants(order: Order, each: Told | None = None) -> list[Score]:
    """Run specs against mutants; one score for each procedure.

    Raises:
        NotReadable: a feature file has faults.
        SpecsFail: a scenario does not hold before anything is changed.
        UnknownProcedure: there is none of such an id.
    """
    bench = Bench(order.paths, order.procedures, order.plugins)
    reasons = accepted(order.paths)
    scores, chosen = [], []
    for procedure in order.only or bench.subjects():
        score = Score(procedure=procedure, file=bench.file_of(procedure), reasons=reasons.get(procedure, {}))
        scores.append(score)
        chosen += [(score, one) for one in sampled(bench.mutants(procedure), order.sample, order.seed)]
    for done, (score, verdict) in enumerate(_verdicts(bench, order, chosen), 1):
        score.add(verdict)
        if each is not None:
            each(done, len(chosen))
    return scores


def _verdicts(bench: Bench, order: Order, chosen: Sequence[tuple[Score, Mutant]]) -> Iterator[tuple[Score, Verdict]]:
    if order.jobs == 1:
        for score, mutant in chosen:
            yield from ((score, verdict) for verdict in bench.judged(score.procedure, [mutant]))
        return
    of = {score.procedure: score for score, _ in chosen}
    parts = [
        (procedure, [one.key for score, one in chosen if score.procedure == procedure][start : start + _BATCH])
        for procedure in of
        for start in range(0, sum(score.procedure == procedure for score, _ in chosen), _BATCH)
    ]
    alone = replace(order, jobs=1)
    with ProcessPoolExecutor(order.jobs, get_context("spawn"), _begin, (alone,)) as pool:
        waiting = {pool.submit(_part, procedure, keys): procedure for procedure, keys in parts}
        for ended in as_completed(waiting):
            yield from ((of[waiting[ended]], verdict) for verdict in ended.result())


#: the bench of a process of its own, and the mutants of each procedure by key.
_OWN: dict[str, Bench] = {}


def _begin(order: Order) -> None:
    _OWN["bench"] = Bench(order.paths, order.procedures, order.plugins)


def _part(procedure: str, keys: Sequence[str]) -> list[Verdict]:
    bench, wanted = _OWN["bench"], frozenset(keys)
    return list(bench.judged(procedure, [one for one in bench.mutants(procedure) if one.key in wanted]))
