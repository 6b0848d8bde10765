"""The read doors of value claims and of the value delivered."""

from typing import Final

from starlette.responses import Response

from api.openapi import of_list, of_one
from api.pages import as_json, as_page
from api.planning_answers import (
    ValueClaimAnswer,
    ValueClaimItem,
    ValueClaimsPage,
    ValueDeliveredItem,
    ValueDeliveredPage,
)
from api.problems import Problem
from api.questions import AskedOfList, AskedOfOne, asking, questions
from events.values import Id
from readmodels import value_claims
from readmodels.value_claims import ClaimSelection, ClaimState, Per

ROUTER: Final = questions()


@ROUTER.get("/value-claims", **of_list(ValueClaimsPage))
def get_value_claims(
    *,
    account: Id | None = None,
    plan: Id | None = None,
    project: Id | None = None,
    state: ClaimState | None = None,
    question: AskedOfList,
) -> Response:
    """Value claims one by one, as they were."""
    selection = ClaimSelection(account=account, plan=plan, project=project, state=state)
    with asking(question, value_claims.READS) as asked:
        rows = value_claims.value_claims(
            asked.connection,
            asked.moment,
            selection=selection,
            after=question.after,
            limit=question.limit,
        )
        following = question.following(rows, lambda row: row.claim_id)
    return as_page(
        ValueClaimsPage,
        [ValueClaimItem.model_validate(row._asdict()) for row in rows],
        asked,
        question,
        following=following,
    )


@ROUTER.get("/value-claims/{claim_id}", **of_one(ValueClaimAnswer))
def get_value_claim(claim_id: Id, question: AskedOfOne) -> Response:
    """One value claim, as it was."""
    with asking(question, value_claims.READS) as asked:
        moment = asked.moment
        row = value_claims.value_claim(asked.connection, moment, claim_id)
        if row is None:
            raise Problem("not-found", "unknown-claim", "there is no such value claim")
    item = ValueClaimItem.model_validate(row._asdict())
    return as_json(ValueClaimAnswer(**asked.freshness, item=item), asked, version=row.version)


@ROUTER.get("/value-delivered", **of_list(ValueDeliveredPage))
def get_value_delivered(
    *,
    account: Id | None = None,
    plan: Id | None = None,
    per: Per = "account",
    question: AskedOfList,
) -> Response:
    """What customers gained per account or plan, claimed and confirmed apart."""
    with asking(question, value_claims.READS) as asked:
        rows = value_claims.value_delivered(
            asked.connection,
            asked.moment,
            per=per,
            selection=ClaimSelection(account=account, plan=plan),
            skip=question.skip,
            limit=question.limit,
        )
        following = question.further(rows)
    return as_page(
        ValueDeliveredPage,
        [ValueDeliveredItem.model_validate(row._asdict()) for row in rows],
        asked,
        question,
        following=following,
    )
