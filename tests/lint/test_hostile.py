"""What the lint promises of files that no clerk would write: a sentence within a moment, never a crash or a hang."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measure import SHIPPED

from toritsugi.definition.finding import Finding, Severity
from toritsugi.definition.lint import lint
from toritsugi.definition.origin import Position
from toritsugi_adapters.cli.layout import width
from toritsugi_adapters.cli.lint.excerpt import excerpt
from toritsugi_adapters.cli.lint.looked import FORMATS, Looked, shown

GOOD = "procedure: loan\nversion: 1\ntitle: {ja: 融資, en: Loan}\n"
#: Processor seconds that no file may take; the largest honest one takes a hundredth.
MOST_S = 5.0


def findings(text: str | bytes) -> list[Finding]:
    started = time.process_time()
    found = lint(text, interfaces={}.get)
    assert time.process_time() - started < MOST_S
    return list(found)


def shown_in_every_form(text: str | bytes, found: tuple[Finding, ...]) -> None:
    """It can also be shown: no excerpt is too wide, no carets stand outside it."""
    raw = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    looked = Looked("file.yaml", raw, found)
    for form in FORMATS:
        assert shown([looked], form)
    for one in found:
        for line in excerpt(looked.lines, one):
            assert width(line) <= 80
            assert line.replace("\u3000", "").isprintable()


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(12)
)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (BOMB, "ALIAS", 2),
        ("a: &a\n  b: *a\n", "ALIAS", 2),
        ("a: &a {b: 1}\nc: {<<: *a}\n", "ALIAS", 2),
        (GOOD + "title: {ja: 二度目, en: Again}\n", "DUPLICATE_KEY", 4),
        (GOOD + "owner: !!python/object/apply:os.system [ls]\n", "TAG", 4),
        (GOOD + "events:\n\tsend: 1\n", "TAB", 5),
        (GOOD + "owner： bank\n", "FULL_WIDTH_COLON", 4),
        (GOOD + "parties:\n\u3000bank: 1\n", "FULL_WIDTH_SPACE", 5),
        ((GOOD + "owner: 銀行\n").encode("cp932"), "NOT_UTF8", 3),
        ((GOOD + "owner: 銀行\n").encode("euc_jp"), "NOT_UTF8", 3),
        ((GOOD + "owner: bank\n").encode("utf-16"), "NOT_UTF8", 1),
        (GOOD + "owner: ba\0nk\n", "NOT_YAML", 4),
        (GOOD + "owner: ba\x1b[31mnk\n", "NOT_YAML", 4),
        (GOOD + "owner: " + "[" * 100_000 + "\n", "", 4),
        (GOOD + "owner: " + "{a: " * 100_000 + "\n", "", 4),
        ("".join(f"{' ' * n}a:\n" for n in range(1_000)), "TOO_DEEP", 0),
        (GOOD + "- " * 100_000 + "a\n", "", 4),
        ("a: " + "x" * 10_000_000, "TOO_LARGE", 0),
        (GOOD + "owner: " + "x" * 900_000, "TEXT_TOO_LONG", 4),
        ("", "EMPTY", 0),
        ("# nothing but a remark\n", "EMPTY", 0),
        ("just a sentence", "EXPECTED_MAPPING", 0),
        ("- a\n- b\n", "EXPECTED_MAPPING", 0),
        (GOOD + "---\n" + GOOD, "SEVERAL_DOCUMENTS", 4),
        (GOOD + "? [a, b]\n: c\n", "BAD_KEY", 4),
        (GOOD + "owner: 'bank\n", "NOT_CLOSED", 4),
        (GOOD + "owner: @bank\n", "NOT_YAML", 4),
        (GOOD + "%YAML 9.9\n", "NOT_YAML", 4),
        (b"\xff\xfe\xfd", "NOT_UTF8", 1),
        ("\ud800: surrogate", "NOT_UTF8", 1),
    ],
    ids=range(30),
)
def test_a_hostile_file_gets_a_sentence(text: str | bytes, code: str, line: int) -> None:
    found = findings(text)
    assert found
    fitting = [one for one in found if code in ("", one.code)]
    assert fitting, [one.text("en", "file") for one in found]
    assert not line or any(one.position is not None and one.position.line == line for one in fitting), fitting
    shown_in_every_form(text, tuple(found))
    for one in found:
        assert len(one.message_ja) < 400 and len(one.message_en) < 400
        assert one.message_ja.endswith("。") or one.message_ja.endswith("）"), one.message_ja


def test_a_byte_order_mark_is_no_fault_and_moves_nothing() -> None:
    marked = findings(b"\xef\xbb\xbf" + (GOOD + "ownr: bank\n").encode())
    assert [(one.code, one.position) for one in marked] == [
        (one.code, one.position) for one in findings(GOOD + "ownr: bank\n")
    ]


def test_windows_line_ends_are_no_fault() -> None:
    assert [one.code for one in findings((GOOD + "ownr: bank\n").replace("\n", "\r\n"))] == [
        one.code for one in findings(GOOD + "ownr: bank\n")
    ]


def test_an_expression_that_nests_without_end_gets_a_sentence() -> None:
    rule = "(" * 1_500 + "a"
    text = GOOD + f"events:\n  go:\n    by: bank\n    from: a\n    requires:\n      - rule: {rule}\n        else: X\n"
    assert "TOO_DEEP" in {one.code for one in findings(text)}


@given(
    line=st.text(st.characters(exclude_characters="\n\r", exclude_categories=["Cs"]), max_size=300),
    column=st.integers(1, 320),
    length=st.integers(1, 400),
)
@settings(max_examples=200, deadline=None)
def test_any_place_of_any_line_can_be_shown(line: str, column: int, length: int) -> None:
    finding = Finding(
        code="X",
        severity=Severity.ERROR,
        message_ja="。",
        message_en=".",
        position=Position(line=1, column=column),
        path="",
        length=length,
    )
    above, carets = excerpt([line], finding)
    assert width(above) <= 80 and width(carets) <= 80
    assert "^" in carets


@given(at=st.integers(0, 14_000), slip=st.binary(max_size=6), gone=st.integers(0, 12))
@settings(max_examples=60, deadline=None)
def test_a_shipped_file_with_anything_in_any_place_is_only_ever_told_about(at: int, slip: bytes, gone: int) -> None:
    text = SHIPPED[0].read_bytes()
    broken = text[:at] + slip + text[at + gone :]
    shown_in_every_form(broken, tuple(findings(broken)))
