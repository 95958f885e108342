"""Makes the files of `examples/` anew: Form 1 blank, and filled in by two companies that do not exist.

    python -m toritsugi_adapters.documents.make_form1 [FOLDER]

The same procedure gives the same bytes. Everybody in the examples is made up: the corporate number has a right check
digit and stands for nobody, telephone numbers end in 0000-0000, addresses end in example.jp.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date
from importlib.metadata import entry_points
from pathlib import Path

from toritsugi.definition.lint import id_written
from toritsugi.definition.load import load, load_interface
from toritsugi.definition.model import Procedure
from toritsugi.hooks import GROUP, ProcedureFile
from toritsugi_adapters.documents.form1 import PROCEDURE, form1

FOLDER = Path(__file__).parent / "examples"

_BANNER = (
    "記入例：企業・人物・金融機関はすべて架空です。電話番号・メールアドレスは使われていません。"
    "法人番号は検査用数字だけを合わせた架空の番号です。"
)

_BANK: Mapping[str, object] = {
    "bank_name": "架空第一銀行",
    "bank_branch": "架空橋支店",
    "bank_address": "〒100-0000 東京都中央区架空橋1-1-1",
    "bank_person": "佐藤 例子",
    "bank_email": "reiko.sato@bank.example.jp",
    "bank_phone": "03-0000-0000",
    "bank_fax": "03-0000-0001",
}

_MET: Mapping[str, object] = {
    "considering_overseas": "met",
    "is_sme": "met",
    "guaranteed_industry": "covered",
    "business_history": "not_required",
    "taxes_paid": "no_arrears",
    "no_organised_crime": "all_clear",
    "designated_handling_bank": "met",
    "lending_bank": "met",
}

CORPORATION: Mapping[str, object] = {
    **_BANK,
    **_MET,
    "company_name": "株式会社架空精密",
    "company_name_kana": "カブシキガイシャカクウセイミツ",
    "legal_form": "corporation",
    "corporate_number": "8999900000001",
    "representative_name": "髙﨑 架乃",
    "company_address": "〒144-0000 東京都大田区架空町1-2-3",
    "contact_department": "海外事業準備室 室長",
    "contact_name": "山田 仮名子",
    "company_phone": "03-0000-0000",
    "company_fax": "03-0000-0002",
    "company_email": "kaigai@seimitsu.example.jp",
    "industry": "金属製品製造業（産業機械向け精密部品の切削加工）",
    "employees": 24,
    "capital": 10_000_000,
    "overseas_content": (
        "産業機械用の精密シャフトとカップリングを、タイの日系工作機械メーカー3社へ輸出したい。\n"
        "2027年度の初出荷を目標に、現地の商社を通じた供給体制を整える。図面と検査成績書の英語化には着手済み。"
    ),
    "target_countries": "タイ、ベトナム",
    "support_purpose": (
        "現地の需要と競合品の価格帯を調べ、見本市への出展先を選びたい。\n"
        "輸出の契約条件と、該非判定などの手続についても助言を受けたい。"
    ),
    "preferred_meeting": "company_tokyo_office",
    "consultation_date": date(2026, 12, 10),
    "company_needs": "取引先の海外移転に伴い、既存製品の輸出を検討。輸出の経験がなく、販路と手続の両面で支援を希望。",
    "loan_status": "planned",
    "loan_menu": "海外展開支援",
    "loan_date": date(2027, 3, 31),
    "tokyo_office": "office",
    "permits": "not_needed",
}

#: As people write: a date in the Japanese era, full-width digits, an amount in 万円.
SOLE_PROPRIETOR: Mapping[str, object] = {
    **_BANK,
    **_MET,
    "company_name": "架空珈琲焙煎所",
    "company_name_kana": "カクウコーヒーバイセンジョ",
    "legal_form": "sole_proprietor",
    "company_reference": "架空橋-2026-0012",
    "representative_name": "鈴木 空太",
    "company_address": "〒111-0000 東京都台東区架空4-5-6",
    "contact_department": "事業主",
    "contact_name": "鈴木 空太",
    "company_phone": "03-0000-0003",
    "company_email": "roaster@coffee.example.jp",
    "industry": "食料品製造業（コーヒー豆の焙煎・卸売）",
    "employees": "３",
    "capital": "３００万円",
    "overseas_content": "自家焙煎のドリップバッグを、台湾の日本食品専門店へ卸したい。少量の試験販売は済んでいる。",
    "target_countries": "台湾",
    "support_purpose": "現地の表示規制の確認と、継続して扱う販売先の開拓。",
    "preferred_meeting": "jetro_office",
    "consultation_date": "令和8年11月20日",
    "company_needs": "試験販売の反応が良く、継続取引の相手を探している。運転資金は制度融資を利用中。",
    "loan_status": "in_use",
    "loan_menu": "小規模企業向け融資",
    "loan_date": date(2025, 9, 30),
    "tokyo_office": "residence",
    "permits": "held",
}

#: file name -> what is filled in; None: blank.
FILES: Mapping[str, Mapping[str, object] | None] = {
    "form1_blank.xlsx": None,
    "form1_corporation.xlsx": CORPORATION,
    "form1_sole_proprietor.xlsx": SOLE_PROPRIETOR,
}


def shipped_procedure() -> Procedure:
    """The procedure of Form 1, as the installed plugins supply it.

    Raises:
        LookupError: no installed plugin does.
    """
    files = {id_written(file.text): file for file in _procedure_files()}
    texts = {id_: file.text for id_, file in files.items()}
    if PROCEDURE not in files:
        raise LookupError(f"no installed plugin supplies the procedure {PROCEDURE}")
    interfaces = {id_: load_interface(file.text, file=file.file, texts=texts.get) for id_, file in files.items()}
    file = files[PROCEDURE]
    return load(file.text, file=file.file, interfaces=interfaces.get, texts=texts.get)


def _procedure_files() -> list[ProcedureFile]:
    hooks = [getattr(entry.load(), "toritsugi_procedures", None) for entry in entry_points(group=GROUP)]
    return [file for hook in hooks if hook is not None for file in hook()]


def made() -> dict[str, bytes]:
    """file name -> content, of every file this module makes."""
    procedure = shipped_procedure()
    return {name: form1(procedure, filled, _BANNER if filled else None) for name, filled in FILES.items()}


def main(folder: Path = FOLDER) -> None:
    """Write the files into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in made().items():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    main(*(Path(name) for name in sys.argv[1:2]))
