"""Every output there is, for one viewer: what the engine answers, what left, what was refused, logged and printed."""

import contextlib
import io
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from toritsugi.core.values import Actor
from toritsugi.engine import Engine
from toritsugi.errors import UnknownCase
from toritsugi.ports import Parcel, Proof
from toritsugi_adapters.cli.main import main
from world import laid_open

FAR = 4_000_000_000_000_000


@dataclass(slots=True)
class Mailbox:
    """A channel that takes everything and keeps it; its receipts name the reader, as real ones may."""

    name: str
    repeatable: bool = True
    taken: list[Parcel] = field(default_factory=list)

    def send(self, parcel: Parcel) -> Proof:
        """Take it."""
        self.taken.append(parcel)
        return Proof(channel=self.name, reference=f"taken by {parcel.institution}")


class Lines(logging.Handler):
    """Every line that was logged."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it as it would be written."""
        self.lines.append(record.getMessage())


def of_case(engine: Engine, case_id: str, viewer: Actor) -> Iterator[tuple[str, Any]]:
    """Every answer about one case: which question, what was answered; a stranger gets none."""
    views = engine.views
    questions = {
        "case": lambda: engine.case(case_id, viewer),
        "history": lambda: views.history(case_id, viewer),
        "can": lambda: views.can(case_id, viewer),
        "messages": lambda: views.messages(case_id, viewer),
        "deadlines": lambda: views.deadlines(case_id, viewer),
        "linked": lambda: views.linked(case_id, viewer),
        "reasons": lambda: views.reasons(case_id, viewer),
        "family": lambda: engine.family(case_id, viewer),
        "explained": lambda: [views.explained(one, viewer) for one in engine.store.deadlines(case_id)],
    }
    for name, ask in questions.items():
        with contextlib.suppress(UnknownCase):
            told = laid_open(ask())
            if told or name != "explained":  # of no deadline nothing is asked, so that nobody is refused
                yield name, told


def of_lists(engine: Engine, viewer: Actor) -> Iterator[tuple[str, Any]]:
    """The lists that a viewer may ask for."""
    yield "cases", laid_open(engine.views.cases(viewer, limit=1000))
    yield "due", laid_open(engine.views.due(FAR, viewer))


def of_error(error: Any) -> dict[str, Any]:
    """Everything that a refusal says, in both languages and to programs."""
    return {
        "text": str(error),
        "ja": error.message("ja"),
        "en": error.message("en"),
        "code": error.code,
        "details": error.details,
        "reasons": getattr(error, "reasons", ()),
        "possible": getattr(error, "possible", ()),
        "args": error.args,
    }


#: what is typed about a case: command, and whether the case is named by an option.
COMMANDS = ("case", "history", "messages", "can", "graph", "family")


def typed(store: str, command: str, case_id: str, role: str, *, as_json: bool) -> str:
    """What the command line prints about a case to whoever sits there in that role."""
    words = {
        "graph": ["graph", "--case", case_id],
        "family": ["case", case_id, "--family"],
    }.get(command, [command, case_id])
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        main([*words, "--store", store, "--as", role, *(["--json"] if as_json else [])])
    return out.getvalue()


def listed(store: str, command: str, role: str) -> list[dict[str, Any]]:
    """What `cases` and `due` list to a role, as programs read it."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        code = main([command, "--store", store, "--as", role, "--json"])
    return list(json.loads(out.getvalue())) if code == 0 else []
