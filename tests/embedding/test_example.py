"""examples/embedding.py does what it says, on both databases, in a process of its own."""

import base64
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOLD = r"""A committed order:
  tea bowl: to be shipped by \d{4}-\d\d-\d\d
  letter to dock@warehouse\.example\.jp: 出荷指示書.*
An order that is rolled back leaves nothing, not even a letter:
  vase: to be shipped by \d{4}-\d\d-\d\d
A refused event leaves your transaction as it was:
  This actor may not do this .*
In the end: tea bowl is shipped; its history: open, place, ship
"""


def _run(*arguments: str) -> str:
    key = base64.b64encode(bytes(32)).decode()
    done = subprocess.run(
        [sys.executable, "-X", "utf8", str(ROOT / "examples" / "embedding.py"), *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "TORITSUGI_KEY": key, "PYTHONPATH": str(ROOT / "engine")},
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def test_the_example_runs(store_url: str) -> None:
    assert re.fullmatch(TOLD, _run(store_url))


def test_the_example_needs_no_arguments() -> None:
    assert re.fullmatch(TOLD, _run())
