"""Real SMTP servers on this machine, with the moods a far side can have."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session


@dataclass
class PostOffice:
    """A handler for aiosmtpd: answers as it is told, keeps what it accepts."""

    rcpt_answer: str = "250 OK"
    data_answer: str = "250 OK queued as 4F1A2B3C"
    #: break the connection once the content has come in, before it is answered.
    drop: bool = False
    accepted: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    tls: list[bool] = field(default_factory=list)

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        if self.rcpt_answer.startswith("2"):
            envelope.rcpt_tos.append(address)
            self.recipients.append(address)
        return self.rcpt_answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.tls.append(session.ssl is not None)
        if self.drop:
            assert server.transport is not None
            server.transport.abort()
        elif self.data_answer.startswith("2"):
            assert isinstance(envelope.original_content, bytes)
            self.accepted.append(envelope.original_content)
        return self.data_answer


def free_port() -> int:
    """A port that nobody listens on."""
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def serving(office: PostOffice, **options: Any) -> Iterator[str]:
    """The office behind a server; yields its URL."""
    controller = Controller(office, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{controller.port}"
    finally:
        controller.stop()


def tls_of(certificate: str, key: str) -> ssl.SSLContext:
    """The server's side of TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


@dataclass
class OnlyPassword:
    """Accepts one user with one password."""

    user: bytes
    password: bytes

    def __call__(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        right = (data.login, data.password) == (self.user, self.password)
        return AuthResult(success=right, handled=right)  # what is not handled is answered 535
