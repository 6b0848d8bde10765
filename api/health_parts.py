"""Scores and what they are made of, as answers tell them."""

from collections.abc import Mapping
from typing import Any

from api.health_answers import (
    AccountScoreItem,
    AlertPart,
    BandCount,
    BandPart,
    CapPart,
    ComponentPart,
    DayScoreItem,
    GroupPart,
    HealthScoreItem,
    HeatItem,
    LinePart,
    MeasuredPart,
    PolicyPart,
    ScorePart,
    WorstPart,
)
from readmodels.health_scores.explanation import Line
from readmodels.health_scores.portfolio import Heat, Standing
from readmodels.health_scores.scores import Component, Measured, Score


def score_item(score: Score) -> HealthScoreItem:
    """A score with all that it is made of, in the order of its policy."""
    policy = score.made_by.document
    return HealthScoreItem(
        account_id=score.account_id,
        **_of_day(score),
        groups=[
            GroupPart(**one.model_dump(), points=score.groups[one.group_id])
            for one in policy.groups
        ],
        components=[
            _component(one, score.components[one.component_id]) for one in policy.components
        ],
        alerts=[
            AlertPart(**one.model_dump(), raised=score.alerts[one.alert_id])
            for one in policy.alerts
        ],
    )


def _component(component: Component, measured: Measured) -> ComponentPart:
    return ComponentPart.model_validate(
        {
            **measured,
            "component_id": component.component_id,
            "title": component.title,
            "group_id": component.group_id,
            "kinds": list(component.kinds),
            "aggregation": component.measure.aggregation,
            "window_days": component.window_days,
            "missing": measured["raw"] is None,
            "when_missing": component.missing,
        }
    )


def score_part(score: Score) -> ScorePart:
    """A score without its parts."""
    return ScorePart(**_of_day(score))


def _of_day(score: Score) -> dict[str, Any]:
    maker, band, cap = score.made_by, score.band, score.cap
    return {
        "day": score.day,
        "score": score.score,
        "uncapped": score.uncapped,
        "band": band and BandPart(**band.model_dump()),
        "cap": cap and CapPart(cap_id=cap.cap_id, title=cap.title, at_most=cap.at_most),
        "policy": PolicyPart.model_validate(
            {
                "policy_id": maker.policy_id,
                "version": maker.version,
                "effective_on": maker.effective_on,
            }
        ),
    }


def line_part(line: Line, titles: Mapping[str, str]) -> LinePart:
    """One component on both days."""
    return LinePart(
        component_id=line.component_id,
        title=titles[line.component_id],
        before=line.before and MeasuredPart.model_validate(line.before),
        now=MeasuredPart.model_validate(line.now),
        difference=line.difference,
    )


def day_item(score: Score, *, closed: bool) -> DayScoreItem:
    """The score of one day."""
    return DayScoreItem(
        day=score.day,
        score=score.score,
        uncapped=score.uncapped,
        band=score.band_id,
        cap=score.cap_id,
        groups=dict(score.groups),
        policy_id=score.made_by.policy_id,
        policy_version=score.made_by.version,
        closed=closed,
    )


def standing_item(standing: Standing, before: Score | None) -> AccountScoreItem:
    """An account with its score, beside that of an earlier day."""
    score = standing.score
    then = None if before is None else before.score
    return AccountScoreItem(
        **standing.account._asdict(),
        day=score.day,
        score=score.score,
        uncapped=score.uncapped,
        band=score.band_id,
        band_title=score.band and score.band.title,
        cap=score.cap_id,
        policy_id=score.made_by.policy_id,
        policy_version=score.made_by.version,
        score_before=then,
        band_before=before and before.band_id,
        change=None if score.score is None or then is None else score.score - then,
    )


def heat_item(heat: Heat, name: Any) -> HeatItem:
    """A group of accounts, with its ``name`` opened."""
    return HeatItem(
        group=heat.group,
        name=name,
        accounts=heat.accounts,
        unscored=heat.unscored,
        mean_score=heat.mean_score,
        bands=[BandCount(**band.model_dump(), accounts=count) for band, count in heat.bands],
        worst=[
            WorstPart.model_validate(
                {
                    "account_id": one.account.account_id,
                    "name": one.account.name,
                    "score": one.score.score,
                    "band": one.score.band_id,
                }
            )
            for one in heat.worst
        ],
    )
