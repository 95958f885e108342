"""`@frozen` values are what `@dataclass(frozen=True, slots=True, kw_only=True)` ones are."""

import copy
import pickle
from dataclasses import FrozenInstanceError, asdict, field, replace
from typing import Any

import pytest

from toritsugi.core.frozen import frozen


@frozen
class Stamp:
    """What a clerk stamps."""

    place: str
    number: int = 0
    notes: dict[str, Any] = field(default_factory=dict)


@pytest.fixture
def stamp() -> Stamp:
    return Stamp(place="Tokyo", number=1)


def test_no_field_can_be_changed_or_removed(stamp: Stamp) -> None:
    with pytest.raises(FrozenInstanceError):
        stamp.number = 2  # type: ignore[misc]  # that is the point
    with pytest.raises(FrozenInstanceError):
        del stamp.number  # type: ignore[misc]  # as above
    with pytest.raises(AttributeError):
        stamp.colour = "red"  # type: ignore[attr-defined]  # as above
    assert stamp.number == 1


def test_values_with_the_same_fields_are_equal(stamp: Stamp) -> None:
    assert stamp == Stamp(place="Tokyo", number=1)
    assert stamp != Stamp(place="Tokyo", number=2)
    assert Stamp(place="Tokyo").notes is not Stamp(place="Tokyo").notes


def test_fields_are_named_when_it_is_made() -> None:
    with pytest.raises(TypeError):
        Stamp("Tokyo")  # type: ignore[call-arg,misc]  # that is the point
    with pytest.raises(TypeError):
        Stamp(number=1)  # type: ignore[call-arg]  # as above


def test_a_changed_copy_is_frozen_too(stamp: Stamp) -> None:
    changed = replace(stamp, number=2)
    assert (changed.place, changed.number, stamp.number) == ("Tokyo", 2, 1)
    with pytest.raises(FrozenInstanceError):
        changed.number = 3  # type: ignore[misc]  # that is the point


def test_it_is_known_by_its_class(stamp: Stamp) -> None:
    assert isinstance(stamp, Stamp)
    assert repr(stamp) == "Stamp(place='Tokyo', number=1, notes={})"
    assert asdict(stamp) == {"place": "Tokyo", "number": 1, "notes": {}}
    match stamp:
        case Stamp(number=number):
            assert number == 1


def test_it_can_be_copied_and_sent_to_another_process(stamp: Stamp) -> None:
    for made in (copy.copy(stamp), copy.deepcopy(stamp), pickle.loads(pickle.dumps(stamp))):
        assert made == stamp
        with pytest.raises(FrozenInstanceError):
            made.number = 2
