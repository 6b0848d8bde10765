"""Cases of health scores: a policy made of a case's fields, and accounts that score by it.

The account number n was called n days ago, and nothing else is known of it. Every component
measures the days since the last call, and has a line that leads from n to what a case gives it for
that account.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any, Final, Protocol

import polars as pl

from aggregates.policies import scoring
from aggregates.refusals import Invalid
from events.policies.scoring import (
    FULL,
    POINT,
    AlertThreshold,
    Band,
    Component,
    Group,
    Line,
    Plain,
    Point,
    Rounding,
    ScoringPolicy,
)
from projections.scoring.plan import SIGNALS
from projections.scoring.score import score
from tests.golden.cases import Values

DAY: Final = date(2026, 3, 2)
ACCOUNTS_MAX: Final = 49
"""A line has up to 50 points, of which the last one is there twice."""

_WHOLE: Final = Rounding(component=6, group=6, score=0)
_EXACT: Final = Rounding(component=6, group=6, score=6)
_ONE_BAND: Final = (Band(band_id="all", title="All", above=0, up_to=FULL),)

Scored = Mapping[str, Any]
"""``score`` and ``band``, and by id ``groups``, ``components`` and ``alerts``."""


class Scorer(Protocol):
    """Whatever scores accounts."""

    def refusal(self, policy: ScoringPolicy) -> str | None:
        """The rule that does not let the policy be drafted; ``None`` where it may be."""

    def scores(self, policy: ScoringPolicy, accounts: int) -> Sequence[Scored]:
        """What so many accounts score at the end of the day :data:`DAY`."""


class Rules:
    """The rules and the scorer themselves, without anything around them."""

    def refusal(self, policy: ScoringPolicy) -> str | None:
        """See :meth:`Scorer.refusal`."""
        try:
            scoring.draft(scoring.Policies(), region_id=None, document=policy, drafted_by=None)
        except Invalid as refused:
            return refused.rule
        return None

    def scores(self, policy: ScoringPolicy, accounts: int) -> Sequence[Scored]:
        """See :meth:`Scorer.scores`."""
        assert self.refusal(policy) is None
        rows = [
            (f"{one:04}", one + 1, 0, "interaction_call", POINT, called(one), called(one), "some/1")
            for one in range(accounts)
        ]
        signals = pl.LazyFrame(rows, schema=dict(SIGNALS), orient="row")
        found = score(signals, policy, DAY, "UTC").sort("account_id").collect()
        return [_told(row) for row in found.iter_rows(named=True)]


def _told(row: Mapping[str, Any]) -> Scored:
    found: dict[str, Any] = {"score": row["score"], "band": row["band"]}
    for name in ("group", "component", "alert"):
        found[f"{name}s"] = {
            column.removeprefix(f"{name}."): value
            for column, value in row.items()
            if column.startswith(f"{name}.")
        }
    return found


def called(account: int) -> datetime:
    """When the account was called last."""
    return datetime.combine(DAY - timedelta(days=account), time(12), UTC)


def _micro(value: Any) -> int:
    """In millionths; a finer fraction is a mistake in the case."""
    found = Fraction(str(value)) * POINT
    assert found.denominator == 1, value
    return int(found)


def _component(
    place: int, weight: int, measures: Sequence[Any], group_id: str = "all"
) -> Component:
    """What is worth ``measures``, one for each account."""
    worth = [_micro(one) for one in (*measures, measures[-1])]
    return Component(
        component_id=f"c{place}",
        title="A measure",
        group_id=group_id,
        kinds=("interaction_call",),
        window_days=len(worth),
        measure=Plain(aggregation="days_since"),
        mapping=Line(
            mapping="line",
            points=tuple(Point(raw=days * POINT, points=one) for days, one in enumerate(worth)),
        ),
        weight=weight,
        missing="zero",
    )


def _policy(
    components: Sequence[Component], rounding: Rounding, weights: Mapping[str, int], **other: Any
) -> ScoringPolicy:
    rest: dict[str, Any] = {"bands": _ONE_BAND, "weights_add_up_to": None, "alerts": (), **other}
    return ScoringPolicy(
        groups=tuple(
            Group(group_id=one, title="A group", weight=weight) for one, weight in weights.items()
        ),
        components=tuple(components),
        neutral=0,
        caps=(),
        rounding=rounding,
        **rest,
    )


def _points(micro: int) -> Fraction:
    return Fraction(micro, POINT)


def weighted_group(scorer: Scorer, inputs: Values) -> Values:
    """One group of measures with weights that need not add up to anything."""
    components = [
        _component(place, one["weight"], [one["score"]])
        for place, one in enumerate(inputs["measures"])
    ]
    (exact,) = scorer.scores(_policy(components, _EXACT, {"all": 1}), 1)
    (whole,) = scorer.scores(_policy(components, _WHOLE, {"all": 1}), 1)
    found = exact["components"].values()
    return {
        "numerator": _points(sum(one["weight"] * one["points"] for one in found)),
        "weight_sum": sum(one["weight"] for one in found),
        "group_exact": _points(exact["groups"]["all"]),
        "group": _points(whole["score"]),
    }


def weighted_components(scorer: Scorer, inputs: Values) -> Values:
    """A group for each component, whose metrics count alike; means are rounded half up."""
    groups = inputs["components"]
    metrics = [(one["name"], metric) for one in groups for metric in one["metrics"]]
    components = [
        _component(place, 1, [metric], name) for place, (name, metric) in enumerate(metrics)
    ]
    weights = {one["name"]: one["weight"] for one in groups}
    rounded = Rounding(component=6, group=0, score=0)
    (found,) = scorer.scores(_policy(components, rounded, weights), 1)
    (exact,) = scorer.scores(_policy(components, _EXACT, weights), 1)
    return {
        **{name: _points(found["groups"][name]) for name in weights},
        "score": _points(found["score"]),
        "score_unrounded_component": _points(exact["score"]),
    }


def points(scorer: Scorer, inputs: Values) -> Values:
    """Points reached out of a maximum; what is missing up to it was not reached."""
    reached = [one for one in inputs["points"].values() if one]
    lacking = inputs["max"] - sum(reached)
    parts = [(one, 100) for one in reached] + ([(lacking, 0)] if lacking else [])
    components = [
        _component(place, weight, [measure]) for place, (weight, measure) in enumerate(parts)
    ]
    (found,) = scorer.scores(_policy(components, _EXACT, {"all": 1}), 1)
    return {"score_pct": _points(found["score"])}


def band_edges(scorer: Scorer, inputs: Values) -> Values:
    """The colour of each score; the edge between two bands belongs to the lower."""
    bands = tuple(
        Band(
            band_id=one["colour"],
            title=one["colour"],
            above=_micro(one["from"]),
            up_to=_micro(one["to"]),
        )
        for one in inputs["bands"]
    )
    found = _each(scorer, inputs["scores"], bands=bands)
    return {"colours": [one["band"] for one in found]}


def alert_threshold(scorer: Scorer, inputs: Values) -> Values:
    """Whether each score is strictly below the threshold."""
    alert = AlertThreshold(alert_id="low", title="Low", below=_micro(inputs["threshold"]))
    found = _each(scorer, inputs["scores"], alerts=(alert,))
    return {"alert": [one["alerts"]["low"] for one in found]}


def _each(scorer: Scorer, measures: Sequence[Any], **other: Any) -> list[Scored]:
    """An account for each of the measures, which is its score."""
    found: list[Scored] = []
    for start in range(0, len(measures), ACCOUNTS_MAX):
        some = measures[start : start + ACCOUNTS_MAX]
        policy = _policy([_component(0, 1, some)], _EXACT, {"all": 1}, **other)
        found += scorer.scores(policy, len(some))
    return found


def policy_validation(scorer: Scorer, inputs: Values) -> Values:
    """Whether a policy with groups of these weights, which must add up to 100, may be drafted."""
    return {"valid": [_is_valid(scorer, weights) for weights in inputs["group_max_points"]]}


def _is_valid(scorer: Scorer, weights: Sequence[int | Decimal]) -> bool:
    groups = {f"g{place}": int(weight) for place, weight in enumerate(weights)}
    components = [_component(place, 1, [0], name) for place, name in enumerate(groups)]
    policy = _policy(components, _EXACT, groups, weights_add_up_to=100)
    return scorer.refusal(policy) != "weights-do-not-add-up"


def kinds(scorer: Scorer) -> Mapping[str, Callable[[Values], Values]]:
    """The kinds of cases answered here: the inputs of a case to what it expects."""
    found = {
        "alert_threshold": alert_threshold,
        "band_edges": band_edges,
        "points": points,
        "policy_validation": policy_validation,
        "weighted_components": weighted_components,
        "weighted_group": weighted_group,
    }
    return {kind: partial(compute, scorer) for kind, compute in found.items()}


KINDS: Final[Mapping[str, Callable[[Values], Values]]] = kinds(Rules())
"""The same, by the rules alone."""
