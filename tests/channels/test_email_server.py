"""E-mail through a real SMTP server: accepted, delayed, refused, broken off, not there."""

import email
import email.policy
import ipaddress
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from channels.post_office import OnlyPassword, PostOffice, free_port, serving, tls_of
from toritsugi.errors import ChannelDelayed, ChannelRefused, ChannelUncertain, OutsideError
from toritsugi.hooks import ChannelSettings
from toritsugi.ports import Channel
from toritsugi.testing.channel_contract import PROMISES, ChannelUnderTest, example_parcel
from toritsugi_adapters.channels.email import email_channel
from toritsugi_adapters.channels.smtp import BadServer, MailServer

ADDRESS = "madoguchi@example.jp"
NOON = 1_777_000_000_000_000
PARCEL = example_parcel("case-1/7/1", "email", ADDRESS)


def channel(url: str) -> Channel:
    return email_channel(ChannelSettings(spool="unused", smtp=url, sender="toritsugi@bank.example.jp"), lambda: NOON)


def fault(url: str, attempts: int = 0) -> OutsideError:
    with pytest.raises(OutsideError) as caught:
        channel(url).send(replace(PARCEL, attempts=attempts))
    assert ADDRESS not in f"{caught.value} {vars(caught.value)}"
    return caught.value


@pytest.fixture
def office() -> PostOffice:
    return PostOffice()


@pytest.fixture
def url(office: PostOffice) -> Iterator[str]:
    with serving(office) as url:
        yield url


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
def test_a_served_channel_keeps(promise: object, office: PostOffice, url: str) -> None:
    unusable = ("", None, "a@b@c", "a b@example.jp", "a@example.jp,b@example.jp", "x@例え.jp", "a@example.jp\r\nRSET")
    assert callable(promise)
    promise(ChannelUnderTest(channel=channel(url), arrived=lambda: office.accepted, address=ADDRESS, unusable=unusable))


def test_an_accepted_message_arrives_as_it_was_composed(office: PostOffice, url: str) -> None:
    proof = channel(url).send(PARCEL)
    mail = email.message_from_bytes(office.accepted[0], policy=email.policy.SMTP)
    assert office.recipients == [ADDRESS]
    assert mail["Subject"] == "様式1 海外展開支援（案内）申込書"
    assert proof.reference == mail["Message-ID"]
    assert proof.details == {"server": "127.0.0.1", "code": "250", "queued": "4F1A2B3C"}
    body = mail.get_body(("plain",))
    assert body is not None
    assert "①㈱髙﨑商店の髙﨑𠮷子様" in body.get_content()


def test_a_served_channel_is_not_repeatable(url: str) -> None:
    assert channel(url).repeatable is False


@pytest.mark.parametrize("part", ["rcpt_answer", "data_answer"])
def test_a_4xx_answer_is_a_delay_that_grows_with_the_attempts(office: PostOffice, url: str, part: str) -> None:
    setattr(office, part, f"451 4.7.1 <{ADDRESS}> greylisted")
    waits = []
    for attempts in (0, 1, 5, 500):
        delay = fault(url, attempts)
        assert isinstance(delay, ChannelDelayed)
        waits.append(delay.retry_after_s)
    assert waits == [60, 120, 1920, 14_400]
    assert office.accepted == []


@pytest.mark.parametrize("part", ["rcpt_answer", "data_answer"])
def test_a_5xx_answer_is_a_refusal_known_by_its_number_only(office: PostOffice, url: str, part: str) -> None:
    setattr(office, part, f"550 5.1.1 <{ADDRESS}> no such user")
    refusal = fault(url)
    assert isinstance(refusal, ChannelRefused)
    assert refusal.details["reason"] == "5.1.1"


def test_a_connection_broken_after_the_content_is_an_unknown_outcome(office: PostOffice, url: str) -> None:
    office.drop = True
    assert isinstance(fault(url), ChannelUncertain)


def test_a_server_that_is_not_there_is_a_delay() -> None:
    assert isinstance(fault(f"smtp://127.0.0.1:{free_port()}"), ChannelDelayed)


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[str, str]:
    """A certificate for 127.0.0.1 and its key, as files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (tmp_path / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (tmp_path / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return str(tmp_path / "certificate.pem"), str(tmp_path / "key.pem")


def test_offered_tls_is_used_and_the_login_goes_through_it(
    office: PostOffice, certificate: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", certificate[0])
    monkeypatch.setenv("TORITSUGI_SMTP_PASSWORD", "ひみつ-secret".encode().hex())
    check = OnlyPassword(b"clerk", "ひみつ-secret".encode().hex().encode())
    with serving(office, tls_context=tls_of(*certificate), authenticator=check, auth_required=True) as url:
        channel(url.replace("//", "//clerk@")).send(PARCEL)
    assert office.tls == [True]


def test_a_wrong_password_delays_and_does_not_set_the_message_aside(
    office: PostOffice, certificate: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", certificate[0])
    monkeypatch.setenv("TORITSUGI_SMTP_PASSWORD", "wrong")
    check = OnlyPassword(b"clerk", b"right")
    with serving(office, tls_context=tls_of(*certificate), authenticator=check, auth_required=True) as url:
        delay = fault(url.replace("//", "//clerk@"))
    assert isinstance(delay, ChannelDelayed)
    assert (delay.details["reason"], office.accepted) == ("535", [])


def test_a_server_that_cannot_prove_its_name_gets_nothing(office: PostOffice, certificate: tuple[str, str]) -> None:
    with serving(office, tls_context=tls_of(*certificate)) as url:
        assert isinstance(fault(url), ChannelDelayed)
    assert office.accepted == []


def test_a_missing_password_is_a_delay(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TORITSUGI_SMTP_PASSWORD", raising=False)
    delay = fault(url.replace("//", "//clerk@"))
    assert isinstance(delay, ChannelDelayed)
    assert delay.details["reason"] == "NO_PASSWORD"


@pytest.mark.parametrize(
    "url", ["smtp://u:secret@host", "http://host", "smtp://", "host:25", "smtp://host/path", "smtp://host:mail"]
)
def test_a_server_is_written_one_way_and_a_password_stays_out(url: str) -> None:
    with pytest.raises(BadServer) as caught:
        MailServer.from_url(url, "PLACE")
    assert "secret" not in f"{caught.value} {caught.value.ja}"
