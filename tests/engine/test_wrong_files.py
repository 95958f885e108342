"""A wrong text that a plugin supplies is told to whoever needs it; a wrong text that the embedder gives is refused at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from crash.office import BANK, COMPANY, FILES, draft, open_office, submit
from toritsugi.core.values import Actor
from toritsugi.engine import Engine
from toritsugi.errors import DefinitionError, UnknownProcedure
from toritsugi.hooks import folder_plugin
from toritsugi.testing.clock import FakeClock
from world import START

OPERATOR = Actor(id="op1", institution="test_bank", operator=True)


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """The procedures of tests/procedures in a folder."""
    folder = tmp_path / "texts"
    folder.mkdir()
    for file in FILES:
        (folder / Path(file.file).name).write_bytes(file.text)
    return folder


def _open(store_url: str, clock: FakeClock, texts: Path) -> Engine:
    return open_office(store_url, clock, procedures=(), plugins=[folder_plugin(texts)])


def _spoil(texts: Path, name: str) -> None:
    file = texts / f"{name}.yaml"
    file.write_text(file.read_text("utf-8").replace("\ndata:\n", "\ndata: [\n"), "utf-8")


def test_a_wrong_text_of_a_plugin_stops_nobody_who_does_not_need_it(
    store_url: str, clock: FakeClock, texts: Path
) -> None:
    _spoil(texts, "site_visit")
    with _open(store_url, clock, texts) as engine:
        assert draft(engine)
        assert [one.file for one in engine.wrong_procedures()] == ["texts/site_visit.yaml"]
        assert "site_visit" not in {one.id for one in engine.procedures()}
        with pytest.raises(DefinitionError) as told:
            engine.procedure("site_visit")
        assert "texts/site_visit.yaml:" in told.value.message("ja")


def test_what_is_wrong_is_told_in_the_engine_s_language(store_url: str, clock: FakeClock, texts: Path) -> None:
    _spoil(texts, "site_visit")
    plugins = [folder_plugin(texts)]
    with open_office(store_url, clock, procedures=(), plugins=plugins, locale="ja") as engine:
        (wrong,) = engine.wrong_procedures()
        assert str(wrong) == f"{wrong.code}: {wrong.message('ja')}" != f"{wrong.code}: {wrong.message('en')}"


def test_who_links_to_a_wrong_text_is_told_of_that_text(store_url: str, clock: FakeClock, texts: Path) -> None:
    _spoil(texts, "shared_pot")
    with _open(store_url, clock, texts) as engine:
        with pytest.raises(DefinitionError) as told:
            draft(engine)
        assert told.value.file == "texts/shared_pot.yaml"
        assert [one.file for one in engine.wrong_procedures()] == ["texts/shared_pot.yaml"]


def test_a_case_goes_on_under_its_earlier_text_and_can_move_to_one_that_is_kept(
    store_url: str, clock: FakeClock, texts: Path
) -> None:
    with _open(store_url, clock, texts) as engine:
        case_id = draft(engine)
    _spoil(texts, "loan_request")
    with _open(store_url, clock, texts) as engine:
        submit(engine, case_id, START)
        assert engine.send(case_id, "answer", BANK).state == "granted"
        told = engine.rebase(case_id, to="1", actor=OPERATOR, reason="x")
        assert [one["en"] for one in told.problems] == ["the case stands on this version already."]
        with pytest.raises(DefinitionError):
            engine.rebase(case_id, to="2", actor=OPERATOR, reason="x")
        with pytest.raises(DefinitionError):
            engine.start("loan_request", COMPANY, {"company": "Acme"})
        with pytest.raises(UnknownProcedure):
            engine.start("no_such_procedure", COMPANY)


def test_a_wrong_text_of_the_embedders_own_is_refused_when_the_engine_is_opened(
    store_url: str, clock: FakeClock, texts: Path
) -> None:
    _spoil(texts, "site_visit")
    own = folder_plugin(texts).toritsugi_procedures()
    with pytest.raises(DefinitionError) as told:
        open_office(store_url, clock, procedures=own)
    assert told.value.file == "texts/site_visit.yaml"


def test_of_two_texts_with_one_id_the_later_counts_though_the_first_is_wrong(
    store_url: str, clock: FakeClock, texts: Path
) -> None:
    _spoil(texts, "loan_request")
    with open_office(store_url, clock, procedures=FILES, plugins=[folder_plugin(texts)]) as engine:
        assert draft(engine)
        assert engine.wrong_procedures() == ()


@pytest.mark.parametrize(
    ("said", "instead"), [("\ndata:\n", "\ndata: [\n"), ("\ninitial: ", "\ninitial: nowhere_")], ids=["text", "sense"]
)
def test_what_is_like_a_wrong_text_is_told_of_that_text(
    store_url: str, clock: FakeClock, texts: Path, said: str, instead: str
) -> None:
    again = (
        'procedure: visit_again\nversion: "1"\ntitle: {ja: 再訪, en: Again}\nsource: x\nlike: {procedure: site_visit}\n'
    )
    (texts / "again.yaml").write_text(again, "utf-8")
    base = texts / "site_visit.yaml"
    base.write_text(base.read_text("utf-8").replace(said, instead), "utf-8")
    with _open(store_url, clock, texts) as engine:
        with pytest.raises(DefinitionError) as told:
            engine.procedure("visit_again")
        assert told.value.file == "texts/site_visit.yaml"
        assert {"visit_again", "site_visit"}.isdisjoint(one.id for one in engine.procedures())
