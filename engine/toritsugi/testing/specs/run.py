"""Runs specs in this process and tells what came of them: the same as pytest does, without its terminal."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from toritsugi.testing.specs.plugin import RECORD
from toritsugi.testing.specs.record import Record, ScenarioRecord

_NO_PLUGINS = "PYTEST_DISABLE_PLUGIN_AUTOLOAD"
_OPTIONS = "PYTEST_ADDOPTS"
_NOT_NEEDED = (
    "terminal",
    "cacheprovider",
    "capture",
    "logging",
    "unraisableexception",
    "threadexception",
    "faulthandler",
)

#: is told of a scenario when it has ended.
Told = Callable[[ScenarioRecord], None]


class _Keeper:
    """Gives pytest the record to write in, leaves out what was not asked for, tells of each scenario as it ends."""

    def __init__(self, record: Record, only: str | None, each: Told | None) -> None:
        self._record = record
        self._only = only
        self._each = each
        self._told: set[int] = set()
        #: what telling of a scenario ended in: nobody reads any more, a disk is full.
        self.fault: Exception | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[RECORD] = self._record

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        if self._only is None:
            return
        left_out = [one for one in items if not _asked_for(one, self._only)]
        items[:] = [one for one in items if _asked_for(one, self._only)]
        config.hook.pytest_deselected(items=left_out)

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        self._session = session

    def pytest_runtest_logfinish(self) -> None:
        if self._each is None or self.fault is not None:
            return
        for one in self._record.scenarios:
            if id(one) not in self._told:
                self._told.add(id(one))
                self._tell(self._each, one)

    def _tell(self, each: Told, one: ScenarioRecord) -> None:
        try:
            each(one)
        except Exception as fault:  # pytest would take it for a fault of its own: it is the caller's
            self.fault = fault
            self._session.shouldstop = "nobody can be told"


def _asked_for(item: pytest.Item, text: str) -> bool:
    name = item.originalname if isinstance(item, pytest.Function) else item.name
    return text in name or any(mark.name == text.removeprefix("@") for mark in item.iter_markers())


def run_specs(
    paths: Sequence[str | Path],
    *,
    procedures: Sequence[str | Path] = (),
    folders: Sequence[str | Path] = (),
    junit: str | Path | None = None,
    only: str | None = None,
    language: str | None = None,
    each: Told | None = None,
    to_first_failure: bool = False,
) -> Record:
    """Run the feature files under `paths`.

    Args:
        procedures: YAML files of procedures besides the installed ones; one of the same id goes before those.
        folders: folders of YAML files with institutions and procedures of one's own, besides the installed ones.
        junit: a file for the JUnit report.
        only: part of a scenario's name, or a whole tag.
        language: of the reasons in the JUnit report; None: each file's own.
        each: is told of every scenario as it ends.
        to_first_failure: end with the first scenario that does not hold.
    Raises:
        Exception: whatever `each` raised; it ended the run.
    """
    record = Record()
    arguments = [str(path) for path in paths]
    arguments += [f"--spec-procedure={name}" for name in procedures]
    arguments += [f"--spec-folder={name}" for name in folders]
    arguments += ["--continue-on-collection-errors", "--import-mode=importlib", "-Wignore"]
    arguments += [f"--junitxml={junit}", "-ojunit_suite_name=specs"] if junit is not None else []
    arguments += [f"--spec-lang={language}"] if language else []
    arguments += ["--maxfail=1"] if to_first_failure else []
    for name in _NOT_NEEDED:
        arguments += ["-p", f"no:{name}"]
    arguments += ["-p", "pytest_bdd.plugin", "-p", "toritsugi.testing.specs"]
    with _plain_pytest() as settings:
        keeper = _Keeper(record, only, each)
        pytest.main([*arguments, "-c", settings, f"--rootdir={Path.cwd()}"], plugins=[keeper])
    if keeper.fault is not None:
        raise keeper.fault
    return record


@contextmanager
def _plain_pytest() -> Iterator[str]:
    """A pytest without the settings and plugins of whatever project lies around; the name of its settings file."""
    kept = {name: os.environ.get(name) for name in (_NO_PLUGINS, _OPTIONS)}
    os.environ[_NO_PLUGINS] = "1"
    os.environ.pop(_OPTIONS, None)
    try:
        with TemporaryDirectory(prefix="toritsugi-specs-") as folder:
            settings = Path(folder) / "pytest.ini"
            settings.write_text("[pytest]\n", encoding="utf-8")
            yield str(settings)
    finally:
        for name, value in kept.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
