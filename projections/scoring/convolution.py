"""What has faded by each day, of many accounts at once: products of matrices, exact to the bit.

Numbers are taken apart so that each sum of products is a whole number below 2^53, which binary
floating point holds exactly, in whatever order a processor adds.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

_LIMB: Final = 26
_HALF: Final = 15
"""A weight has up to 2 * 15 bits and a window less than 2^12 days: 26 + 15 + 12 bits a sum."""

_LIMBS: Final = 3
_DAYS: Final = 256
"""So many days are worked out at once."""

_Floats = NDArray[np.float64]
_Whole = NDArray[np.int64]


def faded(by_day: pl.Series, days: int, weights: Sequence[int]) -> pl.Series:
    """For each row its day and those before it, each by the weight of its age, in 2^-30.

    ``by_day`` is of 64 bits and holds ``days`` rows of one account after the other; ``weights`` are
    at most 2^30, for ages from 0 days on. A sum is of 128 bits where 64 do not do for doubling it.
    """
    told = by_day.to_numpy().reshape(-1, days)
    most = max(abs(int(told.max(initial=0))), abs(int(told.min(initial=0))))
    # Room is left to double a sum, to round it.
    kind = pl.Int64() if most * sum(weights) < 2**61 else pl.Int128()
    found = pl.Series("faded", [0], kind).new_from_index(0, len(by_day))
    table = np.array(weights, np.int64)
    for half, part in ((_HALF, table >> _HALF), (0, table & (1 << _HALF) - 1)):
        toeplitz = _toeplitz(part)
        for shift, limb in _limbs(told):
            sums = _summed(limb, toeplitz, len(weights) - 1).astype(np.int64)
            scales = (pl.Series([1 << power]).cast(kind) for power in (half, shift))
            found = found + math.prod(scales, start=pl.Series(sums.reshape(-1)).cast(kind))
    return found


def _limbs(told: _Whole) -> Iterator[tuple[int, _Floats]]:
    """``told`` taken apart, the last part signed, with the power of two that each is of."""
    for number in range(_LIMBS):
        shift = number * _LIMB
        limb = told >> shift
        if number < _LIMBS - 1:
            limb = limb & (1 << _LIMB) - 1
        if limb.any():
            yield shift, limb.astype(np.float64)


def _toeplitz(weights: _Whole) -> _Floats:
    """The weight of each day of a window and of those worked out at once, for each of the latter.

    The rows are days, the first of them as old as a window lets it be on the first column's day.
    """
    lead = len(weights) - 1
    ages = lead + np.arange(_DAYS)[None, :] - np.arange(lead + _DAYS)[:, None]
    return np.where((ages >= 0) & (ages <= lead), weights[ages.clip(0, lead)], 0).astype(np.float64)


def _summed(limb: _Floats, toeplitz: _Floats, lead: int) -> _Floats:
    accounts, days = limb.shape
    padded = np.zeros((accounts, lead + -(-days // _DAYS) * _DAYS))
    padded[:, lead : lead + days] = limb
    starts = range(0, days, _DAYS)
    parts = [padded[:, start : start + lead + _DAYS] @ toeplitz for start in starts]
    return np.concatenate(parts, axis=1)[:, :days]
