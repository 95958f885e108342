"""`suggest`: which support fits a step, a need and a day, whom an issue is passed on to, and what is closed and why."""

from __future__ import annotations

import re
from datetime import date

from toritsugi_adapters.cli.account import Failure
from toritsugi_adapters.cli.desk import Desk
from toritsugi_adapters.cli.options import command, option

#: Exit code when a menu cannot be proposed, as in `errors.yaml`.
_REFUSED = 3
_STEP = re.compile(r"(?:STEP|ステップ|段階)? ?([0-9]{1,2})", re.IGNORECASE)


@command(
    "suggest",
    option("--step", metavar="NUMBER", ja="段階（資料の番号。例：2）", en="step, as the documents number it"),
    option("--need", metavar="TEXT", default="", ja="用途（例：商品開発）", en="what is looked for, e.g. 商品開発"),
    option("--on", "day", metavar="DATE", ja="申し込む日（既定：今日）", en="the day of applying (default: today)"),
    option("--institution", metavar="INSTITUTION", default="", ja="この機関のものだけ", en="of this institution only"),
    option("--prefecture", metavar="TEXT", default="", ja="この都道府県で使えるもの", en="usable in this prefecture"),
    option("--catalogue", metavar="TEXT", ja="この一覧だけを調べる", en="look into this catalogue only"),
    option("--menus", metavar="TEXT", ja="提案文の番号を確かめる", en="check the numbers in a proposal"),
    usage="[--step NUMBER] [--need TEXT] [--on DATE] ...",
    ja="""
支援策の一覧から当てはまるものを、理由とともに示します。受付の終わったものは使えるものとして示しません。--menus では、
提案に書いた番号（m07 など）がその日に使えるかを確かめ、使えないものがあれば終了コードは 3 です。

    toritsugi suggest --step 2 --need 商品開発 --on 2016-12-01
    toritsugi suggest --menus "m07 m16" --on 2016-12-01""",
    en="""
Shows what fits out of the catalogues of support, and why. What is closed is never shown as open. With --menus it looks
up the numbers in a proposal (m07 and so on); the exit code is 3 if one of them cannot be used on that day.

    toritsugi suggest --step 2 --need 商品開発 --on 2016-12-01
    toritsugi suggest --menus "m07 m16" --on 2016-12-01""",
)
def suggest(
    desk: Desk,
    step: str | None,
    need: str,
    day: str | None,
    institution: str,
    prefecture: str,
    catalogue: str | None,
    menus: str | None,
) -> int:
    from toritsugi_adapters.cli.installed import installed

    on = _day(desk, day)
    if menus is not None:
        return _check(desk, menus, on)
    from toritsugi.core.question import Question
    from toritsugi.core.suggest import suggest as suggested
    from toritsugi_adapters.cli.suggested import answer_shape, answer_text

    question = Question(
        on=on, step=_step(step), need=need, institution=institution, prefecture=prefecture, catalogue=catalogue
    )
    answer = suggested(question, installed().catalogues)
    desk.show(answer_shape(answer), answer_text(answer))
    return 0


def _check(desk: Desk, text: str, on: date) -> int:
    from toritsugi.core.proposal import read_proposal
    from toritsugi_adapters.cli.installed import installed
    from toritsugi_adapters.cli.suggested import proposal_shape, proposal_text

    found = read_proposal(text, installed().catalogues, on)
    desk.show(proposal_shape(found), proposal_text(found))
    return 0 if found.sound else _REFUSED


def _step(text: str | None) -> int | None:
    from toritsugi.definition.literals import fold

    if text is None:
        return None
    match = _STEP.fullmatch(fold(text).strip())
    if match is None:
        raise Failure(
            f"「{text[:20]}」は段階の番号ではありません。例：2", f'"{text[:20]}" is no number of a step; write 2.'
        )
    return int(match[1])


def _day(desk: Desk, text: str | None) -> date:
    from toritsugi.core.moments import jst_date
    from toritsugi.definition.literals import fold, read_date

    if text is None:
        return jst_date(desk.present())
    try:
        return date.fromisoformat(read_date(fold(text)))
    except (ValueError, OverflowError):
        raise Failure(
            f"「{text[:40]}」は日付として読めません。例：2016-12-01", f'"{text[:40]}" is not a date; write 2016-12-01.'
        ) from None
