"""`spec --mutate`: whether the specs would notice if a procedure said something else."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from toritsugi.hooks import ProcedureFile
from toritsugi.testing.mutation.bench import KILLED, REFUSED, SURVIVED, SpecsFail, Verdict
from toritsugi.testing.mutation.mutant import KINDS
from toritsugi.testing.mutation.run import Order, run_mutants
from toritsugi.testing.mutation.score import EXPLAINED, Score, rate, worst
from toritsugi.testing.specs.faults import NotReadable
from toritsugi_adapters.cli.account import Failure
from toritsugi_adapters.cli.desk import Desk
from toritsugi_adapters.cli.installed import installed
from toritsugi_adapters.cli.language import chosen, words
from toritsugi_adapters.cli.layout import paragraph, table

#: exit code when too little is noticed: the author's to mend, as in `errors.yaml`.
_AUTHOR = 6
_HEADS = {
    "ja": ("変更の種類", "変更", "気づいた", "気づかない", "説明済", "拒否", "割合"),
    "en": ("kind of change", "made", "noticed", "not", "explained", "refused", "rate"),
}


def mutate(
    desk: Desk,
    paths: Sequence[str],
    procedures: Sequence[str],
    *,
    sample: int | None,
    seed: int,
    jobs: int,
    at_least: float,
) -> int:
    """Run the mutants, tell what came of them; the exit code."""
    files = [name for name in procedures if Path(name).exists()]
    order = Order(
        paths=[Path(path) for path in paths],
        procedures=[ProcedureFile(file=Path(name).name, text=Path(name).read_bytes()) for name in files],
        plugins=installed().plugins,
        only=[name for name in procedures if name not in files],
        sample=sample,
        seed=seed,
        jobs=jobs,
    )
    try:
        scores = run_mutants(order, each=_progress if sys.stderr.isatty() else None)
    except SpecsFail as failed:
        name, ja, en = failed.args
        raise Failure(
            f"変更する前の手続で、シナリオ「{name}」が成立しません。{ja}",
            f'The scenario "{name}" does not hold before anything is changed. {en}',
            exit_code=_AUTHOR,
        ) from None
    except NotReadable as refused:
        raise Failure(refused.text("", "ja"), refused.text("", "en"), exit_code=_AUTHOR) from None
    desk.show([_shape(one) for one in scores], _lines(scores, at_least))
    return 0 if scores and worst(scores) >= at_least else _AUTHOR


def _progress(done: int, of: int) -> None:
    print(f"\r{done}/{of}", end="" if done < of else "\r\033[K", file=sys.stderr, flush=True)


def _lines(scores: Sequence[Score], at_least: float) -> Iterator[str]:
    for score in scores:
        yield f"{score.procedure} ({score.file})"
        yield ""
        rows = [_row(KINDS[kind].of(chosen()), count) for kind, count in score.rows()]
        yield from table([*rows, _row(words("合計", "all"), score.total())], heads=_HEADS[chosen()], indent=2, gap=1)
        yield ""
        for one in score.survivors():
            yield from _survivor(one, score)
        for one in score.noticed_after_all():
            told = words(
                f"説明にあるが、シナリオ「{one.by}」が気づく：{one.mutant.key}",
                f'explained, but noticed by "{one.by}": {one.mutant.key}',
            )
            yield from paragraph(told, indent=4, first="  ")
    lowest = worst(scores)
    yield from paragraph(
        words(
            f"最も低い手続で {lowest:.1f}%（{at_least:g}% 以上が必要）。",
            f"{lowest:.1f}% at the lowest ({at_least:g}% is needed).",
        )
    )


def _row(title: str, count: Counter[str]) -> tuple[str, ...]:
    numbers = (count.total(), count[KILLED], count[SURVIVED], count[EXPLAINED], count[REFUSED])
    able = count[KILLED] + count[SURVIVED]
    return (title, *map(str, numbers), f"{rate(count):.1f}%" if able else "-")


def _survivor(one: Verdict, score: Score) -> Iterator[str]:
    line = one.mutant.position.line if one.mutant.position is not None else 1
    yield from paragraph(f"{score.file}:{line}: {one.mutant.told.of(chosen())}", indent=4, first="  ✗ ")
    yield from paragraph(one.mutant.key, indent=6, first="      ")


def _shape(score: Score) -> dict[str, Any]:
    return {
        "procedure": score.procedure,
        "file": score.file,
        "rate": round(rate(score.total()), 1),
        "kinds": {kind: dict(count) for kind, count in score.rows()},
        "survivors": [
            {
                "key": one.mutant.key,
                "kind": one.mutant.kind,
                "line": one.mutant.position.line if one.mutant.position is not None else None,
                "ja": one.mutant.told.ja,
                "en": one.mutant.told.en,
            }
            for one in score.survivors()
        ],
    }
