"""A second reckoning of the support-cost frame, as a clerk keeps it on paper; nothing here comes from the product.

Typed from the manual (Tokyo 2026, 2-1(2), 2-2(2), 4-1, 4-2): a sheet a grant, a line an item, pencil for what is set aside,
ink for what was spent. The clerk has no totals: whatever is asked is added up anew from the lines.
"""

from dataclasses import dataclass, field

GRANT_YEN = 1_000_000
#: JETRO's three and Shinkin Central Bank's two are marked "free ※1"; nothing else draws.
DRAWING = frozenset({"online_course", "mini_survey", "fair", "accompaniment", "test_marketing"})
OTHERS = frozenset({"navigator", "kosha_support", "smrj_support"})


class Refused(Exception):
    """The clerk does not write this down; `args[0]` is the code."""


def net(price: int, tax: str | None) -> int:
    """Without consumption tax of 10 %: ten elevenths, and what the tax office rounds down the net price keeps."""
    return -(-price * 10 // 11) if tax == "included" else price


@dataclass(slots=True)
class Sheet:
    """One grant."""

    granted_on: str
    content: str
    purpose: str
    #: item -> (set aside, what the company said it would pay itself): in pencil, rubbed out again.
    pencil: dict[str, tuple[int, int]] = field(default_factory=dict)
    #: what was spent: in ink, never rubbed out.
    ink: list[int] = field(default_factory=list)
    #: what the company paid itself.
    own_money: list[int] = field(default_factory=list)
    #: days on which scheme-loan funds were delivered.
    loans: list[str] = field(default_factory=list)

    @property
    def spent(self) -> int:
        """All the ink."""
        return sum(self.ink)

    @property
    def set_aside(self) -> int:
        """All the pencil."""
        return sum(yen for yen, _ in self.pencil.values())

    @property
    def left(self) -> int:
        """What may still be promised."""
        return GRANT_YEN - self.spent - self.set_aside

    def reserve(self, item: str, price: int, *, tax: str | None = None, agreed: bool = False) -> tuple[int, int]:
        """Pencil a line in; what it covers and what the company pays."""
        if item in self.pencil:
            raise Refused("DUPLICATE")
        covered, own = self._split(net(price, tax), agreed)
        self.pencil[item] = (covered, own)
        return covered, own

    def consume(self, item: str, price: int, *, tax: str | None = None, agreed: bool = False) -> tuple[int, int]:
        """Ink a line over its pencil; only what goes beyond the pencil is asked about again."""
        held, promised = self.pencil.get(item, (0, 0))
        cost = net(price, tax)
        if cost <= held:
            covered, own = cost, 0
        else:
            more, own = self._split(cost - held, agreed or cost - held <= promised)
            covered = held + more
        self.pencil.pop(item, None)
        self.ink.append(covered)
        self.own_money.append(own)
        return covered, own

    def release(self, item: str) -> int:
        """Rub a line out; how much that frees."""
        if item not in self.pencil:
            raise Refused("NO_RESERVATION")
        return self.pencil.pop(item)[0]

    def _split(self, cost: int, agreed: bool) -> tuple[int, int]:
        beyond = cost - self.left
        if beyond <= 0:
            return cost, 0
        if not agreed:
            raise Refused("CEILING_EXCEEDED" if self.left else "FRAME_EXHAUSTED")
        return cost - beyond, beyond


@dataclass(slots=True)
class Binder:
    """All sheets of one company; the last one counts."""

    sheets: list[Sheet]

    @property
    def sheet(self) -> Sheet:
        """The grant that is in use."""
        return self.sheets[-1]

    def may_ask_anew(self, *, content: str | None, purpose: str | None, form1_on: str | None, bank: str | None) -> bool:
        """Money since this grant, something new against every sheet, and a new Form 1 through the bank."""
        money = any(day > self.sheet.granted_on for day in self.sheet.loans)
        stated = content is not None and purpose is not None
        new_content = all(content != one.content for one in self.sheets)
        new_purpose = all(purpose != one.purpose for one in self.sheets)
        form1 = form1_on is not None and form1_on > self.sheet.granted_on and bank is not None
        return money and stated and (new_content or new_purpose) and form1

    def grant(self, *, on: str, content: str, purpose: str) -> None:
        """Begin a new sheet; the rest of the old one lapses."""
        self.sheets.append(Sheet(granted_on=on, content=content, purpose=purpose))
