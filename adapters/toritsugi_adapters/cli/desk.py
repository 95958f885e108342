"""Where a command works: which store, spool and clock, in which role, and how its answer is shown."""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toritsugi_adapters.cli import folder
from toritsugi_adapters.cli.account import NOT_FOUND, OUTSIDE, Failure
from toritsugi_adapters.cli.language import words

if TYPE_CHECKING:
    import click

    from toritsugi.core.values import Actor, Case
    from toritsugi.definition.model import Procedure
    from toritsugi.engine import Engine
    from toritsugi.hooks import ChannelSettings
    from toritsugi.ports import Channel, Clock

_SQLITE = "sqlite:///"
#: how every SQLite file begins (SQLite's file format, 1.3).
_SQLITE_HEAD = b"SQLite format 3\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The shared options of one command line."""

    #: an SQLAlchemy URL.
    store: str
    spool: str
    smtp: str | None = None
    #: the party the operator acts as; None: not said.
    role: str | None = None
    #: a rehearsal's fixed moment, as written; None: the machine's clock.
    now: str | None = None
    as_json: bool = False
    migrate: bool = False

    @classmethod
    def of(cls, ctx: click.Context) -> Desk:
        """The desk that this command line describes."""
        given = ctx.find_root().obj
        folder.choose(given.get("folder"))
        store = given.get("store") or os.environ.get("TORITSUGI_STORE") or f"{_SQLITE}toritsugi.db"
        return cls(
            store=store,
            spool=given.get("spool") or os.environ.get("TORITSUGI_SPOOL") or str(_beside(store)),
            smtp=given.get("smtp") or os.environ.get("TORITSUGI_SMTP"),
            role=given.get("role"),
            now=given.get("now"),
            as_json=bool(given.get("as_json")),
            migrate=bool(given.get("migrate")),
        )

    def engine(self, *, create: bool = False, writing: bool = False, channels: Iterable[Channel] = ()) -> Engine:
        """The engine on this store; close it, or use it in a `with`.

        Args:
            create: a store that is not there yet is made; otherwise that is a fault of the caller's.
            writing: the command records something, so that a clock that was set by hand deserves a warning.
            channels: for a command that hands messages over; the others need not wait for their code to load.
        Raises:
            Failure: there is no such SQLite file, or no folder to make it in.
            OutsideError: the store cannot be opened.
        """
        self._must_exist(create)
        clock = self.clock()
        if writing and clock is not None:
            self._warn_of(clock.now())
        from toritsugi.engine import Engine
        from toritsugi_adapters.cli.installed import installed

        engine = Engine.open(
            self.store,
            procedures=installed().own,
            plugins=installed().plugins,
            clock=clock,
            settings=self.settings(),
            channels=channels,
            on_schema="migrate" if self.migrate else "refuse",
        )
        installed().tell_wrong(engine.wrong_procedures())
        return engine

    def settings(self) -> ChannelSettings:
        """What the channels are told."""
        from toritsugi.hooks import ChannelSettings

        sender = os.environ.get("TORITSUGI_SENDER") or "toritsugi@localhost"
        return ChannelSettings(spool=self.spool, smtp=self.smtp, sender=sender)

    def channels(self) -> list[Channel]:
        """The channels an engine at this desk hands messages to; their dates are those of this desk's clock."""
        from toritsugi_adapters.channels.email import email_channel
        from toritsugi_adapters.channels.paper import trays

        settings = self.settings()
        return [email_channel(settings, self.present), *trays(settings, self.present)]

    def clock(self) -> Clock | None:
        """A clock that stands at `--now`; None: the machine's."""
        if self.now is None:
            return None
        from toritsugi.testing.clock import FakeClock
        from toritsugi_adapters.cli.clock import typed_moment

        return FakeClock(typed_moment(self.now))

    def present(self) -> int:
        """The present moment by this desk's clock."""
        from toritsugi.runtime.clock import SystemClock

        return (self.clock() or SystemClock()).now()

    def _warn_of(self, now: int) -> None:
        """What is written under `--now` stands in the record for good: one line on stderr says so."""
        from toritsugi.core.moments import format_moment

        moment = format_moment(now, "ja" if words("ja", "en") == "ja" else "en")
        print(
            words(
                f"注意：--now の日時（{moment}）で記録します。実際の日時ではありません。",
                f"Note: --now is set; the record is stamped {moment}, not with the present time.",
            ),
            file=sys.stderr,
        )

    def _must_exist(self, create: bool) -> None:
        file = sqlite_file(self.store)
        if file is None:
            return
        if file.exists():
            _must_be_a_database(file)
            return
        if create:
            _must_be_writable(file.parent)
            return
        raise Failure(
            f"データベース「{file}」がありません。--store で指定するか、open で最初の案件を開いてください。",
            f'There is no database "{file}"; name it with --store, or open a first case.',
            code="NO_STORE",
            exit_code=NOT_FOUND,
        )

    def actor(self, role: str, institution: str) -> Actor:
        """The local operator, acting as `role` for `institution`; history says that it was the operator."""
        from toritsugi.core.values import Actor

        return Actor(id=operator(), institution=institution, role=role, operator=True)

    def actor_in(self, case: Case, procedure: Procedure, by: tuple[str, ...]) -> Actor:
        """The operator in a case, in the role asked for with `--as`, or the only one that may do it.

        Raises:
            Failure: no such party, or `--as` is needed to choose.
        """
        role = self.role_among(procedure, by)
        return self.actor(role, case.parties.get(role) or procedure.parties[role].institution or role)

    def looked_at(self, engine: Engine, case_id: str) -> tuple[Case, Procedure, Actor]:
        """A case as it is shown at this desk: to the party of `--as` what that party may see, else everything.

        Raises:
            Failure: the procedure has no such party.
        """
        from toritsugi.core.values import SYSTEM

        found = engine.case(case_id)
        procedure = engine.procedure_of(found)
        viewer = SYSTEM if self.role is None else self.actor_in(found, procedure, ())
        return (found if viewer is SYSTEM else engine.case(case_id, viewer)), procedure, viewer

    def shows(self, engine: Engine, case: Case) -> Actor | None:
        """Who looks at a case in a list; None: it is no case of the party of `--as`."""
        from toritsugi.core.values import SYSTEM
        from toritsugi_adapters.cli.spoken import named

        if self.role is None:
            return SYSTEM
        procedure = engine.procedure_of(case)
        role = named(self.role, {party.id: party.title for party in procedure.parties.values()})
        return self.actor_in(case, procedure, ()) if role in procedure.parties else None

    def role_among(self, procedure: Procedure, by: tuple[str, ...]) -> str:
        """The role asked for with `--as`, or the only one of `by`."""
        if self.role is not None:
            from toritsugi_adapters.cli.spoken import named

            role = named(self.role, {party.id: party.title for party in procedure.parties.values()})
            if role in procedure.parties:
                return role
            raise _no_such_party(self.role, procedure, tuple(procedure.parties))
        if len(by) == 1:
            return by[0]
        raise _no_such_party(None, procedure, by or tuple(procedure.parties))

    def show(self, shape: Any, lines: Iterable[str]) -> None:
        """Print the answer: its JSON shape, or its text."""
        if self.as_json:
            print(json.dumps(shape, ensure_ascii=False, indent=2))
        else:
            print("\n".join(lines))


