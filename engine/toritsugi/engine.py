"""The one door and the composition root: open an engine on a store, start cases, send events, let time pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import pluggy

from toritsugi.core.calendar import Calendar
from toritsugi.core.moments import jst_date
from toritsugi.core.outlook import Possibility
from toritsugi.core.proposal import Proposal, read_proposal
from toritsugi.core.question import Question
from toritsugi.core.rebase import Rebase
from toritsugi.core.recount import MovedDeadline
from toritsugi.core.sitting import Item
from toritsugi.core.suggest import Suggestions, suggest
from toritsugi.core.values import ERASURE_REASON, RESOLVED_MESSAGE, SYSTEM, Actor, Answer, Case, Event
from toritsugi.definition.measure import Catalogue
from toritsugi.definition.model import Procedure
from toritsugi.definition.types import LARGEST_INTEGER, LOCALES
from toritsugi.errors import BadInput, DefinitionError, NotPossible, ToritsugiError, UnknownDriver
from toritsugi.hooks import (
    INSTALLED,
    CatalogueFile,
    ChannelSettings,
    InstitutionManifest,
    ProcedureFile,
    plugin_manager,
)
from toritsugi.ports import Channel, Clock, DeadlineRecord, Driver, Vault
from toritsugi.runtime.agendas import AgendaItem, Agendas
from toritsugi.runtime.amending import Amending
from toritsugi.runtime.catalogues import Catalogues
from toritsugi.runtime.clock import SystemClock
from toritsugi.runtime.families import FamilyStory
from toritsugi.runtime.outbox import Delivery, Outbox
from toritsugi.runtime.registry import Institutions, Registry
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


P = ParamSpec("P")
T = TypeVar("T")


def _told(act: Callable[Concatenate[Engine, P], T]) -> Callable[Concatenate[Engine, P], T]:
    """The same act, whose errors are told in the engine's language where no other is asked for."""

    @wraps(act)
    def told(self: Engine, /, *arguments: P.args, **options: P.kwargs) -> T:
        try:
            return act(self, *arguments, **options)
        except ToritsugiError as error:
            error.locale = self.locale
            raise

    return told


