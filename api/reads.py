"""The read doors: funnel, opportunities and accounts."""

import dataclasses
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BeforeValidator
from starlette.responses import Response

from api.answers import (
    AccountItem,
    AccountsPage,
    FunnelAnswer,
    FunnelGroup,
    OpportunitiesPage,
    OpportunityAnswer,
    OpportunityItem,
)
from api.cursors import cursor, number_after, text_after
from api.openapi import PROBLEMS_OF_LISTS, PROBLEMS_OF_ONE, in_types
from api.pages import as_csv, as_json, as_page
from api.ports import Doors
from api.problems import Problem
from api.questions import (
    Accept,
    After,
    AsOf,
    KnownAt,
    Limit,
    MinPosition,
    Reader,
    Text,
    asking,
    opened,
)
from api.tables import CSV, JSON, wanted
from events.values import Id, PersonId
from readmodels import accounts, funnel, opportunities
from readmodels.account_classes import classes_of
from readmodels.accounts import AccountSelection
from readmodels.funnel import Dimension, FunnelRow
from readmodels.selection import Selection


def _split(given: Any) -> Any:
    return [part for one in given for part in one.split(",")] if isinstance(given, list) else given


GroupBy = Annotated[
    list[Dimension],
    BeforeValidator(_split),
    Query(max_length=9, description="Any dimensions, repeated or with commas in between."),
]


