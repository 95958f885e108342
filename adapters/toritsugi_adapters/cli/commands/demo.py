"""`demo`: one company's application from the bank's desk to its close, on a virtual clock."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

from toritsugi_adapters.cli.account import Failure
from toritsugi_adapters.cli.desk import Desk
from toritsugi_adapters.cli.options import command, option


@command(
    "demo",
    option(
        "--dir",
        "folder",
        metavar="DIR",
        ja="データベースと送付物をここに残す（既定：一時フォルダー）",
        en="keep store and messages here (default: a temporary folder)",
    ),
    usage="[--dir DIR]",
    ja="""
様式1の記入例を読み、年末年始をまたいで完了まで進め、期限の数え方、送付物の行方、支援枠の残り、
記録の検証を表示します。外へは何も送りません。""",
    en="""
Reads a filled Form 1 and carries it across year-end to its close: how each date was counted, where
each message went, what is left of the frame, and whether the record verifies. Nothing leaves the machine.""",
)
def demo(desk: Desk, folder: str | None) -> None:
    if folder is not None:
        _play(desk, _fresh(Path(folder)), kept=True)
        return
    with tempfile.TemporaryDirectory(prefix="toritsugi-demo-") as passing:
        _play(desk, Path(passing), kept=False)


def _fresh(folder: Path) -> Path:
    if (folder / "toritsugi.db").exists():
        raise Failure(
            f"「{folder}」には既にデータベースがあります。別のフォルダーを指定してください。",
            f'"{folder}" holds a store already; name another folder.',
        )
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _play(desk: Desk, folder: Path, *, kept: bool) -> None:
    from toritsugi_adapters.cli.demo.play import Stage
    from toritsugi_adapters.cli.forms import example

    stage = Stage(folder)
    with stage.engine:
        form = example(stage.procedure)
        if desk.as_json:
            from toritsugi_adapters.cli.demo.shape import demo_shape

            scenes = list(stage.play(form.values))
            desk.show(demo_shape(stage, scenes, stage.audited(), kept=kept), ())
            return
        from toritsugi_adapters.cli.demo.tell import Timeline, closing_words, coloured, opening_words

        _say(opening_words(stage, form.name))
        timeline = Timeline(colour=coloured())
        for scene in stage.play(form.values):
            _say(timeline.lines(scene))
        _say(closing_words(stage, stage.audited(), kept=kept))


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)
