"""Where something is begun: as YAML alone in a folder, as a distribution of its own, or in the repository of Toritsugi."""

from __future__ import annotations

from pathlib import Path

from toritsugi_adapters.cli.account import Failure
from toritsugi_adapters.cli.scaffold.asked import Asked
from toritsugi_adapters.cli.scaffold.writing import Beginning, filled

_MANIFEST = "manifest.yaml"
_PROJECT = "pyproject.toml"
_FEATURE = "procedure.feature"
_YAML = "procedure.yaml"
#: where the repository lists its packages: the line before which the new one goes, and the new one.
_LISTED = (
    ('\nworkflows = "toritsugi_workflows"\n', '\n{short} = "{package}.plugin"'),
    ('\n    "workflows/toritsugi_workflows",\n', '\n    "plugins/{package}",'),
    ('\n    "toritsugi_workflows",\n', '\n    "{package}",'),
    (' | toritsugi_workflows",\n', " | {package}"),
    (', "toritsugi_workflows"]\n', ', "{package}"'),
)


def in_folder(folder: Path, asked: Asked) -> Beginning:
    """YAML alone: an institution in a folder of its own, a procedure beside its institution, or in `folder` itself."""
    blanks = asked.blanks()
    home = folder / (asked.name if asked.kind == "institution" else asked.institution)
    if asked.kind == "procedure" and not home.is_dir():
        home = folder
    files = {home / _MANIFEST: filled(_MANIFEST, blanks)} if asked.kind == "institution" else {}
    files[home / f"{asked.procedure}.yaml"] = filled(_YAML, blanks)
    files[home / f"{asked.procedure}.feature"] = filled(_FEATURE, blanks)
    return Beginning(files=files, then=[_look_over(home), _try_specs(f"{home} --folder {folder}")])


def as_distribution(home: Path, asked: Asked) -> Beginning:
    """A project that pip installs; a procedure goes into the one that is there, if there is one."""
    package = package_in(home) if asked.kind == "procedure" else None
    if package is not None:
        return _added(home, package, asked)
    blanks = asked.blanks()
    inside = home / asked.package
    row = f"| 機関の宛先と暦 | `{asked.package}/{_MANIFEST}` |\n" if asked.kind == "institution" else ""
    files = {
        home / _PROJECT: filled(_PROJECT, blanks),
        home / "README.ja.md": filled("README.ja.md", {**blanks, "MANIFEST_ROW": row}),
        inside / "__init__.py": filled("init.py", blanks),
        inside / "plugin.py": filled(f"plugin_{asked.kind}.py", blanks),
    }
    if asked.kind == "institution":
        files[inside / _MANIFEST] = filled(_MANIFEST, blanks)
    found = _added(home, inside, asked)
    files.update(found.files)
    install = (f"入れる：pip install -e {home}", f"install it: pip install -e {home}")
    return Beginning(files=files, then=[install, *found.then])


def _added(home: Path, package: Path, asked: Asked) -> Beginning:
    """A procedure in a distribution."""
    blanks = asked.blanks()
    files = {
        package / "procedures" / f"{asked.procedure}.yaml": filled(_YAML, blanks),
        home / "specs" / f"{asked.procedure}.feature": filled(_FEATURE, blanks),
    }
    return Beginning(files=files, then=[_look_over(package), _try_specs(f"{home / 'specs'}")])


def package_in(home: Path) -> Path | None:
    """The package of the distribution in `home` that carries procedures; None: there is no distribution yet.

    Raises:
        Failure: there is something else.
    """
    if not (home / _PROJECT).exists():
        return None
    found = [one for one in sorted(home.glob("toritsugi_*")) if (one / "plugin.py").is_file()]
    if len(found) != 1:
        raise Failure(
            f"「{home}」は、このコマンドで作った配布物ではありません（toritsugi_… という一つのフォルダーに plugin.py があるもの）。",
            f'"{home}" is no distribution that this command has made (one folder toritsugi_… with a plugin.py).',
        )
    return found[0]


def is_repository(folder: Path) -> bool:
    """Whether this is Toritsugi's own checkout."""
    project = folder / _PROJECT
    return all((folder / name).is_dir() for name in ("plugins", "workflows", "specs")) and (
        project.is_file() and '\nname = "toritsugi"\n' in project.read_text("utf-8")
    )


def in_repository(root: Path, asked: Asked) -> Beginning:
    """A plugin, a shipped procedure and its spec, and the lines of pyproject.toml that name the plugin."""
    blanks = asked.blanks()
    workflow = root / "workflows" / "toritsugi_workflows" / asked.institution / f"{asked.procedure}.yaml"
    spec = root / "specs" / asked.institution / f"{asked.procedure}.feature"
    files = {workflow: filled(_YAML, blanks), spec: filled(_FEATURE, blanks)}
    changed = {}
    if asked.kind == "institution":
        inside = root / "plugins" / asked.package
        files |= {
            inside / "__init__.py": filled("init.py", blanks),
            inside / "plugin.py": filled("plugin_repository.py", blanks),
            inside / _MANIFEST: filled(_MANIFEST, blanks),
        }
        changed[root / _PROJECT] = _listed((root / _PROJECT).read_text("utf-8"), asked)
    then = [("環境に反映する：make env", "bring it into the environment: make env")] if changed else []
    return Beginning(files=files, changed=changed, then=[*then, _try_specs(f"{spec}")])


def _look_over(what: Path) -> tuple[str, str]:
    return f"点検：toritsugi lint {what}", f"look it over: toritsugi lint {what}"


def _try_specs(what: str) -> tuple[str, str]:
    return f"約束を確かめる：toritsugi spec {what}", f"try its specs: toritsugi spec {what}"


def _listed(project: str, asked: Asked) -> str:
    """pyproject.toml with the plugin in each of its lists.

    Raises:
        Failure: it does not look as it did when this was written.
    """
    for before, new in _LISTED:
        if project.count(before) != 1:
            raise Failure(
                f"pyproject.toml に次の箇所がちょうど一つあるはずですが、ありません：{before.strip()}。何も作っていません。",
                f"pyproject.toml should hold this once, and does not: {before.strip()}. Nothing was made.",
            )
        project = project.replace(before, new.format(short=asked.name, package=asked.package) + before)
    return project
