"""`case --family`: the cases that have to do with each other, as a tree and as one story."""

from .conftest import Typed


def test_the_tree_shows_where_each_case_stands_and_the_story_follows(typed: Typed, accepted: str) -> None:
    shown = typed("case", accepted, "--family")
    assert (shown.code, shown.err) == (0, "")
    assert shown.out.startswith("関連する案件\n")
    assert f"{accepted}  申込受付済み  ◀" in shown.out
    assert "└─ " in shown.out
    tree, story = shown.out.split("\n経過\n")
    assert tree.count("\n  ") == 2
    assert "案件を開く" in story


def test_as_json_each_case_says_under_which_it_hangs(typed: Typed, accepted: str) -> None:
    found = typed("case", accepted, "--family", "--json").json
    first, frame = found["cases"]
    assert (first["id"], first["under"], frame["under"]) == (accepted, None, accepted)
    assert (frame["procedure"], frame["link"], frame["depth"], frame["opened"]) == (
        "support_cost_frame",
        "frame",
        1,
        True,
    )
    assert {row["case"] for row in found["history"]} == {first["id"], frame["id"]}
    assert found["cut"] is False


def test_in_english(typed: Typed, accepted: str) -> None:
    shown = typed("case", accepted, "--family", "--lang", "en")
    assert shown.out.startswith("The family of cases\n")
    assert "What happened" in shown.out
