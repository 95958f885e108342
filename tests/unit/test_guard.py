"""Compiled rules: they hold only for certain, and say why when they do not."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guard_scope import SCOPE, VOCABULARY, rules
from toritsugi.core.guard import compile_expression
from toritsugi.definition import terms
from toritsugi.definition.expression import Expression, parse
from toritsugi.definition.types import DATE, INTEGER, YEN, Kind


def holds(text: str, **env: Any) -> Any:
    return compile_expression(parse(text, SCOPE))(env)


def value(text: str, type_: Any, **env: Any) -> Any:
    return compile_expression(parse(text, SCOPE, type_))(env)


dates = st.sampled_from(["2026-03-01", "2026-04-01", "2026-05-13", "9999-12-31"])
loans = st.sampled_from(["in_use", "planned", "none"])
small = st.integers(0, 4)
costs = st.fixed_dictionaries({}, optional={"amount": small | st.none(), "paid_on": dates})
environments = st.fixed_dictionaries(
    {},
    optional={
        "loan_status": loans | st.none(),
        "scheme_loan_introduced_on": dates | st.none(),
        "frame.available": st.sampled_from([0, 1_000, 1_003]),
        "amount": st.sampled_from([0, 3, 1_000_001]),
        "costs": st.lists(costs, max_size=3),
        "company": st.sampled_from([{}, {"name": "x"}, {"name": None}]),
        "visit_on": dates,
        "agreed": st.booleans(),
        "menus": st.lists(loans, max_size=2),
        "count": small,
        "corporate_number": st.just("7000012050002"),
        "arrived_at": st.integers(0, 10**16),
        "note": st.sampled_from(["x", "y"]),
        "form1_on": dates,
        "e1": st.sampled_from(["yes", "no"]),
        "twin_a": small,
        "twin_b": small,
    },
)


def kleene(rule: Expression, env: dict[str, Any]) -> bool | None:
    """Strong three-valued logic, written down a second time: None is "cannot be said"."""
    match rule:
        case terms.Not(operand=operand):
            inner = kleene(operand, env)
            return None if inner is None else not inner
        case terms.And(parts=parts):
            answers = [kleene(part, env) for part in parts]
            return False if False in answers else None if None in answers else True
        case terms.Or(parts=parts):
            answers = [kleene(part, env) for part in parts]
            return True if True in answers else None if None in answers else False
        case terms.Implies(premise=premise, conclusion=conclusion):
            one, other = kleene(premise, env), kleene(conclusion, env)
            return True if one is False or other is True else None if None in (one, other) else False
        case terms.IsSet(operand=operand, denied=denied):
            here = compile_expression(operand)(env)
            return (bool(here) if operand.type.kind is Kind.LIST else here is not None) is not denied
        case terms.OneOf(operand=operand, values=values, denied=denied):
            here, *among = (compile_expression(part)(env) for part in (operand, *values))
            found = None if here is None or (here not in among and None in among) else here in among
            return None if found is None else found is not denied
        case terms.Includes():
            return bool(compile_expression(rule)(env))
    read = [compile_expression(part)(env) for part in (terms.children(rule) or (rule,))]
    return None if None in read else bool(compile_expression(rule)(env))


@settings(max_examples=400)
@given(text=rules, env=environments)
def test_a_rule_holds_exactly_where_three_valued_logic_is_certain(text: str, env: dict[str, Any]) -> None:
    rule = parse(text, VOCABULARY)
    assert bool(compile_expression(rule)(env)) is (kleene(rule, env) is True)


@pytest.mark.parametrize(
    "rule",
    [
        "loan_status = planned",
        "loan_status != planned",
        "not (loan_status = planned)",
        "loan_status not in [none]",
        "agreed",
        "not agreed",
        "count + 1 > 0",
    ],
)
def test_nothing_is_certain_about_what_is_not_set(rule: str) -> None:
    assert not holds(rule)
    assert not holds(rule, loan_status=None, agreed=None, count=None)


@pytest.mark.parametrize("other", ["twin_b", "2"])
@pytest.mark.parametrize(
    ("relation", "answers"),
    [("=", (0, 1, 0)), ("!=", (1, 0, 1)), ("<", (1, 0, 0)), ("<=", (1, 1, 0)), (">", (0, 0, 1)), (">=", (0, 1, 1))],
)
def test_every_relation_and_its_denial_answer_for_less_equal_and_more(
    relation: str, answers: tuple[int, ...], other: str
) -> None:
    for one, answer in zip((1, 2, 3), answers, strict=True):
        assert holds(f"twin_a {relation} {other}", twin_a=one, twin_b=2) is bool(answer)
        assert holds(f"not (twin_a {relation} {other})", twin_a=one, twin_b=2) is not bool(answer)


def test_an_implication_over_a_missing_premise_fails_closed() -> None:
    rule = "loan_status = planned implies scheme_loan_introduced_on is set"
    assert holds(rule, loan_status="none")
    assert holds(rule, loan_status="planned", scheme_loan_introduced_on="2026-04-01")
    assert not holds(rule, loan_status="planned")
    assert not holds(rule)


def test_a_missing_value_can_be_allowed_by_saying_so() -> None:
    assert holds("amount is not set or amount < 10")
    assert not holds("amount is not set or amount < 10", amount=10)


def test_a_list_never_written_is_the_empty_list() -> None:
    assert holds("count of costs = 0 and sum of costs.amount = 0 and not (menus includes planned) and costs is not set")
    assert holds("costs is not set", costs=[])
    assert holds("sum of costs.amount = 5", costs=[{"amount": 2}, {}, {"amount": 3}])


def test_dates_move_by_calendar_days() -> None:
    assert value("visit_on - 6 weeks", DATE, visit_on="2026-05-13") == "2026-04-01"
    assert value("visit_on + count", DATE, visit_on="2026-02-28", count=1) == "2026-03-01"
    assert value("visit_on + 1", DATE, visit_on="9999-12-31") is None
    assert value("visit_on + count", DATE, visit_on="2026-02-28") is None


def test_an_effects_value_is_computed_or_not_set() -> None:
    assert value("amount - 200 + frame.available", YEN, amount=1_000, **{"frame.available": 5}) == 805
    assert value("amount - 200", YEN) is None
    assert value("count", INTEGER, count=3) == 3


def test_a_field_of_a_record_is_read_through_the_record() -> None:
    assert holds("company.name = 'x'", company={"name": "x"})
    assert not holds("company.name = 'x'", company={})
