"""What went wrong, told to a person on stderr in one readable message, with its exit code; never a traceback."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from toritsugi_adapters.cli.account import BAD_USE, INTERNAL, NOT_FOUND, OUTSIDE, Account, Failure, Refused
from toritsugi_adapters.cli.language import chosen, words
from toritsugi_adapters.cli.layout import COLUMNS, paragraph, table
from toritsugi_adapters.cli.misuse import of_usage

if TYPE_CHECKING:
    from toritsugi.errors import ToritsugiError

#: packages whose errors come from the database and not from us.
_DATABASES = frozenset({"sqlite3", "sqlalchemy", "psycopg"})

#: what mends a fault that an option or a setting of this program can mend: code -> (ja, en).
_HINTS: Mapping[str, tuple[str, str]] = {
    "KEY_MISSING": (
        "環境変数 TORITSUGI_KEY に 32 バイトの鍵を base64 で設定してください（SQLite ではデータベースの隣の .key ファイルも使えます）。",
        "Set TORITSUGI_KEY to a key of 32 bytes in base64 (with SQLite, a .key file beside the store does as well).",
    ),
    "STORE_OLDER": ("--migrate を付けると移行して開きます。", "With --migrate it is brought up to date first."),
}

#: what may be wrong with a file that was named: kind, code, exit code, ja, en.
_FILES: tuple[tuple[type[OSError], str, int, str, str], ...] = (
    (FileNotFoundError, "NO_FILE", NOT_FOUND, "「{}」が見つかりません。", 'There is no file "{}".'),
    (NotADirectoryError, "NO_FILE", NOT_FOUND, "「{}」というフォルダーがありません。", 'There is no folder "{}".'),
    (
        IsADirectoryError,
        "FILE",
        BAD_USE,
        "「{}」はフォルダーです。ファイルを指定してください。",
        '"{}" is a folder; name a file.',
    ),
    (
        PermissionError,
        "FILE",
        OUTSIDE,
        "「{}」を読み書きする権限がありません。",
        'There is no permission to read or write "{}".',
    ),
)


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
            return replace(_of_error(fault.error, fault.titles), missing=fault.missing, hints=fault.hints)
        case ToritsugiError():
            return _of_error(fault, {})
        case click.UsageError():
            return of_usage(fault)
        case OSError():
            return _of_file(fault)
    if isinstance(ja := getattr(fault, "ja", None), str) and isinstance(en := getattr(fault, "en", None), str):
        return Account(code="BAD_INPUT", exit_code=BAD_USE, ja=ja, en=en)
    kind = type(fault).__name__
    if "file is not a database" in str(fault) and _is_of_database(fault):
        return Account(
            code="STORE_FAULT",
            exit_code=OUTSIDE,
            ja="取次のデータベースではありません。",
            en="This is not a database of Toritsugi.",
        )
    if _is_of_database(fault):
        return Account(
            code="STORE_FAULT",
            exit_code=OUTSIDE,
            ja=f"データベースを読み書きできません（{kind}）。",
            en=f"The database cannot be read or written ({kind}).",
        )
    return Account(
        code="INTERNAL",
        exit_code=INTERNAL,
        ja=f"内部の誤りです（{kind}）。環境変数 TORITSUGI_DEBUG=1 を付けて実行すると詳細が表示されます。",
        en=f"An internal fault ({kind}). Run again with TORITSUGI_DEBUG=1 to see the details.",
    )


def _is_of_database(fault: BaseException) -> bool:
    """Whether a database driver says it: no database at all, a disk that is full, a server that went away."""
    return any(kind.__module__.split(".")[0] in _DATABASES for kind in type(fault).__mro__)


def _of_error(error: ToritsugiError, titles: Mapping[str, tuple[str, str]]) -> Account:
    reasons = getattr(error, "reasons", ())
    possible = [(event, ja, en) for event, (ja, en) in titles.items()]
    # The reasons name every detail, the catalogue's sentence leaves a dash for those that only a reason knows.
    ja, en = ("", "") if reasons else (error.message("ja"), error.message("en"))
    return Account(
        code=error.code,
        exit_code=error.exit_code,
        ja=ja,
        en=en,
        reasons=reasons,
        possible=possible,
        hints=(_HINTS[error.code],) if error.code in _HINTS else (),
        problems=getattr(error, "problems", ()),
    )


def _of_file(fault: OSError) -> Account:
    name = str(fault.filename or "")
    for kind, code, exit_code, ja, en in _FILES:
        if isinstance(fault, kind):
            return Account(code=code, exit_code=exit_code, ja=ja.format(name), en=en.format(name))
    ja, en = (
        f"「{name}」を読み書きできません（{fault.strerror}）。",
        f'"{name}" cannot be read or written ({fault.strerror}).',
    )
    return Account(code="FILE", exit_code=OUTSIDE, ja=ja, en=en)


def _lines(account: Account) -> list[str]:
    text = words(account.ja, account.en)
    lines = [f"{words('エラー', 'Error')} [{account.code}]"]
    for line in text.split("\n") if text else ():
        item = line.strip().removeprefix("- ")
        mark, indent = ("  - ", 4) if item != line.strip() else ("  ", 2)
        lines += paragraph(item, indent=indent, first=mark, page=COLUMNS)
    for reason in account.reasons:
        lines += paragraph(_reason(reason, account.code), indent=4, first="  - ", page=COLUMNS)
    for hint in account.hints:
        lines += paragraph(words(*hint), indent=2, page=COLUMNS)
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
        "problems": [dict(problem) for problem in account.problems],
        "missing": [{"field": name, "title": {"ja": ja, "en": en}} for name, ja, en in account.missing],
        "hints": [{"ja": ja, "en": en} for ja, en in account.hints],
        "possible": [{"event": event, "title": {"ja": ja, "en": en}} for event, ja, en in account.possible],
    }


def _joined(account: Account, locale: str) -> str:
    return "\n".join(reason[locale] for reason in account.reasons if reason.get(locale))
