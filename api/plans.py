"""The read doors of account plans."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from api.cursors import cursor, text_after
from api.openapi import PROBLEMS_OF_LISTS, PROBLEMS_OF_ONE, in_types
from api.pages import as_json, as_page
from api.planning_answers import (
    AccountPlanAnswer,
    AccountPlansPage,
    PlanAction,
    PlanAmendment,
    PlanDetail,
    PlanItem,
    PlanObjective,
    PlanTarget,
    PlanText,
    ValueDeliveredItem,
)
from api.ports import Doors
from api.problems import Problem
from api.questions import Accept, After, AsOf, KnownAt, Limit, MinPosition, Reader, asking
from api.tables import CSV, JSON, wanted
from events.values import Id, Money, PersonId
from readmodels import account_plans, value_claims
from readmodels.account_plans import PlanSelection, PlanState
from readmodels.value_claims import ClaimSelection, ValueDelivered

_OF_ONE: Final = (*account_plans.READS, *value_claims.READS)
"""A whole plan tells also what the account gained by it."""


def plans_router(doors: Doors) -> APIRouter:
    """The read doors on ``doors``; each needs a key that works."""
    router = APIRouter(prefix="/v1", dependencies=[Depends(Reader(doors))])
    _add_list(router, doors)
    _add_one(router, doors)
    return router


def _add_list(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "/account-plans",
        tags=["questions"],
        response_model=AccountPlansPage,
        responses=PROBLEMS_OF_LISTS | in_types(AccountPlansPage, CSV),
    )
    def get_account_plans(
        *,
        account: Id | None = None,
        year: Annotated[int | None, Query(ge=1900, le=9998)] = None,
        state: PlanState | None = None,
        owner: PersonId | None = None,
        region: Id | None = None,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        limit: Limit = 100,
        cursor_: After = None,
        min_position: MinPosition = None,
        accept: Accept = None,
    ) -> Response:
        """Account plans one by one, as they were."""
        kind = wanted(accept, (JSON, CSV))
        selection = PlanSelection(
            account=account, year=year, state=state, owner=owner, region=region
        )
        with asking(doors, account_plans.READS, min_position) as asked:
            rows = account_plans.account_plans(
                asked.connection,
                asked.moment(as_of, known_at),
                selection=selection,
                after=text_after(cursor_),
                limit=limit,
            )
            following = cursor(rows[-1].plan_id) if len(rows) == limit else None
        return as_page(
            AccountPlansPage,
            PlanItem,
            [row._asdict() for row in rows],
            asked.freshness,
            kind=kind,
            following=following,
        )


def _add_one(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "/account-plans/{plan_id}",
        tags=["questions"],
        response_model=AccountPlanAnswer,
        responses=PROBLEMS_OF_ONE,
    )
    def get_account_plan(
        plan_id: Id,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        min_position: MinPosition = None,
    ) -> Response:
        """One account plan, whole: what is in force, what is proposed, and what was attained."""
        with asking(doors, _OF_ONE, min_position) as asked:
            moment = asked.moment(as_of, known_at)
            row = account_plans.account_plan(asked.connection, moment, plan_id)
            if row is None:
                raise Problem("not-found", "unknown-plan", "there is no such account plan")
            value = value_claims.value_delivered(
                asked.connection, moment, per="plan", selection=ClaimSelection(plan=plan_id)
            )
        answer = AccountPlanAnswer(**asked.freshness, item=_detail(row, value))
        return as_json(answer, version=row.version)


def _detail(row: Any, value: Sequence[ValueDelivered]) -> PlanDetail:
    given = row._asdict()
    same = {name: given[name] for name in PlanDetail.model_fields if name in given}
    amendment = None
    if row.amendment_state is not None:
        amendment = PlanAmendment(
            number=row.amendment,
            state=row.amendment_state,
            author_id=row.amendment_author_id,
            content=_text(row.proposed, row.attained),
        )
    content = _text(row.content, row.attained)
    delivered = [ValueDeliveredItem(**one._asdict()) for one in value]
    parts = {"content": content, "amendment": amendment, "value_delivered": delivered}
    return PlanDetail.model_validate({**same, **parts})


def _text(stored: Mapping[str, Any], attained: Mapping[str, str]) -> PlanText:
    content = account_plans.content_of(stored)
    planned = account_plans.planned_minor(content)
    return PlanText(
        aim=content.aim,
        budget=content.budget,
        planned=Money(minor=planned, currency=content.budget.currency),
        objectives=[
            PlanObjective(**one.model_dump(), linked=one.goal_id is not None)
            for one in content.objectives
        ],
        unlinked_objectives=[one.objective_id for one in account_plans.unlinked(content)],
        actions=[PlanAction(**dict(one)) for one in content.actions],
        targets=[
            PlanTarget(
                **one.target.model_dump(),
                attained=one.attained,
                attained_bp=one.attained_bp,
                reached=one.reached,
            )
            for one in account_plans.attainments(content, attained)
        ],
    )
