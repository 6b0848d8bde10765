"""The doors of outcomes at customers."""

from typing import Final

from starlette.responses import Response

from api.account_warnings import (
    AccountOutcomeAnswer,
    AccountOutcomeItem,
    AccountOutcomesPage,
)
from api.openapi import of_list, of_one
from api.pages import as_json, as_page
from api.problems import Problem
from api.questions import AskedOfList, AskedOfOne, asking, questions
from events.values import Id
from readmodels import account_outcomes
from readmodels.account_outcomes import OutcomeOf, OutcomeSelection

ROUTER: Final = questions()


@ROUTER.get("/account-outcomes", **of_list(AccountOutcomesPage))
def get_account_outcomes(
    *,
    account: Id | None = None,
    region: Id | None = None,
    kind: OutcomeOf | None = None,
    question: AskedOfList,
) -> Response:
    """Which customers and renewals were lost, on which days, as it was known."""
    selection = OutcomeSelection(account=account, region=region, kind=kind)
    with asking(question, account_outcomes.LIST_READS) as asked:
        rows = account_outcomes.account_outcomes(
            asked.connection,
            asked.moment,
            selection=selection,
            after=question.after,
            limit=question.limit,
        )
    following = question.following(rows, lambda row: row.outcome_id)
    items = [AccountOutcomeItem(**row._asdict()) for row in rows]
    return as_page(AccountOutcomesPage, items, asked, question, following=following)


@ROUTER.get("/account-outcomes/{outcome_id}", **of_one(AccountOutcomeAnswer))
def get_account_outcome(outcome_id: Id, question: AskedOfOne) -> Response:
    """One outcome as it was known, also one that was withdrawn."""
    with asking(question, account_outcomes.READS) as asked:
        row = account_outcomes.account_outcome(asked.connection, asked.moment, outcome_id)
        if row is None:
            raise Problem("not-found", "unknown-outcome", "there is no such outcome")
    item = AccountOutcomeItem(**row._asdict())
    return as_json(AccountOutcomeAnswer(**asked.freshness, item=item), asked, version=row.version)
