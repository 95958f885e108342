"""A letter as an e-mail message (RFC 5322, MIME): the same parcel gives the same message under the same Message-ID."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta, timezone
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from toritsugi.errors import ChannelRefused
from toritsugi_adapters.channels.attachment import attachment, attachment_name
from toritsugi_adapters.channels.letter import Letter, greeted, one_line

_JST = timezone(timedelta(hours=9))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SPREADSHEET = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: One plain address. Dots in a row are let through: Japanese mobile carriers gave such addresses out.
_ADDRESS = re.compile(
    r"([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64})@((?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*"
    r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)"
)


def address(text: str) -> Address:
    """The one e-mail address `text` is.

    Raises:
        ChannelRefused: it is none, or several, or not plain ASCII. The address is not repeated.
    """
    match = _ADDRESS.fullmatch(text)
    if match is None or len(text) > 254:
        raise ChannelRefused(None, channel="email", reason="bad_address")
    return Address(username=match[1], domain=match[2])


def message_id(key: str, domain: str) -> str:
    """The Message-ID of the parcel `key`: the same at every attempt, and nothing can be read from it."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"


def message(letter: Letter, *, key: str, sender: Address, at: int) -> EmailMessage:
    """The e-mail; `at` is the moment of its Date, microseconds UTC, unless the letter says when it was decided.

    Raises:
        ChannelRefused: the letter's address is unusable.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(display_name=letter.sender, username=sender.username, domain=sender.domain)
    mail["To"] = address(letter.address)
    if _ADDRESS.fullmatch(letter.answer_to):
        mail["Reply-To"] = address(letter.answer_to)
    mail["Subject"] = one_line(letter.subject)
    mail["Date"] = format_datetime(_moment(at if letter.decided_at is None else letter.decided_at))
    mail["Message-ID"] = message_id(key, sender.domain)
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence notice shall answer it
    mail.set_content(greeted(letter), charset="utf-8", cte="base64")
    for sheet in letter.sheets:
        mail.add_attachment(attachment(sheet), "application", _SPREADSHEET, filename=attachment_name(sheet))
    if letter.sheets:  # the default boundary is drawn at random
        mail.set_boundary(f"=_{hashlib.sha256(b'boundary ' + key.encode()).hexdigest()[:32]}")
    return mail


def _moment(at: int) -> datetime:
    return (_EPOCH + timedelta(microseconds=at)).astimezone(_JST).replace(microsecond=0)
