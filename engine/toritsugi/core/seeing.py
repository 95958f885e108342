"""What somebody may see of a case in the middle of its family: the question of disclosure, put with what it needs."""

from __future__ import annotations

from toritsugi.core.disclosure import Environment, Roles, Shown, Sight, kept_from, sight
from toritsugi.core.environment import Moment, environment
from toritsugi.core.family import Family, WorkingCase
from toritsugi.definition.model_disclosure import DisclosureClass
from toritsugi.definition.scope import ENGINE_NAMES

#: rules about who sees what read nothing of an event.
_NO_EVENT = Moment(occurred_at=0, recorded_at=0, channel=None, institution="")


def sight_of(family: Family, member: WorkingCase, roles: Roles, env: Environment | None = None) -> Sight:
    """What a viewer who plays these parts may see of the case as it stands.

    Args:
        env: the case as rules read it, if it is there already; it must know what `Plan.class_reads` asks for.
    """
    plan = member.plan
    if env is None:
        asked = plan.classes is not None and roles is not None
        env = environment(family, member, plan.class_reads, _NO_EVENT) if asked else {}
    return sight(plan.procedure, plan.classes, roles, member.approvals, env)


def withheld(
    family: Family, member: WorkingCase, seen: Sight, shows: Shown, institution: str
) -> DisclosureClass | None:
    """The class that keeps what is shown from a viewer, here or in the case behind a link; None: it may see all of it.

    Args:
        institution: the viewer's, by which it is known in the other case.
    """
    classes = member.plan.classes
    if classes is None or seen.roles is None:
        return None
    found = kept_from(classes, seen, shows)
    if found is not None:
        return found
    for name in shows.names:
        link, _, inside = name.partition(".")
        if (
            inside
            and link in member.plan.procedure.links
            and not _seen_behind(family, member, link, inside, institution)
        ):
            return classes.of_name[link]
    return None


def _seen_behind(family: Family, member: WorkingCase, link: str, inside: str, institution: str) -> bool:
    """Whether the other case shows `inside` to the institution; one without classes leaves that to this case."""
    other = family.behind(member, member.plan.procedure.links[link])
    if other is None or other.plan.classes is None:
        return True
    seen = sight_of(family, other, parts_of(institution, other))
    return bool(seen.roles) and seen.sees(inside)


def parts_of(institution: str, member: WorkingCase) -> frozenset[str]:
    """The parts that an institution plays in a case."""
    return frozenset([party for party, played_by in member.parties.items() if played_by == institution])


def sees_link_to(family: Family, member: WorkingCase, seen: Sight, case_id: str) -> bool:
    """Whether one of the links that are shown leads to that case."""
    links = member.plan.procedure.links
    behind = (family.behind(member, links[link]) for link in sorted(seen.links))
    return any(other is not None and other.id == case_id for other in behind)


def still_shown(family: Family, member: WorkingCase, party: str, institution: str, shows: Shown) -> bool:
    """Whether what a message shows may still be shown to its reader, who must still play the part it was sent to.

    What the case's procedure has no such name for, since the case moved to another version, nobody can judge: it may not.
    """
    if member.parties.get(party) != institution:
        return False
    if not _is_known(family, member, shows):
        return False
    seen = sight_of(family, member, frozenset({party}))
    return withheld(family, member, seen, shows, institution) is None


def _is_known(family: Family, member: WorkingCase, shows: Shown) -> bool:
    """Whether the procedures of the case and of those behind its links have a word for everything that is shown."""
    procedure = member.plan.procedure
    if not (procedure.documents.keys() >= {*shows.documents} and procedure.parties.keys() >= {*shows.parties}):
        return False
    words = {*procedure.data, *procedure.links, *procedure.ledgers, *procedure.deadlines, *ENGINE_NAMES}
    for name in shows.names:
        first, _, inside = name.partition(".")
        if first not in words or (first in procedure.links and not _is_known_behind(family, member, first, inside)):
            return False
    return True


def _is_known_behind(family: Family, member: WorkingCase, link: str, inside: str) -> bool:
    other = family.behind(member, member.plan.procedure.links[link])
    if other is None or inside in ("", "state"):
        return True
    there = other.plan.procedure
    return inside.partition(".")[0] in {*there.data, *there.ledgers}
