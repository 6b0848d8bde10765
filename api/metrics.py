"""The doors of metrics: what they mean, and how concentrated the revenue is."""

import dataclasses
from datetime import date
from typing import Annotated, Final

from fastapi import Query
from starlette.responses import Response

from api.openapi import of_list, problem_responses
from api.pages import as_csv, as_json
from api.questions import AskedOfFigures, asking, questions
from api.ranking_answers import (
    ConcentrationAnswer,
    ConcentrationItem,
    ExpansionAnswer,
    ExpansionItem,
    MetricDefinition,
    MetricsAnswer,
)
from api.reads import Selected
from api.tables import CSV, JSON
from events.values import Id
from readmodels import expansion_revenue, metrics, revenue_concentration

ROUTER: Final = questions()


@ROUTER.get(
    "/metrics",
    response_model=MetricsAnswer,
    responses=problem_responses("unauthenticated", "store-unavailable"),
)
def get_metrics() -> Response:
    """What each metric means: name, formula, version, unit, window and source."""
    answer = MetricsAnswer(items=[defined(one.metric_id) for one in metrics.definitions()])
    return Response(answer.model_dump_json(), media_type=JSON)


def defined(metric_id: str) -> MetricDefinition:
    """The definition that stands beside a number of the metric."""
    return MetricDefinition.model_validate(dataclasses.asdict(metrics.definition(metric_id)))


@ROUTER.get("/revenue-concentration", **of_list(ConcentrationAnswer))
def get_revenue_concentration(
    *,
    selection: Selected,
    top: Annotated[int, Query(ge=1, le=100, description="Percent of the accounts.")] = 10,
    question: AskedOfFigures,
) -> Response:
    """How much of the won revenue the top accounts bring, in each currency."""
    with asking(question, revenue_concentration.READS) as asked:
        rows = revenue_concentration.concentration(
            asked.connection,
            asked.moment,
            top_percent=top,
            selection=selection,
        )
    items = [ConcentrationItem(**dataclasses.asdict(row)) for row in rows]
    if question.kind == CSV:
        return as_csv(ConcentrationItem, items, asked)
    return as_json(
        ConcentrationAnswer(
            **asked.freshness,
            metric=defined(revenue_concentration.METRIC),
            top=top,
            items=items,
        ),
        asked,
    )


@ROUTER.get("/expansion-revenue", **of_list(ExpansionAnswer))
def get_expansion_revenue(
    *,
    first_day: Annotated[date, Query(description="The first day of the period.")],
    last_day: Annotated[date, Query(description="The last day of the period, inclusive.")],
    account: Id | None = None,
    question: AskedOfFigures,
) -> Response:
    """What accounts that had bought before the period bought beyond, in each currency."""
    with asking(question, expansion_revenue.READS) as asked:
        rows = expansion_revenue.expansion_revenue(
            asked.connection,
            asked.moment,
            first_day=first_day,
            last_day=last_day,
            account=account,
        )
    items = [ExpansionItem(**dataclasses.asdict(row)) for row in rows]
    if question.kind == CSV:
        return as_csv(ExpansionItem, items, asked)
    return as_json(
        ExpansionAnswer(
            **asked.freshness,
            metric=defined(expansion_revenue.METRIC),
            first_day=first_day,
            last_day=last_day,
            items=items,
        ),
        asked,
    )
