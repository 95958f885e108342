"""How a row of a catalogue stands on a day: open, to be asked about, not open yet, closed, or not known; and in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from toritsugi.core.moments import Locale, format_date
from toritsugi.definition.measure import Catalogue, Row, RowKind, RowStatus, When, Window
from toritsugi.definition.types import Title


class Standing(StrEnum):
    """What may be said of applying on a day."""

    OPEN = "open"
    #: it may be open: the document leaves the days to an event, a website or the traveller.
    ASK = "ask"
    LATER = "later"
    CLOSED = "closed"
    PLANNED = "planned"
    #: the document says nothing of that day.
    UNKNOWN = "unknown"


#: Those that may be offered.
OFFERED = frozenset({Standing.OPEN, Standing.ASK})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why something is suggested, or why it is not; upper-case code, stable, and a sentence in both languages."""

    code: str
    text: Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """How a row stands on one day."""

    standing: Standing
    #: the window that holds the day, the next one, or the last one; None: it has none.
    window: Window | None
    reason: Reason


_ASK = {
    When.BY_EVENT: ("BY_EVENT", "開催ごとに募集します。日程を確認してください。", "By event; ask for the dates."),
    When.SEE_WEBSITE: (
        "SEE_WEBSITE",
        "時期は実施機関のサイトで確認してください。",
        "See the institution's website for the dates.",
    ),
    When.PUBLIC_CALL: (
        "PUBLIC_CALL",
        "公募によります。募集の時期は記載がなく、確認が必要です。",
        "By public call; its dates are not stated, ask.",
    ),
    When.BY_VISIT: (
        "BY_VISIT",
        "申し込める期間は、訪問日と出発日から決まります。",
        "The days to apply on follow from the visit and the departure.",
    ),
    When.NOT_STATED: ("WINDOW_NOT_STATED", "受付期間の記載がありません。", "No application window is stated."),
}


def stand(row: Row, catalogue: Catalogue, on: date) -> Stand:
    """How `row` of `catalogue` stands on a day. Whatever is closed, planned or not known of is never open."""
    if row.status is RowStatus.CLOSED:
        return _stand(
            Standing.CLOSED,
            "CALL_CLOSED",
            "公募は終了しています（終了日の記載なし）。",
            "The call is closed (since when is not stated).",
        )
    if row.windows:
        return _by_dates(row.windows, catalogue.valid, on)
    if not catalogue.valid.holds(on):
        return _beyond(catalogue.valid)
    if row.status is RowStatus.PLANNED:
        return _stand(Standing.PLANNED, "PLANNED", "予定の段階です。", "It is planned only.")
    if row.when is When.ANY_TIME:
        return _stand(Standing.OPEN, "ANY_TIME", "随時受け付けています。", "Open at any time.")
    if catalogue.kind is not RowKind.MEASURES:
        return _stand(Standing.OPEN, "NO_WINDOW", "受付期間のあるものではありません。", "It has no application window.")
    return _stand(Standing.ASK, *_ASK[row.when])


def _by_dates(windows: tuple[Window, ...], valid: Window, on: date) -> Stand:
    for window in windows:
        if window.holds(on):
            if window.closes is None and valid.closes is not None and on > valid.closes:
                return _beyond(valid)
            return _within(window, on)
        if window.opens is not None and on < window.opens:
            return _later(window)
    return _over(windows[-1], windows[-1].closes or on)


def _within(window: Window, on: date) -> Stand:
    ja = f"{format_date(on, 'ja')}は受付期間内です（{span(window, 'ja')}）。"
    return _stand(
        Standing.OPEN, "OPEN_ON_DAY", ja, f"{format_date(on, 'en')} lies in the window ({span(window, 'en')}).", window
    )


def _later(window: Window) -> Stand:
    ja, en = f"受付はまだ始まっていません（{span(window, 'ja')}）。", f"It is not open yet ({span(window, 'en')})."
    return _stand(Standing.LATER, "OPENS_LATER", ja, en, window)


def _over(window: Window, closed: date) -> Stand:
    ja, en = f"受付は{format_date(closed, 'ja')}で終わりました。", f"It closed with {format_date(closed, 'en')}."
    return _stand(Standing.CLOSED, "CLOSED_SINCE", ja, en, window)


def _beyond(valid: Window) -> Stand:
    ja = f"この資料は{span(valid, 'ja')}の内容で、この日のことは分かりません。"
    return _stand(
        Standing.UNKNOWN, "BEYOND_DOCUMENT", ja, f"The document speaks of {span(valid, 'en')}, not of this day."
    )


def span(window: Window, locale: Locale) -> str:
    """From when until when, both days included."""
    opens = format_date(window.opens, locale) if window.opens is not None else None
    closes = format_date(window.closes, locale) if window.closes is not None else None
    if locale == "ja":
        return (f"{opens}から" if opens else "") + (f"{closes}まで" if closes else "")
    return " ".join(part for part in (opens and f"from {opens}", closes and f"until {closes}") if part)


def _stand(standing: Standing, code: str, ja: str, en: str, window: Window | None = None) -> Stand:
    return Stand(standing=standing, window=window, reason=Reason(code=code, text=Title(ja=ja, en=en)))
