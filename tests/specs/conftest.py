"""Feature files of a test's own, run as `toritsugi spec` runs them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from toritsugi.testing.specs.record import Record, ScenarioRecord
from toritsugi.testing.specs.run import run_specs

Run = Callable[..., Record]

#: a background in which a case of the shipped procedure can be opened.
BEFORE = """# language: ja
機能: 試し
  背景:
    前提 今は令和8年4月20日(月)9時である
    かつ 手続は「ジェトロの支援」である
    かつ 案件の内容を次のとおり用意する
      | 企業名（屋号）     | 架空精機株式会社 |
      | 金融機関名         | みどり信用金庫   |
      | 金融機関への相談日 | 令和8年4月20日   |
      | 企業のニーズ・課題 | 販路             |
"""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs the text of a feature file."""

    def run_text(text: str | bytes, name: str = "spec.feature") -> Record:
        file = tmp_path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return run_specs([file])

    return run_text


@pytest.fixture
def carry_out(run: Run) -> Callable[..., ScenarioRecord]:
    """Runs one scenario, its steps given as lines, after BEFORE."""

    def one(*lines: str) -> ScenarioRecord:
        record = run(BEFORE + "  シナリオ: 試す\n" + "".join(f"    {line}\n" for line in lines))
        assert [file.faults for file in record.files.values()] == [()]
        (scenario,) = record.scenarios
        return scenario

    return one
