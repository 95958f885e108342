"""`open`: a new case, from a filled form, from the number of a measure, or from field=value."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toritsugi_adapters.cli import forms
from toritsugi_adapters.cli.account import Failure
from toritsugi_adapters.cli.acts import occurred, recorded, refusals_told
from toritsugi_adapters.cli.desk import Desk
from toritsugi_adapters.cli.options import argument, command, option

if TYPE_CHECKING:
    from toritsugi.definition.model import Procedure


@command(
    "open",
    argument("values", nargs=-1),
    option("--form", metavar="FILE", ja="記入済みの様式（.xlsx）", en="a filled form (.xlsx)"),
    option(
        "--procedure",
        metavar="PROCEDURE|FILE",
        ja="手続の名前か、自作の定義（YAML）。様式から分かるときは省略できる",
        en="the procedure, or a file of your own (YAML); the form may tell it",
    ),
    option(
        "--measure",
        metavar="NUMBER",
        ja="支援策の番号（例：m18b）。手続と、その条件が一覧から決まる",
        en="number of a measure (m18b): the catalogue says which procedure, and on what terms",
    ),
    option(
        "--party",
        "parties",
        metavar="ROLE=INSTITUTION",
        multiple=True,
        ja="立場を担う機関の識別子 例 financial_institution=bank-0001",
        en="who plays a role, such as financial_institution=bank-0001",
    ),
    option(
        "--at",
        metavar="MOMENT",
        ja="実際に行われた日時、日本時間（既定：今）",
        en="when it happened, by Japan's clock (default: now)",
    ),
    option(
        "--key",
        metavar="KEY",
        ja="受付キー。同じキーの再送は一度だけ記録される",
        en="idempotency key: the same again is recorded once",
    ),
    usage="[--form FILE] [--procedure PROCEDURE] [FIELD=VALUE ...]",
    ja="""
様式の値より、コマンドに書いた項目=値が優先されます。データベースがなければ作ります。例：
    toritsugi open --form form1.xlsx
    toritsugi open --measure m18b applicant_name=青海精機 applicant_kind=company
    toritsugi open --procedure tokyo_jetro_support company_name=青海精機 ...""",
    en="""
What stands on the command line goes before the form. A store that is not there yet is made. For example:
    toritsugi open --form form1.xlsx
    toritsugi open --measure m18b applicant_name=Aomi applicant_kind=company
    toritsugi open --procedure tokyo_jetro_support company_name=Aomi ...""",
)
def open_(
    desk: Desk,
    values: tuple[str, ...],
    form: str | None,
    procedure: str | None,
    measure: str | None,
    parties: tuple[str, ...],
    at: str | None,
    key: str | None,
) -> None:
    from toritsugi_adapters.cli.installed import installed
    from toritsugi_adapters.cli.measures import chosen_measure
    from toritsugi_adapters.cli.spoken import named
    from toritsugi_adapters.cli.typed import pairs, typed_values

    chosen = chosen_measure(measure, installed().catalogues) if measure is not None else None
    name = procedure or (chosen.procedure if chosen else None) or (forms.procedure_of_forms() if form else None)
    if name is None:
        raise Failure(
            "--form で様式を、--procedure で手続を、または --measure で支援策を指定してください。",
            "Give a form with --form, a procedure with --procedure, or a measure with --measure.",
        )
    wanted = installed().procedure(name)
    from_form = forms.filled(wanted, Path(form)).values if form else {}
    given = {**from_form, **typed_values(wanted, values), **(chosen.values(wanted) if chosen else {})}
    expected = {"ja": "「役割=機関」の形で書いてください", "en": "write it as role=institution"}
    roles = {party.id: party.title for party in wanted.parties.values()}
    told = {named(role, roles): institution for role, institution in pairs(parties, **expected).items()}
    assigned = assignments(wanted, {**(chosen.parties(wanted) if chosen else {}), **told}, given)
    with desk.engine(create=True, writing=True) as engine:
        role = desk.role_among(wanted, wanted.opening.by)
        actor = desk.actor(role, assigned.get(role) or wanted.parties[role].institution or role)
        with refusals_told(wanted, wanted.opening.needs, given):
            answer = engine.start(wanted.id, actor, given, parties=assigned, key=key, occurred_at=occurred(at))
        recorded(desk, engine, answer, role)


def assignments(procedure: Procedure, given: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, str]:
    """party -> institution for every party the procedure leaves open.

    A party nobody named is played by an institution of the party's own id; the company of the case by its subject,
    since a company is an institution of its own.
    """
    subject = next((str(values[name]) for name in procedure.subject if values.get(name)), None)
    free = [party for party in procedure.parties.values() if party.institution is None]
    unknown = sorted(set(given) - {party.id for party in free})
    if unknown:
        allowed = "、".join(party.id for party in free)
        raise Failure(
            f"--party で指定できない立場です：{'、'.join(unknown)}（指定できるもの：{allowed}）",
            f"--party cannot name {', '.join(unknown)}; it can name {', '.join(party.id for party in free)}.",
        )
    own = {party.id: subject if subject and party.id == "client_company" else party.id for party in free}
    return {**own, **given}
