"""The trays for what a person sends by hand: fax sheets, letters, call sheets, printable as they lie in the folder."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from toritsugi.core.moments import format_date, jst_date
from toritsugi.errors import ChannelRefused
from toritsugi.hooks import ChannelSettings
from toritsugi.ports import Parcel, Proof
from toritsugi_adapters.channels.letter import PAGE_COLUMNS, Letter, columns, letter, padded, table, text_of, wrapped
from toritsugi_adapters.channels.spool import file_name, put

_BY_HAND = "＿" * 18
_TELEPHONE = re.compile(r"\+?[0-9(][0-9() -]{7,18}[0-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What the cover of one kind of sheet says."""

    heading: str
    #: what the address is called.
    address: str
    #: what the sender is called; left to be written by hand where the parcel does not say.
    sender: str
    #: rows for the person who sends it, to be filled by hand.
    by_hand: tuple[str, ...]
    note: str
    #: the address must be a telephone number.
    telephone: bool


COVERS = {
    "fax": Cover(
        heading="ＦＡＸ送付票",
        address="ＦＡＸ番号",
        sender="発信者",
        by_hand=("送信枚数（本票を含む）", "送信日時・送信者"),
        note="送信前に番号を復唱確認してください。誤って届いた場合は、お手数ですが発信者へご連絡のうえ破棄してください。",
        telephone=True,
    ),
    "post": Cover(
        heading="送付状",
        address="送付先",
        sender="差出人",
        by_hand=("投函日・担当者",),
        note="宛先を封筒と照合してから封をしてください。",
        telephone=False,
    ),
    "phone": Cover(
        heading="電話連絡票",
        address="電話番号",
        sender="発信者",
        by_hand=("通話日時", "お話しした方", "先方の回答"),
        note="通話の後、結果をシステムに記録してください。",
        telephone=True,
    ),
}


class Tray:
    """Lays a printable sheet into a folder, from which a person sends it; handing over ends at the tray.

    The same parcel twice leaves one sheet, so a claim whose worker died may be tried again.
    """

    repeatable = True

    def __init__(self, name: str, folder: Path, now: Callable[[], int]) -> None:
        self.name = name
        self.folder = folder
        self.cover = COVERS[name]
        self._now = now

    def send(self, parcel: Parcel) -> Proof:
        """Lay it out; ChannelRefused: no usable address; ChannelDelayed: the folder cannot be written."""
        content = letter(parcel)
        if not _usable(content.address, self.cover):
            raise ChannelRefused(None, channel=self.name, reason="bad_address")
        at = self._now() if content.decided_at is None else content.decided_at
        name = file_name(parcel.key, ".txt")
        put(self.folder, name, sheet_text(content, self.cover, parcel.key, at).encode())
        return Proof(channel=self.name, reference=name, details={"tray": self.name})


def trays(settings: ChannelSettings, now: Callable[[], int]) -> list[Tray]:
    """One tray for each kind of cover, under the spool folder."""
    return [Tray(name, Path(settings.spool) / name, now) for name in COVERS]


def sheet_text(content: Letter, cover: Cover, key: str, at: int) -> str:
    """The whole sheet as text of `PAGE_COLUMNS` columns; `at`: the moment whose JST date it carries."""
    return "\n".join(_lines(content, cover, key, at)) + "\n"


def _lines(content: Letter, cover: Cover, key: str, at: int) -> Iterator[str]:
    rule = "═" * (PAGE_COLUMNS // 2)
    side = max(0, PAGE_COLUMNS - columns(cover.heading)) // 2
    yield from (rule, padded("", side) + cover.heading, rule, "")
    yield from table(_cover_rows(content, cover, key, at), PAGE_COLUMNS)
    yield ""
    yield from table([(label, _BY_HAND) for label in cover.by_hand], PAGE_COLUMNS)
    yield ""
    yield from wrapped(f"※ {cover.note}", PAGE_COLUMNS)
    yield from ("", rule, "")
    yield text_of(content, PAGE_COLUMNS).rstrip("\n")
    yield from ("", padded("", PAGE_COLUMNS - 4) + "以上")


def _cover_rows(content: Letter, cover: Cover, key: str, at: int) -> list[tuple[str, str]]:
    return [
        ("宛先", f"{content.addressee}　御中"),
        (cover.address, content.address),
        (cover.sender, content.sender or _BY_HAND),
        ("日付", format_date(jst_date(at), "ja")),
        ("件名", content.subject),
        ("取次番号", key),
    ]


def _usable(address: str, cover: Cover) -> bool:
    if not cover.telephone:
        return bool(address)
    return _TELEPHONE.fullmatch(unicodedata.normalize("NFKC", address)) is not None
