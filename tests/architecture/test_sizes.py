"""Over 300 lines a file holds two concepts; over 60 a function does; deeper than 3 nobody reads."""

import ast
from typing import Final

import pytest

from tests.architecture.house import Source, sources

LINES_MAX: Final = 300
FUNCTION_LINES_MAX: Final = 60
NESTING_MAX: Final = 3

Function = ast.FunctionDef | ast.AsyncFunctionDef


def too_large(text: str) -> set[str]:
    """What in a file is over its limit; empty for a file in order."""
    found = set()
    if text.count("\n") > LINES_MAX:
        found.add(f"the file: {text.count(chr(10))} lines")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, Function):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES_MAX:
                found.add(f"{node.name}: {lines} lines")
            if (depth := _depth(node.body)) > NESTING_MAX:
                found.add(f"{node.name}: {depth} levels deep")
    return found


def _depth(body: list[ast.stmt]) -> int:
    """How deeply levels stand in levels; ``elif`` counts as beside its ``if``, not as inside it.

    A level is what branches or repeats: ``if``, ``for``, ``while``, ``except``. A ``with`` or a
    ``try`` does neither, and a ``match`` is read as a table.
    """
    return max((_depth_of(statement) for statement in body), default=0)


def _depth_of(statement: ast.stmt) -> int:
    match statement:
        case ast.If(body=body, orelse=[ast.If() as other]):
            return max(1 + _depth(body), _depth_of(other))
        case ast.Match(cases=cases):
            return max(_depth(case.body) for case in cases)
        case ast.With(body=body) | ast.AsyncWith(body=body):
            return _depth(body)
        case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
            branches = (1 + _depth(handler.body) for handler in handlers)
            return max((_depth([*body, *orelse, *finalbody]), *branches))
        case ast.If() | ast.For() | ast.AsyncFor() | ast.While():
            return 1 + _depth([*statement.body, *statement.orelse])
        case _:
            return 0


RULED: Final = sources()


@pytest.mark.parametrize("source", RULED, ids=[source.path for source in RULED])
def test_a_file_and_its_functions_stay_small(source: Source) -> None:
    assert too_large(source.text) == set()


@pytest.mark.parametrize("source", sources("tests", "benchmarks"))
def test_functions_of_tests_and_benchmarks_stay_small_too(source: Source) -> None:
    assert {what for what in too_large(source.text) if "file" not in what} == set()


@pytest.mark.parametrize(
    ("text", "caught"),
    [
        ("x = 1\n" * 301, "the file: 301 lines"),
        ("def f():\n" + "    x = 1\n" * 60, "f: 61 lines"),
        ("async def f():\n" + "    x = 1\n" * 60, "f: 61 lines"),
        (
            "def f():\n if a:\n  for b in c:\n   with d:\n    while e:\n     if g:\n      pass",
            "f: 4 levels deep",
        ),
        (
            "def f():\n try:\n  pass\n except E:\n  if a:\n   if b:\n    if c:\n     pass",
            "f: 4 levels deep",
        ),
        (
            "def f():\n match a:\n  case 1:\n   if b:\n    if c:\n     if d:\n      while e: f()",
            "f: 4 levels deep",
        ),
    ],
)
def test_the_check_itself_catches(text: str, caught: str) -> None:
    """A rule that cannot fail is no rule."""
    assert caught in too_large(text)


@pytest.mark.parametrize(
    "text",
    [
        "x = 1\n" * 300,
        "def f():\n" + "    x = 1\n" * 59,
        "def f():\n if a:\n  pass\n elif b:\n  pass\n elif c:\n  pass\n elif d:\n  pass",
        "def f():\n if a:\n  for b in c:\n   with d:\n    while e:\n     pass",
        "def f():\n match a:\n  case 1:\n   if b:\n    if c:\n     if d:\n      pass",
    ],
)
def test_the_check_lets_pass_what_is_allowed(text: str) -> None:
    assert too_large(text) == set()
