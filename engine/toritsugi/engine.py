"""The one door and the composition root: open an engine on a store, start cases, send events, let time pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pluggy

from toritsugi.core.calendar import Calendar
from toritsugi.core.rebase import Rebase
from toritsugi.core.recount import MovedDeadline
from toritsugi.core.sitting import Item
from toritsugi.core.values import ERASURE_REASON, RESOLVED_MESSAGE, Actor, Answer, Event
from toritsugi.definition.types import LOCALES
from toritsugi.errors import BadInput, UnknownDriver
from toritsugi.hooks import (
    INSTALLED,
    CatalogueFile,
    ChannelSettings,
    InstitutionManifest,
    ProcedureFile,
    plugin_manager,
)
from toritsugi.ports import Channel, Clock, Driver, Vault
from toritsugi.runtime.agendas import Agendas
from toritsugi.runtime.amending import Amending
from toritsugi.runtime.catalogues import Catalogues
from toritsugi.runtime.clock import SystemClock
from toritsugi.runtime.outbox import Delivery, Outbox
from toritsugi.runtime.questions import Questions, told
from toritsugi.runtime.registry import Institutions, Registry
from toritsugi.runtime.request import moment, only_operator
from toritsugi.runtime.sitting import Sittings
from toritsugi.runtime.situation import Situations
from toritsugi.runtime.timers import Timers
from toritsugi.runtime.views import Views
from toritsugi.store.address import check_address, sqlite_file
from toritsugi.store.dialect import Synchronous
from toritsugi.store.schema import OnSchema
from toritsugi.store.store import open_store


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds that an embedder may set."""

    #: deadlines looked up at a time by `tick`, messages claimed at a time by `deliver`.
    batch: int = 100
    #: seconds for which a claimed message belongs to its worker.
    lease_s: int = 120


