"""The static checks of links: what they name, which of them open a case, and who is appointed to a part."""

from __future__ import annotations

from collections.abc import Mapping

from toritsugi.definition import uses
from toritsugi.definition.interface import Interface
from toritsugi.definition.model import Kinship, Link
from toritsugi.definition.model_effects import AppointParty, OpenCase, Signal
from toritsugi.definition.report import Report
from toritsugi.definition.rules import fits
from toritsugi.definition.types import Kind

#: The links through which a case can be opened; the others lead to cases that are there already.
_OPENING = (Kinship.SUBJECT, Kinship.CHILD)


def links(report: Report, linked: Mapping[str, Interface | None]) -> None:
    """Check every link of the procedure."""
    opening = {effect.link for effect in uses.effects_of(report.procedure) if isinstance(effect, OpenCase)}
    for id_, link in report.procedure.links.items():
        interface = linked[id_]
        _link(report, link, interface, f"links.{id_}")
        if id_ in opening and interface is not None and link.relation in _OPENING:
            _supplied(report, link, interface, f"links.{id_}")


def _link(report: Report, link: Link, interface: Interface | None, path: str) -> None:
    data, parties = report.procedure.data, report.procedure.parties
    if interface is None:
        ja, en = f"「{link.procedure}」という手続の定義がありません。", f"there is no procedure '{link.procedure}'."
        report.add("UNKNOWN_PROCEDURE", f"{path}.procedure", ja, en)
    report.known("field", link.carries.values(), data, f"{path}.carries")
    report.known("party", link.parties.values(), parties, f"{path}.parties")
    _institutions(report, link, f"{path}.parties")
    if link.relation not in _OPENING and (link.carries or link.without or link.parties or link.institutions):
        ja = f"relation: {link.relation} の関連手続はここから開かれないので、carries・without・parties は使われません。"
        en = f"nothing is opened with `relation: {link.relation}`; `carries`, `without` and `parties` mean nothing."
        report.add("NOT_OPENED_HERE", f"{path}.relation", ja, en)
    if interface is None:
        return
    report.known("field", link.carries, interface.data, f"{path}.carries")
    report.known("field", link.without, interface.data, f"{path}.without")
    report.known("party", [*link.parties, *link.institutions], interface.parties, f"{path}.parties")
    for theirs, ours in link.carries.items():
        known = theirs in interface.data and ours in data
        if known and not fits(data[ours].type, interface.data[theirs].type):
            ja, en = f"「{ours}」と「{theirs}」の型が違います。", f"'{ours}' and '{theirs}' differ in type."
            report.add("WRONG_TYPE", f"{path}.carries.{theirs}", ja, en)
    filled = {name for one in interface.data.values() if one.row is not None for name in one.row.fills}
    for theirs in (one for one in link.carries if one in filled):
        ja = f"「{theirs}」は「{link.procedure}」で一覧から入る項目なので、引き継げません。"
        en = f"'{theirs}' of '{link.procedure}' comes from a catalogue; nothing is carried into it."
        report.add("FILLED_BY_ROW", f"{path}.carries.{theirs}", ja, en, word=theirs)


def _institutions(report: Report, link: Link, path: str) -> None:
    """A party of the linked case is named by a field that holds an institution."""
    data = report.procedure.data
    for theirs, ours in link.institutions.items():
        report.known("field", (ours,), data, f"{path}.{theirs}")
        if ours in data and data[ours].type.kind is not Kind.INSTITUTION:
            ja, en = f"「{ours}」は機関（type: institution）ではありません。", f"'{ours}' is no institution."
            report.add("WRONG_TYPE", f"{path}.{theirs}", ja, en, word=ours)


def _supplied(report: Report, link: Link, interface: Interface, path: str) -> None:
    """What the other procedure asks for at its start is carried along, or left empty on purpose: nobody is asked for it."""
    for field in link.without:
        if field in interface.data and (field not in interface.needs or field in link.carries):
            ja = f"「{field}」は、空のまま始まることのない項目です（必要とされていないか、carries で引き継がれます）。"
            en = f"'{field}' is not left empty: it is not needed at the start, or it is carried."
            report.warn("NOT_WITHOUT", f"{path}.without", ja, en, word=field)
    for field in interface.needs:
        if field in interface.data and field not in link.carries and field not in link.without:
            title = interface.data[field].title
            ja = (
                f"「{link.procedure}」は始めに「{field}」（{title.ja}）を必要としますが、ここから開く案件では空のままになります。"
                f"carries で引き継ぐか、そのつもりなら without: [{field}] と書いてください。"
            )
            en = (
                f"'{link.procedure}' needs '{field}' at its start, and a case opened from here does not get it; "
                f"carry it, or write `without: [{field}]` if that is meant."
            )
            report.warn("OPENED_WITHOUT", path, ja, en)


def opened(report: Report, effect: OpenCase, path: str) -> None:
    """A case is opened only through a link that can open one."""
    report.known("link", (effect.link,), report.procedure.links, path)
    link = report.procedure.links.get(effect.link)
    if link is not None and link.relation not in _OPENING:
        ja = f"「{effect.link}」は既にある案件への関連（relation: {link.relation}）で、開けません。"
        en = f"'{effect.link}' leads to a case that is there already (`relation: {link.relation}`)."
        report.add("CANNOT_OPEN", path, ja, en, word=effect.link)


def signalled(report: Report, signal: Signal, path: str) -> None:
    """Only what a case has opened itself can it reach as `every`."""
    link = report.procedure.links.get(signal.link)
    if signal.every and link is not None and link.relation is not Kinship.CHILD:
        ja = "every: yes は relation: child の関連手続だけに使えます。"
        report.add("EVERY_NEEDS_CHILD", path, ja, "`every: yes` is for links with `relation: child`.", word=signal.link)


def appointed(report: Report, effect: AppointParty, path: str) -> None:
    """Only a part that nobody has for good can be given to somebody."""
    report.known("party", (effect.party,), report.procedure.parties, path)
    party = report.procedure.parties.get(effect.party)
    if party is not None and party.institution is not None:
        ja = f"「{effect.party}」は機関が定められている当事者なので、指名できません。"
        en = f"'{effect.party}' is always played by '{party.institution}'."
        report.add("ALWAYS_THE_SAME", path, ja, en, word=effect.party)
