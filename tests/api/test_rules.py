"""Every rule that can say no is on the list a client may rely on, and no other is."""

import ast
from typing import Final

import pytest

from api.problems import KINDS, Problem
from api.rules import RULES
from tests.architecture.house import Source, sources

_SAYS_NO: Final = {"NotFound", "NotAllowed", "WrongState", "Invalid"}


def rules_raised(text: str) -> set[str]:
    """The rule ids a file refuses or answers with."""
    calls = [
        (node.func.id, node.args)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    ruled = [arguments[:1] for name, arguments in calls if name in _SAYS_NO]
    ruled += [arguments[1:2] for name, arguments in calls if name == "Problem"]
    return {str(rule.value) for (rule,) in filter(None, ruled) if isinstance(rule, ast.Constant)}


def texts_in(text: str) -> set[str]:
    """Every text a file holds."""
    return {
        node.value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


SOURCES: Final = [
    source for source in sources("aggregates", "commands", "api") if source.stem != "rules"
]


@pytest.mark.parametrize("source", SOURCES, ids=[source.path for source in SOURCES])
def test_every_rule_that_says_no_is_listed(source: Source) -> None:
    assert rules_raised(source.text) <= set(RULES)


def test_every_rule_that_is_listed_can_say_no() -> None:
    held = set().union(*(texts_in(source.text) for source in SOURCES))
    assert set(RULES) <= held


@pytest.mark.parametrize("code", KINDS)
def test_a_problem_has_a_type_with_a_page_and_the_status_of_its_kind(code: str) -> None:
    body = Problem(code, "busy", "because").body("/x", "c")
    assert body["type"] == f"/problems/{code}"
    assert body["status"] == KINDS[code].status


def test_the_check_itself_catches() -> None:
    """A rule that cannot fail is no rule."""
    text = "raise NotFound('no-such-rule', 'x')\nraise Problem('invalid', 'neither-this', 'x')"
    assert rules_raised(text) == {"no-such-rule", "neither-this"}
