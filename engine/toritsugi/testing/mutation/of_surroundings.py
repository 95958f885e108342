"""What can be wrong around the events: deadlines, who may see, linked cases, ceilings, how a case begins and ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from toritsugi.definition.duration import MAX_COUNT, Unit
from toritsugi.definition.expression import Expression
from toritsugi.definition.model import Deadline
from toritsugi.definition.model_effects import OpenCase, PostLedger
from toritsugi.definition.nodes import Entries, Items, Text
from toritsugi.definition.recurring import ROLLS, Day, Series
from toritsugi.definition.types import Title
from toritsugi.testing.mutation.mutant import Edit, Mutant, Sheet, listed
from toritsugi.testing.mutation.of_events import rewritten
from toritsugi.testing.mutation.rules import changed, negated, other_value

_SEEN = Title(ja="見られる立場", en="who may see it")


def of_surroundings(sheet: Sheet) -> Iterator[Mutant]:
    """Every mutant of what stands beside the events."""
    for deadline in sheet.procedure.deadlines.values():
        if deadline.enabled:
            yield from _deadline(sheet, deadline, f"deadlines.{deadline.id}")
    for series in sheet.procedure.recurring.values():
        yield from _series(sheet, series, f"recurring.{series.id}")
    for document in sheet.procedure.documents:
        at = f"documents.{document}.may_see"
        yield from sheet.fewer("sight", at, "parties", _SEEN, events=None)
        yield from sheet.more("sight", at, "parties", _SEEN, sheet.procedure.parties, events=None)
    yield from _links(sheet)
    yield from _ledgers(sheet)
    yield from _rows(sheet)
    yield from _beginnings(sheet)
    yield from _classes(sheet)


# --- deadlines --------------------------------------------------------------------------------------------------------
def _deadline(sheet: Sheet, deadline: Deadline, path: str) -> Iterator[Mutant]:
    events = {*deadline.starts, *deadline.met_by, *deadline.cancelled_by, *filter(None, [deadline.missed])}
    events |= {*deadline.suspended_by, *deadline.resumed_by}
    if deadline.within is not None:
        for count in (deadline.within.count - 1, deadline.within.count + 1):
            if 1 <= count <= MAX_COUNT:
                other = replace(deadline.within, count=count)
                told = Title(ja=f"{other.text('ja')}にする", en=f"{other.text('en')}")
                edit = (f"{path}.within", Text(other.text("en")))
                yield sheet.mutant("deadline_day", f"{path}.within", str(other), told, edit, events=events)
    if deadline.within is not None and deadline.within.unit is not Unit.business_days:
        for roll in [one for one in ("none", "next", "previous") if one != deadline.roll]:
            told = Title(ja=f"休日の扱いを {roll} にする", en=f"on a closed day: {roll}")
            yield sheet.mutant("deadline_day", f"{path}.roll", roll, told, (f"{path}.roll", Text(roll)), events=events)
    given: Expression | None = getattr(deadline, "due_value", None)
    later = other_value(given) if given is not None else None
    if given is not None and later is not None:
        yield rewritten(sheet, "deadline_day", f"{path}.due", given, later, list(events))
    if deadline.counted_from is not None:
        at = f"{path}.starts.counted_from"
        told = Title(ja="操作の時から数える", en="counted from the event itself")
        yield sheet.mutant("deadline_start", at, "removed", told, (at, None), events=events)
    if len(deadline.starts) == 1:
        told = Title(ja="始まらない", en="never starts")
        edit = (f"{path}.enabled", Text("no"))
        yield sheet.mutant("deadline_start", f"{path}.starts", "never", told, edit, events=events)
    starts = f"{path}.starts.on" if isinstance(sheet.node(f"{path}.starts"), Entries) else f"{path}.starts"
    what = Title(ja="期限を始める操作", en="what starts it")
    yield from sheet.fewer("deadline_start", starts, "events", what, events=events, least=1)
    for key, ja, en in (
        ("met_by", "守られたとする操作", "what meets it"),
        ("cancelled_by", "取り消す操作", "what ends it"),
        ("suspended_by", "止める操作", "what suspends it"),
        ("resumed_by", "再び進める操作", "what resumes it"),
    ):
        least = 1 if key in ("suspended_by", "resumed_by") else 0  # one without the other is no definition
        what = Title(ja=ja, en=en)
        yield from sheet.fewer("deadline_end", f"{path}.{key}", "events", what, events=events, least=least)
    if deadline.missed is not None:
        told = Title(ja="過ぎても何も行わない", en="nothing happens when it passes")
        yield sheet.mutant(
            "deadline_end", f"{path}.missed", "removed", told, *_unmissed(sheet, deadline), events=events
        )


# --- days that come again ---------------------------------------------------------------------------------------------
def _series(sheet: Sheet, series: Series, path: str) -> Iterator[Mutant]:
    """Another day, a day fewer, another way with closed days."""
    rule = series.rule
    for place, day in enumerate(rule.on):
        other = _other_day(day)
        days = [*rule.on[:place], other, *rule.on[place + 1 :]]
        told = Title(ja=f"{other.text('ja')}にする", en=other.text("en"))
        words = listed(one.text("en") for one in days)
        yield sheet.mutant("series", f"{path}.on", other.text("en"), told, (f"{path}.on", words), events=None)
    for roll in [one for one in ROLLS if one != rule.roll and (one == "none" or series.calendar)]:
        told = Title(ja=f"休業日の扱いを {roll} にする", en=f"on a closed day: {roll}")
        yield sheet.mutant("series", f"{path}.roll", roll, told, (f"{path}.roll", Text(roll)), events=None)
    if len(rule.on) > 1:
        what = Title(ja="繰り返す日", en="days that come again")
        yield from sheet.fewer("series", f"{path}.on", "", what, events=None, least=1)


def _other_day(day: Day) -> Day:
    """The day, or the weekday, next to one."""
    if day.weekday is not None:
        return replace(day, weekday=(day.weekday + 1) % 7)
    return replace(day, number=1 if day.number < 0 else day.number - 1 if day.number > 1 else 2)


def _unmissed(sheet: Sheet, deadline: Deadline) -> Iterator[Edit]:
    """The deadline's passing fires nothing: neither of the two ends of that thread may hang loose."""
    yield (f"deadlines.{deadline.id}.missed", None)
    event = sheet.procedure.events.get(deadline.missed or "")
    if event is not None and len(event.triggers) == 1:
        # the event stays, for a cause that never comes
        yield (f"events.{event.id}.on", _never(sheet))


