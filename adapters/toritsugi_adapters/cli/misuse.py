"""A command line that was not written right, told in both languages: click speaks English only."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

import click

from toritsugi_adapters.cli.account import BAD_USE, Account, Failure
from toritsugi_adapters.cli.table import VALUES

#: positional parameters as a person calls them.
_IN_JAPANESE = {**VALUES, "DURATION": "期間（例 7営業日）", "FILES": "ファイル"}


def no_such_command(name: str, known: Iterable[str]) -> Failure:
    """There is no such command; near ones are named."""
    # nobody shall arrive by a slip at what cannot be undone
    harmless = [one for one in known if one != "erase"]
    near = difflib.get_close_matches(name, harmless, n=3, cutoff=0.5)
    ja = f"「{name}」というコマンドはありません。" + (f"もしかして：{'、'.join(near)}" if near else "")
    en = f'There is no command "{name}".' + (f" Did you mean {' or '.join(near)}?" if near else "")
    return Failure(ja, en)


def of_usage(fault: click.UsageError) -> Account:
    ja, en = _words(fault)
    usage = fault.ctx.command.get_usage(fault.ctx) if fault.ctx is not None and fault.ctx.parent is not None else ""
    return Account(code="BAD_USE", exit_code=BAD_USE, ja=ja, en=en, usage=usage)


def _words(fault: click.UsageError) -> tuple[str, str]:
    plain = fault.format_message()
    match fault:
        case click.NoSuchOption():
            near = "、".join(fault.possibilities or ())
            ja = f"{fault.option_name} というオプションはありません。" + (f"もしかして：{near}" if near else "")
        case click.MissingParameter():
            name = _name(fault)
            ja = f"{_among(_choices(fault)) or _IN_JAPANESE.get(name, f'{name} ')}を指定してください。"
            plain = f"{' or '.join(_choices(fault)) or name} is missing."
        case click.BadParameter() if choices := _choices(fault):
            name = f"{_name(fault)} には " if isinstance(fault.param, click.Option) else ""
            ja = f"{name}{'、'.join(choices)} のどれかを指定してください。"
            plain = f"{_name(fault)} is one of {', '.join(choices)}."
        case click.BadParameter():
            name = _name(fault)
            ja = f"{name} の値が正しくありません（{fault.message}）。"
        case click.BadOptionUsage():
            ja = f"{fault.option_name} には値が必要です。"
        case _:
            ja = f"コマンドの書き方が違います（{plain}）。"
    return ja, plain


def _choices(fault: click.BadParameter) -> list[str]:
    """What the parameter may be, if it is one of a few words."""
    kind = fault.param.type if isinstance(fault.param, click.Argument | click.Option) else None
    return [str(choice) for choice in kind.choices] if isinstance(kind, click.Choice) else []


def _among(choices: list[str]) -> str:
    """Words to choose from; empty if there are none."""
    if len(choices) > 2:
        return f"{'、'.join(choices)} のどれか"
    return f"{' か '.join(choices)} " if choices else ""


def _name(fault: click.BadParameter) -> str:
    """The parameter as it stands in the usage line: --calendar, CASE."""
    if isinstance(fault.param, click.Option):
        return fault.param.opts[0]
    return (fault.param.human_readable_name if fault.param is not None else None) or str(fault.param_hint or "")
