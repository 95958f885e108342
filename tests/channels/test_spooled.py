"""Messages as files: e-mail spooled as .eml, sheets for fax, post and telephone."""

import email
import email.policy
import io
from dataclasses import replace
from email.header import decode_header, make_header
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pytest

from toritsugi.errors import ChannelDelayed
from toritsugi.hooks import ChannelSettings
from toritsugi.ports import Channel
from toritsugi.testing.channel_contract import PROMISES, ChannelUnderTest, example_parcel
from toritsugi_adapters.channels.letter import columns
from toritsugi_adapters.channels.spool import file_name
from toritsugi_adapters.plugin import toritsugi_channels

ADDRESSES = {
    "email": "madoguchi@example.jp",
    "fax": "03-0000-0000",
    "post": "〒100-0000 東京都千代田区架空町1-1",
    "phone": "（０３）００００－００００",
}
UNUSABLE: dict[str, tuple[str | None, ...]] = {
    "email": ("", None, "madoguchi", "a@b@c", '"x" <y@example.jp>', "a@example.jp\nBcc: b@example.jp"),
    "fax": ("", None, "なし", "12", "madoguchi@example.jp"),
    "post": ("", None, " \n "),
    "phone": ("", None, "-----------"),
}


def channel(name: str, spool: Path) -> Channel:
    channels = toritsugi_channels(ChannelSettings(spool=str(spool)))
    (found,) = [one for one in channels if one.name == name]
    return found


def spooled(spool: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(spool.rglob("*")) if path.is_file()]


def mail_in(spool: Path) -> EmailMessage:
    (path,) = spool.rglob("*.eml")
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.SMTP)
    assert isinstance(mail, EmailMessage)
    return mail


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
def test_a_spooled_channel_keeps(promise: object, name: str, tmp_path: Path) -> None:
    assert callable(promise)
    promise(
        ChannelUnderTest(
            channel=channel(name, tmp_path),
            arrived=lambda: spooled(tmp_path),
            address=ADDRESSES[name],
            unusable=UNUSABLE[name],
        )
    )


@pytest.mark.parametrize("name", ADDRESSES)
def test_spooled_channels_are_repeatable(name: str, tmp_path: Path) -> None:
    assert channel(name, tmp_path).repeatable is True


def test_the_same_parcel_decided_at_a_known_moment_is_the_same_message_byte_for_byte(tmp_path: Path) -> None:
    parcel = example_parcel("case-1/7/1", "email", ADDRESSES["email"], decided_at=1_777_000_000_123_456)
    for place in ("a", "b"):
        channel("email", tmp_path / place).send(parcel)
    assert spooled(tmp_path / "a") == spooled(tmp_path / "b")


def test_a_mail_says_that_a_machine_wrote_it_and_when_it_was_decided(tmp_path: Path) -> None:
    decided = example_parcel("case-1/7/1", "email", ADDRESSES["email"], decided_at=1_777_022_400_000_000)
    channel("email", tmp_path).send(decided)
    mail = mail_in(tmp_path)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"] == "Fri, 24 Apr 2026 18:20:00 +0900"
    assert "case-1" not in mail["Message-ID"]


def test_a_mail_carries_its_document_as_text_and_as_a_workbook(tmp_path: Path) -> None:
    channel("email", tmp_path).send(example_parcel("case-1/7/1", "email", ADDRESSES["email"]))
    mail = mail_in(tmp_path)
    body = mail.get_body(("plain",))
    assert body is not None
    assert "企業名 ： ㈱髙﨑商店" in body.get_content()
    (part,) = mail.iter_attachments()
    assert part.get_filename() == "様式1 海外展開支援（案内）申込書.xlsx"
    page = openpyxl.load_workbook(io.BytesIO(part.get_content())).worksheets[0]
    assert [page["B3"].value, page["B4"].value] == ["㈱髙﨑商店", "=1+1\n暗証番号0000"]
    assert page["B4"].data_type == "s"


def test_a_long_japanese_subject_and_sender_survive(tmp_path: Path) -> None:
    subject, sender = (
        "海外展開支援の申込みについて（至急・要返信）" * 8,
        "独立行政法人 日本貿易振興機構（ジェトロ）, 東京",
    )
    parcel = example_parcel("c/1/1", "email", ADDRESSES["email"], subject=subject, **{"from": {"title": sender}})
    channel("email", tmp_path).send(parcel)
    mail = mail_in(tmp_path)
    assert mail["Subject"] == subject
    # the new parser leaves a space between two encoded words of a name, against RFC 2047, section 6.2; the old one does not
    assert str(make_header(decode_header(mail.as_bytes().split(b"From: ")[1].split(b" <")[0].decode()))) == sender
    assert all(len(line) <= 998 for line in spooled(tmp_path)[0].split(b"\r\n"))