def _selection(
    *,
    region: Id | None = None,
    manager: PersonId | None = None,
    agent: PersonId | None = None,
    product: Id | None = None,
    account: Id | None = None,
    sector: Text | None = None,
    stage: Id | None = None,
    month: Annotated[str | None, Query(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")] = None,
    quarter: Annotated[str | None, Query(pattern=r"^[0-9]{4}-Q[1-4]$")] = None,
    state: Literal["open", "won", "lost"] | None = None,
) -> Selection:
    return Selection(
        region=region,
        manager=manager,
        agent=agent,
        product=product,
        account=account,
        sector=sector,
        stage=stage,
        month=month,
        quarter=quarter,
        state=state,
    )


Selected = Annotated[Selection, Depends(_selection)]


def read_router(doors: Doors) -> APIRouter:
    """The read doors on ``doors``; each needs a key that works."""
    router = APIRouter(prefix="/v1", dependencies=[Depends(Reader(doors))])
    _add_funnel(router, doors)
    _add_opportunities(router, doors)
    _add_accounts(router, doors)
    return router


def _add_funnel(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "/funnel",
        tags=["questions"],
        response_model=FunnelAnswer,
        responses=PROBLEMS_OF_LISTS | in_types(FunnelAnswer, CSV),
    )
    def get_funnel(
        *,
        selection: Selected,
        group_by: GroupBy = [],  # noqa: B006 - FastAPI copies it
        as_of: AsOf = None,
        known_at: KnownAt = None,
        limit: Limit = 500,
        cursor_: After = None,
        min_position: MinPosition = None,
        accept: Accept = None,
    ) -> Response:
        """How many, how much, how often won and how fast, by any combination of dimensions."""
        kind, skip = wanted(accept, (JSON, CSV)), number_after(cursor_)
        with asking(doors, funnel.READS, min_position) as asked:
            moment = asked.moment(as_of, known_at)
            rows = funnel.funnel(
                asked.connection,
                moment,
                group_by=list(dict.fromkeys(group_by)),
                selection=selection,
                skip=skip,
                limit=limit,
            )
            total = (
                funnel.funnel(asked.connection, moment, selection=selection) if group_by else rows
            )
            groups = [_group(doors, row) for row in rows]
            following = cursor(skip + limit) if group_by and len(rows) == limit else None
            if kind == CSV:
                flat = _flat(groups)
                columns = tuple(flat[0]) if flat else ()
                return as_csv(flat, asked.freshness, columns=columns, following=following)
            answer = FunnelAnswer(
                **asked.freshness,
                next=following,
                total=_group(doors, total[0]),
                groups=groups,
            )
        return as_json(answer)


def _group(doors: Doors, row: FunnelRow) -> FunnelGroup:
    fields = dataclasses.asdict(row) | {"amounts": list(row.amounts)}
    names = {dimension: opened(doors, name) for dimension, name in row.names.items()}
    return FunnelGroup.model_validate(fields | {"group": dict(row.group), "names": names})


def _flat(groups: Iterable[FunnelGroup]) -> list[dict[str, Any]]:
    """A row a group: its dimensions with their names, then the figures."""
    return [
        {
            **group.group,
            **{f"{dimension}_name": name for dimension, name in group.names.items()},
            **group.model_dump(mode="json", by_alias=True, exclude={"group", "names"}),
        }
        for group in groups
    ]


def _add_opportunities(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "/opportunities",
        tags=["questions"],
        response_model=OpportunitiesPage,
        responses=PROBLEMS_OF_LISTS | in_types(OpportunitiesPage, CSV),
    )
    def get_opportunities(
        *,
        selection: Selected,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        limit: Limit = 100,
        cursor_: After = None,
        min_position: MinPosition = None,
        accept: Accept = None,
    ) -> Response:
        """Opportunities one by one, as they were."""
        kind = wanted(accept, (JSON, CSV))
        with asking(doors, opportunities.READS, min_position) as asked:
            rows = opportunities.opportunities(
                asked.connection,
                asked.moment(as_of, known_at),
                selection=selection,
                after=text_after(cursor_),
                limit=limit,
            )
            following = cursor(rows[-1].opportunity_id) if len(rows) == limit else None
        return as_page(
            OpportunitiesPage,
            OpportunityItem,
            [row._asdict() for row in rows],
            asked.freshness,
            kind=kind,
            following=following,
        )

    @router.get(
        "/opportunities/{opportunity_id}",
        tags=["questions"],
        response_model=OpportunityAnswer,
        responses=PROBLEMS_OF_ONE,
    )
    def get_opportunity(
        opportunity_id: Id,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        min_position: MinPosition = None,
    ) -> Response:
        """One opportunity, as it was."""
        with asking(doors, opportunities.READS, min_position) as asked:
            moment = asked.moment(as_of, known_at)
            row = opportunities.opportunity(asked.connection, moment, opportunity_id)
            if row is None:
                raise Problem("not-found", "unknown-opportunity", "there is no such opportunity")
        item = OpportunityItem(**row._asdict())
        return as_json(OpportunityAnswer(**asked.freshness, item=item), version=row.version)


def _add_accounts(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "/accounts",
        tags=["questions"],
        response_model=AccountsPage,
        responses=PROBLEMS_OF_LISTS | in_types(AccountsPage, CSV),
    )
    def get_accounts(
        *,
        region: Id | None = None,
        owner: PersonId | None = None,
        sector: Text | None = None,
        parent: Id | None = None,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        limit: Limit = 100,
        cursor_: After = None,
        min_position: MinPosition = None,
        accept: Accept = None,
    ) -> Response:
        """Accounts one by one, as they were."""
        kind = wanted(accept, (JSON, CSV))
        with asking(doors, accounts.READS, min_position) as asked:
            moment = asked.moment(as_of, known_at)
            rows = accounts.accounts(
                asked.connection,
                moment,
                selection=AccountSelection(
                    region=region, owner=owner, sector=sector, parent=parent
                ),
                after=text_after(cursor_),
                limit=limit,
            )
            following = cursor(rows[-1].account_id) if len(rows) == limit else None
            classes = classes_of(asked.connection, moment, [row.account_id for row in rows])
        records = [row._asdict() | {"account_class": classes.get(row.account_id)} for row in rows]
        return as_page(
            AccountsPage, AccountItem, records, asked.freshness, kind=kind, following=following
        )
