"""`spec`: carries out what a procedure promises, as its feature files say it, and tells what holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from toritsugi_adapters.cli import folder
from toritsugi_adapters.cli.account import NOT_FOUND, Failure
from toritsugi_adapters.cli.desk import Desk
from toritsugi_adapters.cli.language import chosen, words
from toritsugi_adapters.cli.layout import paragraph, table
from toritsugi_adapters.cli.options import argument, command, option

if TYPE_CHECKING:
    from toritsugi.testing.specs.coverage import Reached
    from toritsugi.testing.specs.phrases import Phrase
    from toritsugi.testing.specs.record import FileRecord, Record, ScenarioRecord, StepRecord

#: exit code when something does not hold or cannot be read: the author's to mend, as in `errors.yaml`.
_AUTHOR = 6
_HOME = "specs"


@command(
    "spec",
    argument("paths", nargs=-1),
    option(
        "--steps", is_flag=True, ja="書ける手順の一覧と例を示す", en="list the steps that can be written, with examples"
    ),
    option("--verbose", "-v", is_flag=True, ja="成立したシナリオの手順も示す", en="show the steps of what holds, too"),
    option(
        "--only",
        metavar="TEXT",
        ja="名前にこの語を含むか、このタグの付いたシナリオだけ",
        en="only scenarios so named or tagged",
    ),
    option(
        "--procedure",
        "procedures",
        metavar="FILE",
        multiple=True,
        ja="導入済みのもののほかに使う手続（YAML）",
        en="a procedure (YAML) besides the installed ones",
    ),
    option(
        "--coverage",
        is_flag=True,
        ja="確かめた状態・操作・拒否・期限を示す",
        en="tell which states, events, guards, deadlines were reached",
    ),
    option(
        "--mutate",
        is_flag=True,
        ja="手続を一か所ずつ変え、仕様が気づくかを確かめる（--procedure に手続の名前（id）を書けば、その手続だけ）",
        en="change the procedure in one place after another: would the specs notice? (--procedure with an id: that one only)",
    ),
    option("--sample", type=int, metavar="N", ja="--mutate：変更をN個だけ選ぶ", en="--mutate: N changes only"),
    option("--seed", type=int, default=1, metavar="N", ja="--sample の選び方", en="which ones --sample takes"),
    option(
        "--jobs", type=click.IntRange(1), default=1, metavar="N", ja="--mutate：並行する数", en="--mutate: processes"
    ),
    option(
        "--at-least",
        type=float,
        default=95.0,
        metavar="PERCENT",
        ja="--mutate：気づく割合がこれより低ければ終了コード 6",
        en="--mutate: exit code 6 if less is noticed",
    ),
    option("--html", metavar="FILE", ja="結果をHTMLにも書き出す", en="write the report as an HTML page too"),
    option("--junit", metavar="FILE", ja="結果をJUnit形式にも書き出す", en="write the report as JUnit XML too"),
    usage="[PATH...]",
    ja="""
シナリオごとに新しいデータベースと仮の時計を使い、外へは何も送りません。すべて成立すれば終了コード 0、
成立しないものか読めないファイルがあれば 6 です。ファイルを省くと specs フォルダーを実行します。
    toritsugi spec specs/tokyo/jetro_support.feature --coverage

--mutate は、条件を逆にする、宛先を加えるなど、手続の定義を一か所ずつ変えて仕様を実行し、どのシナリオも気づかない変更を示します。
気づかなくてよい変更は、その理由とともに、仕様と同じフォルダーの survivors.md に書きます。
    toritsugi spec specs/tokyo --mutate --procedure tokyo_jetro_support""",
    en="""
Each scenario has a new store and a clock of its own; nothing leaves the machine. Exit code 0 if everything holds,
6 if something does not or a file cannot be read. Without PATH the folder specs is run.
    toritsugi spec specs/tokyo/jetro_support.feature --coverage

