"""Steps that say what left a case: to whom, by which channel, which document, what stands in it, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from toritsugi.definition.fields import CHANNELS
from toritsugi.definition.literals import fold
from toritsugi.ports import MessageRecord
from toritsugi.testing.specs.faults import SpecFault
from toritsugi.testing.specs.naming import found
from toritsugi.testing.specs.phrases import Slots
from toritsugi.testing.specs.steps.acting import channel_id
from toritsugi.testing.specs.values import Table
from toritsugi.testing.specs.vocabulary import phrase
from toritsugi.testing.specs.world import World

_STATUSES = {
    "送付済みである": "handed_over",
    "送付待ちである": "waiting",
    "取りやめられている": "recalled",
    "保留されている": "set_aside",
    "has been handed over": "handed_over",
    "is waiting": "waiting",
    "has been recalled": "recalled",
    "has been set aside": "set_aside",
}


def _messages(world: World) -> list[MessageRecord]:
    return list(world.engine.store.messages(world.case.id, content=True))


def _fresh(world: World) -> list[MessageRecord]:
    """What the last act caused to be sent."""
    since = world.before.get(world.case.id, 0)
    return [one for one in _messages(world) if one.seq > since]


def title_of(world: World, message: MessageRecord) -> str:
    """What a person calls it: the document's title, or the notice's subject."""
    if message.document is not None:
        return world.procedure.documents[message.document].title.ja
    return str((message.content or {}).get("subject", ""))


def _is(world: World, message: MessageRecord, word: str) -> bool:
    titles = [title_of(world, message)]
    if message.document is not None:
        titles.append(world.procedure.documents[message.document].title.en)
    return any(fold(word).casefold() in fold(one).casefold() for one in titles)


def _told(world: World, messages: Sequence[MessageRecord]) -> tuple[str, str]:
    """What was sent, in both languages."""
    parties = world.procedure.parties
    ja = [f"{parties[one.party].title.ja}に{_channel(one.channel)[0]}で「{title_of(world, one)}」" for one in messages]
    en = [
        f'"{title_of(world, one)}" to {parties[one.party].title.en} by {_channel(one.channel)[1]}' for one in messages
    ]
    return "、".join(ja) or "なし", "; ".join(en) or "nothing"


def _channel(name: str) -> tuple[str, str]:
    title = CHANNELS.get(name)
    return (title.ja, title.en) if title else (name, name)


@phrase(
    "expect",
    r"{party}に、(?:{channel}で、)?「{document}」が、?(?:送付され(?:る|ている)|届く|届いている)",
    r'"{document}" is sent to {party}(?: by {channel})?',
    ja="ジェトロに電子メールで「様式1」が送付される",
    en='"Form 1" is sent to JETRO by e-mail',
    note=(
        "直前の操作によって。書類の名前、または通知の件名の一部。",
        "By the last act. The document's title, or a part of a notice's subject.",
    ),
)
def is_sent(world: World, slots: Slots) -> None:
    party = world.party(slots["party"])
    fresh = _fresh(world)
    hits = [one for one in fresh if one.party == party and _is(world, one, slots["document"])]
    if "channel" in slots:
        hits = [one for one in hits if one.channel == channel_id(slots["channel"])]
    if not hits:
        ja, en = _told(world, fresh)
        raise SpecFault(f"送付されていません。直前の操作で送付されたもの：{ja}", f"It was not sent. Sent was: {en}.")
    world.named |= {one.key for one in hits}


@phrase(
    "expect",
    r"次のものが(?:すべて)?送付される",
    r"these are sent",
    ja="次のものが送付される",
    en="these are sent:",
    table="must",
    rows=(("宛先", "方法", "送付物", "同封物"), ("金融機関", "FAX", "様式3", "様式1、様式2")),
    note=(
        "直前の操作で送付されたすべて。列は宛先・方法・送付物、必要なら同封物。",
        "All that the last act sent. Columns: to, by, what, and enclosed if needed.",
    ),
)
def these_are_sent(world: World, slots: Slots, table: Table) -> None:
    fresh = _fresh(world)
    left = list(fresh)
    for row in _rows(table):
        hit = next((one for one in left if _fits(world, one, row)), None)
        if hit is None:
            ja, en = _told(world, fresh)
            wanted = "、".join(row.values())
            raise SpecFault(
                f"「{wanted}」は送付されていません。送付されたもの：{ja}", f"Not sent: {wanted}. Sent: {en}."
            )
        left.remove(hit)
    if left:
        ja, en = _told(world, left)
        raise SpecFault(f"ほかにも送付されています：{ja}", f"More was sent: {en}.")
    world.named |= {one.key for one in fresh}


_COLUMNS = {
    "宛先": "to",
    "方法": "by",
    "送付物": "what",
    "同封物": "enclosed",
    "to": "to",
    "by": "by",
    "what": "what",
    "enclosed": "enclosed",
}


def _rows(table: Table) -> list[dict[str, str]]:
    heads = [_COLUMNS.get(fold(cell).casefold()) for cell in table[0]]
    if None in heads:
        raise SpecFault(
            "表の一行目に、宛先・方法・送付物（・同封物）と書いてください。",
            "The table's first row names its columns: to, by, what (and enclosed).",
        )
    return [{str(head): cell for head, cell in zip(heads, row, strict=True)} for row in table[1:]]


def _fits(world: World, message: MessageRecord, row: dict[str, str]) -> bool:
    if "to" in row and world.party(row["to"]) != message.party:
        return False
    if "by" in row and channel_id(fold(row["by"])) != message.channel:
        return False
    if "what" in row and not _is(world, message, row["what"]):
        return False
    return "enclosed" not in row or _enclosed(world, message) == _documents(world, row["enclosed"])


def _enclosed(world: World, message: MessageRecord) -> set[str]:
    papers: list[Any] = list((message.content or {}).get("documents", ()))
    return {str(paper["id"]) for paper in papers} - {message.document}


def _documents(world: World, text: str) -> set[str]:
    titles = {one.id: one.title for one in world.procedure.documents.values()}
    return {found(word, titles, "書類", "document") for word in text.replace(",", "、").split("、") if word.strip()}


@phrase(
    "expect",
    r"(?:(?P<more>ほかには)|{party}には)?、何も送付されない",
    r"nothing (?P<more>else )?is sent(?: to {party})?",
    ja="ほかには何も送付されない",
    en="nothing else is sent",
    note=("「金融機関には何も送付されない」とも書ける。", "Also: nothing is sent to the financial institution."),
)
def nothing_is_sent(world: World, slots: Slots) -> None:
    fresh = [one for one in _fresh(world) if not ("more" in slots and one.key in world.named)]
    if "party" in slots:
        party = world.party(slots["party"])
        fresh = [one for one in fresh if one.party == party]
    if fresh:
        ja, en = _told(world, fresh)
        raise SpecFault(f"送付されています：{ja}", f"This was sent: {en}.")


@phrase(
    "expect",
    r"{party}への「{document}」に、?「{text}」と(?P<so>ある|ない)",
    r'"{document}" to {party} (?P<so>says|does not say) "{text}"',
    ja="金融機関への「様式1の返戻について」に「記入漏れ」とある",
    en='"Form 1 sent back" to the financial institution says "記入漏れ"',
    note=("本文と、書類のすべての欄を探す。", "Looked for in the text and in every line of its documents."),
)
def says(world: World, slots: Slots) -> None:
    message = _last(world, slots)
    whole = fold(_all_text(message.content or {}))
    if (fold(slots["text"]) in whole) != (slots["so"] in ("ある", "says")):
        raise SpecFault(
            f"「{title_of(world, message)}」に「{slots['text']}」と{'あります' if fold(slots['text']) in whole else 'ありません'}。",
            f'"{title_of(world, message)}" {"says" if fold(slots["text"]) in whole else "does not say"} "{slots["text"]}".',
        )


def _all_text(content: Any) -> str:
    if isinstance(content, dict):
        return "\n".join(_all_text(one) for one in content.values())
    if isinstance(content, list | tuple):
        return "\n".join(_all_text(one) for one in content)
    return str(content)


@phrase(
    "expect",
    rf"{{party}}への「{{document}}」は、?(?P<status>{'|'.join(one for one in _STATUSES if not one.isascii())})",
    rf'"{{document}}" to {{party}} (?P<status>{"|".join(one for one in _STATUSES if one.isascii())})',
    ja="ジェトロへの「様式1」は取りやめられている",
    en='"Form 1" to JETRO has been recalled',
    note=(
        "ほかに：" + "、".join(one for one in _STATUSES if not one.isascii()),
        "Others: " + ", ".join(one for one in _STATUSES if one.isascii()),
    ),
)
def has_come_so_far(world: World, slots: Slots) -> None:
    message = _last(world, slots)
    if message.status != _STATUSES[slots["status"]]:
        raise SpecFault(f"送付物の状況は {message.status} です。", f"The message is {message.status}.")


def _last(world: World, slots: Slots) -> MessageRecord:
    party = world.party(slots["party"])
    hits = [one for one in _messages(world) if one.party == party and _is(world, one, slots["document"])]
    if not hits:
        ja, en = _told(world, _messages(world))
        raise SpecFault(f"送付されていません。送付されたもの：{ja}", f"It was not sent. Sent was: {en}.")
    return hits[-1]
