"""`audit verify` and `audit seal`: whether the record is what it was, and a signed statement of what it is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from toritsugi_adapters.cli.account import OUTSIDE, Failure
from toritsugi_adapters.cli.desk import Desk
from toritsugi_adapters.cli.language import words
from toritsugi_adapters.cli.layout import paragraph
from toritsugi_adapters.cli.options import argument, command, option

if TYPE_CHECKING:
    from toritsugi.store.audit import Report
    from toritsugi.store.seals import Seal


@command(
    "audit",
    argument("action", type=click.Choice(["verify", "seal"])),
    option(
        "--out",
        metavar="FILE",
        ja="seal：封印の控えを書き出すファイル",
        en="seal: a file for the copy to keep elsewhere",
    ),
    option(
        "--seal",
        "seals",
        metavar="FILE",
        multiple=True,
        ja="verify：外に保管した封印の控えとも照合する",
        en="verify: compare with this kept copy too",
    ),
    usage="verify|seal",
    ja="""
verify は、記録の改変・削除・並べ替えがないか調べます。異状があれば終了コード 7 で終わります。
seal は、今の記録すべてに署名した封印を作ります。控えはデータベースの外に保管してください。""",
    en="""
verify looks for anything altered, removed or put in another order; exit code 7 if there is.
seal signs a statement over all that is recorded now; keep the copy outside the database.""",
)
def audit(desk: Desk, action: str, out: str | None, seals: tuple[str, ...]) -> int:
    if action == "seal":
        return _seal(desk, out)
    return _verify(desk, [_kept(Path(name)) for name in seals])


def _seal(desk: Desk, out: str | None) -> int:
    with desk.engine(writing=True) as engine:
        from toritsugi.store.audit import seal

        made = seal(engine.store, desk.present())
    if out is not None:
        Path(out).write_text(made.text() + "\n", encoding="utf-8")
    desk.show(json.loads(made.text()), _seal_text(made, out))
    return 0


def _seal_text(made: Seal, out: str | None) -> Iterator[str]:
    yield words(
        f"封印 {made.number}：案件 {made.cases} 件、履歴 {made.rows} 行、拒否の記録 {made.refusals} 件",
        f"Seal {made.number}: {made.cases} cases, {made.rows} history rows, {made.refusals} refusals",
    )
    if out is not None:
        yield from paragraph(
            words(f"控え：{out}（データベースの外に保管してください）", f"Copy: {out} (keep it elsewhere)")
        )
        return
    yield words("控え（データベースの外に保管してください）：", "The copy to keep elsewhere:")
    yield made.text()


def _kept(file: Path) -> Seal:
    from toritsugi.store.seals import seal_from

    try:
        return seal_from(file.read_text(encoding="utf-8"))
    except ValueError:
        raise Failure(f"「{file}」は封印の控えではありません。", f'"{file}" is no copy of a seal.') from None


def _verify(desk: Desk, kept: Sequence[Seal]) -> int:
    with desk.engine() as engine:
        from toritsugi.store.audit import verify

        report = verify(engine.store, kept)
    lines = [line for text in report.text(words("ja", "en")).split("\n") for line in paragraph(text)]
    desk.show(report_shape(report), lines)
    return 0 if report.clean else OUTSIDE


def report_shape(report: Report) -> dict[str, Any]:
    """What a verification found, as JSON."""
    return {
        "clean": report.clean,
        "cases": report.cases,
        "rows": report.rows,
        "erased": report.erased,
        "seals": list(report.seals),
        "unsealed_rows": report.unsealed_rows,
        "unsealed_refusals": report.unsealed_refusals,
        "finding_count": report.finding_count,
        "findings": [{"ja": one.text("ja"), "en": one.text("en")} for one in report.findings],
    }
