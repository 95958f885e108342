"""Databases for the tests: each test that asks for one gets it empty and to itself."""

import tempfile
from pathlib import Path

import pytest

from scratch_postgresql import ScratchPostgresql

_HOME = pytest.StashKey[Path]()


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def pytest_configure(config: pytest.Config) -> None:
    """One folder for the session's PostgreSQL, which the first worker that needs it starts."""
    if _is_worker(config):
        config.stash[_HOME] = Path(config.workerinput["postgresql_home"])  # type: ignore[attr-defined]  # set by xdist
    else:
        config.stash[_HOME] = Path(tempfile.mkdtemp(prefix="toritsugi-pg-"))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Tell each xdist worker where that folder is."""
    node.workerinput["postgresql_home"] = str(node.config.stash[_HOME])  # type: ignore[attr-defined]  # xdist's own


def pytest_unconfigure(config: pytest.Config) -> None:
    """The process that started the workers ends the server after them."""
    if not _is_worker(config):
        ScratchPostgresql(config.stash[_HOME]).stop()


@pytest.fixture(scope="session")
def postgresql_server(request: pytest.FixtureRequest) -> ScratchPostgresql:
    """The session's PostgreSQL, running."""
    server = ScratchPostgresql(request.config.stash[_HOME])
    server.start()
    return server


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite file that does not exist yet, as a SQLAlchemy URL."""
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
def postgresql_url(postgresql_server: ScratchPostgresql, worker_id: str) -> str:
    """An empty PostgreSQL database, as a SQLAlchemy URL."""
    return postgresql_server.emptied_database(f"toritsugi_{worker_id}")


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """Each database in turn: a test that asks for this runs on both."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url