--mutate changes the procedure in one place after another (a condition negated, a recipient added) and shows the changes
that no scenario notices. Those that need not be noticed stand in survivors.md beside the specs, each with its reason.
    toritsugi spec specs/tokyo --mutate --procedure tokyo_jetro_support""",
)
def spec(
    desk: Desk,
    paths: tuple[str, ...],
    steps: bool,
    verbose: bool,
    only: str | None,
    procedures: tuple[str, ...],
    coverage: bool,
    html: str | None,
    junit: str | None,
    mutate: bool,
    sample: int | None,
    seed: int,
    jobs: int,
    at_least: float,
) -> int:
    if steps:
        from toritsugi.testing.specs.vocabulary import vocabulary

        desk.show([_phrase_shape(one) for one in vocabulary()], _vocabulary(vocabulary()))
        return 0
    run_specs = _runner()
    if mutate:
        from toritsugi_adapters.cli.commands import mutants

        return mutants.mutate(desk, _found(paths), procedures, sample=sample, seed=seed, jobs=jobs, at_least=at_least)
    report = Report(verbose=verbose, silent=desk.as_json)
    record = run_specs(
        _found(paths),
        procedures=_existing(procedures),
        folders=_folders(),
        junit=junit,
        only=only,
        language=chosen(),
        each=report.scenario,
    )
    report.end(record, coverage=coverage)
    if html is not None:
        from toritsugi.testing.specs.page import page

        Path(html).write_text(page(record, chosen()), encoding="utf-8")
    if desk.as_json:
        desk.show(record_shape(record), ())
    if not record.scenarios and not any(file.faults for file in record.files.values()):
        raise Failure(
            "実行するシナリオがありません。", "There is no scenario to run.", code="NO_SPEC", exit_code=NOT_FOUND
        )
    return 0 if record.clean else _AUTHOR


def _runner() -> Any:
    try:
        from toritsugi.testing.specs.run import run_specs
    except ModuleNotFoundError as missing:
        if missing.name not in ("pytest", "pytest_bdd", "gherkin"):
            raise
        raise Failure(
            "pytest と pytest-bdd が必要です。toritsugi[specs] を導入してください。",
            "This needs pytest and pytest-bdd: install toritsugi[specs].",
        ) from None
    return run_specs


def _folders() -> list[str]:
    """The folder of this command line, if there is one."""
    mine = folder.chosen()
    return [mine.name] if mine is not None and _existing((mine.name,)) else []


def _found(paths: tuple[str, ...]) -> list[str]:
    if not paths and not Path(_HOME).is_dir():
        raise Failure("実行するファイルかフォルダーを指定してください。", "Name a file or a folder to run.")
    return list(_existing(paths or (_HOME,)))


def _existing(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if not Path(name).exists():
            raise FileNotFoundError(2, "", name)
    return names


class Report:
    """The terminal's report: each scenario as it ends, with every step of one that fails."""

    def __init__(self, *, verbose: bool, silent: bool) -> None:
        self._verbose = verbose
        self._silent = silent
        self._file = ""

    def scenario(self, one: ScenarioRecord) -> None:
        """Tell of a scenario that has ended."""
        if one.file != self._file:
            self._say(["", one.file] if self._file else [one.file])
            self._file = one.file
        self._say(paragraph(one.name, indent=4, first=f"  {_mark(one.outcome)} "))
        if one.outcome == "failed" or self._verbose:
            for step in one.steps:
                self._say(_step(step, one.file))
        if one.fault:
            self._say(paragraph(one.fault, indent=6))

    def end(self, record: Record, *, coverage: bool) -> None:
        """Tell of files that cannot be read, of the whole, and of what was reached."""
        from toritsugi.testing.specs.page import summary

        for file in record.files.values():
            self._say(_refused(file))
        self._say(["", summary(record, chosen())])
        for reached in record.coverage.procedures() if coverage else ():
            self._say(_reached(reached))

    def _say(self, lines: Iterator[str] | list[str]) -> None:
        for line in () if self._silent else lines:
            print(line, flush=True)


def _mark(outcome: str) -> str:
    from toritsugi.testing.specs.page import MARKS

    return MARKS[outcome]


def _step(step: StepRecord, file: str) -> Iterator[str]:
    yield from paragraph(f"{step.keyword} {step.text}", indent=8, first=f"      {_mark(step.outcome)} ")
    if step.outcome != "failed":
        return
    yield from table(step.rows, indent=10) if step.rows else ()
    yield from paragraph(step.reason(chosen()), indent=10)
    yield from paragraph(f"{file}:{step.line}", indent=10)


