"""What the scenarios of a run share: the procedures and calendars, loaded once; never a store, a clock or a case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from functools import cached_property

from toritsugi.core.plan import Plan
from toritsugi.definition.fields import CHANNELS
from toritsugi.definition.model import Procedure
from toritsugi.definition.types import Title
from toritsugi.engine import Engine, Limits
from toritsugi.hooks import INSTALLED, ProcedureFile, plugin_manager
from toritsugi.ports import Clock
from toritsugi.runtime.catalogues import Catalogues
from toritsugi.runtime.registry import Institutions, Registry
from toritsugi.runtime.vault import KeyVault
from toritsugi.store.store import SqlStore, open_store, passing_store
from toritsugi.testing.specs.calls import CalledCatalogues
from toritsugi.testing.specs.mailbox import Mailbox
from toritsugi.testing.specs.past import Pasts


class Office:
    """Opens an engine for each scenario, on a store that is gone when the scenario ends."""

    def __init__(self, procedures: Iterable[ProcedureFile] = (), plugins: Iterable[object] = (INSTALLED,)) -> None:
        """Take what the plugins bring, and `procedures` besides; one of the same id goes before theirs."""
        self._plugins = plugin_manager(plugins)
        self._files = [file for batch in self._plugins.hook.toritsugi_procedures() for file in batch]
        self._files += procedures
        self._catalogues = Catalogues(file for batch in self._plugins.hook.toritsugi_catalogues() for file in batch)
        manifests = [one for batch in self._plugins.hook.toritsugi_institutions() for one in batch]
        self._institutions = Institutions(manifests, None)
        self._vault = KeyVault(bytes(32))  # nothing of a spec is secret, and nothing of it stays
        #: what scenarios that others build on have led to.
        self.pasts = Pasts()

    @cached_property
    def _home(self) -> SqlStore:
        """The empty store that the registry asks for texts of the past; a scenario's cases have none."""
        return open_store("sqlite://", vault=self._vault)

    @cached_property
    def _registry(self) -> Registry:
        return Registry(self._files, self._home)

    @cached_property
    def titles(self) -> Mapping[str, Title]:
        """procedure -> title, of all that cases can be opened for."""
        return {name: self._registry.current(name).procedure.title for name in self._registry.known()}

    @cached_property
    def institutions(self) -> Mapping[str, Title]:
        """institution -> what its calendar is called, of all that have one."""
        calendars = self._institutions.calendars
        return {name: calendars[name].title for name in self._institutions.known()}

    @property
    def files(self) -> Sequence[ProcedureFile]:
        """The texts of the procedures; of two with the same id the later one counts."""
        return tuple(self._files)

    def procedure(self, name: str) -> Procedure:
        """A procedure as new cases get it."""
        return self._registry.current(name).procedure

    def altered(self, plan: Plan) -> Office:
        """The same office, in which one procedure says something else."""
        other = copy(self)
        other.__dict__["_registry"] = _Altered(self._registry, plan)
        other.pasts = Pasts()
        return other

    def catalogues(self) -> CalledCatalogues:
        """The catalogues that are installed, for one scenario to say how they stand."""
        return CalledCatalogues(self._catalogues)

    def engine(self, clock: Clock, catalogues: Catalogues, content: bytes | None = None) -> Engine:
        """A new engine on a new store, or on a copy of one that an engine of this office had; close it."""
        return Engine(
            store=passing_store(self._vault, content),
            registry=self._registry,
            institutions=self._institutions,
            channels={name: Mailbox(name) for name in CHANNELS},
            clock=clock,
            limits=Limits(),
            plugin_manager=self._plugins,
            mac=self._vault.mac,
            catalogues=catalogues,
        )

    def close(self) -> None:
        """The end of the run."""
        if "_home" in self.__dict__:
            self._home.close()


class _Altered(Registry):
    """A registry in which one procedure says something else."""

    def __init__(self, base: Registry, plan: Plan) -> None:
        self.__dict__.update(base.__dict__)
        self._by_id = {**base._by_id, plan.procedure.id: plan}
        self._by_hash = {**base._by_hash, plan.procedure.content_hash: plan}
