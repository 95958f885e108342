"""Everything that can go wrong, by whose fault it is.

    ToritsugiError
    ├── DefinitionError         the author's: a procedure, manifest or form definition is wrong
    ├── RequestError            the sender's
    │   ├── NotPossible         the event is refused, by one of the codes of procedures.md 1.5
    │   ├── KeyReused           an idempotency key came back with another request
    │   ├── Conflict            somebody else changed the case first, again and again
    │   ├── UnknownCase         there is no such case, or this viewer may not know of it
    │   ├── MessageNotOpen      there is no such message, or its outcome is not a person's to resolve
    │   ├── UnknownProcedure    there is no such procedure
    │   ├── UnknownDriver       no plugin supplies a driver of that name
    │   ├── NotDisclosable      this viewer may not see it
    │   ├── NotJoinable         the host's transaction cannot be joined safely
    │   ├── BadInput            a value, a cell, a file cannot be read
    │   └── TooLarge            beyond one of the limits, cascade included
    └── OutsideError            the far side's
        ├── StoreMismatch       the database's schema is not the one this code knows
        ├── KeyMissing          the vault has no key for this data
        ├── ChannelDelayed      not now; try again after `retry_after_s`
        ├── ChannelRefused      never; a person must look
        └── ChannelUncertain    it may have arrived; a person must ask

Codes and texts stand in one catalogue, `errors.yaml`; details never carry personal data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

import yaml


@cache
def catalogue() -> Mapping[str, Mapping[str, Any]]:
    """The catalogue of errors: code -> class, fault, ja, en, http, exit."""
    text = resources.files("toritsugi").joinpath("errors.yaml").read_text(encoding="utf-8")
    entries: Mapping[str, Mapping[str, Any]] = yaml.safe_load(text)
    return entries


def text(code: str, locale: str, details: Mapping[str, Any]) -> str:
    """The catalogue's sentence for `code` in `locale` (ja or en), its placeholders filled."""
    shown = {name: _shown(value, locale) for name, value in details.items()}
    return str(catalogue()[code][locale]).format_map(_Blank(shown))


class ToritsugiError(Exception):
    """Something went wrong; `code` says what, `details` fill the catalogue's text."""

    code = "INTERNAL"
    #: the language it is told in where none is asked for, ja or en; an engine gives it its own.
    locale = "en"

    def __init__(self, code: str | None = None, **details: Any) -> None:
        super().__init__(code or self.code)
        self.code = code or self.code
        self.details = details

    def message(self, locale: str | None = None) -> str:
        """The catalogue's sentence in `locale` (ja or en); None: in its own."""
        return text(self.code, locale or self.locale, self.details)

    @property
    def exit_code(self) -> int:
        """The command line's exit code for it."""
        return int(catalogue()[self.code]["exit"])

    def __str__(self) -> str:
        return f"{self.code}: {self.message()}"


class DefinitionError(ToritsugiError):
    """A definition is wrong; `findings` says where and what would be right."""

    code = "DEFINITION_WRONG"

    def __init__(self, findings: Sequence[Any], file: str, code: str | None = None) -> None:
        super().__init__(code, file=file, count=len(findings), first=findings[0] if findings else "")
        self.findings = tuple(findings)
        self.file = file

    def message(self, locale: str | None = None) -> str:
        """All findings, one a line."""
        locale = locale or self.locale
        return "\n".join(finding.text(locale, self.file) for finding in self.findings)


class RequestError(ToritsugiError):
    """The sender asked for something that cannot be done."""


