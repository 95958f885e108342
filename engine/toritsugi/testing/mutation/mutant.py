"""One definition with one thing changed: what was changed where, and the changed tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from toritsugi.definition.model import Procedure
from toritsugi.definition.nodes import Entries, Items, Node, Text, found, places
from toritsugi.definition.origin import Position
from toritsugi.definition.types import Title

#: kind of change -> what people call it, in the order of the table.
KINDS: Mapping[str, Title] = {
    "guard_negated": Title(ja="条件を逆にする", en="condition negated"),
    "guard_removed": Title(ja="条件を外す", en="condition removed"),
    "guard_changed": Title(ja="条件の一部を変える・境目をずらす", en="part or boundary of a condition changed"),
    "softness": Title(ja="例外の可否を変える", en="soft and hard exchanged"),
    "target": Title(ja="行き先の状態を変える", en="target state changed"),
    "source_dropped": Title(ja="元の状態を減らす", en="source state dropped"),
    "source_added": Title(ja="元の状態を増やす", en="source state added"),
    "role_dropped": Title(ja="行える立場を減らす", en="role dropped"),
    "role_added": Title(ja="行える立場を増やす", en="role added"),
    "needs_dropped": Title(ja="必要な記入を外す", en="needed field dropped"),
    "manner": Title(ja="理由・遡及・一回限りを変える", en="reason, backdating, once changed"),
    "channel": Title(ja="受付の方法を変える", en="way in added or dropped"),
    "consent": Title(ja="必要な同意を外す", en="needed approval dropped"),
    "trigger": Title(ja="自動で行うきっかけを変える", en="cause of an engine event changed"),
    "effect_dropped": Title(ja="効果を外す", en="effect dropped"),
    "value": Title(ja="設定する値を変える", en="value that is set changed"),
    "when": Title(ja="効果の条件を変える", en="condition of an effect changed"),
    "message_dropped": Title(ja="送付・通知を外す", en="message dropped"),
    "recipient": Title(ja="宛先を増減する", en="recipient added or removed"),
    "way": Title(ja="送付の方法を変える", en="way of sending changed"),
    "enclosure": Title(ja="同封物を外す", en="enclosure dropped"),
    "link_act": Title(ja="関連案件への働きかけを外す・変える", en="opening or signal dropped or changed"),
    "ledger": Title(ja="枠の金額・税・件名を変える", en="ledger posting changed"),
    "approval_act": Title(ja="同意・立場の記録を外す", en="giving of an approval, appointing dropped"),
    "deadline_day": Title(ja="期限を1日ずらす", en="deadline one day off"),
    "deadline_start": Title(ja="期限の始まりを外す・変える", en="start of a deadline dropped or changed"),
    "deadline_end": Title(ja="期限の終わりを外す", en="end of a deadline dropped"),
    "sight": Title(ja="見られる範囲を変える", en="who may see changed"),
    "carried": Title(ja="関連案件への引継ぎを外す", en="what a linked case is given dropped"),
    "ceiling": Title(ja="枠の上限を変える", en="ceiling changed"),
    "series": Title(ja="繰り返す日を変える", en="recurring day changed"),
    "row": Title(ja="一覧から入る項目を外す", en="what a row fills dropped"),
    "count": Title(ja="他の案件の数え方を変える", en="counting of other cases changed"),
    "case": Title(ja="案件の始まりと終わりを変える", en="beginning or end of a case changed"),
}

#: path in the definition -> the node there anew; None: it is gone.
Edit = tuple[str, Node | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One change to a definition."""

    kind: str
    #: where (`events.send_form1.requires.0`).
    path: str
    #: what, in ids: `+navigator`, `-email`, `not (is_sme = met)`.
    change: str
    told: Title
    edits: tuple[Edit, ...]
    position: Position | None
    #: events that happen otherwise; None: it may show in any scenario.
    events: frozenset[str] | None

    @property
    def key(self) -> str:
        """Tells it from all others of the procedure, and stays as long as the place does."""
        return f"{self.path} {self.change}"

    def applied(self, root: Entries) -> Entries:
        """The definition with the change."""
        changed: Node = root
        for path, node in self.edits:
            changed = edited(changed, path.split("."), node)
        if not isinstance(changed, Entries):
            raise TypeError("a definition is a mapping")
        return changed


def edited(node: Node, path: list[str], new: Node | None) -> Node:
    """`node` with something else at `path`; a key that is not there yet is added."""
    step, rest = path[0], path[1:]
    if isinstance(node, Items):
        old = node.items[int(step)]
        kept = edited(old, rest, new) if rest else new
        return Items((*node.items[: int(step)], *([kept] if kept is not None else []), *node.items[int(step) + 1 :]))
    if not isinstance(node, Entries):
        raise KeyError(step)
    entries = dict(node.entries)
    value = edited(entries[step], rest, new) if rest else new
    if value is None:
        entries.pop(step, None)
    else:
        entries[step] = value
    return Entries(entries, node.keys, node.position)


