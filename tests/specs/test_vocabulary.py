"""The vocabulary as a whole: every example is understood, in one way only; what is near a wrong step is told."""

import pytest

from toritsugi.testing.specs.phrases import Phrase, Skeleton
from toritsugi.testing.specs.vocabulary import understand, unknown, vocabulary


@pytest.mark.parametrize("one", vocabulary(), ids=lambda one: one.example_en)
def test_an_example_is_written_as_its_own_phrase_and_no_other(one: Phrase) -> None:
    for example in (one.example_ja, one.example_en):
        hits = [other.example_en for other in vocabulary() if other.match(Skeleton.of(example)) is not None]
        assert hits == [one.example_en]


@pytest.mark.parametrize("one", vocabulary(), ids=lambda one: one.example_en)
def test_a_step_may_be_about_another_case(one: Phrase) -> None:
    for example in (f"関連案件「枠」では、{one.example_ja}", f'in the linked case "frame", {one.example_en}'):
        understood = understand(example)
        assert understood is not None
        assert (understood.phrase, understood.link) == (one, "枠" if "枠」" in example[:8] else "frame")


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("状態が「申込受付済み」になっているはず", "状態は「申込受付済み」である"),
        ("金融機関はメールで「様式1をジェトロへ送付する」", "金融機関が電子メールで「様式1をジェトロへ送付する」"),
        ('the status is "Closed"', 'the state is "Application accepted"'),
        ("7営業日たつ", "ジェトロの7営業日後の17時になる"),
    ],
)
def test_the_nearest_steps_are_told(written: str, near: str) -> None:
    assert understand(written) is None
    assert near in f"{unknown(written).ja}{unknown(written).en}"


def test_punctuation_and_width_do_not_matter() -> None:
    for written in (
        "、金融機関が、電子メールで、「様式1」。",
        "金融機関が ＦＡＸで 「様式1」を行う",
        "金融機関がFAXで「様式1」",
    ):
        understood = understand(written)
        assert understood is not None and understood.slots["event"] == "様式1", written
