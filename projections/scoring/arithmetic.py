"""Whole-number arithmetic of scores: divisions round half up, and what fades is read in a table."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import cache
from typing import Final

import polars as pl

from events.policies.scoring import POINT

WHOLE: Final = 2**30
"""What has not faded at all, in a table of :func:`fading`."""

_EXACT: Final = Context(prec=60, rounding=ROUND_HALF_UP)


def half_up(part: pl.Expr, whole: pl.Expr | int) -> pl.Expr:
    """``part`` by a positive ``whole`` to the nearest whole number; of two as near, the greater."""
    return (part * 2 + whole) // (whole * 2)


def rounded(points: pl.Expr, digits: int) -> pl.Expr:
    """Millionths of a point rounded to ``digits`` places of a point, half up."""
    step = int(POINT // 10**digits)
    return half_up(points, step) * step


def quotient(part: pl.Expr, whole: pl.Expr, digits: int) -> pl.Expr:
    """Millionths of ``part`` by ``whole``, rounded once; null where ``whole`` is 0."""
    step = int(POINT // 10**digits)
    return pl.when(whole > 0).then(half_up(part, whole * step) * step)


def total(parts: Iterable[pl.Expr]) -> pl.Expr:
    """The sum of at least one part."""
    found, *others = parts
    for part in others:
        found = found + part
    return found


@cache
def fading(half_life_days: int, days: int) -> tuple[int, ...]:
    """What is left of :data:`WHOLE` after 0, 1, … ``days`` - 1 whole days, each rounded half up.

    Decimal arithmetic of sixty places, which its standard fixes to the last one: a binary ``exp``
    differs between machines.
    """
    with localcontext(_EXACT):
        rate = Decimal(2).ln() / half_life_days
        left = [(-rate * day).exp() * WHOLE for day in range(days)]
        return tuple(int(one.to_integral_value(ROUND_HALF_UP)) for one in left)
