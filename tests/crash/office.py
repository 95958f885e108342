"""The offices, keys and procedures that the engine is opened with in the tests of whole engines."""

import base64
import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from toritsugi.core.values import Actor, Answer
from toritsugi.engine import Engine
from toritsugi.hooks import InstitutionManifest, ProcedureFile
from toritsugi.ports import Channel, Clock
from toritsugi.runtime.vault import KeyVault
from world import CALENDARS, FOLDER

VAULT = KeyVault(b"crash" + bytes(27))
FILES = [ProcedureFile(file=path.name, text=path.read_bytes()) for path in sorted(FOLDER.glob("*.yaml"))]
OFFICES = [
    InstitutionManifest(
        id="test_bank",
        title={"ja": "試験銀行", "en": "Test bank"},
        addresses={"email": "desk@bank.example.jp", "fax": "03-0000-0000"},
    ),
    InstitutionManifest(
        id="adviser_office",
        title={"ja": "相談所", "en": "Advisers"},
        addresses={"email": "desk@adviser.example.jp"},
    ),
]

COMPANY = Actor(id="c1", institution="acme", role="company")
BANK = Actor(id="b1", institution="test_bank", role="bank")
ADVISER = Actor(id="a1", institution="adviser_office", role="adviser")
SECOND = 1_000_000
DAY = 86_400 * SECOND


def open_office(store: str, clock: Clock, channels: Iterable[Channel] = (), **options: Any) -> Engine:
    """An engine with the procedures of tests/procedures and no plugins, unless `options` say otherwise."""
    settings: dict[str, Any] = {
        "procedures": FILES,
        "plugins": (),
        "institutions": OFFICES,
        "calendars": CALENDARS,
        "vault": VAULT,
        "clock": clock,
        "channels": channels,
    }
    return Engine.open(store, **{**settings, **options})


def draft(engine: Engine, company: str = "Acme", **values: Any) -> str:
    """A loan request in draft; its case id."""
    parties = {"adviser": "adviser_office"}
    return engine.start("loan_request", COMPANY, {"company": company, **values}, parties=parties).case_id


def submit(engine: Engine, case_id: str, now: int, **options: Any) -> Answer:
    """Submit it: a message to the bank, the bank's deadline, and a pot."""
    values = {"amount": 900_000, "purpose": "base", "arrived_at": now}
    return engine.send(case_id, "submit", COMPANY, values, **options)


def granted(engine: Engine, now: int, company: str = "Acme") -> str:
    """A loan request that the bank has granted; its case id."""
    case_id = draft(engine, company)
    submit(engine, case_id, now)
    engine.send(case_id, "answer", BANK)
    return case_id


def dump(url: str, *, without: Iterable[str] = ()) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table in the database, on a connection of its own."""
    reader = sa.create_engine(url)
    try:
        with reader.connect() as connection:
            names = set(sa.inspect(connection).get_table_names()) - set(without)
            return {name: _rows(connection, name) for name in sorted(names)}
    finally:
        reader.dispose()


def _rows(connection: sa.Connection, table: str) -> list[tuple[Any, ...]]:
    rows = connection.exec_driver_sql(f"SELECT * FROM {table}")
    return sorted((tuple(row) for row in rows), key=repr)


def spoken(found: dict[str, list[tuple[Any, ...]]]) -> str:
    """A dump as one text: blobs as text, hex and base64, so that nothing hides in them."""
    parts: list[str] = []
    for row in (row for rows in found.values() for row in rows):
        for value in row:
            if isinstance(value, bytes | memoryview):
                blob = bytes(value)
                parts += [blob.decode("utf-8", "replace"), blob.decode("utf-16", "replace"), blob.hex()]
                parts.append(base64.b64encode(blob).decode())
            else:
                parts += [str(value), json.dumps(str(value), ensure_ascii=True)]
    return "\n".join(parts)
