"""Where a command works: which store, spool and clock, in which role, and how its answer is shown."""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toritsugi_adapters.cli.account import NOT_FOUND, Failure

if TYPE_CHECKING:
    import click

    from toritsugi.core.values import Actor, Case
    from toritsugi.definition.model import Procedure
    from toritsugi.engine import Engine
    from toritsugi.hooks import ChannelSettings
    from toritsugi.ports import Channel, Clock

_SQLITE = "sqlite:///"


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

    def engine(self, *, create: bool = False, channels: Iterable[Channel] = ()) -> Engine:
        """The engine on this store; close it, or use it in a `with`.

        Args:
            create: a store that is not there yet is made; otherwise that is a fault of the caller's.
            channels: for a command that hands messages over; the others need not wait for their code to load.
        Raises:
            Failure: there is no such SQLite file.
            OutsideError: the store cannot be opened.
        """
        self._must_exist(create)
        from toritsugi.engine import Engine

        return Engine.open(
            self.store,
            clock=self.clock(),
            settings=self.settings(),
            channels=channels,
            on_schema="migrate" if self.migrate else "refuse",
        )

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
        from toritsugi.core.moments import parse_moment
        from toritsugi.testing.clock import FakeClock

        return FakeClock(parse_moment(self.now))

    def present(self) -> int:
        """The present moment by this desk's clock."""
        from toritsugi.runtime.clock import SystemClock

        return (self.clock() or SystemClock()).now()

    def _must_exist(self, create: bool) -> None:
        file = sqlite_file(self.store)
        if create or file is None or file.exists():
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

    def role_among(self, procedure: Procedure, by: tuple[str, ...]) -> str:
        """The role asked for with `--as`, or the only one of `by`."""
        if self.role is not None:
            if self.role in procedure.parties:
                return self.role
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
