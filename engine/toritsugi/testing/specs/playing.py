"""Carries out the steps of a scenario, and of the scenarios it builds on; with pytest around it, or alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_bdd.feature import features, get_feature
from pytest_bdd.parser import Feature, Scenario, Step

from toritsugi.testing.specs import featurefile
from toritsugi.testing.specs.faults import InAnotherScenario, SpecFault
from toritsugi.testing.specs.vocabulary import carry_out, understand
from toritsugi.testing.specs.world import World

ENCODING = "utf-8-sig"
_NESTED = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One scenario, or one row of an outline's examples, ready to be carried out."""

    file: str
    #: its name, with the row in brackets.
    name: str
    line: int
    feature: Feature
    scenario: Scenario


def read_feature(path: Path) -> Feature:
    """A feature file as pytest-bdd reads it, and not as it remembers it: it keeps files for as long as the process lives."""
    features.pop(str(path), None)
    return get_feature(str(path.parent), path.name, encoding=ENCODING)


def scenarios_of(paths: Iterable[Path]) -> Iterator[Played]:
    """Every scenario of the feature files among and below `paths`.

    Raises:
        NotReadable: one of them has faults.
    """
    for path in paths:
        for file in sorted(path.rglob("*.feature")) if path.is_dir() else [path]:
            featurefile.checked(file)
            yield from _scenarios(file)


def _scenarios(file: Path) -> Iterator[Played]:
    feature = read_feature(file)
    for template in feature.scenarios.values():
        rows = [row for examples in template.examples for row in examples.as_contexts()] if template.templated else [{}]
        for row in rows:
            made = template.render(row)
            name = made.name + (f"（{'、'.join(row.values())}）" if row else "")
            yield Played(file=str(file), name=name, line=made.line_number, feature=feature, scenario=made)


def play(world: World, one: Played) -> None:
    """Carry a scenario out, every step of it.

    Raises:
        SpecFault: a step does not hold.
    """
    for position, step in enumerate(one.scenario.steps):
        play_step(world, one.feature, one.scenario, position, rows_of(step) or None)


def play_step(
    world: World, feature: Feature, scenario: Scenario, position: int, table: Sequence[Sequence[str]] | None
) -> None:
    """Carry one step of a scenario out."""
    world.replay = lambda name: _replay(world, feature, name, ())
    if position != world.position:
        world.steps = None  # a step of the host's own was carried out in between
    world.position = position + 1
    _carry_out(world, scenario.steps, position, table)


def _carry_out(world: World, steps: Sequence[Step], position: int, table: Sequence[Sequence[str]] | None) -> None:
    following = steps[position + 1].name if position + 1 < len(steps) else None
    carry_out(world, steps[position].name, table, following)
    if world.steps is not None:
        rows = tuple(tuple(row) for row in table) if table is not None else None
        world.steps = (*world.steps, (steps[position].name, rows, following))


def _replay(world: World, feature: Feature, name: str, above: tuple[str, ...]) -> None:
    """Carry out what happens in another scenario; its background and what it expects are left aside."""
    template = feature.scenarios.get(name)
    if template is None or template.templated:
        raise SpecFault(f"このファイルにシナリオ「{name}」がありません。", f'This file has no scenario "{name}".')
    if name in above or len(above) >= _NESTED:
        raise SpecFault(f"シナリオ「{name}」が自分自身を繰り返しています。", f'The scenario "{name}" repeats itself.')
    before, other = world.steps, (feature.filename, name)
    if world.begins_with(other):
        return
    steps = template.steps[len(template.all_background_steps) :]
    for position, one in enumerate(steps):
        known = understand(one.name)
        if known is not None and known.phrase.purpose == "expect":
            continue
        world.replay = lambda other: _replay(world, feature, other, (*above, name))
        try:
            _carry_out(world, steps, position, rows_of(one) or None)
        except InAnotherScenario:
            raise
        except SpecFault as fault:
            raise InAnotherScenario(
                f"{one.line_number}行目「{one.name}」：{fault.ja}", f'Line {one.line_number} "{one.name}": {fault.en}'
            ) from None
    world.keep(before, other)


def rows_of(step: Step) -> Sequence[Sequence[str]]:
    """The table under a step; empty: it has none."""
    return [[str(cell) for cell in row] for row in step.datatable.raw()] if step.datatable is not None else ()
