"""Steps that speak of a refusal: its reasons, by sentence or code, one to one; and that nothing changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from toritsugi.definition.literals import fold
from toritsugi.errors import NotPossible
from toritsugi.testing.specs.faults import SpecFault
from toritsugi.testing.specs.phrases import Slots
from toritsugi.testing.specs.values import Table, column
from toritsugi.testing.specs.vocabulary import phrase
from toritsugi.testing.specs.world import World

_CODE = re.compile("[A-Z][A-Z_]+")

#: Whether what a spec says means this reason.
Fits = Callable[[str, Mapping[str, str]], bool]


@phrase(
    "expect",
    r"「{reason}」(?:という理由|との理由)?(?:で|として|と)、?拒否され(?:る|た)",
    r'it is refused with "{reason}"',
    ja="「様式2がまだ発行されていません。」という理由で拒否される",
    en='it is refused with "Form 2 has not been issued."',
    note=(
        "理由の文の一部、または理由の番号（NOT_ELIGIBLE など）。ほかの理由があれば成り立たない。",
        "A part of the reason's sentence, or its code; it does not hold if there is another reason.",
    ),
    of_refusal=True,
)
def refused_with(world: World, slots: Slots) -> None:
    refusal = refusal_of(world)
    reasons = (
        max(1, len(refusal.reasons)) if _is_code(slots["reason"]) else 1
    )  # a code says of what kind all of them are
    _expect(refusal, [slots["reason"]] * reasons, _part)


@phrase(
    "expect",
    r"「{reason}」などの理由で、?拒否され(?:る|た)",
    r'it is refused with "{reason}" among others',
    ja="「E3: 中小企業者であることが確認できていません。」などの理由で拒否される",
    en='it is refused with "E3: not a small or medium-sized enterprise" among others',
    of_refusal=True,
)
def refused_among_others(world: World, slots: Slots) -> None:
    _expect(refusal_of(world), [slots["reason"]], _part, only=False)


@phrase(
    "expect",
    r"次の理由で、?拒否され(?:る|た)",
    r"it is refused with these reasons",
    ja="次の理由で拒否される",
    en="it is refused with these reasons:",
    table="must",
    rows=(
        ("E1: 海外展開を検討・計画していることが確認できていません。",),
        ("E3: 中小企業者であることが確認できていません。",),
    ),
    note=(
        "すべての理由を一つずつ、文の全体か理由の番号で挙げる。",
        "Every reason, each once, by its whole sentence or its code.",
    ),
    of_refusal=True,
)
def refused_with_these(world: World, slots: Slots, table: Table) -> None:
    _expect(refusal_of(world), column(table), _whole)


@phrase(
    "expect",
    r"(?:案件は)?何も変わら(?:ない|なかった)",
    r"nothing (?:has )?change[sd]",
    ja="案件は何も変わらない",
    en="nothing changes",
    note=(
        "直前の操作で、どの案件にも記録が加わっていないこと。",
        "The last act added nothing to the history of any case.",
    ),
    of_refusal=False,
)
def nothing_changes(world: World, slots: Slots) -> None:
    changed = world.changed()
    if changed:
        event = str(world.news(changed[0].id)[-1]["event"])
        raise SpecFault(f"案件が変わっています（最後の記録：{event}）。", f"A case has changed (last row: {event}).")


def refusal_of(world: World) -> NotPossible:
    """The refusal of the last act; a fault of the spec if it was not refused."""
    if world.refusal is None:
        raise SpecFault("直前の操作は拒否されていません。", "The last act was not refused.")
    return world.refusal


def _expect(refusal: NotPossible, wanted: Sequence[str], fits: Fits, *, only: bool = True) -> None:
    """That each of `wanted` is a reason of its own, and with `only` that there is no other."""
    reasons = [*refusal.reasons] or [{"code": refusal.code, "ja": refusal.message("ja"), "en": refusal.message("en")}]
    left = [*reasons]
    for one in sorted(wanted, key=_is_code):  # a code may mean any of several, so sentences choose first
        found = next((reason for reason in left if fits(one, reason)), None)
        if found is None:
            raise _differ(reasons, f"「{one}」がありません。", f'"{one}" is not among them.')
        left.remove(found)
    if left and only:
        raise _differ(reasons, "挙げていない理由があります。", "there is more than was listed.")


def _differ(reasons: Sequence[Mapping[str, str]], ja: str, en: str) -> SpecFault:
    told_ja, told_en = (" ".join(f"[{one['code']}] {one[locale]}" for one in reasons) for locale in ("ja", "en"))
    return SpecFault(
        f"拒否の理由が違います。{ja}実際の理由：{told_ja}", f"The reasons are others: {en} They are: {told_en}"
    )


def _is_code(wanted: str) -> bool:
    return bool(_CODE.fullmatch(wanted))


def _whole(wanted: str, reason: Mapping[str, str]) -> bool:
    """Whether a reason has this code, or is this sentence in either language."""
    if _is_code(wanted):
        return reason["code"] == wanted
    return any(fold(wanted) == fold(reason.get(locale, "")) for locale in ("ja", "en"))


def _part(wanted: str, reason: Mapping[str, str]) -> bool:
    """Whether a reason has this code, or this text in its sentence in either language."""
    return _whole(wanted, reason) or any(fold(wanted) in fold(reason.get(locale, "")) for locale in ("ja", "en"))
