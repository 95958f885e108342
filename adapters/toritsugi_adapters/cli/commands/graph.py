"""`graph`: a procedure as a diagram, and where a case stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from toritsugi_adapters.cli.account import Failure
from toritsugi_adapters.cli.desk import Desk
from toritsugi_adapters.cli.options import argument, command, option

if TYPE_CHECKING:
    from toritsugi.analysis.graph import Way
    from toritsugi.definition.model import Procedure


@command(
    "graph",
    argument("procedure", required=False),
    option(
        "--format",
        "form",
        type=click.Choice(["mermaid", "dot", "svg"]),
        default="mermaid",
        metavar="mermaid|dot|svg",
        ja="図の形式（既定：mermaid）。svg はブラウザーで開ける絵",
        en="kind of diagram (default: mermaid); svg opens in a browser",
    ),
    option(
        "--case",
        metavar="CASE",
        ja="この案件の現在の状態と経過を図に示す",
        en="mark where this case stands and how it came there",
    ),
    usage="PROCEDURE | FILE | --case CASE [--format FORMAT]",
    ja="""
状態を箱、操作を矢印で描きます。状態を変えない操作は描きません。点線は自動で起きる操作です。--case では、現在の状態と
通ってきた道を強調します。

    toritsugi graph tokyo_jetro_support --format svg > flow.svg""",
    en="""
Draws states as boxes and events as arrows; events that leave the state as it is are left out, dotted ones happen by
themselves. With --case the present state and the way taken are marked.

    toritsugi graph tokyo_jetro_support --format svg > flow.svg""",
)
def graph(desk: Desk, procedure: str | None, form: str, case: str | None) -> None:
    from toritsugi.analysis.graph import dot, mermaid
    from toritsugi_adapters.cli import wording

    found, way = _of_case(desk, case) if case is not None else (_named(procedure), None)
    if form == "mermaid":
        text = mermaid(found, wording.locale(), way)
    else:
        text = dot(found, wording.locale(), way)
    if form == "svg":
        from toritsugi_adapters.cli.drawn import svg_of

        text = svg_of(text)
    desk.show({"procedure": found.id, "case": case, "format": form, "text": text}, [text.rstrip("\n")])


def _of_case(desk: Desk, case: str) -> tuple[Procedure, Way]:
    from toritsugi.analysis.graph import way_of

    with desk.engine() as engine:
        found, procedure, viewer = desk.looked_at(engine, case)
        return procedure, way_of(engine.views.history(found.id, viewer), found.state)


def _named(procedure: str | None) -> Procedure:
    """A procedure by its id, or the one that a file describes."""
    if procedure is None:
        raise Failure(
            "手続の名前、ファイル、--case のいずれかを指定してください。", "Name a procedure, a file or a --case."
        )
    from toritsugi_adapters.cli.installed import installed

    return installed().procedure(procedure)
