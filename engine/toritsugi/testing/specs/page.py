"""The report of a run as one HTML page: no scripts, nothing fetched from elsewhere, printable."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from toritsugi.testing.specs.coverage import KINDS, Reached
from toritsugi.testing.specs.record import (
    FAILED,
    NOT_REACHED,
    PASSED,
    SKIPPED,
    FileRecord,
    Record,
    ScenarioRecord,
    StepRecord,
)

MARKS = {PASSED: "✓", FAILED: "✗", SKIPPED: "－", NOT_REACHED: "・"}

_STYLE = """
body{font-family:"BIZ UDPGothic","Noto Sans JP",sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;line-height:1.7;color:#222}
h1{font-size:1.4rem} h2{font-size:1.15rem;border-bottom:1px solid #bbb;margin-top:2rem}
summary{cursor:pointer} details{margin:.3rem 0}
ol{list-style:none;margin:.2rem 0 .6rem;padding-left:1.6rem} li{margin:.1rem 0}
.passed>.mark{color:#0a6b2c}.failed>.mark,.reason{color:#b00020}.not_reached,.skipped{color:#666}
.reason{border-left:3px solid #b00020;padding-left:.6rem;margin:.2rem 0 .4rem}
table{border-collapse:collapse;font-size:.9rem;margin:.2rem 0 .4rem 1.2rem}td,th{border:1px solid #ccc;padding:.1rem .6rem;text-align:left}
.place{color:#666;font-size:.85rem}
@media print{details:not([open])>*:not(summary){display:none}}
"""


def page(record: Record, locale: str) -> str:
    """The whole page, in `locale` (ja or en)."""
    title = "手続の約束の検証結果" if locale == "ja" else "What the procedures promise, carried out"
    parts = [
        f'<!doctype html><html lang="{locale}"><meta charset="utf-8">',
        f'<meta name="viewport" content="width=device-width"><title>{title}</title><style>{_STYLE}</style>',
        f"<h1>{title}</h1><p>{escape(summary(record, locale))}</p>",
    ]
    for file in record.files.values():
        parts += _file(file, locale)
    if record.coverage.procedures():
        parts += _coverage(record.coverage.procedures(), locale)
    return "\n".join([*parts, "</html>", ""])


def summary(record: Record, locale: str) -> str:
    """One sentence: how many scenarios held, failed, were left out; how many files were refused."""
    held, failed, skipped = (record.count(one) for one in (PASSED, FAILED, SKIPPED))
    refused = sum(bool(one.faults) for one in record.files.values())
    if locale == "ja":
        text = f"シナリオ {len(record.scenarios)} 件：成立 {held}、不成立 {failed}"
        text += f"、省略 {skipped}" if skipped else ""
        return text + (f"、読めないファイル {refused} 件" if refused else "")
    text = f"{len(record.scenarios)} scenarios: {held} hold, {failed} do not"
    text += f", {skipped} left out" if skipped else ""
    return text + (f"; {refused} files cannot be read" if refused else "")


def _file(file: FileRecord, locale: str) -> Iterator[str]:
    yield f'<h2>{escape(file.title or file.file)}</h2><p class="place">{escape(file.file)}</p>'
    for fault in file.faults:
        yield f'<p class="reason">{escape(file.file)}:{fault.line}: {escape(fault.text(locale))}</p>'
    for scenario in file.scenarios:
        yield from _scenario(scenario, locale)


def _scenario(scenario: ScenarioRecord, locale: str) -> Iterator[str]:
    opened = " open" if scenario.outcome == FAILED else ""
    yield f'<details class="{scenario.outcome}"{opened}><summary class="{scenario.outcome}">'
    yield f'<span class="mark">{MARKS[scenario.outcome]}</span> {escape(scenario.name)}</summary><ol>'
    for step in scenario.steps:
        yield from _step(step, locale)
    yield "</ol>"
    if scenario.fault:
        yield f'<p class="reason">{escape(scenario.fault)}</p>'
    yield "</details>"


def _step(step: StepRecord, locale: str) -> Iterator[str]:
    yield f'<li class="{step.outcome}"><span class="mark">{MARKS[step.outcome]}</span> '
    yield f"<b>{escape(step.keyword)}</b> {escape(step.text)}"
    if step.rows:
        cells = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in step.rows)
        yield "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"
    if step.outcome == FAILED:
        yield f'<p class="reason">{escape(step.reason(locale))}</p>'
    yield "</li>"


def _coverage(procedures: list[Reached], locale: str) -> Iterator[str]:
    yield f"<h2>{'どこまで確かめたか' if locale == 'ja' else 'What was reached'}</h2>"
    for one in procedures:
        yield f"<h3>{escape(one.title.of(locale))}</h3><table>"
        for kind, title in KINDS.items():
            if not one.all[kind]:
                continue
            reached, of = one.count(kind)
            missing = ("、" if locale == "ja" else "; ").join(name.of(locale) for name in one.missing(kind))
            yield f"<tr><th>{title.of(locale)}</th><td>{reached}/{of}</td><td>{escape(missing)}</td></tr>"
        yield "</table>"
