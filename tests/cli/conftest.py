"""A command line to type at: each test has a store of its own, and sees what a person would see."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from toritsugi_adapters.cli.main import main


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a command line printed, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The printed JSON."""
        return json.loads(self.out)


Typed = Callable[..., Shown]


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """Types a command line, with the store in this test's own folder and Japanese texts."""
    for name in (
        "TORITSUGI_SPOOL",
        "TORITSUGI_SMTP",
        "TORITSUGI_LANG",
        "TORITSUGI_DEBUG",
        "TORITSUGI_KEY",
        "LC_ALL",
        "LC_MESSAGES",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")
    monkeypatch.setenv("TORITSUGI_STORE", f"sqlite:///{tmp_path / 'store.db'}")

    def type_in(*words: str) -> Shown:
        capsys.readouterr()
        code = main(list(words))
        seen = capsys.readouterr()
        return Shown(code=code, out=seen.out, err=seen.err)

    return type_in


@pytest.fixture
def form() -> str:
    """The shipped example of Form 1, filled in by a corporation that plans to use a scheme loan."""
    import toritsugi_adapters.documents

    return str(Path(toritsugi_adapters.documents.__path__[0]) / "examples" / "form1_corporation.xlsx")


@pytest.fixture
def opened(typed: Typed, form: str) -> str:
    """A case opened from the form on 14 December 2026."""
    shown = typed("open", "--form", form, "--now", "2026-12-14T10:00+09:00", "--json")
    assert shown.code == 0, shown.err
    case: str = shown.json["case"]
    return case


@pytest.fixture
def accepted(typed: Typed, opened: str) -> str:
    """The same case, accepted by JETRO on 28 December 2026; Form 1 arrived on Friday 25 December at 18:30."""
    for now, *words in (
        ("2026-12-14T11:00+09:00", "explain_programme"),
        ("2026-12-15T10:00+09:00", "introduce_scheme_loan"),
        ("2026-12-16T10:00+09:00", "submit_form1"),
        ("2026-12-17T10:00+09:00", "complete_bank_section"),
        ("2026-12-25T18:30+09:00", "send_form1", "--via", "email"),
        ("2026-12-28T09:40+09:00", "accept_form1", "form1_arrived_at=2026-12-25T18:30+09:00"),
    ):
        shown = typed("send", opened, *words, "--now", now)
        assert shown.code == 0, shown.err
    return opened
