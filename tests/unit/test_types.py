"""What a type promises: closed kinds, parts that fit the kind, comparison by what matters."""

import pytest

from toritsugi.definition.types import (
    CORPORATE_NUMBER,
    DATE,
    INTEGER,
    TEXT,
    YEN,
    FieldOfRecord,
    Kind,
    Title,
    Type,
    choice,
    depth,
    describe,
    list_of,
    same_type,
)


def title(text: str) -> Title:
    return Title(ja=text, en=text)


LOAN = choice({"in_use": Title(ja="利用中", en="In use"), "none": Title(ja="なし", en="None")})


@pytest.mark.parametrize(
    "parts",
    [
        {"kind": Kind.CHOICE},
        {"kind": Kind.TEXT, "options": {"a": title("a")}},
        {"kind": Kind.LIST},
        {"kind": Kind.DATE, "item": TEXT},
        {"kind": Kind.RECORD},
        {"kind": Kind.YES_NO, "max_length": 3},
        {"kind": Kind.TEXT, "max_length": 0},
        {"kind": Kind.DATE, "minimum": 1},
    ],
)
def test_a_type_whose_parts_do_not_fit_its_kind_is_refused(parts: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=str(parts["kind"])):
        Type(**parts)  # type: ignore[arg-type]  # the wrong parts are the point


def test_types_nested_deeper_than_five_are_refused() -> None:
    deepest = TEXT
    for _ in range(5):
        deepest = list_of(deepest)
    assert depth(deepest) == 5
    with pytest.raises(ValueError, match="nested deeper"):
        list_of(deepest)


def test_types_are_compared_without_titles_and_limits() -> None:
    other_words = choice({"in_use": title("x"), "none": title("y")})
    assert same_type(LOAN, other_words)
    assert same_type(TEXT, Type(kind=Kind.TEXT, max_length=20))
    assert not same_type(LOAN, choice({"in_use": title("x")}))
    assert not same_type(INTEGER, YEN)
    assert not same_type(list_of(INTEGER), list_of(YEN))


def test_records_are_the_same_when_their_fields_are() -> None:
    def record(type_: Type) -> Type:
        return Type(kind=Kind.RECORD, fields={"a": FieldOfRecord(type=type_, title=title("a"))})

    assert same_type(record(DATE), record(DATE))
    assert not same_type(record(DATE), record(TEXT))


def test_a_type_can_be_said_in_both_languages() -> None:
    assert describe(list_of(LOAN), "en") == "list of choice of in_use, none"
    assert describe(LOAN, "ja") == "選択（利用中、なし）"
    assert describe(CORPORATE_NUMBER, "ja") == "法人番号"


def test_only_numbers_dates_and_moments_have_an_order() -> None:
    assert {kind for kind in Kind if kind not in (Kind.CHOICE, Kind.LIST, Kind.RECORD) and Type(kind=kind).ordered} == {
        Kind.INTEGER,
        Kind.YEN,
        Kind.DATE,
        Kind.MOMENT,
    }


def test_a_type_is_hashable_and_equal_by_value() -> None:
    assert {LOAN, choice(dict(LOAN.options))} == {LOAN}
