"""The story as data: who does what and when, in the words a person would type."""

from __future__ import annotations

from dataclasses import dataclass

PROCEDURE = "tokyo_jetro_support"
#: the company's number comes from the form; the bank is an institution of this office's own books.
BANK = "bank-0001"
#: role -> an opaque staff id.
STAFF = {
    "financial_institution": "bank-staff-1",
    "client_company": "company-staff-1",
    "jetro_tokyo": "jetro-staff-1",
    "navigator": "jetro-navigator-1",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing somebody does, or tries to do."""

    #: date and time in Japan.
    at: str
    role: str
    event: str
    #: field=value, as typed.
    values: tuple[str, ...] = ()
    via: str | None = None
    #: the code it is refused with; None: it is recorded.
    refused: str | None = None


OPENED_AT = "2026-12-14T10:00+09:00"

ACTS = (
    Act(at="2026-12-14T10:40+09:00", role="financial_institution", event="explain_programme"),
    Act(at="2026-12-16T14:00+09:00", role="client_company", event="submit_form1"),
    # the manual, 2-1(4): the scheme loan must have been introduced first
    Act(
        at="2026-12-17T09:20+09:00",
        role="financial_institution",
        event="complete_bank_section",
        refused="SCHEME_LOAN_NOT_INTRODUCED",
    ),
    Act(at="2026-12-17T15:30+09:00", role="financial_institution", event="introduce_scheme_loan"),
    Act(at="2026-12-18T10:15+09:00", role="financial_institution", event="complete_bank_section"),
    # on the evening of the last Friday before the year-end closure
    Act(at="2026-12-25T18:30+09:00", role="financial_institution", event="send_form1", via="email"),
    Act(
        at="2026-12-28T09:40+09:00",
        role="jetro_tokyo",
        event="accept_form1",
        values=("form1_arrived_at=2026-12-25T18:30+09:00",),
    ),
    Act(
        at="2027-01-04T11:00+09:00",
        role="navigator",
        event="coordinate_with_bank",
        values=("form2_destination=融資担当窓口", "form2_method=電子メール"),
    ),
    Act(
        at="2027-01-05T13:20+09:00",
        role="navigator",
        event="log_failed_contact",
        values=("attempt_means=電話", "attempt_note=担当の方が外出中。1月8日に改めて電話する。"),
    ),
    Act(at="2027-01-08T10:05+09:00", role="navigator", event="contact_company"),
    Act(
        at="2027-01-08T10:30+09:00",
        role="navigator",
        event="schedule_meeting",
        values=("meeting_at=2027-01-15T14:00+09:00", "meeting_place=企業の都内事業所", "bank_attends=はい"),
    ),
    Act(at="2027-01-15T16:00+09:00", role="navigator", event="hold_consultation"),
    Act(
        at="2027-01-20T11:00+09:00",
        role="navigator",
        event="agree_plan",
        values=("support_plan=タイの需要と競合品の価格帯を調べ、取引先の候補を3社に絞る。",),
    ),
    Act(at="2027-01-22T09:30+09:00", role="navigator", event="start_support"),
    Act(
        at="2027-01-25T10:00+09:00",
        role="jetro_tokyo",
        event="post_cost",
        values=(
            "posting_kind=仮押さえ",
            "cost_item=MS-2027-001",
            "cost_service=海外ミニ調査サービス",
            "cost_amount=330,000円",
            "cost_tax=税込",
        ),
    ),
    Act(
        at="2027-02-26T10:00+09:00",
        role="jetro_tokyo",
        event="post_cost",
        values=(
            "posting_kind=実績計上",
            "cost_item=MS-2027-001",
            "cost_service=海外ミニ調査サービス",
            "cost_amount=319,000円",
            "cost_tax=税込",
        ),
    ),
    Act(at="2027-03-12T17:00+09:00", role="navigator", event="end_support"),
    # Form 3 goes out with Form 2 enclosed
    Act(
        at="2027-03-15T10:00+09:00",
        role="jetro_tokyo",
        event="send_form3",
        values=("form3_due_on=2027-04-30",),
        refused="FORM_INCOMPLETE",
    ),
    Act(
        at="2027-03-15T11:20+09:00",
        role="jetro_tokyo",
        event="issue_form2",
        values=(
            "support_content=タイの海外ミニ調査、輸出の契約条件についての助言",
            "support_results=候補3社のうち1社と見積りの段階に進んだ。",
        ),
    ),
    Act(
        at="2027-03-16T09:50+09:00",
        role="jetro_tokyo",
        event="send_form3",
        values=("form3_due_on=令和9年4月30日",),
    ),
    # 30 April passes
    Act(
        at="2027-05-10T09:30+09:00",
        role="financial_institution",
        event="return_form3",
        values=(
            "form3_loan_result=制度融資を実行した",
            "form3_loan_on=2027-03-31",
            "form3_overseas_status=初回の輸出を準備中",
        ),
        via="email",
    ),
    Act(at="2027-05-11T13:00+09:00", role="jetro_tokyo", event="close_case"),
)
