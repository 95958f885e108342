"""Steps that say how a case stands: its state, its data, its approvals, its linked cases, what the last act did."""

from __future__ import annotations

from typing import Any

from toritsugi.core.values import Case
from toritsugi.definition.types import Kind, Type
from toritsugi.store.audit import verify
from toritsugi.testing.specs.faults import SpecFault
from toritsugi.testing.specs.naming import found
from toritsugi.testing.specs.phrases import Slots
from toritsugi.testing.specs.values import Table, expect_value, field_named, pairs
from toritsugi.testing.specs.vocabulary import phrase
from toritsugi.testing.specs.world import World


@phrase(
    "expect",
    r"(?:案件の)?状態は、?「{state}」(?:である|になる|となる|のままである|に戻る)",
    r'the state (?:is|stays|becomes) "{state}"',
    ja="状態は「申込受付済み」である",
    en='the state is "Application accepted"',
)
def the_state_is(world: World, slots: Slots) -> None:
    states = world.procedure.states
    wanted = found(slots["state"], {one.id: one.title for one in states.values()}, "状態", "state")
    actual = world.case.state
    if actual != wanted:
        is_, not_ = states[actual].title, states[wanted].title
        raise SpecFault(f"状態は「{not_.ja}」ではなく「{is_.ja}」です。", f'The state is "{is_.en}", not "{not_.en}".')


@phrase(
    "expect",
    r"案件は、?終了して(?P<so>いる|いない)",
    r"the case (?P<so>has|has not) ended",
    ja="案件は終了している",
    en="the case has ended",
)
def has_ended(world: World, slots: Slots) -> None:
    wanted = slots["so"] in ("いる", "has")
    if world.case.ended != wanted:
        raise SpecFault(
            "案件は終了していません。" if wanted else "案件は終了しています。",
            "The case has not ended." if wanted else "The case has ended.",
        )


@phrase(
    "expect",
    r"(?:案件の)?内容は次のとおりである",
    r"the data of the case are",
    ja="案件の内容は次のとおりである",
    en="the data of the case are:",
    table="must",
    rows=(("様式1の版", "1"), ("様式1の到達日時", "（空欄）")),
)
def the_data_are(world: World, slots: Slots, table: Table) -> None:
    for name, text in pairs(table).items():
        _expect_field(world, name, text)


@phrase(
    "expect",
    r"「{field}」は、?(?:「{value}」|(?P<blank>空欄|未入力))である",
    r'"{field}" is (?:"{value}"|(?P<blank>not set|blank))',
    ja="「様式1の版」は「2」である",
    en='"Version of Form 1" is "2"',
)
def the_field_is(world: World, slots: Slots) -> None:
    _expect_field(world, slots["field"], slots.get("value", ""))


def _expect_field(world: World, name: str, text: str) -> None:
    field = field_named(world.procedure, name)
    expect_value(field.type, field.title, _value(world.case, field.id), text)


def _value(case: Case, name: str) -> Any:
    return case.data.get(name, (case.personal or {}).get(name))


@phrase(
    "expect",
    r"「{field}」は、?{n}件である",
    r'"{field}" has {n} entr(?:y|ies)',
    ja="「支援経費の処理記録」は2件である",
    en='"Cost postings" has 2 entries',
)
def has_entries(world: World, slots: Slots) -> None:
    field = field_named(world.procedure, slots["field"])
    count = len(_value(world.case, field.id) or ())
    if count != int(slots["n"]):
        raise SpecFault(f"「{field.title.ja}」は{count}件です。", f'"{field.title.en}" has {count} entries.')


