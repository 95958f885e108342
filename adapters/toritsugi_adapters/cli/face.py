"""The command group: finds a command in the table, imports only that one, and sees to it that every fault is told."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from toritsugi_adapters.cli import faults
from toritsugi_adapters.cli.helptext import face_text
from toritsugi_adapters.cli.misuse import no_such_command
from toritsugi_adapters.cli.options import shared_options
from toritsugi_adapters.cli.table import COMMANDS


class Face(click.Group):
    """`toritsugi`, with every command imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, attribute, *_ = COMMANDS[name]
        found: click.Command = getattr(import_module(f"toritsugi_adapters.cli.commands.{module}"), attribute)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            raise no_such_command(args[0], list(COMMANDS))
        return super().resolve_command(ctx, args)

    def get_help(self, ctx: click.Context) -> str:
        return face_text()


def run(arguments: list[str]) -> int:
    """Carry out a command line; the exit code. Faults are told on stderr, none leaves as a traceback."""
    face = Face("toritsugi", params=shared_options(), no_args_is_help=True)
    as_json = "--json" in arguments
    given: dict[str, Any] = {}
    try:
        # not `face.main`: it has its own ideas of Ctrl-C and of a closed pipe
        with face.make_context("toritsugi", list(arguments), obj=given) as ctx:
            answer = face.invoke(ctx)
    except click.exceptions.Exit as end:
        return end.exit_code
    except BrokenPipeError:
        raise
    except Exception as fault:  # whatever it is, a person gets one readable message
        return faults.tell(fault, as_json=as_json)
    return answer if isinstance(answer, int) else 0
