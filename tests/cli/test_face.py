"""`toritsugi` itself: help and version at hardly any cost, two languages, and a way back from every slip."""

import subprocess
import sys
from importlib.metadata import version

import pytest

from toritsugi_adapters.cli.table import COMMANDS, SECTIONS

from .conftest import Typed

#: what help and version may not load.
COSTLY = {"click", "rich", "yaml", "sqlmodel", "sqlalchemy", "pydantic", "fastapi", "pluggy", "openpyxl", "holidays"}


def _loaded_by(*words: str) -> set[str]:
    program = f"import sys; from toritsugi_adapters.cli.main import main; main({list(words)!r}); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("words", [("--help",), ("--version",), (), ("--lang", "en", "--help")])
def test_help_and_version_load_nothing_that_costs(words: tuple[str, ...]) -> None:
    assert _loaded_by(*words) & COSTLY == set()


def test_the_help_of_a_command_opens_no_database_code() -> None:
    assert _loaded_by("send", "--help") & (COSTLY - {"click"}) == set()


def test_every_command_is_in_the_help_once_and_can_be_asked_for_help(typed: Typed) -> None:
    listed = [name for _, _, names in SECTIONS for name in names]
    assert sorted(listed) == sorted(COMMANDS)
    face = typed("--help").out
    for name in listed:
        assert f"\n  {name} " in face
        shown = typed(name, "--help")
        assert (shown.code, shown.err) == (0, "")
        assert shown.out.startswith(f"使い方: toritsugi {name}")


def test_no_line_of_any_help_is_wider_than_a_terminal(typed: Typed) -> None:
    from toritsugi_adapters.cli.layout import width

    for language in ("ja", "en"):
        texts = [
            typed("--help", "--lang", language).out,
            *(typed(c, "--help", "--lang", language).out for c in COMMANDS),
        ]
        for line in "\n".join(texts).splitlines():
            assert width(line) <= 80 or line.startswith("    toritsugi "), line


def test_the_version_is_the_installed_one(typed: Typed) -> None:
    assert typed("--version").out == f"toritsugi {version('toritsugi')}\n"


def test_the_language_is_the_option_or_the_environment_or_the_locale_or_japanese(
    typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert typed("--help").out.startswith("使い方")
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    assert typed("--help").out.startswith("Usage")
    monkeypatch.setenv("LANG", "C.UTF-8")
    assert typed("--help").out.startswith("使い方")
    monkeypatch.setenv("TORITSUGI_LANG", "en")
    assert typed("--help").out.startswith("Usage")
    assert typed("--lang", "ja", "--help").out.startswith("使い方")


def test_shared_options_are_taken_before_and_after_the_command(typed: Typed) -> None:
    before = typed("--lang", "en", "--json", "procedures")
    after = typed("procedures", "--json", "--lang", "en")
    assert before == after
    assert "support_cost_frame" in [one["procedure"] for one in before.json]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("shw",), "もしかして：show"),
        (("case",), "案件番号を指定してください"),
        (("send", "X"), "操作を指定してください"),
        (("audit",), "verify か seal を指定してください"),
        (("calendar",), "apply を指定してください"),
        (("calendar", "apply"), "機関を指定してください"),
        (("completion",), "bash、zsh、fish のどれかを指定してください"),
        (("procedures", "--lang", "fr"), "--lang には ja、en のどれかを指定してください"),
        (("erasse",), "「erasse」というコマンドはありません"),
        (("case", "x", "--jso"), "--jso というオプションはありません"),
        (("when", "7営業日", "--from", "2026-04-24"), "--calendar を指定してください"),
        (("due", "--until"), "--until には値が必要です"),
        (("audit", "burn"), "verify、seal のどれかを指定してください"),
        (("procedures", "more"), "コマンドの書き方が違います"),
        (("due", "--until", "いつか"), "日付として読めません"),
        (("open",), "--form で様式を"),
    ],
)
def test_a_slip_is_told_in_japanese_with_exit_code_2(typed: Typed, words: tuple[str, ...], told: str) -> None:
    shown = typed(*words)
    assert (shown.code, shown.out) == (2, "")
    assert told in shown.err
    assert "Traceback" not in shown.err
