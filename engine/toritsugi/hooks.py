"""Every way to extend the engine, one sentence each; the shipped institutions use these and nothing else.

A plugin is a module named in the entry point group `toritsugi`, with functions marked `@hook`. Hooks run outside of
transactions and receive and return plain values. The Engine owns its plugin manager: two engines do not see each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from errno import ENOTDIR
from os import strerror
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from toritsugi.definition.recurring import Recurrence
    from toritsugi.ports import Channel, Driver

GROUP = "toritsugi"
#: stands for the plugins that are installed beside the engine, wherever plugins are listed.
INSTALLED = "installed"
#: The file of a plugin's package that describes its institution.
MANIFEST = "manifest.yaml"

hookspec = pluggy.HookspecMarker(GROUP)
hook = pluggy.HookimplMarker(GROUP)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureFile:
    """One procedure's YAML text and where it came from."""

    #: shown in messages: package and file name, no path of a machine.
    file: str
    text: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueFile:
    """One catalogue of support as YAML text, and where it came from."""

    #: shown in messages: package and file name, no path of a machine.
    file: str
    text: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionManifest:
    """One institution: the content of a plugin's manifest.yaml."""

    id: str
    title: Mapping[str, str]
    #: channel -> address, as the institution publishes it.
    addresses: Mapping[str, str] = field(default_factory=dict)
    #: where to ask, never a submission channel.
    inquiries: Mapping[str, str] = field(default_factory=dict)
    #: recurring or single closures, in the form `runtime.calendars` reads.
    closures: Sequence[Mapping[str, Any]] = ()
    #: next_open_day | arrival_date (CAL-4).
    acceptance: str = "next_open_day"
    #: "17:30": arrivals after it count as the next calendar day's (CAL-4); None: no cut-off.
    cutoff: str | None = None
    #: id of a series of recurring days -> the institution's own rule, which goes before a procedure's.
    recurring: Mapping[str, Recurrence] = field(default_factory=dict)
    source: str = ""


def read_manifest(text: bytes, file: str) -> InstitutionManifest:
    """The institution that the YAML text of a manifest describes; `file` is what messages call it.

    Raises:
        DefinitionError: unknown keys, missing texts, days that do not exist; every fault with file and line.
    """
    from toritsugi.definition.manifest import manifest_values  # YAML is read only where somebody asks for it

    return InstitutionManifest(**manifest_values(text, file=file))


def manifest_of(package: str) -> InstitutionManifest:
    """The institution that `manifest.yaml` in an installed package describes: all that most plugins have to say.

    Raises:
        DefinitionError: as for `read_manifest`.
    """
    from importlib import resources

    return read_manifest(resources.files(package).joinpath(MANIFEST).read_bytes(), f"{package}/{MANIFEST}")


def procedures_of(package: str, folder: str = "procedures") -> list[ProcedureFile]:
    """Every procedure in a folder of an installed package, by file name."""
    from importlib import resources

    home = resources.files(package).joinpath(folder)
    found = sorted((one for one in home.iterdir() if one.name.endswith(".yaml")), key=lambda one: one.name)
    return [ProcedureFile(file=f"{package}/{folder}/{one.name}", text=one.read_bytes()) for one in found]


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderPlugin:
    """A folder of YAML files as a plugin: whoever writes no Python describes institutions and procedures all the same."""

    #: as its owner wrote it.
    folder: str

    @hook
    def toritsugi_procedures(self) -> list[ProcedureFile]:
        """Every file of the folder that describes no institution or catalogue; what it is instead, its reader finds out."""
        from toritsugi.definition.lint import describes_catalogue
        from toritsugi.definition.manifest import describes_institution

        files = ((file, text) for file, text in self._files() if not describes_institution(text))
        return [ProcedureFile(file=file, text=text) for file, text in files if not describes_catalogue(text)]

    @hook
    def toritsugi_institutions(self) -> list[InstitutionManifest]:
        """Every institution that a file of the folder describes."""
        from toritsugi.definition.manifest import describes_institution

        return [read_manifest(text, file) for file, text in self._files() if describes_institution(text)]

    @hook
    def toritsugi_catalogues(self) -> list[CatalogueFile]:
        """Every catalogue of support that a file of the folder holds."""
        from toritsugi.definition.lint import describes_catalogue

        return [CatalogueFile(file=file, text=text) for file, text in self._files() if describes_catalogue(text)]

    def _files(self) -> Iterator[tuple[str, bytes]]:
        """The YAML files at any depth, but for hidden ones, as messages call them, and their texts."""
        top = Path(self.folder).resolve()
        for path in sorted(one for one in top.rglob("*") if one.suffix in (".yaml", ".yml")):
            below = path.relative_to(top)
            if path.is_file() and not any(part.startswith(".") for part in below.parts):
                yield f"{top.name}/{below.as_posix()}", path.read_bytes()


def folder_plugin(folder: str | Path) -> FolderPlugin:
    """The institutions and procedures that the YAML files of a folder describe, as a plugin.

    Raises:
        NotADirectoryError: there is no such folder.
    """
    if not Path(folder).is_dir():
        raise NotADirectoryError(ENOTDIR, strerror(ENOTDIR), str(folder))
    return FolderPlugin(folder=str(folder))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSettings:
    """What an engine tells a plugin that supplies channels."""

    #: folder for spooled messages.
    spool: str
    #: smtp://user@host:port or None: messages are spooled as files.
    smtp: str | None = None
    #: sender's e-mail address.
    sender: str = "toritsugi@localhost"
    #: environment variable that holds the SMTP password.
    smtp_password_env: str = "TORITSUGI_SMTP_PASSWORD"


class Hooks:
    """The extension points."""

    @hookspec
    def toritsugi_procedures(self) -> Sequence[ProcedureFile]:  # type: ignore[empty-body]  # a hook has no body
        """Supply procedures as YAML texts."""

    @hookspec
    def toritsugi_institutions(self) -> Sequence[InstitutionManifest]:  # type: ignore[empty-body]  # a hook has no body
        """Supply institutions with their addresses and calendars."""

    @hookspec
    def toritsugi_catalogues(self) -> Sequence[CatalogueFile]:  # type: ignore[empty-body]  # a hook has no body
        """Supply catalogues of support, which suggestions are made from, as YAML texts."""

    @hookspec
    def toritsugi_channels(self, settings: ChannelSettings) -> Sequence[Channel]:  # type: ignore[empty-body]  # a hook has no body
        """Supply channels that hand messages over."""

    @hookspec(firstresult=True)
    def toritsugi_driver(self, name: str, engine: Any) -> Driver | None:
        """Supply the driver of this name, which makes time pass for an engine."""


def plugin_manager(plugins: str | Iterable[object] = INSTALLED) -> pluggy.PluginManager:
    """A manager of these plugins: modules or objects with functions marked `@hook`, and INSTALLED for the installed ones."""
    manager = pluggy.PluginManager(GROUP)
    manager.add_hookspecs(Hooks)
    for plugin in (plugins,) if isinstance(plugins, str) else plugins:
        if plugin == INSTALLED:
            manager.load_setuptools_entrypoints(GROUP)
        else:
            manager.register(plugin)
    return manager
