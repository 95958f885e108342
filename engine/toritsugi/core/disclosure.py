"""What a viewer may see of a case: the one place where that is decided, for messages, views, refusals and commands alike.

A viewer is the set of parts it plays in the case; None stands for the engine itself and the store's operator, who see
everything. A procedure without classes shows everything to each of its parties, and `classes_of` says None of it, so
that nobody pays for a question that it does not ask. A class is shown while one of its entries names a part of the
viewer and everything that this entry asks for holds *for certain*: what is not known closes it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from toritsugi.core.guard import compile_expression
from toritsugi.core.values import SYSTEM, Actor
from toritsugi.definition.expression import names_read
from toritsugi.definition.model import Procedure
from toritsugi.definition.model_disclosure import DisclosureClass

Environment = Mapping[str, Any]

#: parts that a viewer plays; None: the engine or the operator, who see everything.
Roles = frozenset[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """One entry of a class's `seen_by`, ready."""

    parties: frozenset[str]
    holds: Callable[[Environment], Any] | None
    approval: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes:
    """The classes of a procedure, ready to be asked."""

    procedure: Procedure
    rules: Mapping[str, tuple[_Rule, ...]]
    #: field, link or ledger -> its class.
    of_name: Mapping[str, DisclosureClass]
    of_document: Mapping[str, DisclosureClass]
    of_party: Mapping[str, DisclosureClass]
    #: names that the rules read.
    names: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What one viewer may see of one case now."""

    #: None: everything, whatever the procedure says.
    roles: Roles
    #: whether there is nothing that is kept from the viewer.
    everything: bool
    #: ids of the classes that are shown.
    classes: frozenset[str]
    fields: frozenset[str]
    #: parties of whom the viewer may know who plays them.
    parties: frozenset[str]
    documents: frozenset[str]
    links: frozenset[str]
    ledgers: frozenset[str]
    #: whether written reasons of others are shown.
    reasons: bool
    #: what is kept from the viewer: fields, links and ledgers.
    hidden: frozenset[str]
    #: counts of which the viewer may know the number.
    counts: frozenset[str] = frozenset()

    def sees(self, name: str) -> bool:
        """Whether a name that a rule or a document may read is shown: a field, `link.field`, `ledger.balance`.

        Deadlines and what the engine knows of an event are shown to every party; what lies behind a link has also to
        be shown by the other case.
        """
        return name.partition(".")[0] not in self.hidden


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a message shows to its reader: words of the procedure, no values."""

    names: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()


def classes_of(procedure: Procedure) -> Classes | None:
    """The classes of a procedure, compiled; None: it has none."""
    found = procedure.disclosure
    if not found:
        return None
    read = [names_read(one.when) for class_ in found.values() for one in class_.seen_by if one.when is not None]
    return Classes(
        procedure=procedure,
        rules={id_: tuple(_rules(class_)) for id_, class_ in found.items()},
        of_name=_by_entry(found.values(), lambda class_: (*class_.fields, *class_.links, *class_.ledgers)),
        of_document=_by_entry(found.values(), lambda class_: class_.documents),
        of_party=_by_entry(found.values(), lambda class_: class_.parties),
        names=frozenset[str]().union(*read),
    )


def roles_of(viewer: Actor, parties: Mapping[str, str]) -> Roles:
    """The parts that a viewer plays in a case with these parties.

    An operator who acts in somebody's part sees what that part sees, and so does a party that names one of its own parts.
    """
    if viewer is SYSTEM or (viewer.operator and viewer.role is None):
        return None
    if viewer.operator:
        return frozenset({viewer.role or ""})
    played = frozenset([party for party, institution in parties.items() if institution == viewer.institution])
    return frozenset({viewer.role or ""}) if viewer.role in played else played


def elsewhere(viewer: Actor) -> Actor:
    """The viewer as it stands towards a case in which it was not named a part: known by its institution alone."""
    if viewer is SYSTEM or (viewer.operator and viewer.role is None):
        return viewer
    return Actor(id=viewer.id, institution=viewer.institution)


