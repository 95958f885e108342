"""Names under which the history keeps something of its own belong to no field and no event."""

from __future__ import annotations

import pytest

from toritsugi.core.values import ERASURE_REASON, REASON, RESOLVED_MESSAGE
from toritsugi.definition.check import ENGINE_ROWS, KEPT_NAMES
from toritsugi.definition.load import load, load_content
from toritsugi.errors import DefinitionError
from world import FOLDER, PLANS

TEXT = (FOLDER / "shared_pot.yaml").read_text("utf-8")


def _fault(text: str) -> tuple[str, str, str]:
    with pytest.raises(DefinitionError) as caught:
        load(text, file="shared_pot.yaml", interfaces=lambda _: None)
    (found,) = [one for one in caught.value.findings if one.code == "NAME_TAKEN"]
    assert found.position is not None
    return found.path, found.text("ja", ""), found.text("en", "")


def test_the_names_are_those_that_the_history_uses() -> None:
    assert KEPT_NAMES.keys() == {REASON, ERASURE_REASON, RESOLVED_MESSAGE}


@pytest.mark.parametrize("name", sorted(KEPT_NAMES))
def test_a_field_that_could_never_be_read_back_is_refused(name: str) -> None:
    path, ja, en = _fault(TEXT.replace("agrees", name))
    assert path == f"data.{name}"
    assert KEPT_NAMES[name].ja in ja and KEPT_NAMES[name].en in en and f"{name}_text" in ja


@pytest.mark.parametrize("name", sorted(ENGINE_ROWS))
def test_an_event_that_would_look_like_a_row_of_the_engine_is_refused(name: str) -> None:
    assert _fault(TEXT.replace("  close:", f"  {name}:"))[0] == f"events.{name}"


def test_a_case_goes_on_by_a_text_from_before_the_names_were_taken() -> None:
    content = PLANS.current("shared_pot").procedure.content
    assert "reason" in load_content(content.replace("agrees", "reason"), lambda _: None).data
