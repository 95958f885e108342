"""A case worked on from the command line: opened from a form, moved on, refused, looked at, sealed, erased."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from .conftest import Typed

NOW = ("--now", "2026-12-14T10:30+09:00")


def test_a_form_becomes_a_case_and_the_store_is_made_for_it(typed: Typed, form: str, tmp_path: Path) -> None:
    shown = typed("open", "--form", form)
    assert (shown.code, shown.err) == (0, "")
    assert "金融機関で検討中" in shown.out
    assert (tmp_path / "store.db").exists()


def test_only_open_makes_a_store(typed: Typed, tmp_path: Path) -> None:
    for words in (("case", "X"), ("due",), ("tick",), ("audit", "verify")):
        shown = typed(*words)
        assert shown.code == 4
        assert "データベース" in shown.err
    assert list(tmp_path.iterdir()) == []


def test_a_case_number_is_found_as_people_pass_it_on(typed: Typed, opened: str) -> None:
    full_width = opened.lower().translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    for number in (opened.lower(), opened.replace("-", ""), opened.replace("0", "o"), full_width):
        assert typed("case", number, "--json").json["id"] == opened
    shown = typed("case", "no-such-case")
    assert (shown.code, "no-such-case" in shown.err) == (4, True)


def test_values_on_the_command_line_go_before_the_form(typed: Typed, form: str) -> None:
    case = typed("open", "--form", form, "company_name=株式会社別名", "--json").json["case"]
    data = typed("case", case, "--json").json["data"]
    assert data["company_name"] == "株式会社別名"
    assert data["loan_status"] == "planned"


def test_values_are_read_as_people_write_them(typed: Typed, opened: str) -> None:
    shown = typed("send", opened, "introduce_scheme_loan", "loan_status＝利用予定", "loan_date=令和9年3月31日", *NOW)
    assert shown.code == 0, shown.err
    data = typed("case", opened, "--json").json["data"]
    assert (data["loan_status"], data["loan_date"]) == ("planned", "2027-03-31")


def test_every_wrong_value_is_named_by_its_field(typed: Typed, opened: str) -> None:
    shown = typed(
        "send", opened, "introduce_scheme_loan", "loan_status=たぶん", "loan_date=13月", "lone_date=x", "x", *NOW
    )
    assert shown.code == 2
    for told in ("入力に誤りがあります（4件）", "loan_status:", "loan_date:", "もしかして：loan_date", "項目=値"):
        assert told in shown.err
    assert typed("history", opened, "--json").json[-1]["event"] == "open"


def test_a_wrong_personal_value_is_not_repeated(typed: Typed, form: str) -> None:
    shown = typed("open", "--form", form, "company_email= ")
    assert shown.code == 2
    assert "企業のメールアドレス：空欄です" in shown.err


def test_an_unreadable_form_is_refused_in_words(typed: Typed, tmp_path: Path) -> None:
    file = tmp_path / "letter.xlsx"
    file.write_text("様式ではない")
    shown = typed("open", "--form", str(file))
    assert shown.code == 2
    assert "様式が違います" in shown.err
    assert typed("open", "--form", str(tmp_path / "none.xlsx")).code == 4


def test_a_refusal_says_why_and_what_would_be_possible_by_title_and_id(typed: Typed, opened: str) -> None:
    shown = typed("send", opened, "send_form1", "--via", "email", *NOW)
    assert (shown.code, shown.out) == (3, "")
    assert "[INVALID_TRANSITION]" in shown.err
    assert "explain_programme" in shown.err
    assert "本事業の内容を説明する" in shown.err


def test_an_incomplete_form_is_refused_with_the_fields_to_give(typed: Typed, accepted: str) -> None:
    shown = typed("send", accepted, "coordinate_with_bank", "--now", "2027-01-04T10:00+09:00")
    assert shown.code == 3
    assert "form2_destination" in shown.err
    assert "form2_method" in shown.err


def test_a_refusal_names_the_option_that_would_mend_it(typed: Typed, accepted: str) -> None:
    at = ("--now", "2026-12-28T10:00+09:00")
    assert "--reason で理由を" in typed("send", accepted, "contact_company_override", *at).err
    assert typed("send", accepted, "contact_company_override", "--reason", "急ぎのため", *at).code == 0
    meeting = ("schedule_meeting", "meeting_at=2027-01-15T14:00+09:00", "meeting_place=電話", *at)
    shown = typed("send", accepted, *meeting)
    assert (shown.code, "--override と --reason" in shown.err) == (3, True)
    assert typed("send", accepted, *meeting, "--override", "--reason", "遠方のため").code == 0
    assert typed("history", accepted, "--json").json[-1]["overridden"] == ["CHANNEL_NOT_ALLOWED"]


def test_a_way_that_was_not_said_is_asked_for(typed: Typed, opened: str) -> None:
    for event in ("explain_programme", "introduce_scheme_loan", "submit_form1", "complete_bank_section"):
        assert typed("send", opened, event, *NOW).code == 0
    shown = typed("send", opened, "send_form1", *NOW)
    assert (shown.code, "--via で方法を指定してください：post、email、fax" in shown.err) == (3, True)


def test_the_scheme_loan_has_to_be_introduced_first(typed: Typed, opened: str) -> None:
    for event in ("explain_programme", "submit_form1"):
        assert typed("send", opened, event, *NOW).code == 0
    shown = typed("send", opened, "complete_bank_section", *NOW)
    assert shown.code == 3
    assert "[SCHEME_LOAN_NOT_INTRODUCED]" in shown.err
    assert "2-1(4)" in shown.err
    blocked = {row["event"]: row for row in typed("can", opened, "--json").json}["complete_bank_section"]
    assert [reason["code"] for reason in blocked["reasons"]] == ["SCHEME_LOAN_NOT_INTRODUCED"]
    assert "2-1(4)" in typed("can", opened).out
    assert typed("send", opened, "introduce_scheme_loan", *NOW).code == 0
    assert typed("send", opened, "complete_bank_section", *NOW).code == 0


def test_the_operator_acts_for_a_role_and_history_says_so(typed: Typed, opened: str) -> None:
    shown = typed("send", opened, "explain_programme", "--as", "jetro_tokyo", *NOW)
    assert shown.code == 3
    assert "[ACTOR_NOT_ALLOWED]" in shown.err
    assert typed("send", opened, "explain_programme", "--as", "financial_institution", *NOW).code == 0
    row = typed("history", opened, "--json").json[-1]
    assert (row["role"], row["authority"]) == ("financial_institution", "operator")
    assert "端末で記録" in typed("history", opened).out
    assert "という立場はありません" in typed("send", opened, "withdraw", "--as", "nobody", *NOW).err


def test_the_same_key_is_recorded_once(typed: Typed, opened: str) -> None:
    first = typed("send", opened, "explain_programme", "--key", "k-1", *NOW, "--json").json
    again = typed("send", opened, "explain_programme", "--key", "k-1", *NOW, "--json").json
    assert (first["seq"], first["repeated"], again["seq"], again["repeated"]) == (2, False, 2, True)
    assert len(typed("history", opened, "--json").json) == 2
    shown = typed("send", opened, "explain_programme", "company_needs=別のこと", "--key", "k-1", *NOW)
    assert (shown.code, "[KEY_REUSED]" in shown.err) == (5, True)


def test_parties_are_the_company_by_its_number_and_whoever_is_named(typed: Typed, form: str) -> None:
    case = typed("open", "--form", form, "--party", "financial_institution=bank-0007", "--json").json["case"]
    parties = typed("case", case, "--json").json["parties"]
    assert (parties["client_company"], parties["financial_institution"]) == ("8999900000001", "bank-0007")
    assert typed("open", "--form", form, "--party", "jetro_tokyo=other").code == 2


def test_time_passes_when_told_to(typed: Typed, accepted: str, tmp_path: Path) -> None:
    assert typed("deliver", "--now", "2026-12-28T10:00+09:00", "--json").json["handed_over"] == 1
    assert len(list((tmp_path / "spool" / "email").glob("*.eml"))) == 1
    assert typed("tick", "--now", "2027-01-12T23:59+09:00", "--json").json == {"fired": 0}
    assert typed("tick", "--now", "2027-01-13T00:00+09:00", "--json").json == {"fired": 1}
    shown = typed("due", "--now", "2027-01-15T10:00+09:00")
    assert "【超過】2027年1月12日(火)  3日経過" in shown.out
    assert typed("due", "--until", "2027-01-11", "--json").json == []
    assert "控え" in typed("messages", accepted).out


def test_what_is_sealed_can_be_verified_against_the_kept_copy(typed: Typed, opened: str, tmp_path: Path) -> None:
    copy = tmp_path / "seal.json"
    assert typed("audit", "seal", "--out", str(copy)).code == 0
    shown = typed("audit", "verify", "--seal", str(copy), "--json")
    assert (shown.code, shown.json["clean"], shown.json["seals"]) == (0, True, [1])
    copy.write_text("{}")
    assert typed("audit", "verify", "--seal", str(copy)).code == 2


def test_an_altered_record_is_found_and_ends_with_exit_code_7(typed: Typed, opened: str, tmp_path: Path) -> None:
    import sqlite3

    with sqlite3.connect(tmp_path / "store.db") as database:
        database.execute("UPDATE toritsugi_case SET state = 'closed' WHERE id = ?", (opened,))
    shown = typed("audit", "verify")
    assert shown.code == 7
    assert opened in shown.out


def test_erased_data_is_gone_and_the_record_still_verifies(typed: Typed, opened: str) -> None:
    assert typed("erase", opened).code == 2
    erased = typed("erase", opened, "--reason", "保存期間の満了", "--yes")
    assert erased.code == 0 and "spool" in erased.out and "VACUUM" not in erased.out
    data = typed("case", opened, "--json").json
    assert data["erased"]
    assert "representative_name" not in data["data"]
    assert typed("audit", "verify", "--json").json["clean"]
    assert "保存期間の満了" in typed("history", opened).out
    assert typed("history", opened, "--json").json[-1]["values"] == {"erasure_reason": "保存期間の満了"}


@pytest.mark.parametrize("held", [True, False])
def test_whether_the_table_was_vacuumed_is_told_as_it_is(
    typed: Typed, form: str, postgresql_url: str, monkeypatch: pytest.MonkeyPatch, held: bool
) -> None:
    monkeypatch.setenv("TORITSUGI_STORE", postgresql_url)
    monkeypatch.setenv("TORITSUGI_KEY", "A" * 43 + "=")
    case = typed("open", "--form", form, "--json").json["case"]
    holder = sa.create_engine(postgresql_url)
    with holder.connect() as other:
        if held:
            other.execute(sa.text("LOCK TABLE toritsugi_case IN SHARE UPDATE EXCLUSIVE MODE"))
        erased = typed("erase", case, "--reason", "保存期間の満了", "--yes", "--lang", "en")
    holder.dispose()
    assert erased.code == 0, erased.err
    assert ("was vacuumed" in erased.out, "could not be vacuumed" in erased.out) == (not held, held)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_what_is_shown_fits_eighty_columns(typed: Typed, accepted: str, language: str) -> None:
    from toritsugi_adapters.cli.layout import width

    commands = (("case", accepted), ("history", accepted), ("can", accepted), ("messages", accepted), ("due",))
    more = (("procedures",), ("show", "tokyo_jetro_support"), ("show", "support_cost_frame"))
    for words in (*commands, *more):
        shown = typed(*words, "--lang", language)
        assert shown.code == 0, shown.err
        for line in shown.out.splitlines():
            assert width(line) <= 80, line


@pytest.mark.parametrize("server", ["mail.example.jp", "smtp://clerk:secret@mail.example.jp"])
def test_a_mail_server_that_is_none_is_told_without_repeating_it(typed: Typed, opened: str, server: str) -> None:
    shown = typed("deliver", "--smtp", server)
    assert (shown.code, "SMTPサーバー" in shown.err, "secret" in shown.err) == (2, True, False)


def test_the_history_tells_how_many_other_cases_were_counted_to_those_who_may_know(typed: Typed) -> None:
    given = ("company_name=架空精機株式会社", "company_size=sme", "centre=manila", "--party", "client_company=acme")
    opening = ("open", "--procedure", "jetro_business_support_center", *given, "--as", "client_company", "--json")
    for _ in range(2):
        case = typed(*opening).json["case"]
        assert typed("send", case, "approve", "--as", "jetro").code == 0
    assert "使用中の室数  1" in typed("history", case, "--as", "jetro").out
    assert "使用中の室数" not in typed("history", case, "--as", "client_company").out
    assert typed("history", case, "--as", "jetro", "--json").json[-1]["counts"] == {"rooms_in_use": 1}
    assert "counts" not in typed("history", case, "--as", "client_company", "--json").json[-1]
