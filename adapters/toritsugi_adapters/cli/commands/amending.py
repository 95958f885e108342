"""`rebase` and `calendar`: what an operator changes about running cases, shown first and done only with `--yes`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from toritsugi_adapters.cli.account import Failure
from toritsugi_adapters.cli.desk import Desk
from toritsugi_adapters.cli.language import words
from toritsugi_adapters.cli.layout import paragraph, table
from toritsugi_adapters.cli.options import argument, case_argument, command, option

if TYPE_CHECKING:
    from toritsugi.core.rebase import Rebase
    from toritsugi.core.recount import MovedDeadline
    from toritsugi.definition.model import Procedure
    from toritsugi.engine import Engine

_REASON: dict[str, Any] = {
    "metavar": "TEXT",
    "ja": "理由（--yes のときは必要。個人情報として扱われる）",
    "en": "why; needed with --yes, kept as personal data",
}
_YES: dict[str, Any] = {
    "is_flag": True,
    "ja": "実際に行う（付けなければ示すだけ）",
    "en": "do it; without it nothing is changed",
}


@command(
    "rebase",
    case_argument(),
    option(
        "--to",
        metavar="VERSION",
        required=True,
        ja="移す先の版、その内容ハッシュの先頭、またはファイル",
        en="a version, the start of its hash, or a file",
    ),
    option(
        "--map",
        "pairs",
        metavar="OLD=NEW",
        multiple=True,
        ja="状態・項目の対応。「OLD=」は項目を落とす。何度でも書ける",
        en="a state or field and its new id; OLD= drops a field; repeatable",
    ),
    option("--reason", **_REASON),
    option("--yes", **_YES),
    usage="CASE --to VERSION [--map OLD=NEW] [--yes]",
    ja="案件を同じ手続の別の版に移します。まず何が移り、失われ、止まるかを示します。--yes を付けると実行し、経過に残します。",
    en="Moves a case to another version of its procedure. Shows what goes along, is lost and stops; --yes does it.",
)
def rebase(desk: Desk, case: str, to: str, pairs: tuple[str, ...], reason: str | None, yes: bool) -> None:
    from toritsugi_adapters.cli.installed import installed, is_file

    mapping = dict(_pair(pair) for pair in pairs)
    if is_file(to):
        to = installed().procedure(to).content_hash
    why = _reason(reason, yes)
    with desk.engine(writing=yes) as engine:
        before = engine.procedure_of(engine.case(case))
        role = desk.role or before.owner
        owner = before.parties.get(role)
        actor = desk.actor(role, (owner.institution if owner else None) or role)
        told = engine.rebase(case, to=to, mapping=mapping, actor=actor, reason=why, dry_run=not yes)
        desk.show(_rebase_shape(told), list(_rebase_text(told, before, engine)))


def _pair(text: str) -> tuple[str, str]:
    old, equals, new = text.partition("=")
    if not old or not equals:
        raise Failure(f"--map は OLD=NEW の形で書いてください（{text}）。", f"--map takes OLD=NEW, not {text}.")
    return old.strip(), new.strip()


def _reason(reason: str | None, yes: bool) -> str:
    if yes and not (reason or "").strip():
        raise Failure("実行するには --reason で理由を書いてください。", "To do it, say why with --reason.")
    return reason or ""


def _rebase_shape(told: Rebase) -> dict[str, Any]:
    return {
        "case": told.case_id,
        "procedure": told.procedure,
        "version": {"from": told.from_version, "to": told.to_version, "content": told.to_content},
        "state": {"from": told.from_state, "to": told.to_state},
        "fields": dict(told.fields),
        "lost": {
            "fields": list(told.lost_fields),
            "approvals": list(told.lost_approvals),
            "parties": list(told.lost_parties),
            "once": list(told.forgotten_events),
        },
        "deadlines": {"stay": dict(told.deadlines_stay), "stop": dict(told.deadlines_stop)},
        "problems": [dict(problem) for problem in told.problems],
        "applied": told.applied,
    }


def _rebase_text(told: Rebase, before: Procedure, engine: Engine) -> Iterator[str]:
    from toritsugi_adapters.cli import wording

    yield (
        words(f"案件 {told.case_id} を移しました。", f"Case {told.case_id} was moved.")
        if told.applied
        else words(f"案件 {told.case_id}：移すとこうなります。", f"Case {told.case_id} would be moved like this.")
    )
    renamed = [f"{old} → {new}" for old, new in told.fields.items() if old != new]
    rows = [
        (words("版", "version"), f"{told.from_version} → {told.to_version} ({told.to_content[:12]})"),
        (words("状態", "state"), f"{wording.state_title(before, told.from_state)} → {told.to_state}"),
        (words("引き継ぐ項目", "fields kept"), words(f"{len(told.fields)} 件", str(len(told.fields)))),
    ]
    rows += [(words("改名", "renamed"), wording.joined(renamed))] if renamed else []
    lost = [wording.field_title(before, name) for name in told.lost_fields]
    lost += [wording.of(before.approvals[name].title) for name in told.lost_approvals]
    lost += [wording.party_title(before, name) for name in told.lost_parties]
    lost += [wording.of(wording.event_title(before, name)) for name in told.forgotten_events]
    rows.append((words("失われるもの", "lost"), wording.joined(lost) or words("なし", "nothing")))
    for title, found in (
        (words("続く期限", "deadline stays"), told.deadlines_stay),
        (words("止まる期限", "deadline stops"), told.deadlines_stop),
    ):
        rows += [(title, f"{wording.deadline_title(before, name)}  {wording.day(day)}") for name, day in found.items()]
    yield from table(rows, indent=2)
    for problem in told.problems:
        yield from paragraph(
            words(f"{problem['place']}：{problem['ja']}", f"{problem['place']}: {problem['en']}"),
            first="  ! ",
            indent=4,
        )
    yield from _what_next(told.applied, bool(told.problems))


def _what_next(applied: bool, stuck: bool) -> Iterator[str]:
    if stuck:
        ja = "このままでは移せません。--map で対応を示してください。"
        yield from paragraph(words(ja, "It cannot be moved like this; say with --map what becomes what."))
    elif not applied:
        ja = "まだ何も変えていません。実行するには --reason と --yes を付けてください。"
        yield from paragraph(words(ja, "Nothing was changed yet; add --reason and --yes to do it."))


@command(
    "calendar",
    argument("action", type=click.Choice(["apply"])),
    argument("institution"),
    option("--reason", **_REASON),
    option("--yes", **_YES),
    usage="apply INSTITUTION [--yes]",
    ja="機関の暦が変わったとき、進行中の期限がどう動くかを示します。--yes を付けると動かし、案件ごとに経過に残します。",
    en="Shows which running deadlines an institution's changed calendar would move; --yes moves them, one row a case.",
)
def calendar(desk: Desk, action: str, institution: str, reason: str | None, yes: bool) -> None:
    why = _reason(reason, yes)
    with desk.engine(writing=yes) as engine:
        actor = desk.actor(desk.role or institution, institution)
        moved = engine.apply_calendar(institution, actor=actor, reason=why, dry_run=not yes)
        shape = [
            {"case": one.case_id, "deadline": one.deadline, "old": one.old, "new": one.new}
            | {"explanation": dict(one.explanation), "applied": one.applied}
            for one in moved
        ]
        desk.show(shape, list(_moved_text(moved, engine, yes)))


def _moved_text(moved: Sequence[MovedDeadline], engine: Engine, yes: bool) -> Iterator[str]:
    from toritsugi_adapters.cli import wording

    if not moved:
        yield words("動く期限はありません。", "No running deadline moves.")
        return
    for one in moved:
        title = wording.deadline_title(engine.procedure_of(engine.case(one.case_id)), one.deadline)
        moved_to = f"{title}  {wording.day(one.old)} → {wording.day(one.new)}"
        yield from paragraph(moved_to, first=f"{one.case_id}  ", indent=4)
        yield from paragraph(words(one.explanation["ja"], one.explanation["en"]), indent=4)
    if not yes:
        yield from _what_next(applied=False, stuck=False)