def _refused(file: FileRecord) -> Iterator[str]:
    for fault in file.faults:
        yield from paragraph(f"{file.file}:{fault.line}: {fault.text(chosen())}", indent=4, first=f"{_mark('failed')} ")


def _reached(one: Reached) -> Iterator[str]:
    from toritsugi.testing.specs.coverage import KINDS

    yield ""
    yield one.title.of(chosen())
    rows = [(title.of(chosen()), "/".join(map(str, one.count(kind)))) for kind, title in KINDS.items() if one.all[kind]]
    yield from table(rows, indent=2)
    for kind, title in KINDS.items():
        for name in one.missing(kind):
            told = words(f"未確認の{title.ja}：{name.ja}", f"{title.en}, not reached: {name.en}")
            yield from paragraph(told, indent=6, first="    ")


# --- the vocabulary ---------------------------------------------------------------------------------------------------
_PURPOSES = {
    "prepare": ("前提（準備）", "Given (to prepare)"),
    "act": ("もし（操作と時間の経過）", "When (acts, and time that passes)"),
    "expect": ("ならば（結果）", "Then (what comes of it)"),
}


def _vocabulary(phrases: tuple[Phrase, ...]) -> Iterator[str]:
    yield from paragraph(
        words(
            "手順は次のように書きます。「」の中はそのまま、数字は半角でも全角でも、日付は元号でも西暦でもかまいません。"
            "どの手順も、前に「案件「乙社」では、」「関連案件「枠」では、」を付けると、別の案件について述べられます。",
            "Steps are written as follows. Dates may be in either calendar, digits of either width. In front of any "
            'step, in case "B", or: in the linked case "frame", makes it speak of another case.',
        )
    )
    for purpose, (ja, en) in _PURPOSES.items():
        yield ""
        yield f"■ {words(ja, en)}"
        for one in phrases:
            if one.purpose == purpose:
                yield from _phrase(one)


def _phrase(one: Phrase) -> Iterator[str]:
    yield ""
    yield from paragraph(one.example_ja, indent=4, first="  ")
    yield from paragraph(one.example_en, indent=4, first="  ")
    for row in one.rows:
        yield "      | " + " | ".join(row) + " |"
    note = words(one.note_ja, one.note_en)
    if note:
        yield from paragraph(note, indent=6)


def _phrase_shape(one: Phrase) -> dict[str, Any]:
    return {
        "purpose": one.purpose,
        "example": {"ja": one.example_ja, "en": one.example_en},
        "note": {"ja": one.note_ja, "en": one.note_en},
        "table": one.table,
        "rows": [list(row) for row in one.rows],
    }


# --- JSON -------------------------------------------------------------------------------------------------------------
def record_shape(record: Record) -> dict[str, Any]:
    """A run as JSON."""
    return {
        "clean": record.clean,
        "files": [_file_shape(file) for file in record.files.values()],
        "coverage": {one.procedure: _coverage_shape(one) for one in record.coverage.procedures()},
    }


def _file_shape(file: FileRecord) -> dict[str, Any]:
    return {
        "file": file.file,
        "title": file.title,
        "faults": [{"line": one.line, "ja": one.ja, "en": one.en} for one in file.faults],
        "scenarios": [
            {
                "name": one.name,
                "line": one.line,
                "outcome": one.outcome,
                "fault": one.fault,
                "steps": [_step_shape(step) for step in one.steps],
            }
            for one in file.scenarios
        ],
    }


def _step_shape(step: StepRecord) -> dict[str, Any]:
    shape: dict[str, Any] = {"text": f"{step.keyword} {step.text}", "line": step.line, "outcome": step.outcome}
    if step.outcome == "failed":
        shape["reason"] = {"ja": step.reason_ja, "en": step.reason_en}
    return shape


def _coverage_shape(one: Reached) -> dict[str, Any]:
    from toritsugi.testing.specs.coverage import KINDS

    return {
        kind: {
            "reached": one.count(kind)[0],
            "of": one.count(kind)[1],
            "missing": [{"ja": title.ja, "en": title.en} for title in one.missing(kind)],
        }
        for kind in KINDS
    }
