"""With `--as` every question is answered as that party may have it; without, the operator sees everything."""

import pytest

from .conftest import Typed

NOW = ("--now", "2026-11-02T09:00+09:00")
OPEN = (
    *("open", "--procedure", "consortium_referral", "company_name=架空食品", "company_reference=R-1"),
    *(
        "referring_name=あおば商工会議所",
        "company_email=kaigai@kakuu.example.jp",
        "--party",
        "referring_institution=aoba_cci",
    ),
)
SECRETS = ("架空食品", "R-1", "あおば", "kaigai@", "aoba_cci")
QUESTIONS = ("case", "history", "messages", "can", "graph")


@pytest.fixture
def referral(typed: Typed) -> str:
    """A case about a company whose identity a provider may not learn yet."""
    shown = typed(*NOW, *OPEN, "--json")
    assert shown.code == 0, shown.err
    number: str = shown.json["case"]
    return number


@pytest.mark.parametrize("form", [(), ("--json",)])
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_provider_is_told_nothing_that_names_the_company(
    typed: Typed, referral: str, question: str, form: tuple[str, ...]
) -> None:
    words = (question, "--case", referral) if question == "graph" else (question, referral)
    shown = typed(*words, "--as", "providing_institution", *form)
    assert shown.code == 0, shown.err
    assert not [secret for secret in SECRETS if secret in shown.out]


def test_the_lists_of_a_provider_name_no_company_either(typed: Typed, referral: str) -> None:
    for form in ((), ("--json",)):
        shown = typed("cases", "--as", "providing_institution", *form)
        assert referral in shown.out
        assert not [secret for secret in SECRETS if secret in shown.out]
    assert typed("due", "--as", "providing_institution", "--json").json == []


def test_the_party_that_may_know_and_the_operator_are_told(typed: Typed, referral: str) -> None:
    for role in (("--as", "secretariat"), ()):
        assert "架空食品" in typed("case", referral, *role).out
        assert "架空食品" in typed("history", referral, *role).out
    assert typed("case", referral, "--json").json["parties"]["client_company"] == "R-1"


def test_a_list_leaves_out_the_cases_in_which_there_is_no_such_party(typed: Typed, referral: str) -> None:
    assert typed("cases", "--as", "applicant", "--json").json == []
    assert [one["case"] for one in typed("cases", "--as", "顧客企業", "--json").json] == [referral]


def test_what_an_act_prints_is_for_the_party_that_acted(typed: Typed, referral: str) -> None:
    shown = typed(*NOW, "send", referral, "introduce_consortium", "--as", "providing_institution")
    assert shown.code == 3
    assert not [secret for secret in SECRETS if secret in shown.out + shown.err]