class Engine(Questions):
    """Runs procedures on a store; make one with `Engine.open`, share it between threads, close it at the end."""

    def __init__(
        self,
        *,
        store: Any,
        registry: Registry,
        institutions: Institutions,
        channels: Mapping[str, Channel],
        clock: Clock,
        limits: Limits,
        plugin_manager: pluggy.PluginManager,
        mac: Callable[[bytes], str],
        locale: str = "en",
        catalogues: Catalogues,
    ) -> None:
        #: the language of what engineers read: errors as text; what leaves for an institution is Japanese.
        self.locale = locale
        self._store = store
        self._registry = registry
        self._institutions = institutions
        self._clock = clock
        self._limits = limits
        self._catalogues = catalogues
        self._plugins = plugin_manager
        self._wakers: list[Callable[[], None]] = []
        situations = Situations(registry, clock, institutions.calendars, institutions.values, self._catalogues)
        self._dispatch = Sittings(store, registry, situations, self._wake, mac, registry.to_keep)
        self._amending = Amending(store, registry, situations, self._dispatch)
        self._timers = Timers(store, self._dispatch, clock)
        self._outbox = Outbox(store, registry, situations, channels, clock, worker="engine", lease_s=limits.lease_s)
        self._views = Views(store, registry, situations)
        self._agendas = Agendas(self._views, registry)

    @classmethod
    def open(
        cls,
        store: str = "sqlite:///toritsugi.db",
        *,
        procedures: Iterable[ProcedureFile] = (),
        plugins: str | Iterable[object] = INSTALLED,
        institutions: Iterable[InstitutionManifest] = (),
        clock: Clock | None = None,
        calendars: Mapping[str, Calendar] | None = None,
        vault: Vault | None = None,
        channels: Iterable[Channel] | None = None,
        settings: ChannelSettings | None = None,
        on_schema: OnSchema = "refuse",
        synchronous: Synchronous = "FULL",
        limits: Limits | None = None,
        locale: str = "en",
        catalogues: Iterable[CatalogueFile] = (),
    ) -> Engine:
        """Open an engine on a store.

        Args:
            store: an SQLAlchemy URL: sqlite:///file or postgresql+psycopg://...
            procedures: YAML texts besides those the plugins supply; of two with one id the later counts.
            plugins: INSTALLED, or plugins (an empty tuple: none), such as [INSTALLED, folder_plugin("our_offices")].
            institutions: manifests besides those the plugins supply.
            clock: tells the time; None: the machine's.
            calendars: calendars that go before those of the manifests.
            vault: keeps the keys; None: from the environment, or a key file beside an SQLite store.
            channels: hand messages over; None: those that the plugins supply for `settings`.
            on_schema: refuse | migrate, what to do with a store of an older schema.
            synchronous: FULL | NORMAL, SQLite's durability at commit.
            locale: en | ja, the language in which errors are told where none is asked for (`str(error)`).
            catalogues: YAML texts of catalogues of support besides those the plugins supply.
        Raises:
            ValueError: `locale` is another one.
            DefinitionError: one of `procedures` cannot be read; of a plugin's, `wrong_procedures` tells.
            StoreMismatch: the store's schema is newer, or older and not to be migrated.
            KeyMissing: the store was made with another key.
        """
        if locale not in LOCALES:
            raise ValueError(f"locale is one of {', '.join(LOCALES)}")
        manager = plugin_manager(plugins)
        check_address(store)
        vault = vault or _default_vault(store)
        opened = open_store(store, vault=vault, on_schema=on_schema, synchronous=synchronous)
        with ExitStack() as given_up:
            given_up.callback(opened.close)
            opened.check_key()
            supplied = [file for batch in manager.hook.toritsugi_procedures() for file in batch]
            manifests = [one for batch in manager.hook.toritsugi_institutions() for one in batch]
            files = [file for batch in manager.hook.toritsugi_catalogues() for file in batch]
            if channels is None:
                settings = settings or ChannelSettings(spool="spool")
                batches: Sequence[Sequence[Channel]] = manager.hook.toritsugi_channels(settings=settings)
                channels = [channel for batch in batches for channel in batch]
            offices = Institutions([*manifests, *institutions], calendars)
            engine = cls(
                store=opened,
                registry=Registry(procedures, opened, offices.known(), supplied=supplied),
                institutions=offices,
                channels={channel.name: channel for channel in channels},
                clock=clock or SystemClock(),
                limits=limits or Limits(),
                plugin_manager=manager,
                mac=vault.mac,
                locale=locale,
                catalogues=Catalogues([*files, *catalogues]),
            )
            given_up.pop_all()
        return engine

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- acts -----------------------------------------------------------------------------------------------------

    @told
    def start(
        self,
        procedure: str,
        actor: Actor,
        values: Mapping[str, Any] | None = None,
        *,
        parties: Mapping[str, str] | None = None,
        key: str | None = None,
        occurred_at: int | None = None,
        session: Any = None,
    ) -> Answer:
        """Open a case.

        Args:
            values: values of the fields that the procedure's `start` takes.
            parties: party -> institution, for the parties that are not fixed by the procedure; the actor's own
                institution plays the actor's role.
            key: idempotency key; the same key again gets the first answer.
            session: a host's SQLAlchemy session: the case is opened in its transaction.
        Raises:
            NotPossible, UnknownProcedure, KeyReused, Conflict.
        """
        assigned = dict(parties or {})
        if actor.role is not None and not actor.operator:
            assigned.setdefault(actor.role, actor.institution)
        event = Event(name="open", actor=actor, values=values or {}, occurred_at=moment(occurred_at))
        return self._dispatch.start(procedure, event, parties=assigned, key=key, session=session)

    @told
    def send(
        self,
        case_id: str,
        event: str,
        actor: Actor,
        values: Mapping[str, Any] | None = None,
        *,
        key: str | None = None,
        occurred_at: int | None = None,
        reason: str | None = None,
        override: bool = False,
        channel: str | None = None,
        address: str | None = None,
        session: Any = None,
    ) -> Answer:
        """Fire an event in a case.

        Args:
            values: values for the case's fields, in their stored form (moments in microseconds, dates ISO).
            key: idempotency key; the same key again gets the first answer.
            occurred_at: when it happened, microseconds; None: now.
            reason: written reason; with `override` it lifts guards that hold only in principle.
            channel: how the act came in, or how its document shall leave.
            address: the address the sender used; checked against the recipient's own.
            session: a host's SQLAlchemy session: the event joins its transaction and `Conflict` goes to the host.
        Raises:
            NotPossible: refused; the case is exactly as it was.
            UnknownCase, KeyReused, Conflict, TooLarge.
        """
        request = Event(
            name=event,
            actor=actor,
            values=values or {},
            occurred_at=moment(occurred_at),
            reason=reason,
            override=override,
            channel=channel,
            address=address,
        )
        return self._dispatch.send(case_id, request, key=key, session=session)

    @told
    def send_together(
        self,
        items: Iterable[Item],
        actor: Actor,
        *,
        key: str | None = None,
        occurred_at: int | None = None,
        channel: str | None = None,
        session: Any = None,
    ) -> tuple[Answer, ...]:
        """Fire events in several cases as one act (a meeting that decides them): all of them, or none.

        Each item sees what those before it have done. All rows bear the same `sitting` and one moment.

        Args:
            items: what happens in which case, in this order.
            key: idempotency key of the whole act.
            occurred_at: when it happened, microseconds; None: now.
            channel, session: as `send`.
        Returns:
            The answers, in the order of the items.
        Raises:
            NotPossible: an item is refused (`item`: its number from 1, and its case); every case is exactly as it was.
            BadInput: no item.
            UnknownCase, KeyReused, Conflict, TooLarge.
        """
        return self._dispatch.send_together(
            tuple(items), actor, key=key, occurred_at=moment(occurred_at), channel=channel, session=session
        )

    @told
    def tick(self) -> int:
        """Fire every deadline that is due now; how many."""
        return self._timers.tick(self._limits.batch)

    @told
    def deliver(self) -> Delivery:
        """Hand over messages that may leave now, up to `Limits.batch` of them."""
        return self._outbox.deliver(self._limits.batch)

    @told
    def erase(self, case_id: str, actor: Actor, reason: str) -> Answer:
        """Destroy the key of a case's personal data; its history stays, and stays verifiable.

        Args:
            reason: kept in the clear, because nothing else of the case can be read any more: no personal data in it.
        Raises:
            UnknownCase: there is no such case.
        """
        only_operator(actor, "erase")
        note = Event(name="erase", actor=actor, values={ERASURE_REASON: reason})
        return self._dispatch.note(case_id, note, "operator", lambda unit: unit.erase(case_id, self._clock.now()))

    @told
    def resolve(self, message: str, status: str, actor: Actor) -> None:
        """Record what a person found out about a message: handed_over | set_aside | waiting (send again).

        Raises:
            MessageNotOpen: there is no such message, or its outcome is not open.
        """
        only_operator(actor, "resolve")
        case_id = message.rsplit("/", 2)[0]
        note = Event(name=f"message_{status}", actor=actor, values={RESOLVED_MESSAGE: message})
        self._dispatch.note(
            case_id, note, "operator", lambda unit: unit.resolve_message(message, status, self._clock.now())
        )

    @told
    def rebase(
        self,
        case_id: str,
        *,
        to: str,
        actor: Actor,
        reason: str,
        mapping: Mapping[str, str] | None = None,
        dry_run: bool = True,
    ) -> Rebase:
        """Move a case to another version of its procedure by a recorded `rebase`, or tell what that would do.

        Deadlines that both versions have keep their dates; every other one stops. Nothing else happens: a condition of
        the new version is looked at after the next act.

        Args:
            to: the version, or the beginning of its content hash: the current one, or one the store keeps.
            mapping: state or field of the case's version -> of the new one; "" drops a field. What is not named keeps
                its id, or is lost if the new version has none of that id.
            reason: kept like any written reason.
            dry_run: True: only tell; `Rebase.problems` says what stands in the way.
        Raises:
            UnknownCase, UnknownProcedure: there is no such case, or no such version.
            BadInput: something stands in the way, and it was not a dry run; nothing was done.
        """
        only_operator(actor, "rebase")
        return self._amending.rebase(case_id, to=to, mapping=mapping or {}, actor=actor, reason=reason, dry_run=dry_run)

    @told
    def apply_calendar(
        self, institution: str, *, actor: Actor, reason: str, dry_run: bool = True
    ) -> tuple[MovedDeadline, ...]:
        """Count running deadlines anew by an institution's calendar as it is now; those that move.

        A deadline keeps its date when a calendar changes; this is how it is moved after all, one history row
        (`calendar_applied`) a case. One that has passed stays passed. One that moves to a day gone by passes at the next tick.

        Args:
            dry_run: True: only tell.
        Raises:
            BadInput: there is no such calendar.
            Conflict: a case is changed by somebody else all the time; the cases before it have moved, ask again.
        """
        only_operator(actor, "calendar_applied")
        if institution not in self._institutions.known():
            known = "、".join(self._institutions.known())
            ja, en = f"暦がありません（あるもの：{known}）。", f"it has no calendar (known: {known})."
            raise BadInput([{"place": institution[:60], "ja": ja, "en": en}])
        calendar = self._institutions.calendars[institution]
        return self._amending.apply_calendar(calendar, actor=actor, reason=reason, dry_run=dry_run)

    # -- life -----------------------------------------------------------------------------------------------------

    @told
    def driver(self, name: str = "embedded") -> Driver:
        """A driver that makes time pass for this engine; start it, stop it before `close`.

        Raises:
            UnknownDriver: no plugin supplies one of that name.
        """
        driver: Driver | None = self._plugins.hook.toritsugi_driver(name=name, engine=self)
        if driver is None:
            raise UnknownDriver(driver=name)
        self._wakers.append(driver.wake)
        return driver

    @property
    def store(self) -> Any:
        """The store, for `audit` and the contract tests."""
        return self._store

    def close(self) -> None:
        """Give the store's connections back."""
        self._store.close()

    def _wake(self) -> None:
        for wake in self._wakers:
            wake()


def _default_vault(store: str) -> Vault:
    from toritsugi.runtime.vault import KeyVault

    file = sqlite_file(store)
    if file is None:
        return KeyVault.from_environment()
    return KeyVault.from_environment(
        default_file=file.with_name(f"{file.name}.key"), make=not (file.exists() and file.stat().st_size)
    )
