"""The class of one account: ranked by a value matrix, and again when there is more to know."""

from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

from aggregates.decider import Decider
from aggregates.refusals import Invalid, WrongState
from events.accounts.account_class import (
    AccountClassEvent,
    AccountClassified,
    Class,
    Measure,
    Rating,
)
from events.policies.value_matrix import Dimension, ValueMatrix

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class Unclassified:
    """Nobody has ranked it yet."""


@dataclass(frozen=True, slots=True)
class Classified:
    """What it is, and what that rests on."""

    fact: AccountClassified


AccountClass = Unclassified | Classified

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(_: AccountClass, event: AccountClassEvent) -> AccountClass:
    """The class after ``event``."""
    return Classified(event)


ACCOUNT_CLASS: Final[Decider[AccountClass, AccountClassEvent]] = Decider(
    "account_class", Unclassified(), evolve
)

# --- decisions: one verb each; facts or a refusal ----------------------------


def standing(account_class: AccountClass) -> str:
    """What it is: ``strategic``, ``key``, ``ordinary``, or ``unclassified`` so far."""
    if isinstance(account_class, Classified):
        return account_class.fact.account_class
    return "unclassified"


@dataclass(frozen=True, slots=True)
class Matrix:
    """A value matrix in force, and whose it is."""

    region_id: str | None
    """``None``: the one of the whole group."""
    version: int
    document: ValueMatrix


def classify(
    account_class: AccountClass,
    *,
    account_id: str,
    region_id: str | None,
    matrix: Matrix,
    measures: tuple[Measure, ...],
) -> tuple[AccountClassEvent, ...]:
    """Rank it by ``measures`` under ``matrix``; nothing when that is what was said last.

    Raises:
        Invalid: as :func:`rate`.
    """
    ratings = rate(matrix.document, measures)
    score = score_of(matrix.document, ratings)
    fact = AccountClassified(
        account_id=account_id,
        region_id=region_id,
        account_class=class_of(matrix.document, score),
        score=score,
        ratings=ratings,
        matrix_region_id=matrix.region_id,
        matrix_version=matrix.version,
    )
    return () if account_class == Classified(fact) else (fact,)


def reclassify(
    account_class: AccountClass, *, account_id: str, region_id: str | None, matrix: Matrix
) -> tuple[AccountClassEvent, ...]:
    """Rank it by what was measured last under ``matrix``; nothing when that changes nothing.

    What was measured in dimensions that the matrix does not have is left out.

    Raises:
        WrongState: ``account-not-classified``, where nothing was ever measured.
        Invalid: as :func:`rate`.
    """
    if not isinstance(account_class, Classified):
        raise WrongState("account-not-classified", "nothing was measured yet", field="account_id")
    return classify(
        account_class,
        account_id=account_id,
        region_id=region_id,
        matrix=matrix,
        measures=measures_for(matrix.document, account_class.fact.ratings),
    )


def measures_for(document: ValueMatrix, ratings: tuple[Rating, ...]) -> tuple[Measure, ...]:
    """What ``ratings`` rest on, in the dimensions that ``document`` has; possibly empty."""
    known = {dimension.dimension_id for dimension in document.dimensions}
    return tuple(
        Measure(
            dimension_id=rating.dimension_id,
            amount=rating.amount,
            band=rating.band if rating.amount is None else None,
            evidence=rating.evidence,
        )
        for rating in ratings
        if rating.dimension_id in known
    )


def rate(document: ValueMatrix, measures: tuple[Measure, ...]) -> tuple[Rating, ...]:
    """The band of each dimension of ``document``, in its order.

    Raises:
        Invalid: ``measure-twice`` or ``unknown-dimension``; ``measure-missing``, for a dimension
            without a measure; ``measure-of-other-kind``, where a dimension with edges has no
            amount, or one without edges no band; ``evidence-missing``, for a band by hand.
    """
    ids = [measure.dimension_id for measure in measures]
    if twice := sorted({one for one in ids if ids.count(one) > 1}):
        raise Invalid("measure-twice", f"{', '.join(twice)} is measured twice", field="measures")
    known = [dimension.dimension_id for dimension in document.dimensions]
    if unknown := sorted(set(ids) - set(known)):
        raise Invalid(
            "unknown-dimension",
            f"{', '.join(unknown)} is none of {', '.join(known)}",
            field="measures",
        )
    if missing := [one for one in known if one not in ids]:
        raise Invalid(
            "measure-missing", f"there is nothing on {', '.join(missing)}", field="measures"
        )
    by_dimension = {measure.dimension_id: measure for measure in measures}
    return tuple(
        _rating(dimension, by_dimension[dimension.dimension_id])
        for dimension in document.dimensions
    )


def _rating(dimension: Dimension, measure: Measure) -> Rating:
    name, edges = dimension.dimension_id, dimension.lower_edges
    if (measure.amount is None) == (edges is not None) or (measure.band is None) == (edges is None):
        asked = "a band from 1 to 5" if edges is None else "an amount"
        raise Invalid("measure-of-other-kind", f"{name} takes {asked}", field="measures")
    if edges is None and measure.evidence is None:
        raise Invalid("evidence-missing", f"say what the band of {name} rests on", field="measures")
    band = measure.band
    if edges is not None:
        assert measure.amount is not None
        band = 1 + bisect_right(edges, measure.amount)
    assert band is not None
    return Rating(dimension_id=name, amount=measure.amount, evidence=measure.evidence, band=band)


def score_of(document: ValueMatrix, ratings: tuple[Rating, ...]) -> int:
    """The sum of weight times band, in ten-thousandths of a point: from 10,000 to 50,000."""
    bands = {rating.dimension_id: rating.band for rating in ratings}
    return sum(
        dimension.weight_bp * bands[dimension.dimension_id] for dimension in document.dimensions
    )


def class_of(document: ValueMatrix, score: int) -> Class:
    """The class of a score; each cut-off belongs to the class that begins there."""
    if score >= document.strategic_from:
        return "strategic"
    return "key" if score >= document.key_from else "ordinary"
