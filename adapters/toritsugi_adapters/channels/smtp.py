"""One message handed to one SMTP server (RFC 5321), with every way it can fail told apart.

Up to DATA nothing has been handed over, whatever breaks: try again later. From DATA on a broken connection says
nothing about the message. A server's answer decides by its first digit: 4 is not now, 5 is never. Answers are kept as
numbers only, since servers like to repeat addresses in their texts.
"""

from __future__ import annotations

import os
import re
import smtplib
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.headerregistry import Address
from urllib.parse import unquote, urlsplit

from toritsugi.errors import ChannelDelayed, ChannelRefused, ChannelUncertain

#: Longest silence of the server; a whole dialogue has to end within the outbox's lease on the message (120 s).
TIMEOUT_S = 15
#: Waiting time after the first failure; it doubles with each attempt, up to the longest.
FIRST_RETRY_S = 60
LONGEST_RETRY_S = 4 * 3600

_PORTS = {"smtp": 25, "smtps": 465}
_HOW_WRITTEN = (
    "SMTPサーバーは smtp://利用者@ホスト:ポート または smtps://利用者@ホスト:ポート の形で指定してください。",
    "an SMTP server is written smtp://user@host:port or smtps://user@host:port",
)
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
_QUEUE_NUMBER = re.compile(rb"(?:queued as|id=) ?([A-Za-z0-9-]{4,64})")
_ENHANCED_CODE = re.compile(rb"([245]\.[0-9]{1,3}\.[0-9]{1,3})\b")


class BadServer(ValueError):
    """What somebody wrote is no SMTP server; said without repeating it, for it may hold a password."""

    def __init__(self, ja: str, en: str) -> None:
        super().__init__(en)
        self.ja = ja
        self.en = en


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where the SMTP server is and how one logs in."""

    host: str
    port: int
    #: TLS from the first byte (smtps); otherwise STARTTLS, as soon as the server offers it.
    tls: bool = False
    user: str | None = field(default=None, repr=False)
    #: environment variable that holds the password; read when it is needed and not kept.
    password_env: str = "TORITSUGI_SMTP_PASSWORD"
    timeout_s: float = TIMEOUT_S

    @classmethod
    def from_url(cls, url: str, password_env: str) -> MailServer:
        """`smtp://user@host:587` or `smtps://host`.

        Raises:
            BadServer: not such a URL, or it carries a password, which belongs into the environment.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise BadServer(*_HOW_WRITTEN) from None
        if parts.password is not None:
            raise BadServer(
                f"SMTPサーバーの指定にパスワードを書かないでください。環境変数 {password_env} に設定します。",
                f"an SMTP URL carries no password; put it into the environment variable {password_env}",
            )
        if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/") or parts.query:
            raise BadServer(*_HOW_WRITTEN)
        return cls(
            host=parts.hostname,
            port=port or _PORTS[parts.scheme],
            tls=parts.scheme == "smtps",
            user=unquote(parts.username) if parts.username else None,
            password_env=password_env,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpDialogue:
    """The conversation about one message."""

    server: MailServer
    sender: Address
    #: earlier attempts: the waiting time grows with them.
    attempts: int

    def hand_over(self, recipient: str, content: bytes) -> Mapping[str, str]:
        """Hand `content` over for `recipient`; what the server said, without addresses.

        Raises:
            ChannelDelayed: not reachable, not now (4xx), or no safe login.
            ChannelRefused: sender, recipient or message refused for good (5xx).
            ChannelUncertain: the connection broke during or after DATA.
        """
        try:
            connection = self._connect()
        except (OSError, smtplib.SMTPException, ValueError) as fault:
            raise self._delayed(type(fault).__name__) from None
        try:
            self._prepare(connection, recipient)
            return self._data(connection, content)
        finally:
            with suppress(OSError, smtplib.SMTPException):
                connection.quit()
            connection.close()

    def _connect(self) -> smtplib.SMTP:
        server, name = self.server, self.sender.domain
        if server.tls:
            return smtplib.SMTP_SSL(server.host, server.port, name, timeout=server.timeout_s, context=_verified())
        return smtplib.SMTP(server.host, server.port, name, server.timeout_s)

    def _prepare(self, connection: smtplib.SMTP, recipient: str) -> None:
        """Everything before DATA: a broken connection here is only a delay."""
        try:
            connection.ehlo_or_helo_if_needed()
            if not self.server.tls and connection.has_extn("starttls"):
                connection.starttls(context=_verified())
                connection.ehlo()
            if self.server.user is not None:
                self._log_in(connection, self.server.user)
            self._judge(connection.mail(self.sender.addr_spec))
            self._judge(connection.rcpt(recipient))
        except (
            smtplib.SMTPResponseException
        ) as fault:  # from EHLO, STARTTLS or the login: ours to mend, not the letter's
            raise self._delayed("SMTP", fault.smtp_code) from None
        except (OSError, smtplib.SMTPException, ValueError) as fault:
            raise self._delayed(type(fault).__name__) from None

    def _log_in(self, connection: smtplib.SMTP, user: str) -> None:
        safe = isinstance(connection.sock, ssl.SSLSocket) or self.server.host in _THIS_MACHINE
        if not safe:
            raise self._delayed("NO_TLS_FOR_LOGIN")
        password = os.environ.get(self.server.password_env)
        if password is None:
            raise self._delayed("NO_PASSWORD")
        connection.login(user, password)

    def _data(self, connection: smtplib.SMTP, content: bytes) -> Mapping[str, str]:
        try:
            code, text = connection.data(content)
        except smtplib.SMTPDataError as fault:  # the server answered DATA itself with a refusal
            code, text = fault.smtp_code, _bytes(fault.smtp_error)
        except (OSError, smtplib.SMTPException):
            raise ChannelUncertain(None, channel="email", reason="connection_lost") from None
        self._judge((code, text))
        queued = _QUEUE_NUMBER.search(text)
        return {"server": self.server.host, "code": str(code)} | ({"queued": queued[1].decode()} if queued else {})

    def _judge(self, answer: tuple[int, bytes]) -> None:
        code, text = answer
        if 200 <= code < 300:
            return
        if 500 <= code < 600:
            enhanced = _ENHANCED_CODE.match(text)
            raise ChannelRefused(None, channel="email", reason=enhanced[1].decode() if enhanced else str(code))
        raise self._delayed("SMTP", code)

    def _delayed(self, reason: str, code: int | None = None) -> ChannelDelayed:
        wait = min(FIRST_RETRY_S * 2 ** min(self.attempts, 16), LONGEST_RETRY_S)
        return ChannelDelayed(wait, channel="email", reason=reason if code is None else str(code))


def _verified() -> ssl.SSLContext:
    """TLS that knows whom it talks to; SSL_CERT_FILE names an office's own authority."""
    return ssl.create_default_context()


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "replace")
