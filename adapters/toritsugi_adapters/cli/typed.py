"""`field=value` as a person types it, read into stored values by the types of the procedure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from toritsugi.core.moments import BadMoment
from toritsugi.core.written import BadValue, read_text
from toritsugi.definition.literals import check_digit, fold
from toritsugi.definition.model import DataField, Procedure
from toritsugi.definition.types import Kind, Title
from toritsugi.errors import BadInput
from toritsugi_adapters.cli.clock import typed_moment
from toritsugi_adapters.cli.spoken import named

#: a person with a Japanese keyboard types either sign.
_EQUALS = re.compile("[=＝]")


def typed_values(procedure: Procedure, given: Iterable[str]) -> dict[str, Any]:
    """field -> stored value, for words such as `loan_status=利用予定`.

    Raises:
        BadInput: with one problem for every word that cannot be read, naming its field.
    """
    values: dict[str, Any] = {}
    titles = {field.id: field.title for field in procedure.data.values()}
    problems: list[Mapping[str, str]] = []
    for word in given:
        name, equals, text = _cut(word)
        name = named(name, titles)
        field = procedure.data.get(name)
        if not equals:
            problems.append(_problem(word[:40], "「項目=値」の形で書いてください", "write it as field=value"))
        elif field is None:
            problems.append(_unknown(name, procedure))
        elif name in values:
            problems.append(_problem(name, "同じ項目が二度指定されています", "it is given twice"))
        else:
            try:
                values[name] = _value(field, text)
            except (BadValue, BadMoment) as fault:
                problems.append(_of_field(field, fault))
    if problems:
        raise BadInput(problems)
    return values


def _value(field: DataField, text: str) -> object:
    if field.type.kind is Kind.MOMENT and text.strip():
        return typed_moment(text, echo=not field.personal)
    if field.type.kind is Kind.CORPORATE_NUMBER:
        _check_number(text)
    if field.type.kind is Kind.INSTITUTION:
        text = _institution(text)
    return read_text(field.type, text, personal=field.personal)


def _institution(text: str) -> str:
    """The id of an institution that is called by its title."""
    from toritsugi_adapters.cli.installed import installed

    titles = {id_: Title(ja=one.title["ja"], en=one.title["en"]) for id_, one in installed().manifests.items()}
    return named(text.strip(), titles)


def _check_number(text: str) -> None:
    """What is wrong with a corporate number, as exactly as a person can use it."""
    digits = re.sub("[- ]", "", fold(text))
    if not digits:
        return
    if not re.fullmatch("[0-9]{13}", digits):
        ja, en = "法人番号は13桁の数字です", "a corporate number has 13 digits"
        raise BadValue("BAD_CORPORATE_NUMBER", ja, en)
    if int(digits[0]) != check_digit(digits[1:]):
        ja = "法人番号として正しくありません（検査用数字が一致しません）"
        raise BadValue("BAD_CORPORATE_NUMBER", ja, "this is no corporate number: its check digit does not fit")


def pairs(given: Iterable[str], *, ja: str, en: str) -> dict[str, str]:
    """left -> right of words such as `financial_institution=bank-0001`; `ja` and `en` say what was expected."""
    found: dict[str, str] = {}
    problems: list[Mapping[str, str]] = []
    for word in given:
        left, equals, right = _cut(word)
        if equals and left and right.strip():
            found[left] = right.strip()
        else:
            problems.append(_problem(word[:40], ja, en))
    if problems:
        raise BadInput(problems)
    return found


def _cut(word: str) -> tuple[str, bool, str]:
    parts = _EQUALS.split(word, maxsplit=1)
    return parts[0].strip(), len(parts) == 2, parts[-1]


def _problem(place: str, ja: str, en: str) -> Mapping[str, str]:
    return {"place": place, "ja": ja, "en": en}


def _of_field(field: DataField, fault: BadValue | BadMoment) -> Mapping[str, str]:
    return _problem(field.id, f"{field.title.ja}：{fault.ja}", f"{field.title.en}: {fault.en}")


def _unknown(name: str, procedure: Procedure) -> Mapping[str, str]:
    near = difflib.get_close_matches(name, list(procedure.data), n=3, cutoff=0.6)
    near += [field.id for field in procedure.data.values() if name and field.title.ja.startswith(name)][:3]
    ja = "この手続にない項目です" + (f"（もしかして：{'、'.join(near)}）" if near else "")
    en = "this procedure has no such field" + (f" (did you mean {' or '.join(near)}?)" if near else "")
    return _problem(name[:40], ja, en)
