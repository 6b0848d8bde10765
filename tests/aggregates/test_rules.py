"""Every rule has an id of its own, one kind of refusal, and a test that sees it say no."""

import ast
import re
from collections.abc import Iterator
from typing import Final

import pytest

from tests.architecture.house import Source, sources

KINDS: Final = frozenset({"NotFound", "NotAllowed", "WrongState", "Invalid"})
RULE: Final = re.compile(r"[a-z]+(-[a-z]+)+")


def refusals(source: Source) -> Iterator[tuple[str, str]]:
    """Each rule id that a file names in a call, and what it calls with it."""
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        for argument in node.args:
            if (
                isinstance(argument, ast.Constant)
                and isinstance(argument.value, str)
                and RULE.fullmatch(argument.value)
            ):
                yield argument.value, node.func.id


NAMED: Final = sorted(
    {found for source in sources("aggregates", "commands") for found in refusals(source)}
)
RULES: Final = sorted({rule for rule, _ in NAMED})
TESTS: Final = "".join(source.text for source in sources("tests/aggregates", "tests/commands"))


def test_there_are_rules() -> None:
    assert len(RULES) > 30


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_refuses_in_one_way_only(rule: str) -> None:
    """A caller who knows the id of the rule knows what to do about it."""
    kinds = {kind for named, kind in NAMED if named == rule and kind in KINDS}
    assert len(kinds) <= 1


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_has_a_test_that_sees_it_say_no(rule: str) -> None:
    assert f'"{rule}"' in TESTS


def test_the_check_itself_catches() -> None:
    """A rule that cannot fail is no rule."""
    planted = Source(
        "aggregates/x.py",
        'def f():\n    raise Invalid("a-rule", "no", field="a-field")\n'
        'def g():\n    raise WrongState("a-rule", "no")\n_once([], "another-rule", "x")',
    )
    assert sorted(refusals(planted)) == [
        ("a-rule", "Invalid"),
        ("a-rule", "WrongState"),
        ("another-rule", "_once"),
    ]
