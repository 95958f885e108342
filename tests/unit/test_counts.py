"""Counts in a definition: what they are read as, what is wrong with one is told where it stands, and their periods."""

from datetime import date

import pytest

from bookings import COUNTING
from toritsugi.core.counting import days_of
from toritsugi.core.plan import plan
from toritsugi.definition.content import content_of
from toritsugi.definition.finding import Faults, Finding
from toritsugi.definition.interface import Interface, interface_of_procedure
from toritsugi.definition.lint import lint
from toritsugi.definition.load import kept_interface, kept_interfaces, load, load_content, load_interface
from toritsugi.definition.model import Procedure
from toritsugi.definition.model_counts import During, Period
from toritsugi.definition.reading import root_of
from toritsugi.testing.mutation.making import mutants

INTERFACES: dict[str, Interface] = {
    one.id: one for one in (load_interface(file.text, file=file.file) for file in COUNTING)
}
TEXTS = {file.file: file.text.decode() if isinstance(file.text, bytes) else file.text for file in COUNTING}


def _loaded(file: str) -> Procedure:
    return load(TEXTS[file], file=file, interfaces=INTERFACES.get)


def _findings(file: str, old: str, new: str) -> list[Finding]:
    assert old in TEXTS[file]
    return list(lint(TEXTS[file].replace(old, new), interfaces=INTERFACES.get))


def test_a_count_is_read_with_what_must_be_the_same_and_when() -> None:
    counts = _loaded("booking.yaml").counts
    assert (counts["taken"].procedure, counts["taken"].states, counts["taken"].ended) == (
        "booking",
        ("granted", "in_use"),
        False,
    )
    assert (dict(counts["taken"].same), counts["taken"].seen_by) == ({"room": "room"}, ("bank",))
    year = counts["this_year"]
    assert (year.about_same, dict(year.same), year.ended) == (True, {}, True)
    assert year.during == During(date="taken_on", period=Period.FISCAL_YEAR)
    rooms = _loaded("coaching.yaml").counts["rooms"]
    assert (rooms.procedure, dict(rooms.same), rooms.seen_by) == ("booking", {"company": "client"}, ())


@pytest.mark.parametrize("file", sorted(TEXTS))
def test_a_stored_text_is_read_back_with_what_it_knew_of_the_procedures_it_counts(file: str) -> None:
    found = _loaded(file)
    known = {id_: kept_interface(text) for id_, text in kept_interfaces(found, INTERFACES.get).items()}
    assert set(known) == ({"booking"} if file == "coaching.yaml" else set())
    assert load_content(found.content, known.get).counts == found.counts


