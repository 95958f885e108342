"""Steps that say what a scenario is about: the time it begins, the procedure, who plays whom, the data of a case."""

from __future__ import annotations

from toritsugi.definition.measure import RowStatus
from toritsugi.testing.specs import days
from toritsugi.testing.specs.calls import Call
from toritsugi.testing.specs.phrases import Slots
from toritsugi.testing.specs.values import Table, is_blank, pairs
from toritsugi.testing.specs.vocabulary import phrase
from toritsugi.testing.specs.world import World

#: what is said of a call, and how its row stands then.
_CALLS = {
    "募集中": RowStatus.RUNNING,
    "公募終了": RowStatus.CLOSED,
    "予定": RowStatus.PLANNED,
    "open": RowStatus.RUNNING,
    "closed": RowStatus.CLOSED,
    "planned": RowStatus.PLANNED,
}


@phrase(
    "prepare",
    r"(?:今|現在|日時)は、{moment}(?:である|とする|です|だった|であった)?",
    r"(?:the time is|it is) {moment}",
    ja="今は令和8年4月24日(金)18時30分である",
    en="it is 2026-04-24 18:30",
    note=("日付だけなら0時。元号でも西暦でもよい。", "A date alone is its 00:00."),
)
def it_is(world: World, slots: Slots) -> None:
    world.pass_until(days.read_moment(slots["moment"]))


@phrase(
    "prepare",
    r"手続は、「{procedure}」(?:である|とする)",
    r'the procedure is "{procedure}"',
    ja="手続は「ジェトロの支援」である",
    en='the procedure is "Support by JETRO"',
)
def the_procedure_is(world: World, slots: Slots) -> None:
    world.speak_of_procedure(slots["procedure"])


@phrase(
    "prepare",
    r"{word}は、「{name}」が(?:担う|務める)",
    r'the {word} is played by "{name}"',
    ja="金融機関は「みどり信用金庫」が担う",
    en='the financial institution is played by "Midori Shinkin Bank"',
    note=(
        "この後に開く案件から。書かなければ、立場ごとに別々の組織とする。",
        "From the next case on; otherwise each party is an institution of its own.",
    ),
)
def is_played_by(world: World, slots: Slots) -> None:
    world.play(slots["word"], slots["name"])


@phrase(
    "prepare",
    r"(?:案件の)?内容を次のとおり(?:用意する|とする)",
    r"the data of the case will be",
    ja="案件の内容を次のとおり用意する",
    en="the data of the case will be:",
    table="must",
    rows=(("企業名（屋号）", "架空精機株式会社"), ("従業員数", "２０")),
    note=(
        "次に開く案件の内容になる。同じ項目は後に書いたものが有効、（空欄）は記入しない。",
        "Given to the next case that is opened; what is written later counts, (blank) leaves a field out.",
    ),
)
def the_data_will_be(world: World, slots: Slots, table: Table) -> None:
    for name, text in pairs(table).items():
        world.prepared[name] = None if is_blank(text) else text


@phrase(
    "prepare",
    r"支援策「{number}」は、(?P<call>募集中|公募終了|予定)である",
    r'the call for measure "{number}" is (?P<call>open|closed|planned)',
    ja="支援策「m12」は募集中である",
    en='the call for measure "m12" is open',
    note=(
        "一覧の番号。このシナリオでだけ、一覧にはそう書かれているものとする。",
        "A number of a catalogue; in this scenario the catalogue says so.",
    ),
)
def the_call_is(world: World, slots: Slots) -> None:
    world.call(slots["number"], Call(status=_CALLS[slots["call"].lower()]))


@phrase(
    "prepare",
    r"支援策「{number}」の受付期間は、{date}から{date2}まで(?:である|とする)",
    r'measure "{number}" may be applied for from {date} to {date2}',
    ja="支援策「m18b」の受付期間は平成28年12月5日から平成29年1月17日までである",
    en='measure "m18b" may be applied for from 2016-12-05 to 2017-01-17',
)
def its_window_is(world: World, slots: Slots) -> None:
    window = (days.read_date(slots["date"]), days.read_date(slots["date2"]))
    world.call(slots["number"], Call(status=RowStatus.RUNNING, window=window))


@phrase(
    "prepare",
    r"シナリオ「{scenario}」の(?:とおり|通り)に?進(?:んでいる|んだ|める|む)",
    r'everything has happened as in scenario "{scenario}"',
    ja="シナリオ「申込みの受付」のとおり進んでいる",
    en='everything has happened as in scenario "Acceptance"',
    note=(
        "同じファイルのそのシナリオと同じことを行う（背景は繰り返さず、「ならば」は確かめない）。",
        "The same happens as in that scenario of the same file, without its background and what it expects.",
    ),
)
def as_in_scenario(world: World, slots: Slots) -> None:
    world.replay(slots["scenario"])


@phrase(
    "prepare",
    r"(?:以後|ここから)は?、(?:案件「{case_}」|関連案件「{link}」)を扱う",
    r'from here on this is about (?:case "{case_}"|the linked case "{link}")',
    ja="以後、案件「乙社」を扱う",
    en='from here on this is about case "B"',
    note=(
        "一つの手順だけなら、その前に「案件「乙社」では、」「関連案件「枠」では、」と書く。",
        'For one step alone, write in front of it: in case "B", ... or: in the linked case "frame", ...',
    ),
)
def turn_to(world: World, slots: Slots) -> None:
    other = world.case_named(slots["case_"]) if "case_" in slots else world.linked_open(slots["link"])
    world.turn_to(other)


@phrase(
    "prepare",
    r"送付物の引渡しを(?P<stop>止める|再開する)",
    r"delivery (?P<stop2>stops|resumes)",
    ja="送付物の引渡しを止める",
    en="delivery stops",
    note=(
        "「再開する」までは、送付が決まったものも送付待ちのままになる。",
        "Until it resumes, what was decided to be sent keeps waiting.",
    ),
)
def delivery(world: World, slots: Slots) -> None:
    world.delivers = "再開する" in slots.values() or "resumes" in slots.values()
    world.deliver()
