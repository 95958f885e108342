"""The extension points: documented, called through a real plugin, and all that the shipped plugins live on."""

import ast
import re
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

import pytest

import toritsugi.hooks
from scripts import pages
from toritsugi.core.values import Actor
from toritsugi.engine import Engine
from toritsugi.errors import UnknownDriver
from toritsugi.hooks import GROUP, ChannelSettings, Hooks
from toritsugi.testing.clock import FakeClock
from world import START

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "hooks.md").read_text("utf-8")
POINTS = sorted(name for name in vars(Hooks) if name.startswith("toritsugi_"))
#: what a shipped institution or procedure may see of toritsugi.
PUBLIC = {"toritsugi.hooks", "toritsugi.core.values", "toritsugi.errors"}
SHIPPED = sorted(path for house in ("plugins", "workflows") for path in (ROOT / house).rglob("*.py"))
COMPANY = Actor(id="c1", institution="acme", role="company")


@pytest.fixture(scope="module")
def plugin() -> ModuleType:
    """The plugin of the page, word for word."""
    (text,) = (block.text for block in pages.blocks(PAGE) if block.kind == "python")
    module = ModuleType("mirai_plugin")
    exec(compile(text, "docs/hooks.md", "exec"), module.__dict__)
    return module


@pytest.fixture
def engine(plugin: ModuleType, sqlite_url: str) -> Iterator[Engine]:
    settings = ChannelSettings(spool="", sender="desk@mirai.example.jp")
    with Engine.open(sqlite_url, plugins=[plugin], settings=settings, clock=FakeClock(START)) as opened:
        yield opened


@pytest.mark.parametrize("point", POINTS)
def test_every_hook_stands_on_the_page_with_the_sentence_of_its_specification(point: str) -> None:
    (heading,) = re.findall(rf"^### `{point}\((.*)\)` → .*$", PAGE, re.MULTILINE)
    specification = vars(Hooks)[point]
    arguments = [name for name in specification.__code__.co_varnames if name != "self"]
    assert [name.strip() for name in heading.split(",") if name] == arguments
    assert specification.__doc__.startswith("Supply ") and specification.__doc__.count(".") == 1
    described = PAGE.partition(f"### `{point}(")[2].partition("\n### ")[0]
    assert specification.__doc__ in " ".join(described.split())


def test_the_page_names_no_hook_that_is_none() -> None:
    assert set(re.findall(r"\btoritsugi_\w+", PAGE)) == set(POINTS)


def test_every_public_name_of_the_module_stands_on_the_page() -> None:
    tree = ast.parse(Path(toritsugi.hooks.__file__).read_text("utf-8"))
    assigned = {target.id for one in tree.body if isinstance(one, ast.Assign) for target in one.targets}  # type: ignore[attr-defined]  # names only
    defined = {one.name for one in tree.body if isinstance(one, ast.FunctionDef | ast.ClassDef)}
    (row,) = re.findall(r"^\| `toritsugi\.hooks` \| (.*) \|$", PAGE, re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", row)) == {name for name in assigned | defined if not name.startswith("_")}


@pytest.mark.parametrize("point", POINTS)
def test_the_plugin_of_the_page_has_every_hook(plugin: ModuleType, point: str) -> None:
    assert hasattr(vars(plugin)[point], f"{GROUP}_impl"), "marked with @hook"


def test_a_procedure_and_an_institution_of_a_plugin_are_worked_with(engine: Engine) -> None:
    case_id = engine.start("fax_inquiry", COMPANY, {"question": "いつですか"}).case_id
    assert engine.case(case_id).parties["mirai"] == "mirai"
    answer = engine.send(case_id, "answer", Actor(id="m1", institution="mirai", role="mirai"))
    assert answer.state == "answered"


def test_a_channel_of_a_plugin_gets_the_settings_and_takes_what_is_sent_to_its_institution(
    engine: Engine, plugin: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[str] = []
    monkeypatch.setattr(plugin, "heard", taken.append)
    case_id = engine.start("fax_inquiry", COMPANY, {"question": "いつですか"}).case_id
    engine.send(case_id, "ask_again", COMPANY)
    assert engine.deliver().handed_over == 1
    (message,) = engine.store.messages(case_id)
    assert taken == ["099-555-0123"]
    assert message.proof is not None and message.proof.reference == "sent by desk@mirai.example.jp"


def test_a_catalogue_of_a_plugin_is_suggested_from(engine: Engine) -> None:
    assert [one.row.id for one in engine.suggest("通信").offered] == ["t1"]


def test_a_driver_of_a_plugin_is_found_by_its_name_and_woken(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks: list[Engine] = []
    monkeypatch.setattr(Engine, "tick", lambda self: ticks.append(self) or 0)
    assert engine.driver("metronome").__class__.__name__ == "Metronome"
    assert ticks == []
    engine.start("fax_inquiry", COMPANY, {"question": "いつですか"})
    assert ticks == [engine]
    with pytest.raises(UnknownDriver):
        engine.driver("embedded")


@pytest.mark.parametrize("point", POINTS)
def test_every_hook_is_used_by_what_is_shipped(point: str) -> None:
    assert any(hasattr(entry.load(), point) for entry in entry_points(group=GROUP))


def test_no_shipped_plugin_has_a_hook_that_is_none() -> None:
    for entry in entry_points(group=GROUP):
        own = {name for name in vars(entry.load()) if name.startswith("toritsugi_")}
        assert own <= set(POINTS), entry.name


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_shipped_plugin_imports_public_names_only(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert not [one.name for one in node.names if one.name.split(".")[0].startswith("toritsugi")]
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "toritsugi":
            assert node.module in PUBLIC
            assert not [one.name for one in node.names if one.name.startswith("_")]


def test_shipped_plugins_are_looked_at() -> None:
    assert len(SHIPPED) > 12
