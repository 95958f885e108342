"""A case goes on by the text it was opened under, whatever becomes of the procedures that it links to."""

from inquiries import DESK, HELPER, LINKED, asked, inquire, last, open_desk, passed_on, sound
from toritsugi.definition.load import kept_interface, kept_interfaces, load, load_interface
from toritsugi.hooks import ProcedureFile
from toritsugi.testing.clock import FakeClock


def _changed(file: ProcedureFile, *changes: tuple[str, str]) -> ProcedureFile:
    text = file.text.decode() if isinstance(file.text, bytes) else file.text
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return ProcedureFile(file=file.file, text=text.encode())


#: the attempt has no outline and no state `done` any more, and the inquiry of today does not ask for them.
_ATTEMPT = (
    ('version: "1"', 'version: "2"'),
    ("subject: [outline]", "subject: [reply]"),
    ("  outline: {type: text, title: {ja: 概要, en: Outline}, source: 試験}\n", ""),
    ("shows: [outline, contact]", "shows: [contact]"),
    ("may_give: [outline]", "may_give: [reply]"),
    ("  done: {title: {ja: 返答済み, en: Done}", "  replied: {title: {ja: 返答済み, en: Replied}"),
    ("to: done", "to: replied"),
)
_INQUIRY = (
    ('version: "1"', 'version: "2"'),
    ("carries: {outline: outline, contact: contact}", "carries: {contact: contact}"),
    ("shows: [candidate, attempt.outline]", "shows: [candidate]"),
    ("set: {seen: attempt.outline}", "set: {seen: company}"),
    ("attempt.state = working or attempt.state = done", "attempt.state = working or attempt.state = replied"),
)
TODAY = [_changed(file, *{"attempt.yaml": _ATTEMPT, "inquiry.yaml": _INQUIRY}.get(file.file, ())) for file in LINKED]


def test_an_old_case_goes_on_although_a_field_of_a_linked_procedure_is_gone(store_url: str, clock: FakeClock) -> None:
    with open_desk(store_url, clock) as desk:
        inquiry = inquire(desk)
        attempt = passed_on(desk, inquiry)
    with open_desk(store_url, clock, procedures=TODAY) as desk:
        asked(desk, attempt)
        desk.send(inquiry, "look", DESK)
        assert desk.case(inquiry).data["seen"] == "輸出の相談", "the old attempt still has it"
        desk.send(attempt, "answer", HELPER, {"reply": "できます"})
        newest = desk.case(passed_on(desk, inquire(desk)))
        assert (newest.version, newest.data) == ("2", {})
        assert sound(desk)


def test_what_the_other_procedure_has_no_place_for_any_more_is_not_carried(store_url: str, clock: FakeClock) -> None:
    with open_desk(store_url, clock) as desk:
        inquiry = inquire(desk)
    with open_desk(store_url, clock, procedures=TODAY) as desk:
        child = desk.case(passed_on(desk, inquiry))
        assert (child.version, child.data, child.personal) == ("2", {}, {"contact": "山田"})
        desk.send(inquiry, "look", DESK)
        assert "seen" not in desk.case(inquiry).data
        assert last(desk, inquiry)["event"] == "look"
        assert sound(desk)


def test_what_was_kept_before_interfaces_were_kept_is_read_with_todays(store_url: str, clock: FakeClock) -> None:
    with open_desk(store_url, clock) as desk:
        inquiry = inquire(desk)
        with desk.store.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE toritsugi_procedure SET interfaces = NULL")
    with open_desk(store_url, clock) as desk:
        passed_on(desk, inquiry)


def test_the_outside_of_a_procedure_is_kept_and_read_back_as_it_was() -> None:
    interfaces = {one.id: one for one in (load_interface(file.text, file=file.file) for file in LINKED)}
    for file in LINKED:
        procedure = load(file.text, file=file.file, interfaces=interfaces.get)
        kept = kept_interfaces(procedure, interfaces.get)
        assert kept.keys() == {link.procedure for link in procedure.links.values()} - {procedure.id}
        assert all(kept_interface(text) == interfaces[id_] for id_, text in kept.items())
        assert not any("requires" in text for text in kept.values()), "nothing of its rules"
