"""A text that cases are pinned to stays readable when rules for new texts come later."""

from __future__ import annotations

import pytest

from toritsugi.definition.content import content_of
from toritsugi.definition.finding import Faults
from toritsugi.definition.load import load, load_content
from toritsugi.definition.reading import root_of
from toritsugi.errors import DefinitionError

#: personal data that is set into a field in the clear: accepted before there was a rule against it.
TEXT = """
procedure: old
version: "1"
title: {ja: 古い手続, en: Old}
owner: office
source: 手引
subject: [name]
parties: {office: {title: {ja: 窓口, en: Office}}}
data:
  name: {type: text, title: {ja: 名称, en: Name}, source: 1}
  contact: {type: text, personal: yes, title: {ja: 担当, en: Contact}, source: 1}
start: {by: office, needs: [name], may_give: [contact]}
initial: open
states:
  open: {title: {ja: 受付, en: Open}, source: 1}
  done: {title: {ja: 終了, en: Done}, ends: yes, source: 1}
events:
  finish:
    title: {ja: 終える, en: Finish}
    by: office
    from: open
    to: done
    effects: [{set: {name: contact}}]
    source: 1
"""


def _content(text: str) -> str:
    root = root_of(text, Faults())
    assert root is not None
    return content_of(root)


def test_a_later_rule_keeps_a_new_text_out_and_leaves_a_stored_one_readable() -> None:
    with pytest.raises(DefinitionError) as refused:
        load(TEXT, file="old.yaml", interfaces={}.get)
    assert "PERSONAL_IN_THE_CLEAR" in str(refused.value)
    assert load_content(_content(TEXT), {}.get).id == "old"


def test_a_stored_text_that_names_what_is_not_there_is_refused_all_the_same() -> None:
    with pytest.raises(DefinitionError):
        load_content(_content(TEXT.replace("to: done", "to: gone")), {}.get)
