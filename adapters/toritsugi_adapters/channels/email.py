"""The e-mail channel: into a folder as .eml files, or to an SMTP server when one is set."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from toritsugi.hooks import ChannelSettings
from toritsugi.ports import Channel, Parcel, Proof
from toritsugi_adapters.channels.letter import letter
from toritsugi_adapters.channels.mail import address, message
from toritsugi_adapters.channels.smtp import MailServer, SmtpDialogue
from toritsugi_adapters.channels.spool import file_name, put


class SpooledEmail:
    """Puts each message into a folder as an .eml file, which any mail program opens.

    The same parcel twice leaves one file, so a claim whose worker died may be tried again.
    """

    name = "email"
    repeatable = True

    def __init__(self, folder: Path, sender: str, now: Callable[[], int]) -> None:
        self.folder = folder
        self.sender = address(sender)
        self._now = now

    def send(self, parcel: Parcel) -> Proof:
        """Spool it; ChannelRefused: the address is unusable; ChannelDelayed: the folder cannot be written."""
        mail = message(letter(parcel), key=parcel.key, sender=self.sender, at=self._now())
        name = file_name(parcel.key, ".eml")
        put(self.folder, name, mail.as_bytes())
        return Proof(channel=self.name, reference=str(mail["Message-ID"]), details={"file": name})


class ServedEmail:
    """Hands each message to an SMTP server.

    SMTP cannot tell whether a message was taken when the connection breaks after its content was sent, and a server
    takes the same Message-ID twice: such a message's outcome is unknown, and a person asks.
    """

    name = "email"
    repeatable = False

    def __init__(self, server: MailServer, sender: str, now: Callable[[], int]) -> None:
        self.server = server
        self.sender = address(sender)
        self._now = now

    def send(self, parcel: Parcel) -> Proof:
        """Hand it to the server; raises as `SmtpDialogue.hand_over` does."""
        mail = message(letter(parcel), key=parcel.key, sender=self.sender, at=self._now())
        recipient = mail["To"].addresses[0].addr_spec
        dialogue = SmtpDialogue(server=self.server, sender=self.sender, attempts=parcel.attempts)
        details = dialogue.hand_over(recipient, mail.as_bytes())
        return Proof(channel=self.name, reference=str(mail["Message-ID"]), details=details)


def email_channel(settings: ChannelSettings, now: Callable[[], int]) -> Channel:
    """The e-mail channel these settings ask for: served when they name an SMTP server, spooled otherwise."""
    if settings.smtp is None:
        return SpooledEmail(Path(settings.spool) / "email", settings.sender, now)
    return ServedEmail(MailServer.from_url(settings.smtp, settings.smtp_password_env), settings.sender, now)
