"""A host application with a table of its own, and a driver that counts how often it is woken."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, select

from toritsugi.engine import Engine
from toritsugi.hooks import hook
from toritsugi.ports import Driver
from world import START

#: what is given with `submit`.
VALUES = {"amount": 900_000, "purpose": "base", "arrived_at": START}


class Order(SQLModel, table=True):
    """The host's own table."""

    __tablename__ = "host_order"

    id: int | None = Field(default=None, primary_key=True)
    text: str


def default_engine(url: str) -> sa.Engine:
    """What a host has that never thought about it."""
    return sa.create_engine(url)


def tuned_engine(url: str) -> sa.Engine:
    """What the README recommends for SQLite; on PostgreSQL the settings that hosts like to change."""
    if not url.startswith("sqlite"):
        return sa.create_engine(url, isolation_level="REPEATABLE READ", connect_args={"prepare_threshold": 0})
    made = sa.create_engine(url, connect_args={"isolation_level": None})
    sa.event.listen(made, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return made


@dataclass(slots=True)
class Woken:
    """A driver that only counts how often it was woken; also the plugin that supplies it."""

    times: int = 0

    def start(self) -> None:
        """Begin."""

    def wake(self) -> None:
        """Something may be due."""
        self.times += 1

    def stop(self) -> None:
        """End."""

    @hook
    def toritsugi_driver(self, name: str, engine: object) -> Driver | None:
        """Itself."""
        return self if name == "counting" else None


class Host:
    """The host application: its engine, and what others can see of its table."""

    def __init__(self, made: sa.Engine) -> None:
        self.engine = made
        SQLModel.metadata.create_all(made, tables=[Order.__table__])  # type: ignore[attr-defined]  # SQLModel makes it

    def session(self) -> Session:
        """A session of the host."""
        return Session(self.engine)

    def orders(self) -> list[str]:
        """What is committed."""
        reader = default_engine(self.engine.url.render_as_string(hide_password=False))
        try:
            with Session(reader) as session:
                return sorted(order.text for order in session.exec(select(Order)))
        finally:
            reader.dispose()


def is_default(host: Host) -> bool:
    """The host leaves the driver's transaction control as it is."""
    with host.engine.connect() as connection:
        return getattr(connection.connection.driver_connection, "isolation_level", None) is not None


def events_of(engine: Engine, case_id: str) -> list[str]:
    """The events of a case's history."""
    return [row["event"] for row in engine.views.history(case_id)]
