"""`new`: begins an institution or a procedure with files that run as they are, and say what to change in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from toritsugi_adapters.cli import folder
from toritsugi_adapters.cli.account import Failure
from toritsugi_adapters.cli.desk import Desk
from toritsugi_adapters.cli.language import words
from toritsugi_adapters.cli.options import argument, command, option

if TYPE_CHECKING:
    from toritsugi.hooks import InstitutionManifest
    from toritsugi_adapters.cli.installed import Installed
    from toritsugi_adapters.cli.scaffold.asked import Asked
    from toritsugi_adapters.cli.scaffold.writing import Beginning


@command(
    "new",
    argument("kind", type=click.Choice(["institution", "procedure"])),
    argument("name"),
    option("--title", metavar="TEXT", ja="日本語の名称（既定：NAME のまま）", en="what people call it (default: NAME)"),
    option(
        "--institution",
        metavar="INSTITUTION",
        ja="procedure：手続を受け付ける機関の識別名",
        en="procedure: the institution that carries it",
    ),
    option(
        "--distribution",
        metavar="DIR",
        ja="pip で入れられる配布物として、このフォルダーに作る",
        en="make a distribution that pip installs, in this folder",
    ),
    usage="institution|procedure NAME [--folder DIR]",
    ja="""
機関は暦と宛先（manifest.yaml）、最初の手続とその約束まで、手続はその定義と約束を作ります。どれも初めから動き、書き換え方が中に
書いてあります。もうあるファイルには手を付けません。

どこに作るかは三通りです。--folder なら、YAMLだけのフォルダー（プログラムは要りません）。--distribution なら、ほかの人にも配れる
形。取次のリポジトリーの中でどちらも書かなければ、plugins、workflows、specs に加えます。

    toritsugi new institution midori_zaidan --title みどり財団 --folder 財団
    toritsugi new procedure midori_seminar --title 勉強会の申込み --folder 財団""",
    en="""
An institution begins with its calendar and addresses (manifest.yaml), a first procedure and its spec; a procedure with its
definition and its spec. All of it runs as it is and says what to change. Files that are there are left alone.

There are three places. --folder: a folder of YAML alone, no programming. --distribution: a project to hand to others.
Neither, in a checkout of Toritsugi: plugins, workflows and specs.

    toritsugi new institution midori_zaidan --folder offices
    toritsugi new procedure midori_seminar --folder offices""",
)
def new(desk: Desk, kind: str, name: str, title: str | None, institution: str | None, distribution: str | None) -> None:
    from toritsugi_adapters.cli.scaffold import places

    asked, mine = _asked(kind, name, title, institution, distribution), folder.chosen()
    if distribution is not None:
        begun = places.as_distribution(Path(distribution), asked)
    elif mine is not None:
        begun = places.in_folder(Path(mine.name), asked)
    else:
        begun = places.in_repository(Path(), asked)
    written = [str(file) for file in begun.write()]
    desk.show({"written": written, "then": [words(*one) for one in begun.then]}, _told(written, begun))


def _asked(kind: str, name: str, title: str | None, institution: str | None, distribution: str | None) -> Asked:
    """What is asked for, every name of it checked; nothing is written before."""
    from toritsugi_adapters.cli.scaffold import asked

    known = _known(distribution)
    name = asked.checked_name(name, {*known.manifests, *known.procedures})
    title = asked.checked_title(title) if title is not None else name
    if kind == "institution":
        if institution is not None:
            raise Failure("--institution は手続を作るときのものです。", "--institution is for a procedure.")
        carrier, *titles = name, title, asked.in_english(name)
    else:
        found = _carrier(known, institution, distribution)
        carrier, *titles = found.id, found.title["ja"], found.title["en"]
    return asked.Asked(
        kind=kind,
        name=name,
        title=title,
        institution=carrier,
        institution_title=titles[0],
        institution_title_en=titles[1],
    )


def _known(distribution: str | None) -> Installed:
    """What is there already; a folder that is still to be made holds nothing.

    Raises:
        Failure: nobody said where to begin.
    """
    from toritsugi_adapters.cli.installed import Installed, installed
    from toritsugi_adapters.cli.scaffold import places

    mine = folder.chosen()
    if distribution is None and mine is None and not places.is_repository(Path()):
        raise Failure(
            "どこに作るかを --folder（YAMLだけのフォルダー）か --distribution（配布物のフォルダー）で指定してください。",
            "Say where: --folder (a folder of YAML alone) or --distribution (a project of its own).",
        )
    return Installed() if mine is not None and not Path(mine.name).exists() else installed()


def _carrier(known: Installed, institution: str | None, distribution: str | None) -> InstitutionManifest:
    """The institution that a procedure is for: the one that was named, or the only one of the place.

    Raises:
        Failure: there is none, or several.
    """
    here = _institutions_of(distribution)
    everywhere = {**known.manifests, **here}
    if institution is None and len(here) == 1:
        return next(iter(here.values()))
    if institution in everywhere:
        return everywhere[institution]
    names = "、".join(f"{one.id}（{one.title['ja']}）" for one in everywhere.values())
    raise Failure(
        f"--institution で、手続を受け付ける機関を指定してください：{names}",
        f"Say with --institution which institution carries the procedure: {', '.join(everywhere)}.",
    )


def _institutions_of(distribution: str | None) -> dict[str, InstitutionManifest]:
    """The institutions that are described where the procedure will stand."""
    from toritsugi.hooks import folder_plugin
    from toritsugi_adapters.cli.scaffold import places

    mine = folder.chosen()
    home = places.package_in(Path(distribution)) if distribution is not None else Path(mine.name) if mine else None
    if home is None or not home.is_dir():
        return {}
    return {one.id: one for one in folder_plugin(home).toritsugi_institutions()}


def _told(written: list[str], begun: Beginning) -> Iterator[str]:
    yield words("次のファイルを作りました：", "Written:")
    yield from (f"  {file}" for file in written)
    yield words("次にすること：", "What to do next:")
    yield from (f"  {words(*one)}" for one in begun.then)
