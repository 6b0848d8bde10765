"""The read doors of account plans."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

from fastapi import Query
from starlette.responses import Response

from api.openapi import of_list, of_one
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
from api.problems import Problem
from api.questions import AskedOfList, AskedOfOne, asking, questions
from events.values import Id, Money, PersonId
from readmodels import account_plans, value_claims
from readmodels.account_plans import PlanSelection, PlanState
from readmodels.value_claims import ClaimSelection, ValueDelivered

_OF_ONE: Final = (*account_plans.READS, *value_claims.READS)
"""A whole plan tells also what the account gained by it."""

ROUTER: Final = questions()


@ROUTER.get("/account-plans", **of_list(AccountPlansPage))
def get_account_plans(
    *,
    account: Id | None = None,
    year: Annotated[int | None, Query(ge=1900, le=9998)] = None,
    state: PlanState | None = None,
    owner: PersonId | None = None,
    region: Id | None = None,
    question: AskedOfList,
) -> Response:
    """Account plans one by one, as they were."""
    selection = PlanSelection(account=account, year=year, state=state, owner=owner, region=region)
    with asking(question, account_plans.READS) as asked:
        rows = account_plans.account_plans(
            asked.connection,
            asked.moment,
            selection=selection,
            after=question.after,
            limit=question.limit,
        )
        following = question.following(rows, lambda row: row.plan_id)
    return as_page(
        AccountPlansPage,
        [PlanItem.model_validate(row._asdict()) for row in rows],
        asked,
        question,
        following=following,
    )


@ROUTER.get("/account-plans/{plan_id}", **of_one(AccountPlanAnswer))
def get_account_plan(plan_id: Id, question: AskedOfOne) -> Response:
    """One account plan, whole: what is in force, what is proposed, and what was attained."""
    with asking(question, _OF_ONE) as asked:
        moment = asked.moment
        row = account_plans.account_plan(asked.connection, moment, plan_id)
        if row is None:
            raise Problem("not-found", "unknown-plan", "there is no such account plan")
        value = value_claims.value_delivered(
            asked.connection, moment, per="plan", selection=ClaimSelection(plan=plan_id)
        )
    answer = AccountPlanAnswer(**asked.freshness, item=_detail(row, value))
    return as_json(answer, asked, version=row.version)


def _detail(row: Any, value: Sequence[ValueDelivered]) -> PlanDetail:
    given = row._asdict()
    same = {name: given[name] for name in PlanDetail.model_fields if name in given}
    amendment = None
    if row.amendment_state is not None:
        amendment = PlanAmendment(
            number=row.amendment,
            state=row.amendment_state,
            author_id=row.amendment_author_id,
            content=_text(row, row.proposed),
        )
    content = _text(row, row.content)
    delivered = [ValueDeliveredItem(**one._asdict()) for one in value]
    parts = {
        "author_ids": list(row.author_ids),
        "content": content,
        "amendment": amendment,
        "value_delivered": delivered,
    }
    return PlanDetail.model_validate({**same, **parts})


def _text(row: Any, stored: Mapping[str, Any]) -> PlanText:
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
        actions=[
            PlanAction.model_validate(
                {**dict(one.action), "done_by": one.done_by, "done_at": one.done_at}
            )
            for one in account_plans.doings(row, stored)
        ],
        targets=[
            PlanTarget(
                **one.target.model_dump(),
                attained=one.attained,
                attained_bp=one.attained_bp,
                reached=one.reached,
            )
            for one in account_plans.attainments(content, row.attained)
        ],
    )
