"""Form 1 (様式1 海外展開支援（案内）申込書) as a workbook of our own design: its layout, its making, its reading.

Which fields it has is said here; what they are called and what they may hold comes from the procedure.
Source: Tokyo manual 2026, 2-1(1), 2-1(3) St2 (who fills what), 1 (the institutions). The official sheet is not copied.
"""

from __future__ import annotations

from collections.abc import Mapping

from toritsugi.definition.model import DataField, Procedure
from toritsugi_adapters.documents.drawing import drawn
from toritsugi_adapters.documents.form_reading import FormReading, reading
from toritsugi_adapters.documents.layout import FormLayout, Part, Row, Section
from toritsugi_adapters.documents.steady import workbook_bytes

#: The procedure that Form 1 opens.
PROCEDURE = "tokyo_jetro_support"


def _row(*fields: str, lines: int = 1) -> Row:
    return Row(fields=fields, lines=lines)


def _questions(*fields: str) -> tuple[Row, ...]:
    return tuple(Row(fields=(field,), question=True) for field in fields)


_COMPANY = Part(
    title="企業記入欄",
    filled_by="申込企業",
    sections=(
        Section(
            title="1　申込企業",
            rows=(
                _row("company_name"),
                _row("company_name_kana"),
                _row("legal_form", "corporate_number"),
                _row("company_reference"),
                _row("representative_name"),
                _row("company_address", lines=2),
                _row("contact_department", "contact_name"),
                _row("company_phone", "company_fax"),
                _row("company_email"),
            ),
        ),
        Section(
            title="2　事業の概要",
            rows=(_row("industry", lines=2), _row("employees", "capital")),
        ),
        Section(
            title="3　海外展開の内容と希望する支援",
            rows=(
                _row("overseas_content", lines=7),
                _row("target_countries", lines=2),
                _row("support_purpose", lines=7),
                _row("preferred_meeting"),
            ),
        ),
    ),
    closing=(
        "取扱金融機関を経由して申し込みます。",
        "本申込書に記載した内容が、取扱金融機関からジェトロ東京貿易情報センターへ提供されることに同意します。",
    ),
)

_BANK = Part(
    title="金融機関記入欄",
    filled_by="取扱金融機関",
    sections=(
        Section(
            title="4　取扱店",
            rows=(
                _row("bank_name", "bank_branch"),
                _row("bank_address", lines=2),
                _row("bank_person"),
                _row("bank_phone", "bank_fax"),
                _row("bank_email"),
            ),
        ),
        Section(
            title="5　相談の内容と制度融資",
            rows=(
                _row("consultation_date"),
                _row("company_needs", lines=5),
                _row("loan_status"),
                _row("loan_menu", "loan_date"),
            ),
        ),
        Section(
            title="6　基本要件の確認（E2 は上の「相談時点の制度融資の利用状況」で確認）",
            rows=_questions(
                "considering_overseas",
                "is_sme",
                "tokyo_office",
                "guaranteed_industry",
                "business_history",
                "permits",
                "taxes_paid",
                "no_organised_crime",
                "designated_handling_bank",
                "lending_bank",
            ),
        ),
    ),
    closing=(
        "「要確認」の項目が残っている間は、申込書を送付できません。",
        "制度融資を利用予定の企業には、あらかじめ制度融資をご案内ください（2-1(4)）。",
    ),
)

LAYOUT = FormLayout(
    id="form1/1",
    procedure=PROCEDURE,
    title="海外展開支援（案内）申込書",
    mark="様式1",
    addressed_to="ジェトロ東京貿易情報センター　御中（取扱金融機関 経由）",
    parts=(_COMPANY, _BANK),
    guide=(
        "黄色の欄に入力してください。＊の付いた欄は必ず入力してください。",
        "1～3は申込企業が、4～6は取扱金融機関が入力します。",
        "選択する欄では、欄の右に出る ▼ から選んでください。選べるものは下の一覧のとおりです。",
        "日付は 2026/4/24、令和8年4月24日、R8.4.24 のいずれでも、数字は全角でも半角でも読み取れます。",
        "法人は法人番号を、法人番号のない個人事業者は整理番号を入力してください。",
        "欄の位置を動かしても、欄に付いた名前で読み取ります。欄そのものを削除したり、別のブックへ写したりしないでください。",
        "計算式ではなく、値を入力してください。マクロ（.xlsm）とパスワードの付いたファイルは読み取れません。",
    ),
    foot="取次（Toritsugi）用に独自に作成した様式です。東京都の公式の様式ではありません。",
    hints={
        "company_name": "登記上の商号、または屋号を入力してください。",
        "company_name_kana": "全角カタカナで入力してください。",
        "company_reference": "法人番号のない個人事業者の場合に、取扱金融機関が付けた番号を入力してください。",
        "company_address": "郵便番号から入力してください。\n例：〒100-0000 東京都…",
        "overseas_content": "国・地域、商品・サービス、時期、体制などを2,000文字以内で入力してください。",
        "support_purpose": "支援を何のために利用するかを2,000文字以内で入力してください。",
        "company_phone": "市外局番から入力してください。\n例：03-0000-0000",
        "company_fax": "市外局番から入力してください。\n例：03-0000-0000",
        "bank_phone": "市外局番から入力してください。\n例：03-0000-0000",
        "bank_fax": "市外局番から入力してください。\n例：03-0000-0000",
        "company_email": "例：tantou@example.jp",
        "bank_email": "例：tantou@example.jp",
        "loan_menu": "利用中または利用予定の制度融資のメニュー名を入力してください。",
        "consultation_date": "企業から相談を受けた日を入力してください。\n例：2026/4/24、令和8年4月24日",
    },
    telephones=frozenset({"company_phone", "company_fax", "bank_phone", "bank_fax"}),
)


def form1(procedure: Procedure, filled: Mapping[str, object] | None = None, banner: str | None = None) -> bytes:
    """Form 1 as an .xlsx file, the same bytes each time.

    Args:
        procedure: says what the fields are called, what they may hold, and which its events need.
        filled: field -> what somebody typed into its cell: text, a whole number or a date.
        banner: a sentence above the form, for examples.
    """
    needed = {name for event in procedure.events.values() for name in event.needs}
    needed |= {*procedure.opening.needs}
    return workbook_bytes(drawn(LAYOUT, procedure.data, needed, filled or {}, banner))


def read_form(content: bytes, fields: Mapping[str, DataField]) -> FormReading:
    """What stands in a filled Form 1: the values that can be read, and every cell that cannot.

    Never raises for what is in the file, however hostile; `FormReading.checked()` turns problems into an error.

    Args:
        content: the file as it came in.
        fields: the procedure's data.
    """
    return reading(LAYOUT, content, fields)