def test_only_events_whose_rules_read_a_count_have_to_count() -> None:
    events = plan(_loaded("booking.yaml")).events
    assert {name: one.reads.counts for name, one in events.items()} == {
        "grant": {"taken", "this_year"},
        "take": {"taken"},
        "tell": {"taken"},
        "give_back": set(),
    }


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "word"),
    [
        ("coaching.yaml", "procedure: booking\n    in", "procedure: bokking\n    in", "UNKNOWN_PROCEDURE", "bokking"),
        ("coaching.yaml", "in: [granted]", "in: [grantd]", "UNKNOWN_STATE", "grantd"),
        ("coaching.yaml", "{company: client}\n    source: 第1条\n\nstart", "{compny: client}\n\nstart", "UNKNOWN_FIELD", "compny"),
        ("coaching.yaml", "{company: client}\n    source: 第1条\n\nstart", "{company: clint}\n\nstart", "UNKNOWN_FIELD", "clint"),
        ("coaching.yaml", "rule: rooms = 0", "rule: roms = 0", "UNKNOWN_NAME", "roms"),
        ("booking.yaml", "seen_by: bank", "seen_by: bnk", "UNKNOWN_PARTY", "bnk"),
        ("booking.yaml", "same: room", "same: [room, told]", "WRONG_TYPE", "told"),
        ("booking.yaml", "date: taken_on", "date: taken_at", "UNKNOWN_FIELD", "taken_at"),
        ("booking.yaml", "date: taken_on", "date: company", "WRONG_TYPE", "company"),
        ("booking.yaml", "period: fiscal_year", "period: fiscal", "UNKNOWN_WORD", ""),
        ("booking.yaml", "same: subject", "same: company", "TOO_MANY_TO_COUNT", ""),
        ("booking.yaml", "in: [granted, in_use]\n    same", "same", "MISSING", ""),
        ("booking.yaml", "same: room", "same_as: room", "UNKNOWN_KEY", ""),
        ("booking.yaml", "room: {type: choice", "room: {personal: yes, type: choice", "PERSONAL_COUNTED", "room"),
        ("booking.yaml", "told: {type", "taken: {type", "NAME_TAKEN", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_the_word(file: str, old: str, new: str, code: str, word: str) -> None:
    found = [one for one in _findings(file, old, new) if one.code == code]
    assert found, code
    assert found[0].message_ja and found[0].message_en
    if word:
        place = found[0].position
        assert place is not None
        line = TEXTS[file].replace(old, new).split("\n")[place.line - 1]
        assert line[place.column - 1 :].startswith(word)


def test_a_misspelt_state_is_told_with_the_one_that_is_near() -> None:
    (finding,) = _findings("booking.yaml", "in: [granted, in_use]\n", "in: [granted, in_usse]\n")
    assert (finding.code, finding.suggestions[0]) == ("UNKNOWN_STATE", "in_use")


_SHOUT = """  shout:
    title: {ja: 知らせ, en: Notice}
    by: bank
    from: asked
    effects:
      - notify: {to: company, via: [post], subject: {ja: 数, en: Number}, text: {ja: '{taken}', en: '{taken}'}}
    source: 第2条
"""
_SHEET = "documents:\n  sheet: {title: {ja: 票, en: Sheet}, shows: [taken], may_see: bank, source: 第2条}\n\n"
_CLASSES = """disclosure:
  all:
    title: {ja: 全部, en: All}
    fields: [company, room, taken_on, told]
    seen_by: [bank, {parties: company, if: taken < 2}]
    source: 第2条
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("by: company\n    from: asked", "by: engine\n    on: {condition: taken < 2}\n    from: asked"),
        ("  give_back: {title", f"{_SHOUT}\n  give_back: {{title"),
        ("start: {by", f"{_SHEET}start: {{by"),
    ],
    ids=["condition", "notice", "document"],
)
def test_a_number_is_not_read_where_nobody_acts_or_where_it_would_be_told(old: str, new: str) -> None:
    assert "COUNT_NOT_HERE" in [one.code for one in _findings("booking.yaml", old, new)]


def test_who_may_see_a_class_does_not_depend_on_a_count() -> None:
    found = lint(TEXTS["booking.yaml"] + _CLASSES, interfaces=INTERFACES.get)
    assert "NOT_WHEN_SEEN" in [one.code for one in found]


def test_an_unused_count_is_told() -> None:
    old = "rule: rooms = 0"
    assert "UNUSED_COUNT" in [one.code for one in _findings("coaching.yaml", old, "rule: client is set")]


def test_the_outside_of_a_procedure_tells_its_ends_and_what_words_stand_for() -> None:
    read, made = INTERFACES["booking"], interface_of_procedure(_loaded("booking.yaml"))
    assert read.ends == made.ends == {"returned"}
    assert read.groups == made.groups == {}


def test_a_state_with_parts_stands_for_all_its_ways_of_standing() -> None:
    parts = """
    title: {ja: 利用中, en: In use}
    source: 第2条
    parts:
      door:
        title: {ja: 扉, en: Door}
        initial: shut
        states: {shut: {title: {ja: 閉, en: Shut}}, ajar: {title: {ja: 開, en: Ajar}}}
      light:
        title: {ja: 灯, en: Light}
        initial: dark
        states: {dark: {title: {ja: 消, en: Dark}}, lit: {title: {ja: 点, en: Lit}}}
"""
    old = "in_use: {title: {ja: 利用中, en: In use}, source: 第2条}"
    text = TEXTS["booking.yaml"].replace(old, "in_use:" + parts.rstrip())
    text = text.replace("in: [granted, in_use]\n", "in: [granted, ajar, shut + lit]\n")
    open_, lit = "by: company, from: in_use", "source: 第2条}\n"
    text += f"  open_door: {{title: {{ja: 開ける, en: Open}}, {open_}, to: ajar, {lit}"
    text += f"  light_it: {{title: {{ja: 点ける, en: Light}}, {open_}, to: lit, {lit}"
    found = load(text, file="booking.yaml", interfaces=INTERFACES.get).counts["taken"]
    assert found.states == ("ajar+dark", "ajar+lit", "granted", "shut+lit")


@pytest.mark.parametrize(
    ("period", "day", "first", "last"),
    [
        (Period.DAY, "2026-02-28", "2026-02-28", "2026-02-28"),
        (Period.MONTH, "2026-02-28", "2026-02-01", "2026-02-28"),
        (Period.MONTH, "2028-02-01", "2028-02-01", "2028-02-29"),
        (Period.MONTH, "2026-12-31", "2026-12-01", "2026-12-31"),
        (Period.YEAR, "2026-01-01", "2026-01-01", "2026-12-31"),
        (Period.FISCAL_YEAR, "2026-03-31", "2025-04-01", "2026-03-31"),
        (Period.FISCAL_YEAR, "2026-04-01", "2026-04-01", "2027-03-31"),
    ],
)
def test_a_period_is_the_one_that_the_day_lies_in(period: Period, day: str, first: str, last: str) -> None:
    assert days_of(period, date.fromisoformat(day)) == (first, last)


def test_the_mutants_of_a_count_change_what_is_counted_when_and_who_may_know() -> None:
    root = root_of(TEXTS["booking.yaml"], Faults())
    assert root is not None
    made = {one.key: one for one in mutants(root, _loaded("booking.yaml")) if one.path.startswith("counts.")}
    assert {key for key, one in made.items() if one.kind == "count"} == {
        "counts.taken.in -granted",
        "counts.taken.in -in_use",
        "counts.taken.in +asked",
        "counts.taken.same -room",
        "counts.this_year.in -granted",
        "counts.this_year.in -in_use",
        "counts.this_year.in -returned",
        "counts.this_year.in +asked",
        "counts.this_year.during removed",
        "counts.this_year.during.period day",
        "counts.this_year.during.period month",
        "counts.this_year.during.period year",
    }
    assert {key for key, one in made.items() if one.kind == "sight"} == {
        "counts.taken.seen_by -bank",
        "counts.taken.seen_by +company",
        "counts.this_year.seen_by -bank",
        "counts.this_year.seen_by -company",
    }
    assert made["counts.taken.same -room"].events == {"grant", "take", "tell"}
    texts = {content_of(one.applied(root)) for one in made.values()}
    assert len(texts) == len(made)