def _never(sheet: Sheet) -> Entries:
    """A cause that never comes: something both set and not set."""
    field = next(iter(sheet.procedure.data))
    return Entries({"condition": Text(f"{field} is set and {field} is not set")}, {})


# --- linked cases and ledgers -----------------------------------------------------------------------------------------
def _links(sheet: Sheet) -> Iterator[Mutant]:
    for link in sheet.procedure.links:
        opened_by = [
            event.id
            for event in sheet.procedure.events.values()
            if any(isinstance(effect, OpenCase) and effect.link == link for effect in event.effects)
        ]
        for key in ("carries", "parties", "institutions"):
            node = sheet.node(f"links.{link}.{key}")
            for name in node.entries if isinstance(node, Entries) else ():
                at = f"links.{link}.{key}.{name}"
                told = Title(ja=f"{key} の {name} を引き継がない", en=f"{key}: {name} not passed on")
                yield sheet.mutant("carried", at, "removed", told, (at, None), events=opened_by)


def _ledgers(sheet: Sheet) -> Iterator[Mutant]:
    for ledger in sheet.procedure.ledgers.values():
        at = f"ledgers.{ledger.id}.ceiling"
        posted_by = [
            event.id
            for event in sheet.procedure.events.values()
            if any(isinstance(effect, PostLedger) and effect.ledger == ledger.id for effect in event.effects)
        ]
        for yen in (ledger.ceiling_yen - 1, ledger.ceiling_yen + 1):
            told = Title(ja=f"上限を{yen:,}円にする", en=f"ceiling of {yen:,} yen")
            yield sheet.mutant("ceiling", at, f"{yen} yen", told, (at, Text(f"{yen} yen")), events=posted_by)


# --- what a catalogue's row fills -------------------------------------------------------------------------------------
def _rows(sheet: Sheet) -> Iterator[Mutant]:
    for field in sheet.procedure.data.values():
        for target in field.row.fills if field.row is not None else ():
            name, at = sheet.title("data", target), f"data.{field.id}.fills.{target}"
            told = Title(ja=f"一覧から「{name.ja}」が入らない", en=f'"{name.en}" is not filled')
            yield sheet.mutant("row", at, "dropped", told, (at, None), events=None)


