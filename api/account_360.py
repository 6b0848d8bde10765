"""The doors of one account and of one portfolio: everything around them in one answer."""

from typing import Final

from starlette.responses import Response

from api.account_answers import AccountAnswer, PortfolioEntry, PortfolioPage
from api.answers import AccountItem
from api.openapi import of_list, of_one
from api.pages import as_json, as_page
from api.problems import Problem
from api.questions import AskedOfList, AskedOfOne, asking, questions
from events.values import Id, PersonId
from readmodels import portfolio
from readmodels.account_360 import view
from readmodels.account_classes import classes_of

ROUTER: Final = questions()


@ROUTER.get("/accounts/{account_id}", **of_one(AccountAnswer))
def get_account(account_id: Id, question: AskedOfOne) -> Response:
    """One account with everything around it, as it was."""
    with asking(question, view.READS) as asked:
        moment, day = asked.moment, question.day
        found = view.account_360(asked.connection, moment, day, account_id)
        if found is None:
            raise Problem("not-found", "unknown-account", "there is no such account")
        row, sections = found
        classes = classes_of(asked.connection, moment, [account_id])
        fields = question.opened(dict(sections))
    item = AccountItem(**row._asdict(), account_class=classes.get(account_id))
    answer = AccountAnswer.model_validate({**asked.freshness, "item": item, **fields})
    return as_json(answer, version=row.version)


@ROUTER.get("/employees/{employee_id}/portfolio", **of_list(PortfolioPage, "not-found"))
def get_portfolio(
    *,
    employee_id: PersonId,
    question: AskedOfList,
) -> Response:
    """What an employee looks after and would have to be handed over, as it was."""
    with asking(question, portfolio.READS) as asked:
        rows = portfolio.portfolio(
            asked.connection,
            asked.moment,
            employee_id,
            after=question.after,
            limit=question.limit,
        )
        if rows is None:
            raise Problem("not-found", "unknown-employee", "there is no such employee")
        following = question.following(rows, lambda row: row.key)
    return as_page(
        PortfolioPage,
        [PortfolioEntry.model_validate(row._asdict()) for row in rows],
        asked,
        question,
        following=following,
    )
