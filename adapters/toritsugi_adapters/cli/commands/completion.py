"""`completion`: what a shell must read so that it completes commands and options, and the answers it then asks for."""

from __future__ import annotations

import os

import click
from click import shell_completion

from toritsugi_adapters.cli.desk import Desk
from toritsugi_adapters.cli.options import argument, command

#: The variable by which the shell asks.
ASKED = "_TORITSUGI_COMPLETE"


@command(
    "completion",
    argument("shell", type=click.Choice(["bash", "zsh", "fish"])),
    usage="bash|zsh|fish",
    ja="""
シェルの設定に次の1行を加えると、コマンドとオプションが Tab で補完されます。

    eval "$(toritsugi completion bash)"          # ~/.bashrc
    eval "$(toritsugi completion zsh)"           # ~/.zshrc
    toritsugi completion fish | source           # ~/.config/fish/config.fish""",
    en="""
One line in your shell's settings, and Tab completes commands and options:

    eval "$(toritsugi completion bash)"          # ~/.bashrc
    eval "$(toritsugi completion zsh)"           # ~/.zshrc
    toritsugi completion fish | source           # ~/.config/fish/config.fish""",
)
def completion(desk: Desk, shell: str) -> None:
    source = _of(shell).source_template % _of(shell).source_vars()
    desk.show({"shell": shell, "source": source}, [source])


def answer() -> int:
    """What the shell asks for in ASKED, as `bash_complete`; the exit code."""
    shell, _, _ = os.environ[ASKED].partition("_")
    if shell not in ("bash", "zsh", "fish"):
        return 1
    print(_of(shell).complete())
    return 0


def _of(shell: str) -> shell_completion.ShellComplete:
    from toritsugi_adapters.cli.face import Face
    from toritsugi_adapters.cli.options import shared_options

    made = shell_completion.get_completion_class(shell)
    if made is None:
        raise ValueError(f"click knows no {shell}")
    face = Face("toritsugi", params=shared_options())
    return made(face, {"obj": {}}, "toritsugi", ASKED)
