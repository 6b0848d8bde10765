"""The read doors: funnel, opportunities and accounts."""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final, Literal

from fastapi import Depends, Query
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
from api.openapi import of_list, of_one
from api.pages import as_json, as_page, as_table, told
from api.problems import Problem
from api.questions import (
    AskedOfList,
    AskedOfOne,
    ListQuestion,
    Question,
    Text,
    asking,
    listing,
    questions,
)
from api.tables import CSV
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

ROUTER: Final = questions()


@ROUTER.get("/funnel", **of_list(FunnelAnswer))
def get_funnel(
    *,
    selection: Selected,
    group_by: GroupBy = [],  # noqa: B006 - FastAPI copies it
    question: Annotated[ListQuestion, Depends(listing(500))],
) -> Response:
    """How many, how much, how often won and how fast, by any combination of dimensions."""
    with asking(question, funnel.READS) as asked:
        moment = asked.moment
        rows = funnel.funnel(
            asked.connection,
            moment,
            group_by=list(dict.fromkeys(group_by)),
            selection=selection,
            skip=question.skip,
            limit=question.limit,
        )
        total = funnel.funnel(asked.connection, moment, selection=selection) if group_by else rows
        groups = _groups(question, rows)
        following = question.further(rows) if group_by else None
        if question.kind == CSV:
            flat = _flat([told(group, asked) for group in groups])
            columns = tuple(flat[0]) if flat else ()
            return as_table(flat, columns, asked, following=following)
        answer = FunnelAnswer(
            **asked.freshness,
            next=following,
            total=_groups(question, total)[0],
            groups=groups,
        )
    return as_json(answer, asked)


def _groups(question: Question, rows: Iterable[FunnelRow]) -> list[FunnelGroup]:
    told = [
        {
            **dataclasses.asdict(row),
            "group": dict(row.group),
            "names": dict(row.names),
            "amounts": list(row.amounts),
        }
        for row in rows
    ]
    return [FunnelGroup.model_validate(one) for one in question.opened(told)]


def _flat(groups: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A row a group: its dimensions with their names, then the figures."""
    return [
        {
            **group["group"],
            **{f"{dimension}_name": name for dimension, name in group["names"].items()},
            **{name: value for name, value in group.items() if name not in {"group", "names"}},
        }
        for group in groups
    ]


@ROUTER.get("/opportunities", **of_list(OpportunitiesPage))
def get_opportunities(
    *,
    selection: Selected,
    question: AskedOfList,
) -> Response:
    """Opportunities one by one, as they were."""
    with asking(question, opportunities.READS) as asked:
        rows = opportunities.opportunities(
            asked.connection,
            asked.moment,
            selection=selection,
            after=question.after,
            limit=question.limit,
        )
        following = question.following(rows, lambda row: row.opportunity_id)
    return as_page(
        OpportunitiesPage,
        [OpportunityItem.model_validate(row._asdict()) for row in rows],
        asked,
        question,
        following=following,
    )


@ROUTER.get("/opportunities/{opportunity_id}", **of_one(OpportunityAnswer))
def get_opportunity(opportunity_id: Id, question: AskedOfOne) -> Response:
    """One opportunity, as it was."""
    with asking(question, opportunities.READS) as asked:
        moment = asked.moment
        row = opportunities.opportunity(asked.connection, moment, opportunity_id)
        if row is None:
            raise Problem("not-found", "unknown-opportunity", "there is no such opportunity")
    item = OpportunityItem(**row._asdict())
    return as_json(OpportunityAnswer(**asked.freshness, item=item), asked, version=row.version)


@ROUTER.get("/accounts", **of_list(AccountsPage))
def get_accounts(
    *,
    region: Id | None = None,
    owner: PersonId | None = None,
    sector: Text | None = None,
    parent: Id | None = None,
    question: AskedOfList,
) -> Response:
    """Accounts one by one, as they were."""
    with asking(question, accounts.READS) as asked:
        moment = asked.moment
        rows = accounts.accounts(
            asked.connection,
            moment,
            selection=AccountSelection(region=region, owner=owner, sector=sector, parent=parent),
            after=question.after,
            limit=question.limit,
        )
        following = question.following(rows, lambda row: row.account_id)
        classes = classes_of(asked.connection, moment, [row.account_id for row in rows])
    items = [
        AccountItem(**row._asdict(), account_class=classes.get(row.account_id)) for row in rows
    ]
    return as_page(AccountsPage, items, asked, question, following=following)
