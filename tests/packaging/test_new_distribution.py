"""A distribution begun with `toritsugi new` installs beside Toritsugi, is found by it, and keeps its specs."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

MAIN = ("-m", "toritsugi_adapters.cli.main")


def _run(*command: object, cwd: Path) -> str:
    words = [str(part) for part in command]
    environment = {"PATH": os.environ["PATH"], "HOME": str(cwd), "TORITSUGI_LANG": "ja", "LANG": "C.UTF-8"}
    done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_new_distribution_is_installed_without_a_network_and_found(tmp_path: Path) -> None:
    _run(sys.executable, *MAIN, "new", "institution", "midori_zaidan", "--distribution", "mine", cwd=tmp_path)
    _run(sys.executable, "-m", "venv", "--without-pip", "clean", cwd=tmp_path)
    python = tmp_path / "clean" / "bin" / "python"
    (site,) = (tmp_path / "clean" / "lib").glob("python*/site-packages")
    # Toritsugi itself, what it needs and hatchling are those of this environment.
    (site / "around.pth").write_text(f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n", "utf-8")
    install = ("-m", "uv", "pip", "install", "--quiet", "--offline", "--no-deps", "--no-build-isolation")
    _run(sys.executable, *install, "--python", python, "--editable", "mine", cwd=tmp_path)

    assert "midori_zaidan_request" in _run(python, *MAIN, "procedures", cwd=tmp_path)
    assert "不成立 0" in _run(python, *MAIN, "spec", "mine/specs", cwd=tmp_path)
    assert "midori_zaidan" not in _run(sys.executable, *MAIN, "procedures", cwd=tmp_path)
