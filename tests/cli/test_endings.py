"""How a command line ends: quietly when it is interrupted, in one line when something is broken, never in a traceback."""

import base64
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from toritsugi_adapters.cli import faults
from toritsugi_adapters.cli.language import choose

from .conftest import Typed

EXAMPLE = str(Path(__file__).parents[2] / "examples" / "new-institution")
PROGRAM = [sys.executable, "-m", "toritsugi_adapters.cli.main"]


@pytest.fixture
def environment() -> dict[str, str]:
    """An environment without wishes of the person who runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TORITSUGI_")}
    return {**kept, "LANG": "ja_JP.UTF-8", "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"}


def test_an_unexpected_fault_is_one_message_without_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    choose("ja")
    assert faults.tell(RuntimeError("山田 太郎"), as_json=False) == 70
    told = capsys.readouterr().err
    assert "内部の誤りです（RuntimeError）" in told
    assert "山田" not in told
    assert "Traceback" not in told


def test_a_traceback_comes_only_when_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORITSUGI_DEBUG", "1")
    faults.tell(RuntimeError("here"), as_json=False)
    assert "RuntimeError: here" in capsys.readouterr().err


def test_an_unreachable_database_is_told_with_exit_code_7(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("this is no database, however long one looks at it" * 100)
    shown = typed("due", "--store", f"sqlite:///{tmp_path / 'notes.db'}")
    assert shown.code == 7
    assert "取次のデータベースではありません" in "".join(shown.err.split())
    assert "フォルダーです" in "".join(typed("due", "--store", f"sqlite:///{tmp_path}").err.split())


def test_a_missing_key_is_told_with_the_setting_that_gives_it(typed: Typed) -> None:
    shown = typed("due", "--store", "postgresql+psycopg://nobody@localhost:1/none")
    assert (shown.code, "TORITSUGI_KEY" in shown.err) == (7, True)


def test_a_server_that_does_not_answer_is_told_with_exit_code_7(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORITSUGI_KEY", base64.b64encode(bytes(32)).decode())
    shown = typed("due", "--store", "postgresql+psycopg://nobody:secret@localhost:1/none")
    assert (shown.code, shown.out) == (7, "")
    assert "secret" not in shown.err


@pytest.mark.parametrize(
    "words", [["show", "tokyo_jetro_support"], ["spec", EXAMPLE, "--folder", EXAMPLE]], ids=["show", "spec"]
)
def test_a_reader_who_went_away_is_not_an_error(environment: dict[str, str], words: list[str]) -> None:
    with subprocess.Popen(
        [*PROGRAM, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 141


def test_run_tells_what_happens_and_ctrl_c_ends_it_quietly(
    typed: Typed, accepted: str, environment: dict[str, str]
) -> None:
    store = os.environ["TORITSUGI_STORE"]
    words = ["run", "--store", store, "--now", "2027-01-13T00:00+09:00"]
    with subprocess.Popen(
        [*PROGRAM, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        seen = [process.stdout.readline() for _ in range(4)]
        process.send_signal(signal.SIGINT)
        rest, faults_told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert faults_told.splitlines() == [
        "注意：--now の日時（2027年1月13日(水)00:00）で記録します。実際の日時ではありません。"
    ]
    told = "".join(seen) + rest
    assert "見張りを始めました" in told
    assert f"期限超過 {accepted} 企業への連絡" in told
    # Form 1 to JETRO; others may have been on their way when Ctrl-C came
    assert "様式1 海外展開支援（案内）申込書 → ジェトロ東京貿易情報センター（電子メール）" in told


def test_a_service_that_is_stopped_ends_well_and_tells_json_when_asked(
    typed: Typed, opened: str, environment: dict[str, str]
) -> None:
    words = ["run", "--json", "--store", os.environ["TORITSUGI_STORE"]]
    with subprocess.Popen([*PROGRAM, *words], stdout=subprocess.PIPE, env=environment, text=True) as process:
        assert process.stdout is not None
        assert "見張りを始めました" in json.loads(process.stdout.readline())["told"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
