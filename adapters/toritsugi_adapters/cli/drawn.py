"""A diagram as SVG, by graphviz: the one that the `pygraphviz` wheel carries, or the system's `dot`.

It is carried out in a process of its own, because it writes what it thinks of the machine's fonts to stderr.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator

from toritsugi_adapters.cli.account import OUTSIDE, Failure

#: Seconds that graphviz may take to lay out a diagram.
_LAYOUT_S = 60
_BY_WHEEL = (
    "import sys, pygraphviz; text = sys.stdin.buffer.read().decode();"
    " sys.stdout.buffer.write(pygraphviz.AGraph(string=text).draw(format='svg', prog='dot'))"
)


def svg_of(dot: str) -> str:
    """The SVG of a graphviz text.

    Raises:
        Failure: there is no graphviz, or it could not draw this.
    """
    for program in _programs():
        drawn = _carried_out(program, dot)
        if drawn is not None:
            return drawn
    raise Failure(
        "SVG にするには graphviz が必要です。pip install 'toritsugi[graph]' か、Debian では sudo apt-get install graphviz で"
        "入ります。--format mermaid と dot には要りません。",
        "SVG is drawn by graphviz: pip install 'toritsugi[graph]', or on Debian sudo apt-get install graphviz;"
        " --format mermaid and dot do without it.",
        code="NO_GRAPHVIZ",
        exit_code=OUTSIDE,
    )


def _programs() -> Iterator[list[str]]:
    if sys.executable:
        yield [sys.executable, "-I", "-c", _BY_WHEEL]
    if found := shutil.which("dot"):
        yield [found, "-Tsvg"]


def _carried_out(program: list[str], dot: str) -> str | None:
    """What a program made of the text on its standard input; None if it is not there or did not succeed."""
    try:
        done = subprocess.run(program, input=dot.encode(), capture_output=True, check=False, timeout=_LAYOUT_S)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode() if done.returncode == 0 and b"<svg" in done.stdout else None
