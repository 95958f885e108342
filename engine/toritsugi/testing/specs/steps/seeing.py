"""Steps that say what a party can see and do, and what it cannot."""

from __future__ import annotations

from toritsugi.core.disclosure import Sight, sight
from toritsugi.core.values import Actor
from toritsugi.definition.model import Procedure
from toritsugi.errors import UnknownCase
from toritsugi.testing.specs.faults import SpecFault
from toritsugi.testing.specs.naming import found
from toritsugi.testing.specs.phrases import Slots
from toritsugi.testing.specs.values import Table, column
from toritsugi.testing.specs.vocabulary import phrase
from toritsugi.testing.specs.world import World


@phrase(
    "expect",
    r"(?:別の組織「{stranger}」|{party})に(?:は|も)?、?案件が見え(?P<so>る|ない)",
    r'(?:another institution "{stranger}"|{party}) (?P<so>can|cannot) see the case',
    ja="別の組織「あおば銀行」には案件が見えない",
    en='another institution "Aoba Bank" cannot see the case',
    note=("「金融機関には案件が見える」とも書ける。", "Also: the financial institution can see the case."),
)
def sees_case(world: World, slots: Slots) -> None:
    viewer = _viewer(world, slots)
    try:
        world.engine.case(world.case.id, viewer)
        seen = True
    except UnknownCase:
        seen = False
    if seen != (slots["so"] in ("る", "can")):
        raise SpecFault(
            "案件が見えます。" if seen else "案件が見えません。", f"The case {'is' if seen else 'is not'} visible."
        )


def _viewer(world: World, slots: Slots) -> Actor:
    if "stranger" in slots:
        return Actor(id="spec", institution=world.institution(slots["stranger"]))
    return world.actor(world.party(slots["party"]))


@phrase(
    "expect",
    r"{party}は、?書類「{document}」を見ることができ(?P<so>る|ない)",
    r'{party} (?P<so>may|may not) see the document "{document}"',
    ja="申込企業は書類「様式3」を見ることができない",
    en='the client company may not see the document "Form 3"',
)
def may_see(world: World, slots: Slots) -> None:
    procedure = world.procedure
    titles = {one.id: one.title for one in procedure.documents.values()}
    document = procedure.documents[found(slots["document"], titles, "書類", "document")]
    party = world.party(slots["party"])
    allowed = party in document.may_see and document.id in _sight(world, party).documents
    if allowed != (slots["so"] in ("る", "may")):
        raise SpecFault(
            f"見ることが{'できます' if allowed else 'できません'}。", f"It {'may' if allowed else 'may not'} be seen."
        )


@phrase(
    "expect",
    r"{party}には、?「{field}」が見え(?P<so>る|ない)",
    r'{party} (?P<so>can|cannot) see "{field}"',
    ja="候補機関には「企業名」が見えない",
    en='the candidate cannot see "Company name"',
    note=(
        "案件の項目は開示区分（disclosure）の、他の案件の数（counts）はその seen_by のとおりかを確かめる。",
        "Of a field of the case, by the classes of `disclosure`; of a number of other cases, by its own `seen_by`.",
    ),
)
def sees_field(world: World, slots: Slots) -> None:
    titles = {one.id: one.title for one in world.procedure.data.values()}
    titles |= {one.id: one.title for one in world.procedure.counts.values()}
    field, party = found(slots["field"], titles, "項目", "field"), world.party(slots["party"])
    sight_now = _sight(world, party)
    seen = field in sight_now.fields or field in sight_now.counts
    if seen != (slots["so"] in ("る", "can")):
        raise SpecFault(
            f"「{titles[field].ja}」が見え{'ます' if seen else 'ません'}。",
            f'"{titles[field].en}" is {"visible" if seen else "not visible"}.',
        )


@phrase(
    "expect",
    r"{party}には、?ほかの機関の書いた理由が見え(?P<so>る|ない)",
    r"{party} (?P<so>can|cannot) see the reasons of others",
    ja="候補機関にはほかの機関の書いた理由が見えない",
    en="the candidate cannot see the reasons of others",
    note=("自ら書いた理由は、いつでも見える。", "A party always sees the reasons it wrote itself."),
)
def sees_reasons(world: World, slots: Slots) -> None:
    seen = _sight(world, world.party(slots["party"])).reasons
    if seen != (slots["so"] in ("る", "can")):
        raise SpecFault(
            f"理由が見え{'ます' if seen else 'ません'}。", f"Reasons {'are' if seen else 'are not'} visible."
        )


