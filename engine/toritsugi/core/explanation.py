"""A due date in words, Japanese and English: what arrived, what was accepted, what was counted, what was skipped.

Only the time of day of an arrival is written each time; the rest depends on dates alone and is remembered. Years are
written only when the account crosses from one year into another.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache

from toritsugi.core.calendar import Acceptance, Calendar, Skipped
from toritsugi.core.moments import Locale, format_clock, format_date, jst_date
from toritsugi.core.reckoning import Reckoning, Roll
from toritsugi.core.recurring import Reached
from toritsugi.definition.duration import Direction, Duration, Unit
from toritsugi.definition.types import Title

__all__ = ["after_suspension", "explain", "of_series", "warnings_about"]

_SATURDAY = 5
_REMEMBERED = 4096


def explain(
    duration: Duration | None,
    counted_from: int | date,
    accepted_on: date | None,
    found: Reckoning,
    calendar: Calendar,
    *,
    roll: Roll = Roll.none,
    first_day_counts: bool = False,
) -> Title:
    """The whole account. `duration` None: a date as printed; `accepted_on` None: nothing was accepted."""
    if accepted_on is None or duration is None:
        return _without_acceptance(duration, found, calendar, roll, first_day_counts)
    if isinstance(counted_from, int):
        clock = format_clock(counted_from)
        ja0, ja1, en0, en1 = _account(jst_date(counted_from), True, accepted_on, found, calendar)
        return Title(ja=f"{ja0}{clock}{ja1}", en=f"{en0} {clock}{en1}")
    ja0, ja1, en0, en1 = _account(counted_from, False, accepted_on, found, calendar)
    return Title(ja=ja0 + ja1, en=en0 + en1)


def after_suspension(account: Title, since: date, until: date, left: Duration) -> Title:
    """The account of what was left, after what was not counted: from, to (both included), and how much was left."""
    year = since.year != until.year
    from_ja, to_ja = (format_date(day, "ja", year=year) for day in (since, until))
    from_en, to_en = (format_date(day, "en", year=year) for day in (since, until))
    stopped_ja = f"{from_ja}から{to_ja}まで" if since != until else from_ja
    stopped_en = f"from {from_en} to {to_en}, both included" if since != until else f"on {from_en}"
    return Title(
        ja=f"{stopped_ja}は期間の進行を停止し、数えない。残りは{left.text('ja')}。再開：{account.ja}",
        en=f"suspended {stopped_en}: not counted; {left.text('en')} left. Resumed: {account.en}",
    )


@lru_cache(maxsize=_REMEMBERED)
def _account(
    arrived: date, timed: bool, accepted: date, found: Reckoning, calendar: Calendar
) -> tuple[str, str, str, str]:
    """The account of a forward count, cut where the time of arrival goes: ja before, ja after, en before, en after."""
    year = arrived.year != found.due.year
    why = _reason_of_acceptance(arrived, timed, accepted, calendar, year)
    body = _forward(found, calendar, year)
    accepted_ja = format_date(accepted, "ja", year=year)
    accepted_en = format_date(accepted, "en", year=year, weekday=accepted != arrived)
    return (
        format_date(arrived, "ja", year=year),
        f"到着、{accepted_ja}受付（{why.ja}）。{body.ja}",
        f"arrived {format_date(arrived, 'en', year=year)}",
        f"; accepted {accepted_en} ({why.en}); {body.en}",
    )


def _reason_of_acceptance(arrived: date, timed: bool, accepted: date, calendar: Calendar, year: bool) -> Title:
    """Why that day: in time, after the cut-off, closed on arrival."""
    # What came after the cut-off counts from the next day; whether it did is visible from where acceptance fell.
    cutoff = calendar.cutoff if timed else None
    late = cutoff is not None and accepted != calendar.accepted_from(arrived)
    counts_as = arrived + timedelta(days=1) if late else arrived
    ja: list[str] = []
    en: list[str] = []
    if cutoff is not None:
        at = cutoff.isoformat("auto" if cutoff.microsecond else "seconds" if cutoff.second else "minutes")
        ja.append(f"受付の締切時刻{at}を過ぎたため翌日扱い" if late else f"受付の締切時刻は{at}")
        en.append(f"after the {at} cut-off" if late else f"cut-off {at}")
    closed = calendar.why_closed(counts_as)
    if closed is not None:
        stays = calendar.acceptance is Acceptance.arrival_date
        named = _closed_until(counts_as, counts_as if stays else accepted - timedelta(days=1), calendar, year)
        ja.append(named.ja + ("だが、到着日を受付日とする" if stays else ""))
        en.append(f"closed on {named.en}" + (", but the day of arrival stands" if stays else ""))
    elif cutoff is None:
        ja.append("受付の締切時刻なし" if timed else "時刻の指定なし")
        en.append("no cut-off" if timed else "no time given")
    return Title(ja="、".join(ja), en="; ".join(en))


def _closed_until(first: date, last: date, calendar: Calendar, year: bool) -> Title:
    """Every closed day from `first` to `last` by name: 11月22日は日曜日、11月23日は勤労感謝の日."""
    runs: list[list[Skipped]] = []
    for entry in calendar.closed_between(first - timedelta(days=1), last + timedelta(days=1)):
        if runs and runs[-1][0].reason == entry.reason:
            runs[-1].append(entry)
        else:
            runs.append([entry])
    return Title(
        ja="、".join(f"{_days(run, 'ja', year)}は{run[0].reason.ja}" for run in runs),
        en=", ".join(f"{_days(run, 'en', year)}: {run[0].reason.en}" for run in runs),
    )


def _days(run: list[Skipped], locale: Locale, year: bool) -> str:
    first, last = (format_date(run[end].date, locale, year=year, weekday=False) for end in (0, -1))
    return first if len(run) == 1 else f"{first}{'〜' if locale == 'ja' else ' to '}{last}"


def _forward(found: Reckoning, calendar: Calendar, year: bool) -> Title:
    first, n = found.counted[0], len(found.counted)
    skipped_en = _skipped_en(found.skipped, year)
    due_ja = format_date(found.due, "ja", year=year)
    left_out = _left_out_ja(found.skipped, year)
    if n == 1:
        count_ja = f"{left_out and left_out + '、'}翌営業日（1営業日目）は{due_ja}"
    else:
        first_ja = format_date(first, "ja", year=year)
        count_ja = (
            f"翌営業日の{first_ja}を1日目と{f'し、{left_out}' if left_out else 'して'}数えると、{n}営業日目は{due_ja}"
        )
    notes = warnings_about(found, calendar)
    return Title(
        ja=f"{count_ja}。期限は{due_ja}の終わり（24時）。" + _joined_ja(notes),
        en=f"day 1 is {format_date(first, 'en', year=year)}; {skipped_en}due {format_date(found.due, 'en', year=year)}"
        + _joined_en(notes),
    )


@lru_cache(maxsize=_REMEMBERED)
def _without_acceptance(
    duration: Duration | None, found: Reckoning, calendar: Calendar, roll: Roll, first_day_counts: bool
) -> Title:
    year = found.start.year != found.due.year
    notes = warnings_about(found, calendar)
    if duration is None:
        body = _printed(found)
    elif duration.unit is Unit.business_days:
        body = _backward(duration, found, year)
    elif duration.direction is Direction.before:
        body = _before(duration, found, year)
    elif first_day_counts or duration.unit in (Unit.months, Unit.years):
        body = _term(duration, found, year)
    else:
        body = _days_after(duration, found, year)
    rolled = _rolling(found, roll, calendar, year)
    return Title(ja=body.ja + rolled.ja + _joined_ja(notes), en=body.en + rolled.en + _joined_en(notes))


def _printed(found: Reckoning) -> Title:
    ja, en = format_date(found.due, "ja"), format_date(found.due, "en")
    return Title(ja=f"定められた日付どおり、期限は{ja}の終わり（24時）。", en=f"the date as it is laid down; due {en}")


def of_series(how: Reached, found: Reckoning, calendar: Calendar) -> Title:
    """The account of a day that comes again: by which rule, from when on it was looked for, and where it was moved to."""
    named, held = how.occurrence.named, how.occurrence.held
    year = how.asked.year != held.year or named.year != held.year
    asked_ja, named_ja, held_ja = (format_date(day, "ja", year=year) for day in (how.asked, named, held))
    asked_en, named_en, held_en = (format_date(day, "en", year=year) for day in (how.asked, named, held))
    by_ja, by_en = (f"{how.own.ja}の定めにより、", f", as {how.own.en} lays down") if how.own else ("", "")
    moved = Title(ja="", en="")
    if how.closed is not None:
        to_ja, to_en = ("翌", "next") if held > named else ("前", "previous")
        moved = Title(
            ja=f"だが、{how.closed.ja}のため{to_ja}営業日の{held_ja}となる",
            en=f", closed ({how.closed.en}), so held on the {to_en} open day {held_en}",
        )
    notes = warnings_about(found, calendar)
    return Title(
        ja=f"「{how.title.ja}」は{by_ja}{how.rule.text('ja')}。{asked_ja}{'より後' if how.after else '以後'}の最初は{named_ja}"
        f"{moved.ja}。期限は{held_ja}の終わり（24時）。" + _joined_ja(notes),
        en=f'"{how.title.en}" is {how.rule.text("en")}{by_en}; the first {"after" if how.after else "on or after"} {asked_en} '
        f"is {named_en}{moved.en}; due {held_en}" + _joined_en(notes),
    )


def _backward(duration: Duration, found: Reckoning, year: bool) -> Title:
    first_ja, first_en = (format_date(found.counted[0], locale, year=year) for locale in _LOCALES)
    due_ja, due_en = (format_date(found.due, locale, year=year) for locale in _LOCALES)
    return Title(
        ja=f"起点の{format_date(found.start, 'ja', year=year)}は数えず、{first_ja}を1日目として"
        f"{_left_out_ja(found.skipped, year)}さかのぼると、{duration.count}営業日前は{due_ja}。"
        "期限はこの日の終わり（24時）。",
        en=f"counted back from {format_date(found.start, 'en', year=year)} (not counted); day 1 is {first_en}; "
        f"{_skipped_en(found.skipped, year)}last day in time {due_en}",
    )


def _before(duration: Duration, found: Reckoning, year: bool) -> Title:
    exact = found.rolled_from or found.due
    weeks_ja = f"（{duration.count * 7}日前）" if duration.unit is Unit.weeks else ""
    weeks_en = f" ({duration.count * 7} days)" if duration.unit is Unit.weeks else ""
    return Title(
        ja=f"{format_date(found.start, 'ja', year=year)}の{duration.text('ja')}{weeks_ja}は"
        f"{format_date(exact, 'ja', year=year)}（当日を含む）。休業日も数えます。",
        en=f"{duration.text('en').removesuffix(' before')}{weeks_en} before {format_date(found.start, 'en', year=year)}"
        f" is {format_date(exact, 'en', year=year)}, inclusive; closed days count",
    )


def _term(duration: Duration, found: Reckoning, year: bool) -> Title:
    exact = found.rolled_from or found.due
    # CAL-8: with no such number in the last month the term ends on that month's last day, which deserves a word.
    short = duration.unit in (Unit.months, Unit.years) and (exact + timedelta(days=1)).day != found.start.day
    ja = f"（{exact.month}月に{found.start.day}日がないため月末）" if short else ""
    en = f" (that month has no day {found.start.day})" if short else ""
    return Title(
        ja=f"{format_date(found.start, 'ja', year=year)}を初日として{duration.text('ja').removesuffix('間')}間、"
        f"最終日は{format_date(exact, 'ja', year=year)}{ja}。休業日も数えます。",
        en=f"{duration.text('en')} from {format_date(found.start, 'en', year=year)}, that day counted; "
        f"last day {format_date(exact, 'en', year=year)}{en}; closed days count",
    )


def _days_after(duration: Duration, found: Reckoning, year: bool) -> Title:
    exact = found.rolled_from or found.due
    weeks_ja = f"（{duration.count * 7}日）" if duration.unit is Unit.weeks else ""
    weeks_en = f" ({duration.count * 7} days)" if duration.unit is Unit.weeks else ""
    return Title(
        ja=f"{format_date(found.start, 'ja', year=year)}は数えず、翌日から暦日で{duration.text('ja')}{weeks_ja}を数えると"
        f"{format_date(exact, 'ja', year=year)}。休業日も数えます。",
        en=f"{duration.text('en')}{weeks_en} after {format_date(found.start, 'en', year=year)} (not counted); "
        f"due {format_date(exact, 'en', year=year)}; closed days count",
    )


def _rolling(found: Reckoning, roll: Roll, calendar: Calendar, year: bool) -> Title:
    if found.rolled_from is None:
        return Title(ja="", en="")
    closed = calendar.why_closed(found.rolled_from)
    name = closed.title if closed else Title(ja="休業日", en="closed")
    to_ja, to_en = ("翌", "next") if roll is Roll.next else ("前", "previous")
    return Title(
        ja=f"その日は{name.ja}のため、{to_ja}営業日の{format_date(found.due, 'ja', year=year)}を期限とする。",
        en=f"; closed ({name.en}), so moved to the {to_en} open day {format_date(found.due, 'en', year=year)}",
    )


def warnings_about(found: Reckoning, calendar: Calendar) -> tuple[Title, ...]:
    """What a person should know: a closed due date, holidays not yet published (未公表), a calendar that ends."""
    notes: list[Title] = []
    if not calendar.covers(found.due):
        notes.append(_beyond_data(calendar))
    elif closed := calendar.why_closed(found.due):
        ja = f"{format_date(found.due, 'ja')}は休業日です（{closed.title.ja}）。日付は動かしていません"
        en = f"{format_date(found.due, 'en')} is a closed day ({closed.title.en}); the date was not moved"
        notes.append(Title(ja=ja, en=en))
    if found.looked_until > calendar.known_through:
        notes.append(_unpublished(calendar.known_through))
    return tuple(notes)


def _unpublished(known: date) -> Title:
    return Title(
        ja=f"{format_date(known + timedelta(days=1), 'ja', weekday=False)}以降の祝日は未公表のため、計算による見込みです",
        en=f"holidays after {known.isoformat()} are not yet published; computed ones were used",
    )


def _beyond_data(calendar: Calendar) -> Title:
    return Title(
        ja=f"カレンダーは{format_date(calendar.last, 'ja', weekday=False)}までのため、休業日かどうかは確かめていません",
        en=f"the calendar ends on {calendar.last.isoformat()}, so whether that day is open was not checked",
    )


def _joined_ja(notes: Iterable[Title]) -> str:
    return "".join(f"注意：{note.ja}。" for note in notes)


def _joined_en(notes: Iterable[Title]) -> str:
    return "".join(f"; note: {note.en}" for note in notes)


_LOCALES: tuple[Locale, Locale] = ("ja", "en")


def _left_out_ja(skipped: tuple[Skipped, ...], year: bool) -> str:
    """土日と4月29日(水・昭和の日)、5月4日(月)〜6日(水)を除いて; empty when nothing was skipped."""
    named = "、".join(_run_ja(run, year) for run in _runs(skipped))
    weekends = any(entry.date.weekday() >= _SATURDAY for entry in skipped)
    if not named and not weekends:
        return ""
    return ("土日" if weekends else "") + ("と" if named and weekends else "") + f"{named}を除いて"


def _run_ja(run: list[Skipped], year: bool) -> str:
    first, last = run[0].date, run[-1].date
    if first == last:
        return f"{format_date(first, 'ja', year=year)[:-1]}・{run[0].reason.ja})"
    names = "・".join(dict.fromkeys(entry.reason.ja for entry in run if entry.date.weekday() < _SATURDAY))
    end = format_date(last, "ja", year=year)
    if first.month == last.month:
        end = end[end.index("月") + 1 :]
    return f"{format_date(first, 'ja', year=year)}〜{end}（{names}）"


def _skipped_en(skipped: tuple[Skipped, ...], year: bool) -> str:
    """4/29 and 5/4 to 5/6 skipped; weekends are named only when nothing else was skipped, as people say it."""
    runs = [_run_en(run, year) for run in _runs(skipped)]
    if not runs:
        return "weekends skipped; " if skipped else ""
    listed = f"{', '.join(runs[:-1])} and {runs[-1]}" if len(runs) > 1 else runs[0]
    return f"{listed} skipped; "


def _run_en(run: list[Skipped], year: bool) -> str:
    first = format_date(run[0].date, "en", year=year, weekday=False)
    if len(run) == 1:
        return first
    return f"{first} to {format_date(run[-1].date, 'en', year=year, weekday=False)}"


def _runs(skipped: tuple[Skipped, ...]) -> Iterator[list[Skipped]]:
    """Consecutive closed days without the Saturdays and Sundays at either end; plain weekends disappear."""
    run: list[Skipped] = []
    weekdays = 0
    for entry in skipped:
        if run and (entry.date - run[-1].date).days > 1:
            if weekdays:
                yield run[:weekdays]
            run, weekdays = [], 0
        is_weekday = entry.date.weekday() < _SATURDAY
        if run or is_weekday:
            run.append(entry)
            weekdays = len(run) if is_weekday else weekdays
    if weekdays:
        yield run[:weekdays]