def sight(
    procedure: Procedure, classes: Classes | None, roles: Roles, approvals: Collection[str], env: Environment
) -> Sight:
    """What a viewer may see of a case of `procedure`: to somebody who plays no part in it, nothing.

    Args:
        classes: the procedure's, as `classes_of` made them.
        approvals: ids of the approvals that stand in the case.
        env: the case as rules read it, at least for `Classes.names`; a name that is absent is not set.
    """
    if roles is not None and not roles:
        return _nothing(procedure)
    if classes is None or roles is None:
        return _whole(procedure, roles)
    shown = frozenset([id_ for id_, rules in classes.rules.items() if _shows(rules, roles, approvals, env)])
    hidden = frozenset([name for name, class_ in classes.of_name.items() if class_.id not in shown])
    return Sight(
        roles=roles,
        everything=len(shown) == len(classes.rules),
        classes=shown,
        fields=frozenset(procedure.data) - hidden,
        parties=_open(procedure.parties, classes.of_party, shown) | roles,
        documents=_open(procedure.documents, classes.of_document, shown),
        links=frozenset(procedure.links) - hidden,
        ledgers=frozenset(procedure.ledgers) - hidden,
        reasons=any(procedure.disclosure[id_].reasons for id_ in shown),
        hidden=hidden,
        counts=_numbers(procedure, roles),
    )


def kept_from(classes: Classes, seen: Sight, shows: Shown) -> DisclosureClass | None:
    """The first class that a viewer would learn of by what is shown and may not; None: it may see all of it."""
    for entries, classed in ((shows.documents, classes.of_document), (shows.parties, classes.of_party)):
        for entry in entries:
            class_ = classed.get(entry)
            if class_ is not None and class_.id not in seen.classes and entry not in (seen.roles or ()):
                return class_
    for name in shows.names:
        class_ = classes.of_name.get(name.partition(".")[0])
        if class_ is not None and class_.id not in seen.classes:
            return class_
    return None


def _rules(class_: DisclosureClass) -> Iterable[_Rule]:
    for one in class_.seen_by:
        holds = None if one.when is None else compile_expression(one.when)
        yield _Rule(parties=frozenset(one.parties), holds=holds, approval=one.approval)


def _by_entry(
    classes: Iterable[DisclosureClass], entries: Callable[[DisclosureClass], Iterable[str]]
) -> Mapping[str, DisclosureClass]:
    return {entry: class_ for class_ in classes for entry in entries(class_)}


def _shows(rules: tuple[_Rule, ...], roles: frozenset[str], approvals: Collection[str], env: Environment) -> bool:
    return any(
        rule.parties & roles
        and (rule.approval is None or rule.approval in approvals)
        and (rule.holds is None or rule.holds(env))
        for rule in rules
    )


def _open(entries: Iterable[str], classed: Mapping[str, DisclosureClass], shown: frozenset[str]) -> frozenset[str]:
    return frozenset([entry for entry in entries if entry not in classed or classed[entry].id in shown])


def _whole(procedure: Procedure, roles: Roles) -> Sight:
    return Sight(
        roles=roles,
        everything=True,
        classes=frozenset(procedure.disclosure),
        fields=frozenset(procedure.data),
        parties=frozenset(procedure.parties),
        documents=frozenset(procedure.documents),
        links=frozenset(procedure.links),
        ledgers=frozenset(procedure.ledgers),
        reasons=True,
        hidden=frozenset(),
        counts=_numbers(procedure, roles),
    )


def _numbers(procedure: Procedure, roles: Roles) -> frozenset[str]:
    """Counts say themselves who may know them, with classes and without: they tell of cases that are not the viewer's."""
    if not procedure.counts:
        return frozenset()
    return frozenset(
        [id_ for id_, one in procedure.counts.items() if roles is None or not roles.isdisjoint(one.seen_by)]
    )


def _nothing(procedure: Procedure) -> Sight:
    return Sight(
        roles=frozenset(),
        everything=False,
        classes=frozenset(),
        fields=frozenset(),
        parties=frozenset(),
        documents=frozenset(),
        links=frozenset(),
        ledgers=frozenset(),
        reasons=False,
        hidden=frozenset((*procedure.data, *procedure.links, *procedure.ledgers)),
    )
