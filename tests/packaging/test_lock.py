"""The pinned packages: every one with its hashes, and not one download address."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def _pins(lock: Path) -> dict[str, str]:
    """Each pinned package and what is written about it."""
    blocks = re.split(r"\n(?=[a-z0-9])", lock.read_text("utf-8"))
    return {match[1]: block for block in blocks if (match := re.match(r"([a-z0-9-]+)==", block))}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_the_lock_names_no_address(lock: Path) -> None:
    text = lock.read_text("utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*(-\w\b|--(?!hash=))", text, re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_pin_has_a_hash(lock: Path) -> None:
    pins = _pins(lock)
    assert pins
    assert [name for name, block in pins.items() if "--hash=sha256:" not in block] == []


def test_everything_the_project_asks_for_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = project["project"]["optional-dependencies"].values()
    groups = [project["project"]["dependencies"], *extras, project["dependency-groups"]["dev"]]
    asked = [line for group in groups for line in group]
    names = {re.split(r"[\[<>=~!; ]", line)[0] for line in asked}
    assert names - set(_pins(ROOT / "requirements" / "dev.txt")) == set()


def test_uv_is_the_same_in_both_locks() -> None:
    assert _pins(ROOT / "requirements" / "uv.txt")["uv"] == _pins(ROOT / "requirements" / "dev.txt")["uv"]
