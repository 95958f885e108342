"""Text that lines up where full-width characters take two columns."""

from hypothesis import given
from hypothesis import strategies as st

from toritsugi_adapters.cli.layout import paragraph, table, whole, width, wrapped

TEXT = st.text(alphabet="abc 1234、。（）あ漢カ(月)日年-\n", max_size=120)


def test_a_full_width_character_takes_two_columns() -> None:
    assert [width(text) for text in ("abc", "案件", "ｱｲ", "が", "か\u3099")] == [3, 4, 2, 2, 2]


@given(TEXT, st.integers(min_value=8, max_value=80))
def test_no_line_is_wider_than_the_page_but_for_a_hanging_mark(text: str, columns: int) -> None:
    for line in wrapped(text, columns):
        assert width(line) <= columns


@given(TEXT, st.integers(min_value=8, max_value=80))
def test_wrapping_loses_nothing_but_space(text: str, columns: int) -> None:
    assert "".join("".join(wrapped(text, columns)).split()) == "".join(text.split())


def test_a_mark_never_begins_a_line_and_a_date_is_not_cut() -> None:
    lines = wrapped("期限は2027年1月12日(火)の終わり（24時）。", 24)
    assert lines == ["期限は2027年1月12日(火)", "の終わり（24時）。"]
    assert wrapped("あいうえお。", 10) == ["あいうえ", "お。"]


def test_a_piece_that_belongs_together_stays_together() -> None:
    assert wrapped(f"{whole('1月 4日')}、{whole('1月 5日')}", 9) == ["1月 4日、", "1月 5日"]


def test_columns_line_up_and_every_cell_wraps_in_its_own() -> None:
    lines = table([("期限", "一月"), ("担当の方", "二月三月")], page=26, indent=2)
    assert lines == ["  期限      一月", "  担当の方  二月三月"]
    narrow = table([("とても長い見出しの欄です", "値が一つ")], page=40)
    assert all(width(line) <= 40 for line in narrow)


def test_a_paragraph_hangs_under_its_mark() -> None:
    assert paragraph("あいうえおかきくけこ", indent=4, first="  - ", page=24) == ["  - あいうえおかきくけこ"]
    assert paragraph("あいうえおかきくけこさ", indent=4, first="  - ", page=24) == [
        "  - あいうえおかきくけこ",
        "    さ",
    ]
