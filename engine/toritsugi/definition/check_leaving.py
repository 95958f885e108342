"""The static checks of what leaves its class: a value that is copied to where somebody sees it who did not see it before.

Conditions are not compared with each other: two classes that a party sees under different conditions are alike here.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from toritsugi.definition import uses
from toritsugi.definition.flows import carried, flows
from toritsugi.definition.interface import Interface
from toritsugi.definition.model import Kinship, Link
from toritsugi.definition.model_effects import AppointParty, Effect
from toritsugi.definition.report import Report
from toritsugi.definition.seers import Seers, played_together, seers_by_entry
from toritsugi.definition.terms import Ref

_CODE = "LEAVES_ITS_CLASS"

#: Party where a value is seen -> the parties of this procedure that the same institution plays; none: a stranger here.
_Known = Mapping[str, frozenset[str]]


class Leaving:
    """Notes what leaves its class in one procedure."""

    def __init__(self, report: Report, linked: Mapping[str, Interface | None]) -> None:
        self._report = report
        self._linked = linked
        self._procedure = report.procedure
        self._seers = seers_by_entry(self._procedure.disclosure.values())
        self._own = played_together(self._procedure.parties)
        known = {id_: one for id_, one in linked.items() if one is not None}
        #: whether anything is kept from anybody, here or behind a link.
        self._asks = bool(self._seers) or any(one.seers for one in known.values())
        self._known: dict[str, _Known] = {
            id_: self._counterparts(self._procedure.links[id_], one) for id_, one in known.items() if self._asks
        }

    def links(self) -> None:
        """Check what is carried along when a linked case is opened."""
        for id_, link in self._procedure.links.items() if self._asks else ():
            for theirs, ours in link.carries.items():
                self._look(ours, theirs, id_, f"links.{id_}.carries", theirs)

    def effect(self, effect: Effect, path: str) -> None:
        """Check one effect of an event."""
        for flow in flows(effect) if self._asks else ():
            for name in carried(flow.value) if flow.part == "data" else ():
                self._look(name, flow.target, flow.link, path, flow.word)

    def _look(self, name: str, target: str, link: str | None, path: str, word: str) -> None:
        source, there = self._of_name(name), self._of_target(target, link)
        if source is None or there is None or source.may_leave or self._is_open(source):
            return
        known = self._own if link is None else self._known[link]
        new = [party for party, parts in known.items() if _more(party, parts, source, there)]
        if new:
            place = target if link is None else f"{link}.{target}"
            self._tell(name, place, new, path, word)

    def _tell(self, name: str, place: str, new: list[str], path: str, word: str) -> None:
        first = name.partition(".")[0]
        ja = (
            f"「{name}」の値が「{place}」に写り、元の開示区分では見られない（又は条件付きでしか見られない）"
            f"「{'、'.join(new)}」にも見えるようになります。"
            f"そうするつもりなら、元の開示区分に may_leave: [{first}] と書いてください。"
        )
        en = (
            f"the value of '{name}' is copied to '{place}', where {', '.join(new)} may see more of it than its own class "
            f"shows; if that is meant, write `may_leave: [{first}]` in that class."
        )
        self._report.warn(_CODE, path, ja, en, word=word)

    def _of_name(self, name: str) -> Seers | None:
        """Who sees what a rule reads; None: everybody, for all that is known."""
        first, _, inside = name.partition(".")
        here = self._seers.get(first)
        interface = self._linked.get(first)
        theirs = interface.seers.get(inside.partition(".")[0]) if interface is not None else None
        if theirs is None:
            return here
        here = here or _everybody(self._procedure.parties)
        known = self._known[first]
        return Seers(
            always=here.always & _here(theirs.always, known),
            ever=here.ever & _here(theirs.ever, known),
            may_leave=here.may_leave or theirs.may_leave,
        )

    def _of_target(self, field: str, link: str | None) -> Seers | None:
        """Who sees the field that a value goes to; None: there is no such field."""
        if link is None:
            return _seers(field, self._seers, self._procedure.data, self._procedure.parties)
        interface = self._linked.get(link)
        return None if interface is None else _seers(field, interface.seers, interface.data, interface.parties)

    def _is_open(self, source: Seers) -> bool:
        """Whether nothing is kept from anybody who plays a part here."""
        return not any(parts.isdisjoint(source.always) for parts in self._own.values())

    def _counterparts(self, link: Link, interface: Interface) -> _Known:
        """The parties of the linked case, as far as somebody plays them, and which of ours they are."""
        found = {
            theirs: self._counterpart(link, theirs, interface.institutions.get(theirs)) for theirs in interface.parties
        }
        return {theirs: ours for theirs, ours in sorted(found.items()) if ours is not None}

    def _counterpart(self, link: Link, theirs: str, institution: str | None) -> frozenset[str] | None:
        """Which of our parties a party of the linked case is; None: nobody plays it in a case that the link opens."""
        if institution is not None:
            return frozenset(id_ for id_, one in self._procedure.parties.items() if one.institution == institution)
        if theirs in link.parties:
            return self._own.get(link.parties[theirs], frozenset())
        if theirs in link.institutions:
            return self._appointed(link.institutions[theirs])
        return None if link.relation is Kinship.CHILD else self._own.get(theirs, frozenset())

    def _appointed(self, field: str) -> frozenset[str]:
        """The parties that are given to the institution whose id stands in a field."""
        effects = uses.effects_of(self._procedure)
        appointed = [(one.party, one.institution) for one in effects if isinstance(one, AppointParty)]
        return frozenset(party for party, one in appointed if isinstance(one, Ref) and one.name == field)


def _seers(field: str, seers: Mapping[str, Seers], data: Container[str], parties: Iterable[str]) -> Seers | None:
    return _everybody(parties) if field in data and not seers else seers.get(field)


def _everybody(parties: Iterable[str]) -> Seers:
    return Seers(always=frozenset(parties), ever=frozenset(parties))


def _here(theirs: frozenset[str], known: _Known) -> frozenset[str]:
    """The parties of this procedure among those of a linked case."""
    return frozenset().union(*(known[party] for party in theirs if party in known))


def _more(party: str, parts: frozenset[str], source: Seers, there: Seers) -> bool:
    """Whether a party sees the copy and not the original, or always and not always."""
    return (party in there.ever and parts.isdisjoint(source.ever)) or (
        party in there.always and parts.isdisjoint(source.always)
    )
