"""A date and time as a person types it: Japan's clock unless an offset is written."""

from __future__ import annotations

from toritsugi.core.moments import BadMoment, parse_moment
from toritsugi.definition.literals import fold, read_date, read_moment

_EXAMPLE = "2026-12-01 14:00"


def typed_moment(text: str, *, echo: bool = True) -> int:
    """Microseconds UTC of `2026-11-22 13:50`, `令和8年11月22日13時50分` or `2026-11-22T13:50+09:00`.

    Args:
        echo: False keeps the text out of the message: it may be personal.
    Raises:
        BadMoment: a bare date, or no date and time at all.
    """
    folded = fold(text)
    try:
        return read_moment(folded)
    except (ValueError, OverflowError):
        pass
    if _is_date(folded):
        ja, en = (
            f"時刻も書いてください。例：{_EXAMPLE}（日本時間）",
            f"Write the time too, such as {_EXAMPLE} (Japan's).",
        )
        raise BadMoment(text, ja=ja, en=en)
    try:
        return parse_moment(text)
    except BadMoment:
        shown_ja, shown_en = (f"「{text[:60]}」は", f'"{text[:60]}" is') if echo else ("", "this is")
        raise BadMoment(
            text,
            ja=f"{shown_ja}日時として読めません。例：{_EXAMPLE}（日本時間）",
            en=f"{shown_en} not a date and time; write for example {_EXAMPLE} (Japan's).",
        ) from None


def _is_date(folded: str) -> bool:
    try:
        read_date(folded)
    except (ValueError, OverflowError):
        return False
    return True
