"""The JSON shapes that stay: whoever reads them today reads them tomorrow."""

import pytest

from toritsugi.core.moments import parse_moment

from .conftest import Typed


def test_procedures_lists_id_version_title_and_owner(typed: Typed) -> None:
    rows = typed("procedures", "--json").json
    assert [set(row) for row in rows] == [{"procedure", "version", "title", "owner"}] * len(rows)
    ours = next(row for row in rows if row["procedure"] == "tokyo_jetro_support")
    assert set(ours["title"]) == {"ja", "en"}
    assert ours["owner"] == "jetro_tokyo"


def test_show_gives_states_events_and_deadlines(typed: Typed) -> None:
    shape = typed("show", "tokyo_jetro_support", "--json").json
    assert set(shape) == {"procedure", "version", "states", "events", "deadlines"}
    assert {frozenset(state) for state in shape["states"]} == {frozenset({"id", "terminal"})}
    assert {frozenset(event) for event in shape["events"]} == {frozenset({"id", "from", "to", "by"})}
    assert {"id": "closed", "terminal": True} in shape["states"]
    send = {"id": "send_form1", "from": ["form1_bank_completed", "form1_returned"], "to": "form1_sent"}
    assert {**send, "by": ["financial_institution"]} in shape["events"]
    introduced = next(event for event in shape["events"] if event["id"] == "introduce_scheme_loan")
    assert introduced["to"] is None
    assert [deadline["id"] for deadline in shape["deadlines"]] == ["contact_company", "form3"]


def test_when_gives_dates_and_both_explanations(typed: Typed) -> None:
    # Fri 24 April 2026: day 1 is Mon 27; Wed 29 is 昭和の日; 4 to 6 May are holidays; 27, 28, 30 April, 1, 7, 8, 11 May.
    shape = typed(
        "when", "7 business days", "--calendar", "jetro_tokyo", "--from", "2026-04-24T18:30+09:00", "--json"
    ).json
    assert set(shape) == {"accepted_on", "due", "counted", "skipped", "explanation"}
    assert (shape["accepted_on"], shape["due"]) == ("2026-04-24", "2026-05-11")
    days = ["2026-04-27", "2026-04-28", "2026-04-30", "2026-05-01", "2026-05-07", "2026-05-08", "2026-05-11"]
    assert shape["counted"] == days
    assert {"2026-04-29", "2026-05-04", "2026-05-05", "2026-05-06"} <= set(shape["skipped"])
    assert set(shape["explanation"]) == {"ja", "en"}


def test_a_backward_count_accepts_nothing(typed: Typed) -> None:
    # 4 business days before Mon 1 June 2026: 29, 28, 27, 26 May.
    shape = typed("when", "4営業日前", "--calendar", "jetro_tokyo", "--from", "2026-06-01", "--json").json
    assert (shape["accepted_on"], shape["due"]) == (None, "2026-05-26")


def test_case_gives_state_data_and_deadlines_with_iso_times(typed: Typed, accepted: str) -> None:
    shape = typed("case", accepted, "--json").json
    assert {"id", "procedure", "version", "title", "state", "data", "deadlines", "parties", "links"} <= set(shape)
    assert (shape["id"], shape["procedure"], shape["state"]) == (accepted, "tokyo_jetro_support", "accepted")
    assert shape["data"]["form1_arrived_at"] == "2026-12-25T18:30:00+09:00"
    assert shape["data"]["consultation_date"] == "2026-12-10"
    (deadline,) = shape["deadlines"]
    assert (deadline["deadline"], deadline["due"], deadline["status"]) == ("contact_company", "2027-01-12", "armed")
    assert set(deadline["explanation"]) == {"ja", "en"}
    assert deadline["due_at"] == "2027-01-13T00:00:00+09:00"
    assert shape["links"]["frame"]["ledgers"]["allowance"]["available"] == 1_000_000
    for name in ("opened_at", "updated_at"):
        assert parse_moment(shape[name]) > 0


def test_can_tells_for_every_event_who_what_and_why_not(typed: Typed, accepted: str) -> None:
    rows = {row["event"]: row for row in typed("can", accepted, "--json").json}
    possible = rows["coordinate_with_bank"]
    assert (possible["possible"], possible["by"]) == (True, ["navigator"])
    assert possible["to_give"] == ["form2_destination", "form2_method"]
    elsewhere = rows["close_case"]
    assert not elsewhere["possible"]
    assert [reason["code"] for reason in elsewhere["reasons"]] == ["INVALID_TRANSITION"]
    assert (elsewhere["from"], elsewhere["source"]) == (["reporting"], "2-1(3) St6")


def test_what_was_recorded_is_answered_with_its_deadlines_and_messages(typed: Typed, accepted: str) -> None:
    rows = typed("history", accepted, "--json").json
    assert [row["seq"] for row in rows] == list(range(1, 8))
    assert rows[-1]["deadlines"] == {"contact_company": "armed:2027-01-12"}
    assert all(len(row["hash"]) == 64 and row["authority"] in ("operator", "opening") for row in rows)
    (message,) = typed("messages", accepted, "--json").json
    assert (message["document"], message["channel"], message["status"]) == ("form1", "email", "waiting")
    (running,) = typed("due", "--json").json
    assert (running["case"], running["due"], running["responsible"]) == (accepted, "2027-01-12", "navigator")


def test_no_personal_value_stands_in_the_history(typed: Typed, accepted: str) -> None:
    personal = typed("case", accepted, "--json").json["data"]["representative_name"]
    assert personal
    assert personal not in typed("history", accepted, "--json").out
    assert personal not in typed("history", accepted).out


@pytest.mark.parametrize("words", [("tick",), ("deliver",), ("audit", "verify"), ("audit", "seal")])
def test_every_command_answers_in_json(typed: Typed, opened: str, words: tuple[str, ...]) -> None:
    shown = typed(*words, "--json")
    assert shown.code == 0
    assert isinstance(shown.json, dict)


def test_a_fault_is_told_in_json_too(typed: Typed, opened: str) -> None:
    import json

    shown = typed("send", opened, "submit_form1", "--json")
    assert (shown.code, shown.out) == (3, "")
    error = json.loads(shown.err)["error"]
    assert error["code"] == "INVALID_TRANSITION"
    assert set(error["message"]) == {"ja", "en"}