def sqlite_file(store: str) -> Path | None:
    """The file of an SQLite store; None: another database, or one in memory."""
    name = store.removeprefix(_SQLITE).partition("?")[0] if store.startswith(_SQLITE) else ""
    return Path(name) if name and name != ":memory:" else None


def _must_be_a_database(file: Path) -> None:
    if file.is_dir():
        raise Failure(
            f"「{file}」はフォルダーです。データベースのファイルを --store で指定してください。",
            f'"{file}" is a folder; name the file of a database with --store.',
            code="STORE_FAULT",
            exit_code=OUTSIDE,
        )
    with file.open("rb") as opened:
        head = opened.read(len(_SQLITE_HEAD))
    if head and head != _SQLITE_HEAD:
        raise Failure(
            f"「{file}」は取次のデータベースではありません。",
            f'"{file}" is not a database of Toritsugi.',
            code="STORE_FAULT",
            exit_code=OUTSIDE,
        )


def _must_be_writable(folder: Path) -> None:
    if not folder.is_dir():
        raise Failure(
            f"フォルダー「{folder}」がありません。作成するか、--store で別の場所を指定してください。",
            f'There is no folder "{folder}"; make it, or name another place with --store.',
            code="NO_STORE",
            exit_code=NOT_FOUND,
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Failure(
            f"フォルダー「{folder}」に書き込めません。--store で別の場所を指定してください。",
            f'The folder "{folder}" cannot be written; name another place with --store.',
            code="STORE_FAULT",
            exit_code=OUTSIDE,
        )


def _beside(store: str) -> Path:
    file = sqlite_file(store)
    return file.parent / "spool" if file is not None else Path("spool")


def operator() -> str:
    """The login name of whoever sits here."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container without an entry for its user
        return "operator"


def _no_such_party(role: str | None, procedure: Procedure, by: tuple[str, ...]) -> Failure:
    titles: Mapping[str, Any] = {party: procedure.parties[party].title for party in by}
    ja = "、".join(f"{party}（{title.ja}）" for party, title in titles.items())
    en = ", ".join(f"{party} ({title.en})" for party, title in titles.items())
    if role is None:
        return Failure(f"--as でどの立場か指定してください：{ja}", f"Say with --as which party acts: {en}.")
    return Failure(
        f"この手続に「{role}」という立場はありません。あるもの：{ja}",
        f'This procedure has no party "{role}"; it has {en}.',
    )
