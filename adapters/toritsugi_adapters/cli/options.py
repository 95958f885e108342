"""How a command is declared here: texts in two languages, and shared options that stand before or after its name."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any, TypeVar

import click

from toritsugi_adapters.cli.desk import Desk
from toritsugi_adapters.cli.helptext import called
from toritsugi_adapters.cli.language import words
from toritsugi_adapters.cli.layout import paragraph, table
from toritsugi_adapters.cli.table import COMMANDS

F = TypeVar("F", bound=Callable[..., Any])


class Option(click.Option):
    """An option whose help is written in both languages."""

    def __init__(self, *names: Any, ja: str = "", en: str = "", **rest: Any) -> None:
        super().__init__(*names, **rest)
        self.ja = ja
        self.en = en

    def row(self) -> tuple[str, str]:
        """How it stands in the help: what is written, what it means."""
        value = "" if self.is_flag else f" {called(self.metavar or (self.name or '').upper())}"
        return f"{self.opts[0]}{value}", words(self.ja, self.en)


class Command(click.Command):
    """A command that explains itself in the reader's language; its first parameter is the `Desk`."""

    def __init__(self, name: str, *, usage: str, ja: str, en: str, **rest: Any) -> None:
        super().__init__(name, **rest)
        self.usage = usage
        self.ja = ja
        self.en = en
        self.params += shared_options()

    def get_usage(self, ctx: click.Context) -> str:
        return f"{words('使い方', 'Usage')}: toritsugi {self.name} {called(self.usage)}".rstrip()

    def get_help(self, ctx: click.Context) -> str:
        summary = words(*COMMANDS[self.name or ""][2:])
        lines = [self.get_usage(ctx), "", *paragraph(summary, indent=2)]
        for text in _paragraphs(words(self.ja, self.en).strip("\n")):
            lines += _help_line(text)
        own = [param.row() for param in self.params if isinstance(param, Option) and not param.hidden]
        if own:
            lines += ["", words("オプション:", "Options:"), *table(own, indent=2)]
        lines += ["", words("共通のオプションは toritsugi --help にあります。", "Shared options: toritsugi --help")]
        return "\n".join(lines)


def _paragraphs(text: str) -> list[str]:
    """Lines that were broken in the source put together again; empty lines and examples (four spaces deep) stay."""
    found: list[str] = []
    for line in text.split("\n") if text else ():
        runs_on = line.strip() and not line.startswith("    ")
        if runs_on and found and found[-1].strip() and not found[-1].startswith("    "):
            blank = " " if found[-1][-1].isascii() and line[0].isascii() else ""
            found[-1] += blank + line
        else:
            found.append(line)
    return found


def _help_line(text: str) -> list[str]:
    """An example (four spaces deep) stays as written; everything else is wrapped."""
    if text.startswith("    "):
        return [text]
    return paragraph(text.strip(), indent=2) if text.strip() else [""]


def command(name: str, *params: click.Parameter, usage: str = "", ja: str = "", en: str = "") -> Callable[[F], Command]:
    """Declare `function(desk, **parameters)` as the command `name`; the summary stands in the command table."""

    def declare(function: F) -> Command:
        def callback(**given: Any) -> Any:
            return function(Desk.of(click.get_current_context()), **given)

        return Command(name, usage=usage, ja=ja, en=en, callback=callback, params=list(params))

    return declare


def option(*names: str, ja: str, en: str, **rest: Any) -> Option:
    """An option of one command."""
    return Option(names, ja=ja, en=en, **rest)


def argument(name: str, **rest: Any) -> click.Argument:
    """A positional parameter."""
    return click.Argument([name], **rest)


#: what a person takes for a digit (the alphabet of case numbers has none of them), and what is only there to be read.
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None, "‐": None, "−": None, "ー": None})
_CASE_CHARACTERS = 13


def case_argument() -> click.Argument:
    """The positional parameter CASE."""
    return argument("case", callback=as_given_out)


def as_given_out(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
    """A case number as people pass it on (small or full-width letters, no hyphens, O for 0) as it was given out.

    Anything else stays as it is, and is not found.
    """
    if value is None:
        return None
    plain = unicodedata.normalize("NFKC", value).upper().translate(_MISREAD)
    if len(plain) != _CASE_CHARACTERS or not plain.isalnum():
        return value
    return f"{plain[:5]}-{plain[5:9]}-{plain[9:]}"


def shared_options() -> list[click.Parameter]:
    """The options every command takes; the value written last on the line counts."""
    return [
        _shared("--store"),
        _shared("--spool"),
        _shared("--smtp"),
        _shared("--folder"),
        _shared("--lang", type=click.Choice(["ja", "en"])),
        _shared("--as", "role"),
        _shared("--now"),
        _shared("--json", "as_json", is_flag=True, default=None),
        _shared("--migrate", is_flag=True, default=None),
    ]


def _shared(*names: str, **rest: Any) -> Option:
    return Option(names, hidden=True, expose_value=False, callback=_keep, **rest)


def _keep(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
    if value is not None and param.name is not None:
        ctx.find_root().obj[param.name] = value
    return value
