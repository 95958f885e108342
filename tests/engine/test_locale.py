"""The language in which an engine tells its errors, where none is asked for."""

import pytest

from crash.office import BANK, draft, open_office
from toritsugi.errors import NotPossible, ToritsugiError, UnknownCase
from toritsugi.testing.clock import FakeClock
from world import START


def test_an_error_is_told_in_its_engine_s_language(store_url: str) -> None:
    with (
        open_office(store_url, FakeClock(START), locale="ja") as here,
        open_office(store_url, FakeClock(START)) as there,
    ):
        case_id = draft(here)
        with pytest.raises(NotPossible) as refused:
            here.send(case_id, "answer", BANK)
        assert "下書き" in str(refused.value)
        assert "Draft" in refused.value.message("en")
        with pytest.raises(NotPossible) as refused:
            there.send(case_id, "answer", BANK)
        assert "Draft" in str(refused.value) and "下書き" in refused.value.message("ja")
        for ask in (here.case, here.family):
            with pytest.raises(UnknownCase) as unknown:
                ask("no-such-case")
            assert "見つかりません" in str(unknown.value)


def test_another_language_is_refused() -> None:
    with pytest.raises(ValueError, match="ja, en"):
        open_office("sqlite://", FakeClock(START), locale="fr")


def test_an_error_of_no_engine_is_told_in_english() -> None:
    assert str(ToritsugiError()) == "INTERNAL: An internal fault."