def words(node: Node | None) -> list[str]:
    """One word, or a list of words."""
    if isinstance(node, Text):
        return [node.text.strip()]
    return [item.text.strip() for item in node.items if isinstance(item, Text)] if isinstance(node, Items) else []


def listed(some: Iterable[str]) -> Node | None:
    """A list of words; None: there is none left."""
    items = tuple(Text(word) for word in some)
    return Items(items) if items else None


class Sheet:
    """A definition while mutants of it are made: its tree, its model, and the places in its text."""

    def __init__(self, root: Entries, procedure: Procedure) -> None:
        self.root = root
        self.procedure = procedure

    @cached_property
    def _places(self) -> Mapping[str, Position]:
        return dict(places(self.root))

    def node(self, path: str) -> Node | None:
        """What stands at a path; None: nothing."""
        return found(self.root, path)

    def words(self, path: str) -> list[str]:
        """The words at a path."""
        return words(self.node(path))

    def mutant(
        self,
        kind: str,
        path: str,
        change: str,
        told: Title,
        *edits: Edit,
        events: Iterable[str] | None,
        at: str | None = None,
    ) -> Mutant:
        """A mutant.

        Args:
            at: the word at `path` whose place is told.
        """
        return Mutant(
            kind=kind,
            path=path,
            change=change,
            told=Title(ja=f"{self._owner(path, 'ja')}{told.ja}", en=f"{self._owner(path, 'en')}{told.en}"),
            edits=edits,
            position=self._place(path, at),
            events=None if events is None else frozenset(events),
        )

    def _place(self, path: str, word: str | None) -> Position | None:
        node = self.node(path)
        if word is not None and isinstance(node, Items):
            for item in node.items:
                if isinstance(item, Text) and item.text.strip() == word:
                    return item.position
        while path and path not in self._places:
            path = path.rpartition(".")[0]
        return self._places.get(path)

    def _owner(self, path: str, locale: str) -> str:
        """What the part is called that a path lies in, for the beginning of a sentence."""
        part, _, rest = path.partition(".")
        things: object = getattr(self.procedure, part, None) if rest else None
        title = getattr(things.get(rest.partition(".")[0]), "title", None) if isinstance(things, Mapping) else None
        if not isinstance(title, Title):
            return ""
        return f"「{title.ja}」：" if locale == "ja" else f'"{title.en}": '

    def title(self, part: str, name: str) -> Title:
        """What people call a party, a state, a field; the id where nobody calls it anything."""
        title = getattr(getattr(self.procedure, part).get(name), "title", None)
        return title if isinstance(title, Title) else Title(ja=name, en=name)

    def fewer(
        self, kind: str, path: str, part: str, what: Title, *, events: Iterable[str] | None, least: int = 0
    ) -> Iterable[Mutant]:
        """Each word of a list left out, as long as `least` remain."""
        given = self.words(path)
        for word in given if len(given) > least else ():
            name = self.title(part, word) if part else Title(ja=word, en=word)
            told = Title(ja=f"{what.ja}から「{name.ja}」を外す", en=f'"{name.en}" left out of {what.en}')
            rest = listed(one for one in given if one != word)
            yield self.mutant(kind, path, f"-{word}", told, (path, rest), events=events, at=word)

    def optional(self, path: str, what: Title, *, events: Iterable[str] | None) -> Iterable[Mutant]:
        """Each field that a block `needs` made one that may be given or left out."""
        at, may, anew = f"{path}.needs", f"{path}.may_give", f"{path}.anew"
        for field in self.words(at):
            name = self.title("data", field)
            told = Title(ja=f"{what.ja}「{name.ja}」がなくてもよい", en=f'"{name.en}" may be missing')
            rest = listed(one for one in self.words(at) if one != field)
            given = listed(dict.fromkeys((*self.words(may), field)))
            edits: list[Edit] = [(at, rest), (may, given)]
            if field in self.words(anew):
                edits.append((anew, listed(one for one in self.words(anew) if one != field)))
            yield self.mutant("needs_dropped", at, f"-{field}", told, *edits, events=events, at=field)

    def more(
        self,
        kind: str,
        path: str,
        part: str,
        what: Title,
        others: Iterable[str],
        *,
        events: Iterable[str] | None,
    ) -> Iterable[Mutant]:
        """Each of `others` that a list does not have added to it."""
        given = self.words(path)
        for word in others:
            if word in given:
                continue
            name = self.title(part, word) if part else Title(ja=word, en=word)
            told = Title(ja=f"{what.ja}に「{name.ja}」を加える", en=f'"{name.en}" added to {what.en}')
            yield self.mutant(kind, path, f"+{word}", told, (path, listed([*given, word])), events=events)
