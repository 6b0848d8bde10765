"""Conditions: CEL expressions over a closed set of typed facts, checked before they are kept.

CEL as a library is checked only while it runs. What a condition may say is therefore less than
CEL: facts, whole numbers, texts and truths; comparisons, ``in``, arithmetic, ``&&``, ``||``, ``!``
and ``? :``. Each part has a type before anything is evaluated.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, Literal

import celpy
from celpy.celparser import CELParseError
from celpy.celtypes import BoolType, IntType, StringType
from celpy.evaluation import CELEvalError

from aggregates.refusals import Invalid

Kind = Literal["integer", "money", "text", "truth"]
"""The type of a fact; ``money`` is an amount in minor units."""

Value = bool | int | str

DEPTH_MAX: Final = 100
"""How deeply the parts of a condition may lie in each other, as the grammar counts."""

_ARITHMETIC: Final = frozenset(
    {
        "addition_add",
        "addition_sub",
        "multiplication_mul",
        "multiplication_div",
        "multiplication_mod",
    }
)
_ORDER: Final = frozenset({"relation_lt", "relation_le", "relation_gt", "relation_ge"})
_EQUALITY: Final = frozenset({"relation_eq", "relation_ne"})
_SIGNS: Final = {"unary_not": "truth", "unary_neg": "integer"}
_TRANSPARENT: Final = frozenset(
    """expr conditionalor conditionaland relation addition multiplication unary member primary
    paren_expr list_lit""".split()
)
"""Nodes that mean what their only child means."""
_LITERALS: Final = {"INT_LIT": "integer", "STRING_LIT": "text", "BOOL_LIT": "truth"}
_ENVIRONMENT: Final = celpy.Environment()


class _NotTyped(Exception):  # noqa: N818 - says what is wrong with a condition
    def __init__(self, rule: str, detail: str) -> None:
        super().__init__(detail)
        self.rule = rule


def check(condition: str, variables: Mapping[str, Kind], *, field: str) -> None:
    """Let pass a condition that is true or false whatever the facts are.

    Raises:
        Invalid: ``condition-malformed``, for what is no CEL or more than a condition may say;
            ``unknown-variable``; ``condition-not-boolean``. ``field`` is the field to blame.
    """
    try:
        kind = _type(_parsed(condition), variables)
    except _NotTyped as wrong:
        raise Invalid(wrong.rule, f"{condition}: {wrong}", field=field) from wrong
    if kind != "truth":
        raise Invalid("condition-not-boolean", f"{condition} is no yes or no", field=field)


def holds(
    condition: str, facts: Mapping[str, Value], *, strange: frozenset[str] = frozenset()
) -> bool:
    """Whether ``condition`` holds for ``facts``.

    It holds as well where nobody can say that it does not: where it names a fact in ``strange``,
    such as an amount in another currency, or cannot be worked out.
    """
    if strange & names(condition):
        return True
    given = {name: _value(value) for name, value in facts.items()}
    try:
        return bool(_ENVIRONMENT.program(_parsed(condition)).evaluate(given))
    except CELEvalError:
        return True


@lru_cache(maxsize=1024)
def names(condition: str) -> frozenset[str]:
    """The facts that ``condition`` names."""
    return frozenset(str(found.children[0]) for found in _parsed(condition).find_data("ident"))


@lru_cache(maxsize=1024)
def _parsed(condition: str) -> Any:
    try:
        return _ENVIRONMENT.compile(condition)
    except CELParseError as wrong:
        raise _NotTyped("condition-malformed", "it is not an expression") from wrong


def _value(value: Value) -> BoolType | IntType | StringType:
    match value:
        case bool():
            return BoolType(value)
        case int():
            return IntType(value)
        case _:
            return StringType(value)


def _type(part: Any, variables: Mapping[str, Kind], depth: int = 0) -> str:  # noqa: PLR0911 - a table
    """The type of a part of a condition: ``integer``, ``text``, ``truth``, or a list of one."""
    if depth > DEPTH_MAX:
        raise _NotTyped("condition-malformed", "its parts lie too deep in each other")
    match str(part.data), part.children:
        case "ident", [name]:
            return _type_of_fact(str(name), variables)
        case "literal", [literal] if literal.type in _LITERALS:
            return _LITERALS[literal.type]
        case "exprlist", members:
            (kind,) = _alike({_type(member, variables, depth + 1) for member in members})
            return f"list of {kind}"
        case data, [only] if data in _TRANSPARENT:
            return _type(only, variables, depth + 1)
        case "unary", [sign, operand]:
            kind = _type(operand, variables, depth + 1)
            return _same(_SIGNS[str(sign.data)], kind)
        case "expr" | "conditionalor" | "conditionaland" as data, [_, _, *_] as parts:
            return _combined(data, [_type(inner, variables, depth + 1) for inner in parts])
        case "relation" | "addition" | "multiplication", [operator, right]:
            kinds = [_type(inner, variables, depth + 1) for inner in (*operator.children, right)]
            return _combined(str(operator.data), kinds)
        case _:
            raise _NotTyped("condition-malformed", "it says more than a condition may")


def _type_of_fact(name: str, variables: Mapping[str, Kind]) -> str:
    if name not in variables:
        known = ", ".join(sorted(variables))
        raise _NotTyped("unknown-variable", f"{name} is none of the facts {known}")
    return "integer" if variables[name] == "money" else variables[name]


def _combined(data: str, kinds: list[str]) -> str:
    """The type of what an operator makes of parts of types ``kinds``."""
    match data, kinds:
        case "expr", [condition, *branches]:
            _same("truth", condition)
            (kind,) = _alike(set(branches))
            return kind
        case "conditionalor" | "conditionaland", _:
            return _all("truth", kinds)
        case "relation_in", [member, members] if members == f"list of {member}":
            return "truth"
        case _ if data in _EQUALITY:
            _alike(set(kinds))
            return "truth"
        case _ if data in _ORDER:
            _all("integer", kinds)
            return "truth"
        case _ if data in _ARITHMETIC:
            return _all("integer", kinds)
        case _:
            raise _NotTyped("condition-malformed", f"{' and '.join(kinds)} do not go together")


def _all(wanted: str, kinds: list[str]) -> str:
    for kind in kinds:
        _same(wanted, kind)
    return wanted


def _same(wanted: str, kind: str) -> str:
    if kind != wanted:
        raise _NotTyped("condition-malformed", f"{kind} stands where {wanted} has to")
    return kind


def _alike(kinds: set[str]) -> set[str]:
    if len(kinds) != 1:
        raise _NotTyped("condition-malformed", f"{', '.join(sorted(kinds))} are compared")
    return kinds
