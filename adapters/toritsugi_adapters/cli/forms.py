"""Filled forms on the way into a case: which procedure a form opens, and the values that stand in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from toritsugi.definition.model import Procedure

#: the shipped example that the demonstration reads.
EXAMPLE = "form1_corporation.xlsx"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledForm:
    """A form that was read."""

    #: file name, for messages.
    name: str
    values: Mapping[str, Any] = field(repr=False)


def procedure_of_forms() -> str:
    """The procedure that the forms known here open."""
    from toritsugi_adapters.documents.form1 import PROCEDURE

    return PROCEDURE


def filled(procedure: Procedure, file: Path) -> FilledForm:
    """The form in `file`.

    Raises:
        BadInput: naming every cell that cannot be read, or WRONG_FORM.
        OSError: the file cannot be read.
    """
    return _read(procedure, file.name, file.read_bytes())


def example(procedure: Procedure) -> FilledForm:
    """The shipped example."""
    folder = resources.files("toritsugi_adapters.documents") / "examples"
    return _read(procedure, EXAMPLE, (folder / EXAMPLE).read_bytes())


def _read(procedure: Procedure, name: str, content: bytes) -> FilledForm:
    from toritsugi_adapters.documents.form1 import read_form

    return FilledForm(name=name, values=read_form(content, procedure.data).checked())
