"""Cases as a file has them, and what a function made of them: read exactly, compared in bounds."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import yaml

TOLERANCE: Final = Decimal("0.005")
"""How far a number may lie from the expected one, where a case does not say."""

Values = Mapping[str, Any]
Compute = Callable[[Values], Values]
"""The inputs of a case to everything that can be said of them, by the names cases expect."""

NOT_BUILT: Final = "not built yet"


class Unreadable(Exception):  # noqa: N818 - says what the file is not
    """The file cannot be read as cases."""


@dataclass(frozen=True, slots=True)
class Case:
    """One worked example."""

    case_id: str
    kind: str
    inputs: Values
    expected: Values
    tolerance: Decimal


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a case: nothing in ``differences`` where it is as expected."""

    case: Case
    differences: tuple[str, ...]
    built: bool = True

    @property
    def line(self) -> str:
        """The one line that tells it."""
        if not self.built:
            return f"{self.case.case_id}  {NOT_BUILT} ({self.case.kind})"
        return f"{self.case.case_id}  {'; '.join(self.differences) or 'ok'}"


class _Exact(yaml.SafeLoader):
    """YAML whose fractions stay what they are in writing: 0.1 is a tenth."""


def _decimal(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(str(loader.construct_scalar(node)).replace("_", ""))


_Exact.add_constructor("tag:yaml.org,2002:float", _decimal)


def read(path: Path) -> list[Case]:
    """The cases of the file at ``path``, in order.

    Raises:
        Unreadable: there is no such file, it is no YAML, or it does not hold a list of cases.
    """
    try:
        found = yaml.load(path.read_text(encoding="utf-8"), Loader=_Exact)
    except (OSError, UnicodeError, yaml.YAMLError, ArithmeticError) as wrong:
        raise Unreadable(f"{path}: {wrong}") from wrong
    cases = found.get("cases") if isinstance(found, dict) else found
    if not isinstance(cases, list) or not cases:
        raise Unreadable(f"{path}: there is no list of cases in it")
    try:
        return [_case(one) for one in cases]
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as wrong:
        raise Unreadable(f"{path}: a case is not as it must be: {wrong!r}") from wrong


def _case(one: Any) -> Case:
    return Case(
        case_id=str(one["id"]),
        kind=str(one["kind"]),
        inputs=dict(one.get("inputs") or {}),
        expected=dict(one["expected"]),
        tolerance=Decimal(str(one.get("tol", TOLERANCE))),
    )


def run(case: Case, kinds: Mapping[str, Compute]) -> Outcome:
    """What the function of its kind makes of ``case``; whatever goes wrong is in the outcome."""
    compute = kinds.get(case.kind)
    if compute is None:
        return Outcome(case, (), built=False)
    try:
        found = compute(case.inputs)
    except Exception as wrong:  # noqa: BLE001 - one bad case must not stop the others
        return Outcome(case, (f"{type(wrong).__name__}: {wrong}",))
    return Outcome(case, tuple(differences(case.expected, found, case.tolerance)))


def differences(expected: Any, found: Any, tolerance: Decimal, where: str = "") -> Iterator[str]:
    """What of ``expected`` is otherwise in ``found``; what is more in ``found`` does not count."""
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        for name, value in expected.items():
            inner = f"{where}.{name}" if where else str(name)
            if name in found:
                yield from differences(value, found[name], tolerance, inner)
            else:
                yield f"{inner}: expected {_text(value)}, not computed"
    elif _is_list(expected) and _is_list(found) and len(expected) == len(found):
        for place, (value, other) in enumerate(zip(expected, found, strict=True)):
            yield from differences(value, other, tolerance, f"{where}[{place}]")
    elif not _same(expected, found, tolerance):
        yield f"{where}: expected {_text(expected)}, found {_text(found)}"


def _same(expected: Any, found: Any, tolerance: Decimal) -> bool:
    if _is_number(expected) and _is_number(found):
        return abs(Fraction(expected) - Fraction(found)) <= Fraction(tolerance)
    return type(expected) is type(found) and bool(expected == found)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | Fraction | Decimal) and not isinstance(value, bool)


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _text(value: Any) -> str:
    match value:
        case Fraction():
            return f"{float(value):.12g}"
        case Mapping():
            return "{" + ", ".join(f"{name}: {_text(inner)}" for name, inner in value.items()) + "}"
        case list() | tuple():
            return f"[{', '.join(_text(inner) for inner in value)}]"
        case _:
            return str(value)
