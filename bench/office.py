"""The office that the bench works in: a clock, keys, institutions, and engines on stores that it throws away."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from toritsugi.core.values import Actor
from toritsugi.engine import Engine, Limits
from toritsugi.hooks import InstitutionManifest, ProcedureFile
from toritsugi.runtime.vault import KeyVault
from toritsugi.store.dialect import Synchronous

#: Monday, 13 April 2026, 10:00 in Japan.
START = 1_776_042_000_000_000
DAY = 86_400_000_000
#: when Form 1 arrived: the same in every case, because the account of a due date tells it.
ARRIVED_AT = START - DAY

BANK = Actor(id="b-0001", institution="bank_1234", role="financial_institution")
COMPANY = Actor(id="c-0001", institution="company_0001", role="client_company")
JETRO = Actor(id="j-0001", institution="jetro_tokyo", role="jetro_tokyo")
NAVIGATOR = Actor(id="n-0001", institution="jetro_tokyo", role="navigator")

INSTITUTIONS = [
    InstitutionManifest(
        id="jetro_tokyo",
        title={"ja": "ジェトロ東京貿易情報センター", "en": "JETRO Tokyo"},
        addresses={"email": "desk@jetro.example.jp", "fax": "03-0000-0001", "post": "東京都港区赤坂1-1-1"},
    ),
    InstitutionManifest(
        id="bank_1234",
        title={"ja": "見本信用金庫", "en": "Sample Shinkin Bank"},
        addresses={"email": "branch@bank.example.jp"},
    ),
    InstitutionManifest(
        id="tokyo_finance_division",
        title={"ja": "東京都産業労働局金融部金融課", "en": "Tokyo Metropolitan Government, Finance Division"},
        addresses={"email": "finance@tokyo.example.jp"},
    ),
]

_PROCEDURES = Path(__file__).parent / "procedures"
_SHIPPED = Path(__file__).parents[1] / "workflows" / "toritsugi_workflows" / "tokyo"


class BenchClock:
    """Runs like the machine's clock, from START and whatever it is put ahead: results do not depend on the day."""

    def __init__(self) -> None:
        self._offset = START - time.perf_counter_ns() // 1000

    def now(self) -> int:
        return self._offset + time.perf_counter_ns() // 1000

    def ahead(self, days: int) -> None:
        self._offset += days * DAY


def procedures() -> list[ProcedureFile]:
    """The procedures of the bench, and the shipped ones that it carries out."""
    texts = {path.stem: path.read_bytes() for path in sorted(_PROCEDURES.glob("*.yaml"))}
    texts["notice_b"] = texts["notice_a"].replace(b"notice_a", b"notice_b")
    for name in ("tokyo_jetro_support", "support_cost_frame"):
        texts[name] = (_SHIPPED / f"{name}.yaml").read_bytes()
    return [ProcedureFile(file=name, text=text) for name, text in texts.items()]


def open_engine(url: str, clock: BenchClock, synchronous: Synchronous = "NORMAL", *, batch: int = 100) -> Engine:
    """An engine with everything on; the keys are made for the run."""
    return Engine.open(
        url,
        procedures=procedures(),
        plugins=(),
        institutions=INSTITUTIONS,
        clock=clock,
        vault=_VAULT,
        channels=(),
        synchronous=synchronous,
        limits=Limits(batch=batch),
    )


_VAULT = KeyVault(b"the bench's master key, 32 bytes")

#: one thing that is done with a case: (event, actor, values, channel).
Act = tuple[str, Actor, Mapping[str, object], str | None]

CASE: Mapping[str, object] = {
    "company_name": "株式会社見本製作所",
    "bank_name": "見本信用金庫",
    "bank_email": "tanaka@bank.example.jp",
    "consultation_date": "2026-04-10",
}


def acts(arrived_at: int) -> list[Act]:
    """The nine acts after the opening that carry a JETRO case to its end."""
    return [
        (
            "submit_form1",
            COMPANY,
            {
                "legal_form": "corporation",
                "representative_name": "見本 太郎",
                "contact_name": "見本 花子",
                "company_address": "東京都千代田区丸の内一丁目1番1号 見本ビル3階",
                "company_phone": "03-1234-5678",
                "company_email": "hanako@company.example.jp",
                "industry": "金属加工業（精密部品の製造）",
                "overseas_content": "ベトナムの製造業へ精密金属部品を直接輸出する計画である。",
                "target_countries": "ベトナム、タイ",
                "support_purpose": "現地の販路を開拓し、取引先の候補と面談したい。",
            },
            None,
        ),
        (
            "complete_bank_section",
            BANK,
            {
                "bank_branch": "神田支店",
                "bank_person": "田中 一郎",
                "loan_status": "in_use",
                "considering_overseas": True,
                "is_sme": True,
                "tokyo_office": True,
                "guaranteed_industry": True,
                "permits": True,
                "taxes_paid": True,
            },
            None,
        ),
        ("send_form1", BANK, {}, "email"),
        ("accept_form1", JETRO, {"form1_arrived_at": arrived_at}, None),
        ("contact_company", JETRO, {}, None),
        ("agree_plan", JETRO, {"support_plan": "現地調査、商談会への出展、契約書の確認を順に支援する。"}, None),
        ("issue_form2", JETRO, {"support_results": "三社と商談し、一社と見本の取引を始めた。"}, None),
        ("send_form3", JETRO, {"form3_due_on": "2026-12-25"}, None),
        (
            "return_form3",
            BANK,
            {"form3_overseas_status": "見本の取引が続いており、量産の見積りを準備している。"},
            "email",
        ),
    ]
