"""Every output there is, for one viewer: what the engine answers, what left, what was refused, logged and printed."""

import contextlib
import io
import json
import logging
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from toritsugi.core.values import Actor
from toritsugi.engine import Engine
from toritsugi.errors import UnknownCase
from toritsugi.ports import Parcel, Proof
from toritsugi_adapters.channels.letter import letter
from toritsugi_adapters.channels.mail import address, message
from toritsugi_adapters.channels.paper import COVERS, sheet_text
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
        "repr": repr(error),
    }


#: what is typed about a case: command, and whether the case is named by an option.
COMMANDS = ("case", "history", "messages", "can", "graph", "family")
#: what lists cases.
LISTS = ("cases", "due")
#: what is typed about no case: it may tell nothing of any.
GENERAL = (
    ("audit", "verify"),
    ("audit", "seal"),
    ("show", "consortium_referral"),
    ("suggest", "--need", "輸出"),
)


def typed(store: str, command: str, case_id: str, role: str, *, as_json: bool) -> str:
    """What the command line prints about a case to whoever sits there in that role."""
    words = {
        "graph": ["graph", "--case", case_id],
        "family": ["case", case_id, "--family"],
    }.get(command, [command, case_id])
    return printed(store, *words, "--as", role, as_json=as_json)


def printed(store: str, *words: str, as_json: bool) -> str:
    """What the command line prints, faults included."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        main([*words, "--store", store, *(["--json"] if as_json else [])])
    return out.getvalue()


def listed(store: str, command: str, role: str) -> list[dict[str, Any]]:
    """What `cases` and `due` list to a role, as programs read it."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        code = main([command, "--store", store, "--as", role, "--json"])
    return list(json.loads(out.getvalue())) if code == 0 else []


def rendered(parcel: Parcel, now: Callable[[], int]) -> Iterator[tuple[str, str]]:
    """A letter as the shipped channels make it: as an e-mail with its attachments, and as a sheet of paper."""
    at_home = {"email": "desk@reader.example.jp"}
    content = {**parcel.content, "address": at_home.get(parcel.channel, "03-0000-0000")}
    letter_ = letter(replace(parcel, content=content))
    if parcel.channel == "email":
        mail = message(letter_, key=parcel.key, sender=address("desk@office.example.jp"), at=now())
        yield "as mail", "\n".join(str(value) for value in mail.values())
        for part in mail.walk():
            if not part.is_multipart():
                yield "as mail", f"{part.get_filename()}\n{_text(part)}"
    if parcel.channel in COVERS:
        yield f"by {parcel.channel}", sheet_text(letter_, COVERS[parcel.channel], parcel.key, now())


def _text(part: Any) -> str:
    """A part of a mail, workbooks unpacked."""
    content = part.get_payload(decode=True)
    if not content.startswith(b"PK"):
        return str(content.decode("utf-8", "replace"))
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
