"""What customers say of us: satisfaction, recommendation, and how fast they are helped."""

from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from projections.metrics.numbers import Number, exact, half_up, percent, positive

_PROMOTER_FROM: Final = 9
_PASSIVE_FROM: Final = 7
_SCORE_MOST: Final = 10

Bucket = Literal["promoter", "passive", "detractor"]


class Csat(NamedTuple):
    """Customer satisfaction: counts, and percent of all responses."""

    satisfied: int
    total: int
    exact_pct: Fraction
    pct: int
    """Half up, as the definition says."""


def csat(responses: Mapping[int, int], satisfied: Collection[int]) -> Csat:
    """CSAT of ``responses``, a count by score, of which the scores in ``satisfied`` count.

    Raises:
        ValueError: a count below 0, no response at all, or no score that is satisfied.
    """
    if not satisfied:
        raise ValueError("satisfied names no score")
    for score, count in responses.items():
        exact(f"responses[{score}]", count)
    happy = sum(count for score, count in responses.items() if score in satisfied)
    return csat_of_counts(happy, sum(responses.values()))


def csat_of_counts(satisfied: int, total: int) -> Csat:
    """CSAT of counts already made; ``satisfied`` from 0 to ``total``, which is above 0.

    Raises:
        ValueError: a count out of these bounds.
    """
    whole = positive("total", total)
    share = percent(exact("satisfied", satisfied, most=total), whole)
    return Csat(satisfied, total, share, half_up(share))


class Nps(NamedTuple):
    """The net promoter score, from -100 to 100, and the counts it was made of."""

    promoters: int
    passives: int
    detractors: int
    nps: Fraction


def nps(*, promoters: int, passives: int, detractors: int) -> Nps:
    """NPS of counts, none below 0 and not all of them 0.

    Raises:
        ValueError: a count below 0, or no response at all.
    """
    more, less = exact("promoters", promoters), exact("detractors", detractors)
    total = positive("responses", promoters + detractors + int(exact("passives", passives)))
    return Nps(promoters, passives, detractors, percent(more - less, total))


def nps_of_scores(scores: Mapping[int, int]) -> Nps:
    """NPS of a count of responses by score, 0 to 10.

    Raises:
        ValueError: another score, a count below 0, or no response at all.
    """
    counted: dict[Bucket, int] = {"promoter": 0, "passive": 0, "detractor": 0}
    for score, count in scores.items():
        exact(f"scores[{score}]", count)
        counted[nps_bucket(score)] += count
    return nps(
        promoters=counted["promoter"],
        passives=counted["passive"],
        detractors=counted["detractor"],
    )


def nps_of_percentages(*, promoters_pct: Number, detractors_pct: Number) -> Fraction:
    """NPS of shares in percent of all responses; together at most 100.

    Raises:
        ValueError: a share out of 0 to 100, or more than 100 together.
    """
    more = exact("promoters_pct", promoters_pct, most=100)
    less = exact("detractors_pct", detractors_pct, most=100)
    exact("promoters_pct and detractors_pct together", more + less, most=100)
    return more - less


def nps_bucket(score: int) -> Bucket:
    """What a response of ``score``, 0 to 10, is: 0 to 6 detractor, 7 and 8 passive, else promoter.

    Raises:
        ValueError: another score, or a fraction.
    """
    if exact("score", score, most=_SCORE_MOST).denominator != 1:
        raise ValueError(f"score is {score}, not a whole number")
    if score >= _PROMOTER_FROM:
        return "promoter"
    return "passive" if score >= _PASSIVE_FROM else "detractor"


def average_resolution_time(total: Number, tickets: int) -> Fraction:
    """The mean time to resolution, in the unit of ``total``; at least one ticket.

    Raises:
        ValueError: a time below 0, or no ticket.
    """
    return exact("total", total) / positive("tickets", tickets)