# --- how a case begins and ends ---------------------------------------------------------------------------------------
def _beginnings(sheet: Sheet) -> Iterator[Mutant]:
    procedure = sheet.procedure
    what = Title(ja="案件を開ける立場", en="who may open a case")
    yield from sheet.fewer("role_dropped", "start.by", "parties", what, events=None, least=1)
    yield from sheet.more("role_added", "start.by", "parties", what, procedure.parties, events=None)
    needs = Title(ja="開くのに必要な記入", en="what is needed to open a case")
    yield from sheet.optional("start", needs, events=None)
    other = next(one.id for one in procedure.states.values() if one.id != procedure.initial and not one.terminal)
    name = sheet.title("states", other)
    told = Title(ja=f"案件が「{name.ja}」から始まる", en=f'a case begins in "{name.en}"')
    yield sheet.mutant("case", "initial", other, told, ("initial", Text(other)), events=None)
    one = procedure.one_per_subject
    told = Title(
        ja="同じ対象に二つ開ける" if one else "同じ対象に一つしか開けない", en="two per subject" if one else "one only"
    )
    edit = ("one_per_subject", Text("no" if one else "yes"))
    yield sheet.mutant("case", "one_per_subject", "no" if one else "yes", told, edit, events=None)
    for state in procedure.states.values():
        if state.withdrawn:
            at = f"states.{state.id}.withdrawn"
            told = Title(ja="送付待ちのものを取りやめない", en="what waits is not recalled")
            yield sheet.mutant("case", at, "no", told, (at, None), events=None)
    what = Title(ja="案件の対象", en="what a case is about")
    yield from sheet.fewer("case", "subject", "data", what, events=None, least=1)


# --- who sees what ----------------------------------------------------------------------------------------------------
def _classes(sheet: Sheet) -> Iterator[Mutant]:
    """Classes of disclosure: a party more, a party less, without the condition or the approval."""
    node = sheet.node("disclosure")
    for name in node.entries if isinstance(node, Entries) else ():
        at = f"disclosure.{name}.seen_by"
        entries = sheet.node(at)
        plain = sheet.words(at)
        for party in [one for one in sheet.procedure.parties if one not in plain]:
            title = sheet.title("parties", party)
            told = Title(ja=f"「{title.ja}」も無条件に見られる", en=f'"{title.en}" sees it, always')
            items = entries.items if isinstance(entries, Items) else () if entries is None else (entries,)
            yield sheet.mutant("sight", at, f"+{party}", told, (at, Items((*items, Text(party)))), events=None)
        for party in plain if len(plain) > 1 else ():
            title = sheet.title("parties", party)
            told = Title(ja=f"「{title.ja}」には見せない", en=f'"{title.en}" does not see it')
            yield sheet.mutant(
                "sight", at, f"-{party}", told, (at, listed(o for o in plain if o != party)), events=None
            )
        yield from _sightings(sheet, name, at)


def _sightings(sheet: Sheet, name: str, at: str) -> Iterator[Mutant]:
    class_ = getattr(sheet.procedure, "disclosure", {})[name]
    conditional = [one for one in class_.seen_by if one.when is not None or one.approval is not None]
    entries = sheet.node(at)
    items = entries.items if isinstance(entries, Items) else (entries,)
    paths = [
        f"{at}.{n}" if isinstance(entries, Items) else at for n, one in enumerate(items) if isinstance(one, Entries)
    ]
    for path in paths:
        given = sheet.node(path)
        keys = given.entries if isinstance(given, Entries) else {}
        for key, ja, en in (
            ("if", "条件なしに見せる", "shown without condition"),
            ("approval", "同意なしに見せる", "shown without approval"),
        ):
            if key in keys:
                told = Title(ja=ja, en=en)
                yield sheet.mutant("sight", f"{path}.{key}", "removed", told, (f"{path}.{key}", None), events=None)
        found = [one for one in conditional if [*one.parties] == sheet.words(f"{path}.parties")]
        if "if" in keys and len(found) == 1 and found[0].when is not None:
            for other in (negated(found[0].when), *changed(found[0].when)):
                yield rewritten(sheet, "sight", f"{path}.if", found[0].when, other, None)
