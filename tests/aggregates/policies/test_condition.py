"""Conditions: what they may say, checked before they are kept; in doubt they hold."""

from typing import Final

import pytest

from aggregates.policies.condition import DEPTH_MAX, Kind, Value, check, holds, names
from aggregates.refusals import Invalid

VARIABLES: Final[dict[str, Kind]] = {
    "amount_minor": "money",
    "currency": "text",
    "discount_bps": "integer",
    "tier": "text",
    "new": "truth",
}
FACTS: Final[dict[str, Value]] = {
    "amount_minor": 10_000_000,
    "currency": "USD",
    "discount_bps": 1_500,
    "tier": "key",
    "new": False,
}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("amount_minor > 10000000", False),
        ("amount_minor >= 10000000", True),
        ("amount_minor > 9999999", True),
        ("amount_minor < 10000000", False),
        ("amount_minor <= 10000000", True),
        ("discount_bps == 1500 && tier != 'strategic'", True),
        ("tier in ['strategic', 'key']", True),
        ("tier in ['strategic']", False),
        ("new || discount_bps * 2 - 1 > 2998", True),
        ("!new", True),
        ("-discount_bps < -1500", False),
        ("tier == 'key' ? discount_bps > 1499 : new", True),
        ("(amount_minor + 1) / 2 == 5000000 && discount_bps % 7 == 2", True),
        ("true", True),
    ],
)
def test_a_condition_says_what_it_says(condition: str, expected: bool) -> None:
    check(condition, VARIABLES, field="when")
    assert holds(condition, FACTS) is expected


@pytest.mark.parametrize(
    ("condition", "rule"),
    [
        ("amount_minor >", "condition-malformed"),
        ("", "condition-malformed"),
        ("revenue > 1", "unknown-variable"),
        ("new || revenue > 1", "unknown-variable"),
        ("amount_minor", "condition-not-boolean"),
        ("new ? 1 : 2", "condition-not-boolean"),
        ("[1, 2]", "condition-not-boolean"),
        ("amount_minor > 'much'", "condition-malformed"),
        ("tier > 'a'", "condition-malformed"),
        ("tier in [1]", "condition-malformed"),
        ("tier in ['a', 1]", "condition-malformed"),
        ("tier == 1", "condition-malformed"),
        ("new && tier", "condition-malformed"),
        ("!tier", "condition-malformed"),
        ("tier + 'x' == 'y'", "condition-malformed"),
        ("new ? new : 1", "condition-malformed"),
        ("1.5 > 1.0", "condition-malformed"),
        ("null == null", "condition-malformed"),
        ("[]", "condition-malformed"),
        ("size(tier) > 1", "condition-malformed"),
        ("tier.size() > 1", "condition-malformed"),
        ("[1].exists(x, x > 0)", "condition-malformed"),
        ("has(tier.x)", "condition-malformed"),
        ("{'a': 1} == {'a': 1}", "condition-malformed"),
    ],
)
def test_what_is_not_true_or_false_for_sure_is_refused(condition: str, rule: str) -> None:
    with pytest.raises(Invalid) as refused:
        check(condition, VARIABLES, field="when")
    assert (refused.value.rule, refused.value.field) == (rule, "when")


def test_what_lies_too_deep_is_refused_and_what_is_let_pass_can_be_worked_out() -> None:
    """Whoever writes a policy does not bring the process down with it."""
    terms = DEPTH_MAX - 9
    deepest = "||".join(["new"] * terms)
    check(deepest, VARIABLES, field="when")
    assert not holds(deepest, FACTS)
    for condition in (f"{deepest}||new||new", "(" * 300 + "new" + ")" * 300, "!" * 900 + "new"):
        with pytest.raises(Invalid, match="too deep"):
            check(condition, VARIABLES, field="when")


@pytest.mark.parametrize("condition", ["1 / discount_bps > 5", "amount_minor * 9999999999999 < 0"])
def test_what_cannot_be_worked_out_holds(condition: str) -> None:
    """A rule that fails asks for the approval rather than for none."""
    check(condition, VARIABLES, field="when")
    assert holds(condition, FACTS | {"discount_bps": 0})


def test_a_fact_that_is_strange_makes_its_condition_hold_and_no_other() -> None:
    strange = frozenset({"amount_minor"})
    assert holds("amount_minor > 99999999", FACTS, strange=strange)
    assert not holds("discount_bps > 1500", FACTS, strange=strange)
    assert names("amount_minor > 1 && !new") == {"amount_minor", "new"}
