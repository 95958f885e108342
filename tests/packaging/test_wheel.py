"""What is shipped is what stands in the folders, and it installs where nothing else is."""

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PACKAGES = [ROOT / name for name in PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]]


def _run(*command: object) -> str:
    """What the command prints, run where the checkout cannot be imported by accident."""
    words = [str(part) for part in command]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, env={"PATH": ""}, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout as it stands."""
    folder = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)
    (built,) = folder.glob("*.whl")
    return built


def test_every_package_folder_is_listed_for_shipping() -> None:
    houses = ("engine", "adapters", "plugins", "workflows")
    found = {marker.parent for house in houses for marker in (ROOT / house).glob("*/__init__.py")}
    assert found == set(PACKAGES)


def test_no_house_is_itself_a_package() -> None:
    assert not [package for package in PACKAGES if (package.parent / "__init__.py").exists()]


def test_the_wheel_holds_exactly_what_the_folders_hold(wheel: Path) -> None:
    in_folders = {
        path.relative_to(package.parent).as_posix()
        for package in PACKAGES
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(wheel) as archive:
        in_wheel = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert in_wheel == in_folders


def test_the_licence_travels_with_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (licence,) = [name for name in archive.namelist() if name.endswith("licenses/LICENSE")]
        assert archive.read(licence) == (ROOT / "LICENSE").read_bytes()


def test_the_wheel_alone_can_be_imported_in_a_clean_environment(wheel: Path, tmp_path: Path) -> None:
    clean = tmp_path / "clean"
    _run(sys.executable, "-m", "venv", "--without-pip", clean)
    python = clean / "bin" / "python"
    _run(sys.executable, "-m", "uv", "pip", "install", "--quiet", "--offline", "--no-deps", "--python", python, wheel)

    # Asked without importing them: their dependencies are not here.
    question = "from importlib.util import find_spec; print(find_spec({0!r}).origin)"
    for package in PACKAGES:
        place = Path(_run(python, "-I", "-c", question.format(package.name)).strip())
        assert place.is_relative_to(clean), f"{package.name} comes from {place}"
    version = _run(python, "-I", "-c", "import toritsugi; print(toritsugi.__version__)").strip()
    assert version == PROJECT["project"]["version"]
    assert (clean / "bin" / "toritsugi").exists()
