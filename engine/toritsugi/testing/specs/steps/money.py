"""Steps that say how a ledger stands: ceiling, consumed, reserved, available, and what the company pays itself."""

from __future__ import annotations

from collections.abc import Callable

from toritsugi.core.allowance import Allowance
from toritsugi.core.values import Case
from toritsugi.definition.types import Title
from toritsugi.testing.specs.faults import SpecFault
from toritsugi.testing.specs.naming import found
from toritsugi.testing.specs.phrases import Slots
from toritsugi.testing.specs.values import Table, pairs, read_yen
from toritsugi.testing.specs.vocabulary import phrase
from toritsugi.testing.specs.world import World

_AMOUNTS: dict[str, tuple[Title, Callable[[Allowance], int]]] = {
    "ceiling": (Title(ja="上限額", en="ceiling"), lambda one: one.ceiling_yen),
    "consumed": (Title(ja="実績額", en="consumed"), lambda one: one.consumed_yen),
    "reserved": (Title(ja="仮押さえ額", en="reserved"), lambda one: one.reserved_yen),
    "available": (Title(ja="利用可能額", en="available"), lambda one: one.available_yen),
    "balance": (Title(ja="残額", en="balance"), lambda one: one.balance_yen),
}
_WORDS_JA = "上限額|実績額|仮押さえ額|利用可能額|残額"
_WORDS_EN = "ceiling|consumed|reserved|available|balance"


@phrase(
    "expect",
    rf"(?:「{{ledger}}」の)?(?P<what>{_WORDS_JA})は、?{{yen}}である",
    rf'(?P<what>{_WORDS_EN})(?: in "{{ledger}}")? is {{yen}}',
    ja="利用可能額は700,000円である",
    en="available is 700,000 yen",
    note=(
        "上限額・実績額・仮押さえ額・利用可能額・残額。案件に枠がなければ、関連案件の枠を見る。",
        "ceiling, consumed, reserved, available, balance; of the linked case if the case has no ledger.",
    ),
)
def amount_is(world: World, slots: Slots) -> None:
    _expect(_ledger(world, slots.get("ledger")), slots["what"], slots["yen"])


@phrase(
    "expect",
    r"(?:「{ledger}」|枠)の状況は次のとおりである",
    r'(?:the ledger|"{ledger}") stands as follows',
    ja="枠の状況は次のとおりである",
    en="the ledger stands as follows:",
    table="must",
    rows=(("実績額", "300,000円"), ("仮押さえ額", "0円"), ("利用可能額", "700,000円")),
)
def ledger_stands(world: World, slots: Slots, table: Table) -> None:
    ledger = _ledger(world, slots.get("ledger"))
    for what, yen in pairs(table).items():
        _expect(ledger, what, yen)


def _expect(ledger: Allowance, what: str, yen: str) -> None:
    name = found(what, {name: title for name, (title, _) in _AMOUNTS.items()}, "金額", "amount")
    title, of = _AMOUNTS[name]
    actual, wanted = of(ledger), read_yen(yen)
    if actual != wanted:
        raise SpecFault(
            f"{title.ja}は{wanted:,}円ではなく{actual:,}円です。", f"{title.en} is {actual:,} yen, not {wanted:,}."
        )


@phrase(
    "expect",
    r"企業の負担額は、?{yen}である",
    r"the company pays {yen}",
    ja="企業の負担額は20,000円である",
    en="the company pays 20,000 yen",
    note=("最後の経費の処理について。", "Of the last posting."),
)
def company_pays(world: World, slots: Slots) -> None:
    postings = world.engine.store.postings(_holder(world).id)
    actual = postings[-1].posting.company_pays_yen if postings else 0
    if actual != read_yen(slots["yen"]):
        raise SpecFault(f"企業の負担額は{actual:,}円です。", f"The company pays {actual:,} yen.")


def _ledger(world: World, word: str | None) -> Allowance:
    case = _holder(world)
    titles = {one: ledger.title for one, ledger in world.engine.procedure_of(case).ledgers.items()}
    if word is not None:
        return case.ledgers[found(word, titles, "枠", "ledger")]
    if len(case.ledgers) != 1:
        raise SpecFault("どの枠か書いてください。", "Say which ledger.")
    return next(iter(case.ledgers.values()))


def _holder(world: World) -> Case:
    """The case itself if it has a ledger; otherwise the one linked case that has one."""
    if world.case.ledgers:
        return world.case
    linked = [one for one in world.engine.views.linked(world.case.id).values() if one.ledgers]
    if len(linked) != 1:
        raise SpecFault("枠のある案件が一つに決まりません。", "It is open which case holds the ledger.")
    return world.engine.case(linked[0].id)