@phrase(
    "expect",
    r"{party}には、?関連案件「{link}」のあることが(?P<so>分かる|分からない)",
    r'{party} (?P<so>can|cannot) see that there is a linked case "{link}"',
    ja="候補機関には関連案件「枠」のあることが分からない",
    en='the candidate cannot see that there is a linked case "frame"',
)
def sees_link(world: World, slots: Slots) -> None:
    titles = {one.id: one.title for one in world.procedure.links.values()}
    link = found(slots["link"], titles, "関連案件", "linked case")
    seen = link in _sight(world, world.party(slots["party"])).links
    if seen != (slots["so"] in ("分かる", "can")):
        raise SpecFault(
            f"「{titles[link].ja}」のあることが{'分かります' if seen else '分かりません'}。",
            f'That there is "{titles[link].en}" {"is" if seen else "is not"} visible.',
        )


def _sight(world: World, party: str) -> Sight:
    """What a party may see of the case; in a case that it plays no part in, nothing."""
    actor = world.actor(party)
    try:
        return world.engine.views.sight(world.case.id, actor)
    except UnknownCase:
        return sight(world.procedure, None, frozenset(), (), {})


@phrase(
    "expect",
    r"{party}(?:が、?できること|にできること)は、?(?P<none>ない|次のとおりである)",
    r"{party} (?P<none>can do nothing|can do these)",
    ja="金融機関ができることは次のとおりである",
    en="the financial institution can do these:",
    table="may",
    rows=(("本事業の内容を説明する",), ("制度融資を案内する",)),
    note=(
        "今できる操作のすべて。一緒に記入する項目による条件は問わない。",
        "All that is possible now, conditions on what would be given along left aside.",
    ),
)
def can_do(world: World, slots: Slots, table: Table | None) -> None:
    procedure = world.procedure
    party = world.party(slots["party"])
    titles = {one.id: one.title for one in procedure.events.values()}
    wanted = {found(word, titles, "操作", "event") for word in column(table or ())}
    possible = {one.event for one in world.engine.can(world.case.id) if one.possible and party in one.by}
    if possible != wanted:
        ja = "、".join(title.ja for one, title in titles.items() if one in possible) or "なし"
        en = ", ".join(title.en for one, title in titles.items() if one in possible) or "nothing"
        raise SpecFault(f"できることは次のとおりです：{ja}", f"What can be done is: {en}.")


@phrase(
    "expect",
    r"今だれに何ができるかは、次のとおりである",
    r"this is what each party can do now",
    ja="今だれに何ができるかは次のとおりである",
    en="this is what each party can do now:",
    table="must",
    rows=(("金融機関", "本事業の内容を説明する"), ("申込企業", "本事業の利用を断る")),
    note=(
        "すべての立場について。表にないことは、だれにもできない。",
        "Of all parties; what is not listed nobody can do.",
    ),
)
def each_can_do(world: World, slots: Slots, table: Table) -> None:
    procedure = world.procedure
    events = {one.id: one.title for one in procedure.events.values()}
    if any(len(row) != 2 for row in table):
        raise SpecFault("表は「だれ」と「操作」の二列で書いてください。", "The table has two columns: who, and what.")
    wanted = {(world.party(who), found(what, events, "操作", "event")) for who, what in table}
    actual = {(party, one.event) for one in world.engine.can(world.case.id) if one.possible for party in one.by}
    if actual == wanted:
        return
    also, lost = sorted(actual - wanted), sorted(wanted - actual)
    ja, en = ([_acts(procedure, acts, locale) for acts in (also, lost)] for locale in ("ja", "en"))
    raise SpecFault(
        f"違いがあります。ほかにできること：{ja[0]}。できないこと：{ja[1]}。",
        f"It differs. Also possible: {en[0]}. Not possible: {en[1]}.",
    )


def _acts(procedure: Procedure, acts: list[tuple[str, str]], locale: str) -> str:
    """Who and what, in words."""
    told = [
        f"{procedure.parties[who].title.of(locale)}＝{procedure.events[what].title.of(locale)}" for who, what in acts
    ]
    return "／".join(told) or ("なし" if locale == "ja" else "nothing")


@phrase(
    "expect",
    r"{party}は、?「{event}」ことができ(?P<so>る|ない)",
    r'{party} (?P<so>can|cannot) do "{event}"',
    ja="申込企業は「申込みを取り下げる」ことができる",
    en='the client company can do "Withdraw"',
)
def can_do_one(world: World, slots: Slots) -> None:
    titles = {one.id: one.title for one in world.procedure.events.values()}
    event, party = found(slots["event"], titles, "操作", "event"), world.party(slots["party"])
    possible = any(one.event == event and one.possible and party in one.by for one in world.engine.can(world.case.id))
    if possible != (slots["so"] in ("る", "can")):
        raise SpecFault(
            f"「{titles[event].ja}」ことが{'できます' if possible else 'できません'}。",
            f'"{titles[event].en}" {"can" if possible else "cannot"} be done.',
        )
