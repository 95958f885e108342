"""Toritsugi inside an application of your own: your row and our event in one transaction.

A shop keeps its orders in a table of its own. Placing an order opens a case: the warehouse has two business days to
ship, and gets a letter. The order's row and the case are committed together, or not at all.

    python examples/embedding.py [sqlite:///shop.db]
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, select

from toritsugi import Actor, Engine, NotPossible
from toritsugi.hooks import InstitutionManifest, ProcedureFile
from toritsugi.ports import Parcel, Proof

# 1. What happens to an order, and who may do it: a procedure. It usually lies in a file of its own.
PROCEDURE = """
procedure: shipping
version: "1"
title: {ja: 出荷, en: Shipping}
owner: shop
source: our own terms of sale
subject: [number]
parties:
  shop: {title: {ja: 店舗, en: Shop}, institution: our_shop}
  warehouse: {title: {ja: 倉庫, en: Warehouse}, institution: our_warehouse}
data:
  number: {type: text, title: {ja: 注文番号, en: Number}}
  goods: {type: text, title: {ja: 品名, en: Goods}}
  customer: {type: text, title: {ja: お届け先, en: Customer}, personal: yes}
documents:
  picking_list: {title: {ja: 出荷指示書, en: Picking list}, shows: [number, goods, customer], may_see: [shop, warehouse]}
deadlines:
  ship:
    title: {ja: 出荷期限, en: Ship by}
    within: 2 business days
    calendar: our_warehouse
    starts: {on: place}
    met_by: [ship]
    nature: principle
    responsible: warehouse
start: {by: shop, needs: [number, goods, customer]}
initial: noted
states:
  noted: {title: {ja: 受付, en: Noted}}
  placed: {title: {ja: 注文済み, en: Placed}}
  shipped: {title: {ja: 出荷済み, en: Shipped}, ends: yes}
events:
  place:
    title: {ja: 注文する, en: Place}
    by: shop
    from: noted
    to: placed
    effects: [{send: {document: picking_list, to: warehouse, via: [email]}}]
  ship: {title: {ja: 出荷する, en: Ship}, by: warehouse, from: placed, to: shipped}
"""

OFFICES = [
    InstitutionManifest(id="our_shop", title={"ja": "店舗", "en": "Shop"}),
    InstitutionManifest(
        id="our_warehouse", title={"ja": "倉庫", "en": "Warehouse"}, addresses={"email": "dock@warehouse.example.jp"}
    ),
]
#: You have authenticated them already; Toritsugi only asks whether they may do what they want to do.
CLERK = Actor(id="clerk-7", institution="our_shop", role="shop")
PACKER = Actor(id="packer-2", institution="our_warehouse", role="warehouse")


class Order(SQLModel, table=True):
    """Your own table, in the same database."""

    id: int | None = Field(default=None, primary_key=True)
    goods: str
    case_id: str | None = None


@dataclass
class Printer:
    """2. Where messages go. This channel prints; one that has handed a message over returns what proves it."""

    name: str = "email"
    #: Printing twice does no harm, so a message whose worker died on the way may be printed again.
    repeatable: bool = True

    def send(self, parcel: Parcel) -> Proof:
        """Hand over one message."""
        print(f"  letter to {parcel.content['address']}: {parcel.content['subject']}")
        return Proof(channel=self.name, reference=parcel.key)


def your_engine(url: str) -> sa.Engine:
    """3. Your SQLAlchemy engine. For SQLite let SQLAlchemy send BEGIN: Python's driver would send it too late."""
    if not url.startswith("sqlite"):
        return sa.create_engine(url)
    engine = sa.create_engine(url, connect_args={"isolation_level": None})
    sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def place_order(toritsugi: Engine, session: Session, goods: str, customer: str) -> str:
    """4. One transaction: your row, our case, our letter, our deadline. You commit."""
    order = Order(goods=goods)
    session.add(order)
    session.flush()  # gives the order its number
    values = {"number": str(order.id), "goods": goods, "customer": customer}
    order.case_id = toritsugi.start("shipping", CLERK, values, session=session).case_id
    placed = toritsugi.send(order.case_id, "place", CLERK, session=session)
    print(f"  {goods}: to be shipped by {placed.due['ship']}")
    return order.case_id


def main(url: str) -> None:
    """Place an order, change our mind about another, ship too early, ship."""
    database = your_engine(url)
    SQLModel.metadata.create_all(database)
    procedures = [ProcedureFile(file="shipping.yaml", text=PROCEDURE.encode())]
    with Engine.open(url, procedures=procedures, plugins=(), institutions=OFFICES, channels=[Printer()]) as toritsugi:
        print("A committed order:")
        with Session(database) as session:
            case_id = place_order(toritsugi, session, "tea bowl", "Midori")
            session.commit()
        toritsugi.deliver()  # in an application a driver does this: toritsugi.driver("embedded").start()

        print("An order that is rolled back leaves nothing, not even a letter:")
        with Session(database) as session:
            place_order(toritsugi, session, "vase", "Ken")
            session.rollback()
        toritsugi.deliver()

        print("A refused event leaves your transaction as it was:")
        with Session(database) as session:
            try:
                toritsugi.send(case_id, "ship", CLERK, session=session)
            except NotPossible as refused:
                print(f"  {refused.message('en').splitlines()[0]}")
            toritsugi.send(case_id, "ship", PACKER, session=session)
            session.commit()

        with Session(database) as session:
            for order in session.exec(select(Order)):
                case = toritsugi.case(order.case_id or "")
                history = [row["event"] for row in toritsugi.views.history(case.id)]
                print(f"In the end: {order.goods} is {case.state}; its history: {', '.join(history)}")
    database.dispose()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(sys.argv[1])
    else:
        with tempfile.TemporaryDirectory() as folder:
            main(f"sqlite:///{Path(folder) / 'shop.db'}")
