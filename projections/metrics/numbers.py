"""Exact arithmetic of metrics: fractions all the way, rounded only where a definition says so."""

from collections.abc import Collection
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Final

Number = int | Fraction | Decimal
"""An exact number; a binary fraction is none, so ``float`` is not among them."""

_HALF: Final = Fraction(1, 2)


def exact(name: str, value: Number, *, least: Number = 0, most: Number | None = None) -> Fraction:
    """``value`` as a fraction; from ``least`` to ``most``, both inclusive.

    Raises:
        ValueError: out of these bounds, or not an exact number; the message begins with ``name``.
    """
    if isinstance(value, bool) or not isinstance(value, int | Fraction | Decimal):
        raise ValueError(f"{name} is {value!r}, which is no exact number")  # noqa: TRY004 - one kind
    if isinstance(value, Decimal) and not value.is_finite():
        raise ValueError(f"{name} is {value}, which is no number")
    found = Fraction(value)
    if found < least:
        raise ValueError(f"{name} is {value}, below {least}")
    if most is not None and found > most:
        raise ValueError(f"{name} is {value}, above {most}")
    return found


def positive(name: str, value: Number) -> Fraction:
    """``value`` as a fraction above zero.

    Raises:
        ValueError: it is not above zero.
    """
    found = exact(name, value)
    if not found:
        raise ValueError(f"{name} is 0, and nothing can be divided by it")
    return found


def percent(part: Fraction, whole: Fraction) -> Fraction:
    """``part`` of ``whole`` in percent, exact; ``whole`` is not 0."""
    return 100 * part / whole


def half_up(value: Fraction) -> int:
    """The nearest whole number; of two equally near, the greater."""
    return floor(value + _HALF)


def one_of(name: str, value: str, known: Collection[str]) -> str:
    """``value``, which is one of ``known``.

    Raises:
        ValueError: it is none of them.
    """
    if value not in known:
        raise ValueError(f"{name} is {value!r}, none of {', '.join(sorted(known))}")
    return value