def test_an_answer_goes_to_the_sender_if_there_is_an_address_for_it(tmp_path: Path) -> None:
    parcel = example_parcel("c/1/1", "email", ADDRESSES["email"], **{"from": {"email": "bank@example.jp"}})
    channel("email", tmp_path).send(parcel)
    assert mail_in(tmp_path)["Reply-To"] == "bank@example.jp"


def test_a_sheet_names_whom_it_is_for_and_fits_the_page(tmp_path: Path) -> None:
    body = "申込書をお送りします。" * 20
    channel("fax", tmp_path).send(example_parcel("case-1/7/1", "fax", ADDRESSES["fax"], body=body))
    (path,) = (tmp_path / "fax").iterdir()
    text = path.read_text("utf-8")
    assert path.name == "case-1_7_1.txt"
    for shown in ("架空の受取機関　御中", "03-0000-0000", "case-1/7/1", "企業名 ： ㈱髙﨑商店"):
        assert shown in text
    assert max(columns(line) for line in text.split("\n")) <= 78


def test_a_mail_says_to_whom_it_goes_what_it_brings_and_who_sends_it(tmp_path: Path) -> None:
    parcel = example_parcel("case-1/7/1", "email", ADDRESSES["email"], **{"from": {"title": "架空信用金庫"}})
    channel("email", tmp_path).send(parcel)
    body = mail_in(tmp_path).get_body(("plain",))
    assert body is not None
    lines = body.get_content().split()
    assert lines[:3] == ["架空の受取機関", "御中", "標記の書類をお送りします。"]
    assert lines[-1] == "架空信用金庫"


@pytest.mark.parametrize(("party", "blank"), [("financial_institution", "＿＿＿＿"), ("jetro_tokyo", "－")])
def test_a_form_to_be_filled_in_leaves_room_to_write(party: str, blank: str, tmp_path: Path) -> None:
    form3 = {"id": "form3", "title": "様式3", "lines": [["融資の状況", ""]]}
    parcel = example_parcel("case-1/7/1", "post", ADDRESSES["post"], documents=[form3])
    channel("post", tmp_path).send(replace(parcel, document="form3", party=party))
    (path,) = (tmp_path / "post").iterdir()
    assert f"融資の状況 ： {blank}" in path.read_text("utf-8").split("\n")


def test_a_letter_names_its_sender_or_leaves_room_for_one(tmp_path: Path) -> None:
    for place, sender, shown in (("a", "架空信用金庫", "架空信用金庫"), ("b", "", "＿" * 18)):
        parcel = example_parcel("c/1/1", "post", ADDRESSES["post"], **{"from": {"title": sender}})
        channel("post", tmp_path / place).send(parcel)
        (path,) = (tmp_path / place / "post").iterdir()
        (line,) = [line for line in path.read_text("utf-8").split("\n") if line.startswith("差出人")]
        assert line.endswith(f"： {shown}")


def test_half_a_file_is_never_seen_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    channel("email", tmp_path).send(example_parcel("case-1/7/1", "email", ADDRESSES["email"]))
    assert [path.name for path in (tmp_path / "email").iterdir()] == ["case-1_7_1.eml"]


def test_a_spool_that_cannot_be_written_is_a_delay(tmp_path: Path) -> None:
    (tmp_path / "email").write_text("a file where the folder should be")
    with pytest.raises(ChannelDelayed):
        channel("email", tmp_path).send(example_parcel("case-1/7/1", "email", ADDRESSES["email"]))


def test_a_file_that_lies_there_already_is_left_alone(tmp_path: Path) -> None:
    parcel = example_parcel("case-1/7/1", "fax", ADDRESSES["fax"])
    channel("fax", tmp_path).send(parcel)
    before = spooled(tmp_path)
    channel("fax", tmp_path).send(replace(parcel, content={**parcel.content, "subject": "another"}))
    assert spooled(tmp_path) == before


@pytest.mark.parametrize("key", ["../../etc/passwd", "..", ".hidden", "a\\b", "a:b", "ケース/1/1", "x" * 500, "a\x00b"])
def test_no_key_leads_out_of_the_folder(key: str) -> None:
    name = file_name(key, ".eml")
    assert "/" not in name and "\\" not in name and ":" not in name and "\x00" not in name
    assert not name.startswith(".") and len(name) < 140
