"""Menus proposed by their numbers: a suggestion is written so that it is read again, and what is closed is told."""

from datetime import date

import pytest

import toritsugi_workflows
from toritsugi.core.proposal import read_proposal, written
from toritsugi.core.question import Question
from toritsugi.core.suggest import suggest
from toritsugi.definition.catalogue import load_catalogue

CATALOGUES = tuple(load_catalogue(file.text, file=file.file) for file in toritsugi_workflows.toritsugi_catalogues())
DAY = date(2016, 12, 1)


def test_what_is_suggested_can_be_proposed() -> None:
    answer = suggest(Question(on=DAY, step=2, need="商品開発"), CATALOGUES)
    text = written(answer.offered)
    assert text.splitlines()[1] == "m18b ものづくり補助金（一般型）（中小企業庁、全国中小企業団体中央会）"
    read = read_proposal(text, CATALOGUES, DAY)
    assert [menu.row.id for menu in read.menus] == ["m18a", "m18b", "m18c"]
    assert read.sound


def test_what_is_closed_or_not_there_is_no_proposal() -> None:
    read = read_proposal("m07、m16 と m99", CATALOGUES, DAY)
    assert [(menu.row.id, menu.possible) for menu in read.menus] == [("m07", True), ("m16", False)]
    assert read.unknown == ("m99",)
    assert not read.sound


def test_a_menu_that_was_open_is_none_the_day_after() -> None:
    assert read_proposal("m18a", CATALOGUES, date(2017, 1, 17)).sound
    assert not read_proposal("m18a", CATALOGUES, date(2017, 1, 18)).sound


@pytest.mark.parametrize("text", ["Ｌ－Ｊ１", "l-j1", "支援は L-J1、ほかは後日", "L-J1L-J1 L-J1"])
def test_a_number_is_read_however_it_is_typed(text: str) -> None:
    menus = read_proposal(text.replace("－", "-"), CATALOGUES, date(2026, 5, 1)).menus
    assert "L-J1" in [menu.row.id for menu in menus]


@pytest.mark.parametrize(
    "text", ["", "①ハンズオン支援 ②商談会", "面積は m2 で、A4 の用紙に", "m077", "xm07", "km07x", "\x00\ud800"]
)
def test_other_words_are_left_alone(text: str) -> None:
    read = read_proposal(text, CATALOGUES, DAY)
    assert (read.menus, read.unknown, read.sound) == ((), (), False)


def test_only_measures_are_menus() -> None:
    read = read_proposal("c05 sales_channel", CATALOGUES, date(2017, 6, 1))
    assert (read.menus, read.unknown) == ((), ())