class Engine:
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
        try:
            opened.check_key()
        except BaseException:
            opened.close()
            raise
        supplied = [file for batch in manager.hook.toritsugi_procedures() for file in batch]
        manifests = [one for batch in manager.hook.toritsugi_institutions() for one in batch]
        if channels is None:
            settings = settings or ChannelSettings(spool="spool")
            batches: Sequence[Sequence[Channel]] = manager.hook.toritsugi_channels(settings=settings)
            channels = [channel for batch in batches for channel in batch]
        offices = Institutions([*manifests, *institutions], calendars)
        return cls(
            store=opened,
            registry=Registry(procedures, opened, offices.known(), supplied=supplied),
            institutions=offices,
            channels={channel.name: channel for channel in channels},
            clock=clock or SystemClock(),
            limits=limits or Limits(),
            plugin_manager=manager,
            mac=vault.mac,
            locale=locale,
            catalogues=Catalogues(
                [*(file for batch in manager.hook.toritsugi_catalogues() for file in batch), *catalogues]
            ),
        )

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- acts -----------------------------------------------------------------------------------------------------

    @_told
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
        event = Event(name="open", actor=actor, values=values or {}, occurred_at=_moment(occurred_at))
        return self._dispatch.start(procedure, event, parties=assigned, key=key, session=session)

    @_told
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
            occurred_at=_moment(occurred_at),
            reason=reason,
            override=override,
            channel=channel,
            address=address,
        )
        return self._dispatch.send(case_id, request, key=key, session=session)

    @_told
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
            tuple(items), actor, key=key, occurred_at=_moment(occurred_at), channel=channel, session=session
        )

    @_told
    def tick(self) -> int:
        """Fire every deadline that is due now; how many."""
        return self._timers.tick(self._limits.batch)

    @_told
    def deliver(self) -> Delivery:
        """Hand over messages that may leave now, up to `Limits.batch` of them."""
        return self._outbox.deliver(self._limits.batch)

    @_told
    def erase(self, case_id: str, actor: Actor, reason: str) -> Answer:
        """Destroy the key of a case's personal data; its history stays, and stays verifiable.

        Args:
            reason: kept in the clear, because nothing else of the case can be read any more: no personal data in it.
        Raises:
            UnknownCase: there is no such case.
        """
        _only_operator(actor, "erase")
        note = Event(name="erase", actor=actor, values={ERASURE_REASON: reason})
        return self._dispatch.note(case_id, note, "operator", lambda unit: unit.erase(case_id, self._clock.now()))

    @_told
    def resolve(self, message: str, status: str, actor: Actor) -> None:
        """Record what a person found out about a message: handed_over | set_aside | waiting (send again).

        Raises:
            MessageNotOpen: there is no such message, or its outcome is not open.
        """
        _only_operator(actor, "resolve")
        case_id = message.rsplit("/", 2)[0]
        note = Event(name=f"message_{status}", actor=actor, values={RESOLVED_MESSAGE: message})
        self._dispatch.note(
            case_id, note, "operator", lambda unit: unit.resolve_message(message, status, self._clock.now())
        )

    @_told
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
        _only_operator(actor, "rebase")
        return self._amending.rebase(case_id, to=to, mapping=mapping or {}, actor=actor, reason=reason, dry_run=dry_run)

    @_told
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
        _only_operator(actor, "calendar_applied")
        if institution not in self._institutions.known():
            known = "、".join(self._institutions.known())
            ja, en = f"暦がありません（あるもの：{known}）。", f"it has no calendar (known: {known})."
            raise BadInput([{"place": institution[:60], "ja": ja, "en": en}])
        calendar = self._institutions.calendars[institution]
        return self._amending.apply_calendar(calendar, actor=actor, reason=reason, dry_run=dry_run)

    # -- questions ------------------------------------------------------------------------------------------------

    @_told
    def case(self, case_id: str, viewer: Actor = SYSTEM) -> Case:
        """The case as it stands, personal data included.

        Raises:
            UnknownCase: there is none, or the viewer is no party of it.
        """
        return self._views.case(case_id, viewer)

    @_told
    def can(self, case_id: str, viewer: Actor = SYSTEM) -> tuple[Possibility, ...]:
        """Every event of the case's procedure: possible now, by whom, with what; and why not the rest."""
        return self._views.can(case_id, viewer)

    def family(self, case_id: str, viewer: Actor = SYSTEM) -> FamilyStory:
        """The case that began it, every case that was opened from there on, and one story of what happened in them.

        Raises:
            UnknownCase: there is none, or the viewer is no party of it.
        """
        return self._views.family(case_id, viewer)

    @_told
    def agenda(self, on: date, viewer: Actor = SYSTEM, *, procedure: str | None = None) -> tuple[AgendaItem, ...]:
        """The cases of which a running deadline falls on a day: what a meeting held that day has to decide.

        Only those in which the viewer plays a part, each as far as it may see it.

        Args:
            procedure: id of the only procedure that is asked for; None: all.
        """
        return tuple(self._agendas.of(on, viewer, procedure))

    @_told
    def agenda_item(self, record: DeadlineRecord, viewer: Actor) -> AgendaItem:
        """One deadline's case as it stands on an agenda, for a viewer.

        Raises:
            UnknownCase: the viewer is no party of it.
        """
        return self._agendas.item(record, viewer)

    @property
    def views(self) -> Views:
        """Every other question about cases: history, deadlines, messages, listings."""
        return self._views

    @property
    def store(self) -> Any:
        """The store, for `audit` and the contract tests."""
        return self._store

    def procedures(self) -> tuple[Procedure, ...]:
        """The procedures that new cases can be opened for: all whose texts are right; `wrong_procedures` has the others."""
        found = []
        for name in self._registry.known():
            with suppress(DefinitionError):
                found.append(self._registry.current(name).procedure)
        return tuple(found)

    def wrong_procedures(self) -> tuple[DefinitionError, ...]:
        """What is wrong with files of plugins, one error a file, as far as they have been read; `procedures` reads them all.

        Who asks for such a procedure gets its error; the others go on, and so do cases open under an earlier text of it.
        """
        return self._registry.wrong()

    @_told
    def procedure(self, name: str) -> Procedure:
        """The current version of a procedure.

        Raises:
            UnknownProcedure: there is none of that id.
        """
        return self._registry.current(name).procedure

    def procedure_of(self, case: Case) -> Procedure:
        """The very version that a case is pinned to."""
        return self._registry.of(case.content_hash).procedure

    def calendar(self, institution: str) -> Calendar:
        """The calendar of an institution; KeyError if no manifest and no embedder supplied it."""
        return self._institutions.calendars[institution]

    def institutions(self) -> tuple[str, ...]:
        """Ids of the institutions that have a calendar."""
        return self._institutions.known()

    @_told
    def suggest(
        self,
        need: str = "",
        *,
        step: int | None = None,
        on: date | None = None,
        institution: str = "",
        prefecture: str = "",
        catalogue: str | None = None,
    ) -> Suggestions:
        """Which support fits, out of the catalogues, with the reasons; what is closed on the day is never offered.

        Args:
            need: words as an office types them: 商品開発, 知財 融資.
            step: of the documents' roadmap, as they number it.
            on: the day on which it is to be applied for; None: today.
            institution: id or title of one, or a part of the title.
            prefecture: tokyo, 東京都, 東京.
            catalogue: id of the only one to look into; None: all of measures and routes.
        Raises:
            BadInput: there is no such step, institution, prefecture or catalogue, or the need is too long.
            DefinitionError: the text of a catalogue is wrong.
        """
        day = jst_date(self._clock.now()) if on is None else on
        question = Question(
            on=day, step=step, need=need, institution=institution, prefecture=prefecture, catalogue=catalogue
        )
        return suggest(question, self._catalogues.all)

    def proposed(self, text: str, *, on: date | None = None) -> Proposal:
        """The menus whose numbers stand in a text (`m07 貿易投資相談`), and whether each may be proposed on a day.

        Args:
            on: None: today.
        Raises:
            DefinitionError: the text of a catalogue is wrong.
        """
        return read_proposal(text, self._catalogues.all, jst_date(self._clock.now()) if on is None else on)

    def catalogues(self) -> tuple[Catalogue, ...]:
        """The catalogues that suggestions are made from.

        Raises:
            DefinitionError: the text of one is wrong.
        """
        return self._catalogues.all

    # -- life -----------------------------------------------------------------------------------------------------

    @_told
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

    def close(self) -> None:
        """Give the store's connections back."""
        self._store.close()

    def _wake(self) -> None:
        for wake in self._wakers:
            wake()


def _only_operator(actor: Actor, act: str) -> None:
    """That the store's operator acts; no party of a case may do this."""
    if actor is not SYSTEM and not actor.operator:
        raise NotPossible("ACTOR_NOT_ALLOWED", event=act, parties=({"ja": "運用者", "en": "the operator"},))


def _moment(occurred_at: int | None) -> int | None:
    """That a moment is integer microseconds that a store can hold."""
    if occurred_at is None or (type(occurred_at) is int and abs(occurred_at) <= LARGEST_INTEGER):
        return occurred_at
    ja, en = "発生日時はUTCのマイクロ秒（整数）で指定してください。", "give the moment in integer microseconds, UTC."
    raise BadInput([{"place": "occurred_at", "ja": ja, "en": en}])


def _default_vault(store: str) -> Vault:
    from toritsugi.runtime.vault import KeyVault

    file = sqlite_file(store)
    if file is None:
        return KeyVault.from_environment()
    return KeyVault.from_environment(
        default_file=file.with_name(f"{file.name}.key"), make=not (file.exists() and file.stat().st_size)
    )
