"""The house stays honest: pure rooms stay pure, names lead somewhere, the plan on paper is the plan that was built."""

import ast
import importlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENGINE = ROOT / "engine" / "toritsugi"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

#: Each pure room and the rooms of toritsugi it may bring along.
PURE = {
    "errors": {"errors"},
    "definition": {"definition", "errors"},
    "core": {"core", "definition", "errors"},
    "analysis": {"analysis", "core", "definition", "errors"},
}
#: Not to be imported in a pure room by any spelling.
OUTSIDE = {"apscheduler", "asyncio", "fastapi", "os", "pathlib", "random", "sqlalchemy", "sqlmodel", "structlog"} | {
    "threading",
    "time",
    "uuid",
    "zoneinfo",
}
#: Not to come along with a pure room either, unless the libraries it may use bring it themselves.
HEAVY = OUTSIDE | {"alembic", "click", "cryptography", "holidays", "openpyxl", "psycopg", "pydantic", "rich", "sqlite3"}
#: What a pure room may use; `os`, `threading` and the like come with these.
ALLOWED = "datetime, decimal, difflib, hashlib, importlib.resources, json, orjson, transitions, unicodedata, yaml"
#: Calls that ask the world something instead of the arguments.
ASKING = {"now", "today", "utcnow", "open", "ZoneInfo"}


def _files(room: Path) -> list[Path]:
    return [room.with_suffix(".py")] if not room.is_dir() else sorted(room.rglob("*.py"))


def _module(path: Path, house: Path) -> str:
    return ".".join(path.relative_to(house).with_suffix("").parts).removesuffix(".__init__")


def _all_source() -> Iterator[tuple[Path, Path]]:
    """Every Python file that is shipped, with the house it stands in."""
    for listed in PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]:
        package = ROOT / listed
        yield from ((path, package.parent) for path in sorted(package.rglob("*.py")))


def _loaded_after(statement: str) -> set[str]:
    question = f"{statement}\nimport sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", question], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def _imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module


def _called(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            yield node.lineno, node.func.id if isinstance(node.func, ast.Name) else node.func.attr


def offences(source: str) -> list[str]:
    """What in this source does not belong in a pure room, each with its line."""
    tree = ast.parse(source)
    imports = [f"line {line}: imports {name}" for line, name in _imported(tree) if name.split(".")[0] in OUTSIDE]
    return imports + [f"line {line}: calls {name}(" for line, name in _called(tree) if name in ASKING]


@pytest.mark.parametrize("room", PURE)
def test_a_pure_room_asks_nothing_of_the_world(room: str) -> None:
    found = {path.name: offences(path.read_text("utf-8")) for path in _files(ENGINE / room)}
    assert {name: list_ for name, list_ in found.items() if list_} == {}


@pytest.mark.parametrize(
    "planted",
    [
        "import os",
        "import os.path as p",
        "from pathlib import Path",
        "def f():\n    from sqlalchemy.orm import Session",
        "from datetime import datetime\nx = datetime.now()",
        "import datetime as d\nx = d.date.today()",
        "x = datetime.utcnow()",
        "x = open('a')",
        "z = ZoneInfo('Asia/Tokyo')",
    ],
)
def test_a_planted_offence_is_seen(planted: str) -> None:
    assert offences(planted)


def test_talk_of_an_offence_is_none() -> None:
    assert offences('"""Never calls now() or open()."""\nx = situation.now\n# today() is a value') == []


@pytest.mark.parametrize("room", PURE)
def test_a_pure_room_brings_nothing_along(room: str) -> None:
    modules = [_module(path, ENGINE.parent) for path in _files(ENGINE / room)]
    came = _loaded_after(f"import {', '.join(modules)}") - _loaded_after(f"import {ALLOWED}")
    assert {name.split(".")[0] for name in came} & HEAVY == set()
    rooms = {name.split(".")[1] for name in came if name.startswith("toritsugi.")}
    assert rooms <= PURE[room]


def test_the_face_alone_loads_no_room() -> None:
    assert {name for name in _loaded_after("import toritsugi") if name.startswith("toritsugi")} == {"toritsugi"}


def test_every_name_of_the_face_leads_to_its_definition() -> None:
    face = importlib.import_module("toritsugi")
    typed = ast.parse((ENGINE / "__init__.pyi").read_text("utf-8"))
    twin = {alias.name: node.module for node in typed.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert twin == face._HOME
    assert set(face.__all__) == {*twin, "__version__"}
    assert all(getattr(face, name) is not None for name in face.__all__)


def _declared_names(path: Path) -> Iterable[str] | None:
    for node in ast.parse(path.read_text("utf-8")).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            return [str(name) for name in ast.literal_eval(node.value)]  # type: ignore[attr-defined]  # an assignment
    return None


def test_every_all_is_true() -> None:
    wrong = []
    for path, house in _all_source():
        names = _declared_names(path)
        if names is not None:
            module = importlib.import_module(_module(path, house))
            wrong += [f"{module.__name__}.{name}" for name in names if not hasattr(module, name)]
    assert wrong == []


def _named_in_the_plan() -> set[str]:
    plan = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    return set(re.findall(r"[\w/]+\.py\b", plan))


def test_every_module_of_the_engine_stands_in_the_plan() -> None:
    """ARCHITECTURE.md names each as `core/decide.py`, that is: from engine/toritsugi/ on."""
    built = {path.relative_to(ENGINE).as_posix() for path in ENGINE.rglob("*.py") if path.name != "__init__.py"}
    built = {path for path in built if not path.startswith("store/migrations/")}
    assert built - {name.removeprefix("engine/toritsugi/") for name in _named_in_the_plan()} == set()


def test_every_module_in_the_plan_was_built() -> None:
    places = [ROOT, ENGINE, ROOT / "adapters" / "toritsugi_adapters"]
    missing = [name for name in sorted(_named_in_the_plan()) if not any((place / name).exists() for place in places)]
    assert missing == []


def test_import_contracts_cover_every_package_and_institution() -> None:
    linter = PROJECT["tool"]["importlinter"]
    packages = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert linter["root_packages"] == [Path(package).name for package in packages]
    (contract,) = [one for one in linter["contracts"] if one["id"] == "institutions"]
    assert contract["source_modules"] == [
        Path(one).name for one in packages if one.startswith(("plugins/", "workflows/"))
    ]
    (pure,) = [one for one in linter["contracts"] if one["id"] == "pure"]
    assert {*pure["source_modules"]} == {f"toritsugi.{room}" for room in PURE}
    assert {*pure["forbidden_modules"]} == OUTSIDE


def test_imports_go_down_only() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    command = [str(program), "--no-logo", "--no-cache"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