class NotPossible(RequestError):
    """An event is refused; the case is exactly as it was.

    `possible` lists the ids of the events that the same actor could fire instead, `reasons` every failing code with
    its message, in the order of procedures.md 1.5. What a procedure keeps from the sender is in none of them; `recorded`
    is the true code, for the engine's own use.
    """

    code = "INVALID_TRANSITION"

    def __init__(
        self,
        code: str,
        *,
        event: str,
        state: str | None = None,
        reasons: Sequence[Mapping[str, str]] = (),
        possible: Sequence[str] = (),
        reads: Sequence[frozenset[str]] = (),
        recorded: str | None = None,
        **details: Any,
    ) -> None:
        """`reads` are the names that each reason rests on (without reasons: the refusal), as far as they may be secret."""
        super().__init__(code, event=event, state=state or "-", possible=tuple(possible), **details)
        self.event = event
        self.state = state
        self.reasons = tuple(reasons)
        self.possible = tuple(possible)
        self.reads = tuple(reads)
        self.recorded = recorded or code
        #: the case whose rules refused, where it is not the one the event was sent to.
        self.case_id: str | None = None
        #: (case, names there) that everything told here rests on besides: the rules that led to the refusal.
        self.led_by: tuple[tuple[str, frozenset[str]], ...] = ()
        #: of an act over several cases: the number of the item that was refused, from 1, and its case.
        self.item: tuple[int, str] | None = None

    def arose_in(self, case_id: str) -> None:
        """Note the case whose rules refused, unless one further in did."""
        self.case_id = self.case_id or case_id

    def came_by(self, case_id: str, names: frozenset[str]) -> None:
        """Note what was read in a case to come to what refused."""
        if names:
            self.led_by = (*self.led_by, (case_id, names))

    def message(self, locale: str | None = None) -> str:
        """Every failing rule's own sentence; several are listed under the catalogue's."""
        locale = locale or self.locale
        own = super().message(locale)
        told = [reason[locale] for reason in self.reasons if reason.get(locale)]
        item = self._of_item(locale)
        if len(told) == 1:
            return item + told[0]
        if not told or "{" not in catalogue()[self.code][locale]:
            told.insert(0, own)
        if told[0] == own:
            return item + "\n  - ".join(told)
        return "\n".join([*([item.rstrip()] if item else []), *(f"- {line}" for line in told)])

    def _of_item(self, locale: str) -> str:
        if self.item is None:
            return ""
        number, case_id = self.item
        return f"{number}件目（案件{case_id}）：" if locale == "ja" else f"item {number} (case {case_id}): "


class KeyReused(RequestError):
    """The same idempotency key came with other content."""

    code = "KEY_REUSED"


class Conflict(RequestError):
    """Somebody else changed the case first; nothing was done."""

    code = "CONFLICT"


class UnknownCase(RequestError):
    """There is no such case, or this viewer may not know of it."""

    code = "UNKNOWN_CASE"


class MessageNotOpen(RequestError):
    """There is no such message, or its outcome is not open."""

    code = "MESSAGE_NOT_OPEN"


class UnknownProcedure(RequestError):
    """There is no such procedure."""

    code = "UNKNOWN_PROCEDURE"


class UnknownDriver(RequestError):
    """No plugin supplies a driver of that name."""

    code = "UNKNOWN_DRIVER"


class NotDisclosable(RequestError):
    """The viewer may not see this."""

    code = "NOT_DISCLOSABLE"


class NotJoinable(RequestError):
    """The host's session is in a state in which our rows would not share its fate."""

    code = "HOST_NESTED"


class BadInput(RequestError):
    """A value cannot be read; `problems` names each place and what would be right."""

    code = "BAD_INPUT"

    def __init__(self, problems: Sequence[Mapping[str, str]], **details: Any) -> None:
        super().__init__(None, count=len(problems), **details)
        self.problems = tuple(problems)

    def message(self, locale: str | None = None) -> str:
        """The catalogue's sentence, then one line a place."""
        locale = locale or self.locale
        lines = [f"  - {problem['place']}: {problem[locale]}" for problem in self.problems]
        return "\n".join([super().message(locale), *lines])


class TooLarge(RequestError):
    """Beyond a limit of the engine (`toritsugi limits`)."""

    code = "TOO_LARGE"


class OutsideError(ToritsugiError):
    """Something outside the engine failed."""


class StoreMismatch(OutsideError):
    """The store's schema is older or newer than this code."""

    code = "STORE_OLDER"


class KeyMissing(OutsideError):
    """The vault has no key that opens this data."""

    code = "KEY_MISSING"


class ChannelDelayed(OutsideError):
    """The far side cannot take the message now."""

    code = "CHANNEL_DELAYED"

    def __init__(self, retry_after_s: int, **details: Any) -> None:
        super().__init__(None, retry_after_s=retry_after_s, **details)
        self.retry_after_s = retry_after_s


class ChannelRefused(OutsideError):
    """The far side refuses the message for good."""

    code = "CHANNEL_REFUSED"


class ChannelUncertain(OutsideError):
    """The message may or may not have arrived."""

    code = "CHANNEL_UNCERTAIN"


class _Blank(dict[str, str]):
    """Leaves a dash where a text names a detail that was not given, so that an error never fails to be told."""

    def __missing__(self, key: str) -> str:
        return "-"


def _shown(value: Any, locale: str) -> str:
    if isinstance(value, Mapping):
        return str(value.get(locale) or value.get("ja") or value)
    if isinstance(value, list | tuple):
        return ("、" if locale == "ja" else ", ").join(_shown(item, locale) for item in value) or "-"
    return str(value)
