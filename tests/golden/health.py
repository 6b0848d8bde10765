"""Cases of health scores: a policy and signals made of a case's fields, scored by the scorer."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import polars as pl

from aggregates.policies import scoring
from aggregates.policies.approved_versions import ApprovedVersions
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
from events.signal_kinds import SIGNAL_KINDS
from projections.scoring.plan import SIGNALS
from projections.scoring.score import score
from tests.golden.cases import Values

_DAY: Final = date(2026, 3, 2)
_AS_IT_IS: Final = Line(
    mapping="line", points=(Point(raw=0, points=0), Point(raw=FULL, points=FULL))
)
_WHOLE: Final = Rounding(component=6, group=6, score=0)
_EXACT: Final = Rounding(component=6, group=6, score=6)
_ONE_BAND: Final = (Band(band_id="all", title="All", above=0, up_to=FULL),)


def _micro(value: Any) -> int:
    """In millionths; a finer fraction is a mistake in the case."""
    found = Fraction(str(value)) * POINT
    assert found.denominator == 1, value
    return int(found)


def _component(place: int, weight: int, group_id: str = "all") -> Component:
    return Component(
        component_id=f"c{place}",
        title="A measure",
        group_id=group_id,
        kinds=(SIGNAL_KINDS[place],),
        window_days=1,
        measure=Plain(aggregation="last"),
        mapping=_AS_IT_IS,
        weight=weight,
        missing="zero",
    )


def _policy(
    components: Sequence[Component], rounding: Rounding, weights: Mapping[str, int], **other: Any
) -> ScoringPolicy:
    rest: dict[str, Any] = {"bands": _ONE_BAND, "weights_add_up_to": None, "alerts": (), **other}
    document = ScoringPolicy(
        groups=tuple(
            Group(group_id=one, title="A group", weight=weight) for one, weight in weights.items()
        ),
        components=tuple(components),
        neutral=0,
        caps=(),
        rounding=rounding,
        **rest,
    )
    scoring.check(document)
    return document


def _scores(policy: ScoringPolicy, accounts: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """The scores of accounts, each given as what its components measure, one after the other."""
    at = datetime(_DAY.year, _DAY.month, _DAY.day, 12, tzinfo=UTC)
    rows = [
        (f"{number:04}", place + 1, 0, SIGNAL_KINDS[place], _micro(value), at, at, "some/1")
        for number, measures in enumerate(accounts)
        for place, value in enumerate(measures)
    ]
    signals = pl.LazyFrame(rows, schema=dict(SIGNALS), orient="row")
    return score(signals, policy, _DAY, "UTC").sort("account_id").collect().to_dicts()


def _points(micro: int) -> Fraction:
    return Fraction(micro, POINT)


def weighted_group(inputs: Values) -> Values:
    """One group of measures with weights that need not add up to anything."""
    measures = inputs["measures"]
    components = [_component(place, one["weight"]) for place, one in enumerate(measures)]
    scores = [[one["score"] for one in measures]]
    (exact,) = _scores(_policy(components, _EXACT, {"all": 1}), scores)
    (whole,) = _scores(_policy(components, _WHOLE, {"all": 1}), scores)
    found = [exact[f"component.c{place}"] for place in range(len(measures))]
    return {
        "numerator": _points(sum(one["weight"] * one["points"] for one in found)),
        "weight_sum": sum(one["weight"] for one in found),
        "group_exact": _points(exact["group.all"]),
        "group": _points(whole["score"]),
    }


def weighted_components(inputs: Values) -> Values:
    """A group for each component, whose metrics count alike; means are rounded half up."""
    groups = inputs["components"]
    metrics = [(one["name"], metric) for one in groups for metric in one["metrics"]]
    components = [_component(place, 1, name) for place, (name, _) in enumerate(metrics)]
    weights = {one["name"]: one["weight"] for one in groups}
    scores = [[metric for _, metric in metrics]]
    rounded = Rounding(component=6, group=0, score=0)
    (found,) = _scores(_policy(components, rounded, weights), scores)
    (exact,) = _scores(_policy(components, _EXACT, weights), scores)
    return {
        **{name: _points(found[f"group.{name}"]) for name in weights},
        "score": _points(found["score"]),
        "score_unrounded_component": _points(exact["score"]),
    }


def points(inputs: Values) -> Values:
    """Points reached out of a maximum; what is missing up to it was not reached."""
    reached = list(inputs["points"].values())
    lacking = inputs["max"] - sum(reached)
    weights = [weight for weight in (*reached, lacking) if weight]
    components = [_component(place, weight) for place, weight in enumerate(weights)]
    full = [100] * sum(bool(weight) for weight in reached)
    (found,) = _scores(_policy(components, _EXACT, {"all": 1}), [full])
    return {"score_pct": _points(found["score"])}


def band_edges(inputs: Values) -> Values:
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
    policy = _policy([_component(0, 1)], _EXACT, {"all": 1}, bands=bands)
    found = _scores(policy, [[one] for one in inputs["scores"]])
    return {"colours": [one["band"] for one in found]}


def alert_threshold(inputs: Values) -> Values:
    """Whether each score is strictly below the threshold."""
    alert = AlertThreshold(alert_id="low", title="Low", below=_micro(inputs["threshold"]))
    policy = _policy([_component(0, 1)], _EXACT, {"all": 1}, alerts=(alert,))
    found = _scores(policy, [[one] for one in inputs["scores"]])
    return {"alert": [one["alert.low"] for one in found]}


def policy_validation(inputs: Values) -> Values:
    """Whether a policy with groups of these weights, which must add up to 100, may be drafted."""
    return {"valid": [_is_valid(weights) for weights in inputs["group_max_points"]]}


def _is_valid(weights: Sequence[int | Decimal]) -> bool:
    groups = {f"g{place}": int(weight) for place, weight in enumerate(weights)}
    components = [_component(place, 1, name) for place, name in enumerate(groups)]
    document = _policy(components, _EXACT, groups).model_copy(update={"weights_add_up_to": 100})
    try:
        scoring.draft(ApprovedVersions(), region_id=None, document=document, drafted_by=None)
    except Invalid as refused:
        return refused.rule != "weights-do-not-add-up"
    return True


KINDS: Final[Mapping[str, Callable[[Values], Values]]] = {
    "alert_threshold": alert_threshold,
    "band_edges": band_edges,
    "points": points,
    "policy_validation": policy_validation,
    "weighted_components": weighted_components,
    "weighted_group": weighted_group,
}
"""The kinds of cases answered here: the inputs of a case to what it expects."""
