"""What went wrong, told to a person on stderr in one readable message, with its exit code; never a traceback."""

from __future__ import annotations

import difflib
import json
import os
import sys
import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import click

from toritsugi_adapters.cli.language import chosen, words
from toritsugi_adapters.cli.layout import COLUMNS, paragraph, table

if TYPE_CHECKING:
    from toritsugi.errors import ToritsugiError

BAD_USE = 2
NOT_FOUND = 4
OUTSIDE = 7
INTERNAL = 70


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A fault as it is told."""

    code: str
    exit_code: int
    ja: str
    en: str
    #: single reasons, each as {code, ja, en, source}.
    reasons: Sequence[Mapping[str, str]] = ()
    #: what could be done instead: (id, title ja, title en).
    possible: Sequence[tuple[str, str, str]] = ()
    #: fields that still have to be given: (id, title ja, title en).
    missing: Sequence[tuple[str, str, str]] = ()
    #: how the command is written, for a command that was not.
    usage: str = field(default="")


class Failure(Exception):
    """A command cannot be carried out, for a reason that only the command line knows."""

    def __init__(self, ja: str, en: str, *, code: str = "BAD_USE", exit_code: int = BAD_USE) -> None:
        super().__init__(code)
        self.account = Account(code=code, exit_code=exit_code, ja=ja, en=en)


class Refused(Exception):
    """An event was refused; told with titles, which the engine's own error does not know.

    `titles` are those of the events that would have been possible: id -> (ja, en). `missing` are the fields that would
    have to be given: (id, title ja, title en).
    """

    def __init__(
        self, error: ToritsugiError, titles: Mapping[str, tuple[str, str]], missing: Sequence[tuple[str, str, str]] = ()
    ) -> None:
        super().__init__(error.code)
        self.error = error
        self.titles = titles
        self.missing = missing


def tell(fault: BaseException, *, as_json: bool) -> int:
    """Say on stderr what went wrong; the exit code."""
    account = account_of(fault)
    if os.environ.get("TORITSUGI_DEBUG") == "1":
        traceback.print_exception(fault)
    if as_json:
        print(json.dumps({"error": _shape(account)}, ensure_ascii=False, indent=2), file=sys.stderr)
    else:
        print("\n".join(_lines(account)), file=sys.stderr)
    return account.exit_code


def account_of(fault: BaseException) -> Account:
    """The fault in words. An unexpected one is told by its kind alone: its text may hold personal data."""
    from toritsugi.errors import ToritsugiError

    match fault:
        case Failure():
            return fault.account
        case Refused():
            return replace(_of_error(fault.error, fault.titles), missing=fault.missing)
        case ToritsugiError():
            return _of_error(fault, {})
        case click.UsageError():
            return _of_usage(fault)
        case OSError():
            return _of_file(fault)
    if isinstance(ja := getattr(fault, "ja", None), str) and isinstance(en := getattr(fault, "en", None), str):
        return Account(code="BAD_INPUT", exit_code=BAD_USE, ja=ja, en=en)
    kind = type(fault).__name__
    return Account(
        code="INTERNAL",
        exit_code=INTERNAL,
        ja=f"内部の誤りです（{kind}）。環境変数 TORITSUGI_DEBUG=1 を付けて実行すると詳細が表示されます。",
        en=f"An internal fault ({kind}). Run again with TORITSUGI_DEBUG=1 to see the details.",
    )


def no_such_command(name: str, known: Iterable[str]) -> Failure:
    """There is no such command; near ones are named."""
    near = difflib.get_close_matches(name, list(known), n=3, cutoff=0.5)
    ja = f"「{name}」というコマンドはありません。" + (f"もしかして：{'、'.join(near)}" if near else "")
    en = f'There is no command "{name}".' + (f" Did you mean {' or '.join(near)}?" if near else "")
    return Failure(ja, en)


def _of_error(error: ToritsugiError, titles: Mapping[str, tuple[str, str]]) -> Account:
    reasons = getattr(error, "reasons", ())
    possible = [(event, ja, en) for event, (ja, en) in titles.items()]
    # The reasons name every detail, the catalogue's sentence leaves a dash for those that only a reason knows.
    ja, en = ("", "") if reasons else (error.message("ja"), error.message("en"))
    return Account(code=error.code, exit_code=error.exit_code, ja=ja, en=en, reasons=reasons, possible=possible)


def _of_usage(fault: click.UsageError) -> Account:
    ja, en = _usage_words(fault)
    usage = fault.ctx.command.get_usage(fault.ctx) if fault.ctx is not None and fault.ctx.parent is not None else ""
    return Account(code="BAD_USE", exit_code=BAD_USE, ja=ja, en=en, usage=usage)


def _usage_words(fault: click.UsageError) -> tuple[str, str]:
    plain = fault.format_message()
    match fault:
        case click.NoSuchOption():
            near = "、".join(fault.possibilities or ())
            ja = f"{fault.option_name} というオプションはありません。" + (f"もしかして：{near}" if near else "")
        case click.MissingParameter():
            name = _name(fault)
            ja, plain = f"{name} を指定してください。", f"{name} is missing."
        case click.BadParameter():
            name = _name(fault)
            ja = f"{name} の値が正しくありません（{fault.message}）。"
        case click.BadOptionUsage():
            ja = f"{fault.option_name} には値が必要です。"
        case _:
            ja = f"コマンドの書き方が違います（{plain}）。"
    return ja, plain


def _name(fault: click.BadParameter) -> str:
    """The parameter as it stands in the usage line: --calendar, CASE."""
    if isinstance(fault.param, click.Option):
        return fault.param.opts[0]
    return (fault.param.human_readable_name if fault.param is not None else None) or str(fault.param_hint or "")


def _of_file(fault: OSError) -> Account:
    name = str(fault.filename or "")
    if isinstance(fault, FileNotFoundError):
        return Account(
            code="NO_FILE", exit_code=NOT_FOUND, ja=f"「{name}」が見つかりません。", en=f'There is no file "{name}".'
        )
    return Account(
        code="FILE",
        exit_code=OUTSIDE,
        ja=f"「{name}」を読み書きできません（{fault.strerror}）。",
        en=f'"{name}" cannot be read or written ({fault.strerror}).',
    )


def _lines(account: Account) -> list[str]:
    text = words(account.ja, account.en)
    lines = [f"{words('エラー', 'Error')} [{account.code}]"]
    for line in text.split("\n") if text else ():
        item = line.strip().removeprefix("- ")
        mark, indent = ("  - ", 4) if item != line.strip() else ("  ", 2)
        lines += paragraph(item, indent=indent, first=mark, page=COLUMNS)
    for reason in account.reasons:
        lines += paragraph(_reason(reason, account.code), indent=4, first="  - ", page=COLUMNS)
    if account.missing:
        lines.append(words("必要な項目（項目=値）:", "Fields to give (field=value):"))
        lines += table([(name, words(ja, en)) for name, ja, en in account.missing], indent=2, page=COLUMNS)
    if account.possible:
        lines.append(words("この状態で、この立場が行う操作:", "What this party does in this state:"))
        lines += table([(event, words(ja, en)) for event, ja, en in account.possible], indent=2, page=COLUMNS)
    if account.usage:
        lines.append(account.usage)
    return lines


def _reason(reason: Mapping[str, str], code: str) -> str:
    told = reason.get(chosen()) or reason.get("ja") or reason.get("code", "")
    other = f" [{reason['code']}]" if reason.get("code", code) != code else ""
    source = f"（{reason['source']}）" if reason.get("source") else ""
    if chosen() == "en" and source:
        source = f" ({reason['source']})"
    return f"{told}{source}{other}"


def _shape(account: Account) -> dict[str, Any]:
    return {
        "code": account.code,
        "message": {"ja": account.ja or _joined(account, "ja"), "en": account.en or _joined(account, "en")},
        "reasons": [dict(reason) for reason in account.reasons],
        "missing": [{"field": name, "title": {"ja": ja, "en": en}} for name, ja, en in account.missing],
        "possible": [{"event": event, "title": {"ja": ja, "en": en}} for event, ja, en in account.possible],
    }


def _joined(account: Account, locale: str) -> str:
    return "\n".join(reason[locale] for reason in account.reasons if reason.get(locale))
