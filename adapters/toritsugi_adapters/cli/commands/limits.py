"""`limits`: how many and how large things may be, each from the place in the code that keeps it."""

from __future__ import annotations

from collections.abc import Iterator

from toritsugi_adapters.cli.desk import Desk
from toritsugi_adapters.cli.language import words
from toritsugi_adapters.cli.layout import table
from toritsugi_adapters.cli.options import command


@command("limits")
def limits(desk: Desk) -> None:
    found = list(_limits())
    shapes = [{"limit": name, "value": value, "unit": unit, "ja": ja, "en": en} for name, value, unit, ja, en in found]
    heads = words("上限,対象", "LIMIT,OF").split(",")
    desk.show(shapes, table([(_sized(value, unit), words(ja, en)) for _, value, unit, ja, en in found], heads=heads))


def _sized(value: int, unit: str) -> str:
    if unit == "bytes":
        return f"{value // 1024:,} KiB"
    units = {
        "characters": ("文字", " characters"),
        "levels": ("段", " levels"),
        "days": ("日", " days"),
        "count": ("", ""),
    }
    ja, en = units[unit]
    return words(f"{value:,}{ja}", f"{value:,}{en}")


def _limits() -> Iterator[tuple[str, int, str, str, str]]:
    """(name, value, unit, ja, en) of each limit."""
    from toritsugi.core import family, needwords, sitting
    from toritsugi.definition import catalogue, check, duration, expression, syntax_values, types, yamltext
    from toritsugi_adapters.documents import archive

    yield "definition_file", yamltext.LARGEST_FILE, "bytes", "定義（YAML）のファイル", "a definition's file (YAML)"
    yield "definition_text", yamltext.LONGEST_SCALAR, "characters", "定義の中の1つの文", "one text in a definition"
    yield "definition_depth", yamltext.DEEPEST, "levels", "定義の入れ子", "nesting in a definition"
    yield "events", check.MOST_EVENTS, "count", "1つの手続の操作の数", "events of a procedure"
    yield "catalogue_rows", catalogue.MOST_ROWS, "count", "支援策の一覧の行数", "rows of a catalogue of support"
    yield "need", needwords.LONGEST_NEED, "characters", "支援策を探す言葉", "what is looked for in a catalogue"
    yield "rule", expression.LONGEST_EXPRESSION, "characters", "1つの条件式", "one rule"
    yield "rule_depth", syntax_values.DEEPEST, "levels", "条件式の括弧の入れ子", "nesting of brackets in a rule"
    yield "duration", duration.MAX_COUNT, "count", "期間の数（営業日・日・週・月・年）", "the count of a length of time"
    yield (
        "text",
        types.LONGEST_TEXT,
        "characters",
        "文字の項目（max_length の指定がないとき）",
        "a text field without a max_length",
    )
    yield "list", types.LONGEST_LIST, "count", "一覧の件数", "entries of a list"
    yield "type_depth", types.DEEPEST_TYPE, "levels", "一覧と項目の組の入れ子", "lists and records in each other"
    yield "number", types.LARGEST_INTEGER, "count", "整数と金額の絶対値", "the absolute value of a number or an amount"
    yield (
        "cascade_depth",
        family.MOST_STEPS_DEEP,
        "count",
        "1回の操作から連鎖する深さ",
        "how deep one event may cascade",
    )
    yield "cascade_cases", family.MOST_CASES, "count", "1回の操作で動く案件の数", "cases that one event may touch"
    yield (
        "together",
        sitting.MOST_TOGETHER,
        "count",
        "会議で一括して記録する件数",
        "cases that one act may decide together",
    )
    yield "workbook", archive.LARGEST_FILE, "bytes", "様式のファイル（Excel）", "a filled form (workbook)"
    yield "workbook_unpacked", archive.LARGEST_UNPACKED, "bytes", "様式を展開した大きさ", "the same, unpacked"