@phrase(
    "expect",
    r"「{field}」の最後の記録は次のとおりである",
    r'the last entry of "{field}" is',
    ja="「支援経費の処理記録」の最後の記録は次のとおりである",
    en='the last entry of "Cost postings" is:',
    table="must",
    rows=(("区分", "仮押さえ"), ("金額", "300,000円")),
)
def the_last_entry_is(world: World, slots: Slots, table: Table) -> None:
    field = field_named(world.procedure, slots["field"])
    entries = _value(world.case, field.id) or []
    kind: Type | None = field.type.item
    if not entries or kind is None or kind.kind is not Kind.RECORD:
        raise SpecFault(f"「{field.title.ja}」に記録がありません。", f'"{field.title.en}" has no entries.')
    titles = {name: part.title for name, part in kind.fields.items()}
    for word, text in pairs(table).items():
        name = found(word, titles, "項目", "field")
        expect_value(kind.fields[name].type, titles[name], entries[-1].get(name), text)


@phrase(
    "expect",
    r"「{approval}」が、?得られて(?P<so>いる|いない)",
    r'"{approval}" (?P<so>is given|is not given)',
    ja="「様式1をジェトロへ提供することへの同意」が得られている",
    en='"Consent to pass Form 1 on to JETRO" is given',
)
def is_given(world: World, slots: Slots) -> None:
    titles = {one.id: one.title for one in world.procedure.approvals.values()}
    approval = found(slots["approval"], titles, "同意", "approval")
    if (approval in world.case.approvals) != (slots["so"] in ("いる", "is given")):
        state = "得られていません" if approval not in world.case.approvals else "得られています"
        raise SpecFault(
            f"「{titles[approval].ja}」は{state}。",
            f'"{titles[approval].en}" is {"given" if approval in world.case.approvals else "not given"}.',
        )


@phrase(
    "expect",
    r"関連案件「{link}」が、?開かれて(?P<so>いる|いない)",
    r'the linked case "{link}" (?P<so>is open|is not open)',
    ja="関連案件「支援利用の上限（枠）」が開かれている",
    en='the linked case "Support-cost frame" is open',
)
def linked_is_open(world: World, slots: Slots) -> None:
    other = world.linked(slots["link"])
    if (other is not None) != (slots["so"] in ("いる", "is open")):
        raise SpecFault(
            f"関連案件「{slots['link']}」は開かれて{'いません' if other is None else 'います'}。",
            f'The linked case "{slots["link"]}" is {"not " if other is None else ""}open.',
        )


@phrase(
    "expect",
    r"案件は全部で{n}件である",
    r"there (?:is|are) {n} cases? in all",
    ja="案件は全部で2件である",
    en="there are 2 cases in all",
    note=("関連案件と終了した案件も数える。", "Linked cases and those that have ended are counted too."),
)
def there_are_cases(world: World, slots: Slots) -> None:
    count = len(world.all_cases())
    if count != int(slots["n"]):
        raise SpecFault(f"案件は{count}件あります。", f"There are {count} cases.")


@phrase(
    "expect",
    r"「{event}」が、?(?:自動で|自動的に)?(?:行われ|記録され)て?(?P<so>る|いる|ない|いない)",
    r'"{event}" (?P<so>happens|does not happen)(?: by itself)?',
    ja="「上限到達により中断」が自動的に行われる",
    en='"Pause at the ceiling" happens by itself',
    note=("直前の操作または時間の経過によって。", "Because of the last act, or because time passed."),
)
def happens(world: World, slots: Slots) -> None:
    titles = {one.id: one.title for one in world.procedure.events.values()}
    event = found(slots["event"], titles, "操作", "event")
    rows = [row["event"] for row in world.news(world.case.id)]
    if (event in rows) != (slots["so"] in ("る", "いる", "happens")):
        raise SpecFault(
            f"「{titles[event].ja}」は行われて{'います' if event in rows else 'いません'}。",
            f'"{titles[event].en}" {"happened" if event in rows else "did not happen"}.',
        )


@phrase(
    "expect",
    r"記録に異状(?:が|は)ない",
    r"the record is sound",
    ja="記録に異状がない",
    en="the record is sound",
    note=("改変・欠落・並べ替えがないか検証する。", "Nothing in it was altered, removed or put in another order."),
)
def record_is_sound(world: World, slots: Slots) -> None:
    report = verify(world.engine.store)
    if not report.clean:
        raise SpecFault(report.text("ja"), report.text("en"))
