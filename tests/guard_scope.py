"""A scope like that of a real procedure, and rules over it, for the tests of the guard language."""

from hypothesis import strategies as st

from toritsugi.definition.types import (
    CORPORATE_NUMBER,
    DATE,
    INTEGER,
    MOMENT,
    TEXT,
    YEN,
    YES_NO,
    FieldOfRecord,
    Kind,
    Title,
    Type,
    choice,
    list_of,
)
from toritsugi.definition.vocabulary import Name, NameKind, Vocabulary


def title(ja: str, en: str) -> Title:
    return Title(ja=ja, en=en)


LOAN = choice(
    {"in_use": title("利用中", "in use"), "planned": title("利用予定", "planned"), "none": title("なし", "none")}
)
COST = Type(
    kind=Kind.RECORD,
    fields={
        "amount": FieldOfRecord(type=YEN, title=title("金額", "amount")),
        "paid_on": FieldOfRecord(type=DATE, title=title("支払日", "paid on")),
    },
)
COMPANY = Type(kind=Kind.RECORD, fields={"name": FieldOfRecord(type=TEXT, title=title("名称", "name"))})

_NAMES = [
    Name(id="loan_status", type=LOAN, titles=title("融資状況", "loan status")),
    Name(id="scheme_loan_introduced_on", type=DATE, titles=title("制度融資案内日", "scheme loan introduced on")),
    Name(id="frame.available", type=YEN, titles=title("支援枠の残額", "rest of the frame"), kind=NameKind.LEDGER),
    Name(id="amount", type=YEN, titles=title("費用", "cost")),
    Name(id="costs", type=list_of(COST), titles=title("費用明細", "costs")),
    Name(id="company", type=COMPANY, titles=title("会社", "company")),
    Name(id="visit_on", type=DATE, titles=title("訪問日", "visit")),
    Name(id="agreed", type=YES_NO, titles=title("同意", "consent")),
    Name(id="menus", type=list_of(LOAN), titles=title("メニュー", "menus")),
    Name(id="count", type=INTEGER, titles=title("回数", "number of times")),
    Name(id="corporate_number", type=CORPORATE_NUMBER, titles=title("法人番号", "corporate number")),
    Name(id="arrived_at", type=MOMENT, titles=title("到着日時", "arrived at")),
    Name(id="note", type=TEXT, titles=title("備考", "note"), personal=True),
    Name(id="form1_on", type=DATE, titles=title("様式1の受付日", "Form 1 accepted on")),
    Name(id="e1", type=choice({"yes": title("はい", "yes"), "no": title("いいえ", "no")}), titles=title("要件1", "E1")),
    Name(id="twin_a", type=INTEGER, titles=title("双子", "twin")),
    Name(id="twin_b", type=INTEGER, titles=title("双子", "twin")),
]
SCOPE = {name.id: name for name in _NAMES}
VOCABULARY = Vocabulary(SCOPE)

#: Conditions without parts, in both spellings.
SIMPLE = [
    "loan_status = planned",
    "融資状況 != 利用中",
    "loan_status in [in_use, planned]",
    "融資状況が[利用中、なし]のいずれでもない",
    "制度融資案内日が入力済み",
    "company.name is not set",
    '会社の名称 = 「株式会社 "山田" \\ 」',
    "amount + 1,000円 <= frame.available",
    "費用 が 100万円 を超える",
    "sum of costs.amount - amount > 0",
    "費用明細の件数 >= 2",
    "visit_on - 6 weeks < 令和8年4月1日",
    "訪問日 + 回数 >= 2026/4/1",
    "menus includes planned",
    "メニューが利用中を含まない",
    "count - -3 = 1 + 2",
    "amount <= 2/3 of frame.available",
    "費用の3分の2を1,000円未満切り上げ > 500円",
    "smaller of amount and frame.available >= 10% of amount",
    "費用 と 支援枠の残額 の大きい方 = amount",
    "count * 2 - 1 < (count / 2 rounded half up) + 1",
    "last day of 3 months from visit_on > form1_on + 1 month",
    "訪問日の1年前 と 様式1の受付日 の遅い方 が 制度融資案内日 以降",
    "corporate_number = 7000012050002",
    "arrived_at <= 2026-04-24T18:30:00+09:00",
    "agreed",
    "同意 = はい",
    "e1 = yes",
    "要件1 = いいえ",
    "様式1の受付日 = visit_on",
    "twin_a < twin_b",
    "twin_a in [twin_b, 3]",
    "count not in [twin_a, 0]",
    "costs is set",
    "note = 'x'",
    "count is set",
]


_WORDS = [" and ", "かつ", " or ", "または", " implies ", "ならば"]


def _joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """One to three parts with any connectives between them."""
    more = st.lists(st.tuples(st.sampled_from(_WORDS), parts).map("".join), max_size=2).map("".join)
    return st.tuples(parts, more).map("".join)


def _bracketed(rules: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    forms = st.sampled_from([("(", ")"), ("not (", ")"), ("(", ")でない"), ("not not (", ")")])
    return st.tuples(forms, rules).map(lambda one: one[0][0] + one[1] + one[0][1])


_simple = st.sampled_from(SIMPLE)
_middle = _joined(_simple | _bracketed(_joined(_simple)))
#: Rules of every shape, three levels deep. Layers, not st.recursive: that one hardly ever makes more than a denial.
rules = _middle | _joined(_bracketed(_middle))
