"""The doors of metrics: what they mean, and how concentrated the revenue is."""

import dataclasses
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from api.openapi import PROBLEMS_OF_LISTS, in_types, problem_responses
from api.pages import as_csv, as_json
from api.ports import Doors
from api.questions import Accept, AsOf, KnownAt, MinPosition, Reader, asking
from api.ranking_answers import (
    ConcentrationAnswer,
    ConcentrationItem,
    ExpansionAnswer,
    ExpansionItem,
    MetricDefinition,
    MetricsAnswer,
)
from api.reads import Selected
from api.tables import CSV, JSON, wanted
from events.values import Id
from readmodels import expansion_revenue, metrics, revenue_concentration


def metrics_router(doors: Doors) -> APIRouter:
    """The doors of metrics on ``doors``; each needs a key that works."""
    router = APIRouter(prefix="/v1", tags=["questions"], dependencies=[Depends(Reader(doors))])

    @router.get(
        "/metrics",
        response_model=MetricsAnswer,
        responses=problem_responses("unauthenticated", "store-unavailable"),
    )
    def get_metrics() -> Response:
        """What each metric means: name, formula, version, unit, window and source."""
        return as_json(
            MetricsAnswer(items=[defined(one.metric_id) for one in metrics.definitions()])
        )

    _add_concentration(router, doors)
    _add_expansion(router, doors)
    return router


def defined(metric_id: str) -> MetricDefinition:
    """The definition that stands beside a number of the metric."""
    return MetricDefinition.model_validate(dataclasses.asdict(metrics.definition(metric_id)))


def _add_concentration(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "/revenue-concentration",
        response_model=ConcentrationAnswer,
        responses=PROBLEMS_OF_LISTS | in_types(ConcentrationAnswer, CSV),
    )
    def get_revenue_concentration(
        *,
        selection: Selected,
        top: Annotated[int, Query(ge=1, le=100, description="Percent of the accounts.")] = 10,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        min_position: MinPosition = None,
        accept: Accept = None,
    ) -> Response:
        """How much of the won revenue the top accounts bring, in each currency."""
        kind = wanted(accept, (JSON, CSV))
        with asking(doors, revenue_concentration.READS, min_position) as asked:
            rows = revenue_concentration.concentration(
                asked.connection,
                asked.moment(as_of, known_at),
                top_percent=top,
                selection=selection,
            )
        records = [dataclasses.asdict(row) for row in rows]
        if kind == CSV:
            columns = tuple(ConcentrationItem.model_fields)
            return as_csv(records, asked.freshness, columns=columns, following=None)
        return as_json(
            ConcentrationAnswer(
                **asked.freshness,
                metric=defined(revenue_concentration.METRIC),
                top=top,
                items=[ConcentrationItem(**one) for one in records],
            )
        )


def _add_expansion(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "/expansion-revenue",
        response_model=ExpansionAnswer,
        responses=PROBLEMS_OF_LISTS | in_types(ExpansionAnswer, CSV),
    )
    def get_expansion_revenue(
        *,
        first_day: Annotated[date, Query(description="The first day of the period.")],
        last_day: Annotated[date, Query(description="The last day of the period, inclusive.")],
        account: Id | None = None,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        min_position: MinPosition = None,
        accept: Accept = None,
    ) -> Response:
        """What accounts that had bought before the period bought beyond, in each currency."""
        kind = wanted(accept, (JSON, CSV))
        with asking(doors, expansion_revenue.READS, min_position) as asked:
            rows = expansion_revenue.expansion_revenue(
                asked.connection,
                asked.moment(as_of, known_at),
                first_day=first_day,
                last_day=last_day,
                account=account,
            )
        records = [dataclasses.asdict(row) for row in rows]
        if kind == CSV:
            columns = tuple(ExpansionItem.model_fields)
            return as_csv(records, asked.freshness, columns=columns, following=None)
        return as_json(
            ExpansionAnswer(
                **asked.freshness,
                metric=defined(expansion_revenue.METRIC),
                first_day=first_day,
                last_day=last_day,
                items=[ExpansionItem(**one) for one in records],
            )
        )
