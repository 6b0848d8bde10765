"""The doors of one account and of one portfolio: everything around them in one answer."""

from collections.abc import Mapping
from functools import reduce
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response

from api.account_answers import AccountAnswer
from api.answers import AccountItem
from api.openapi import of_list, of_one
from api.pages import as_json, as_page
from api.portfolio_answers import PortfolioEntry, PortfolioPage
from api.problems import Problem
from api.questions import AskedOfList, AskedOfOne, Question, asking, questions
from events.values import Id, PersonId
from readmodels import portfolio
from readmodels.account_360 import view
from readmodels.account_classes import classes_of

ROUTER: Final = questions()


_MORE: Final[Mapping[tuple[str, ...], str]] = {
    ("ranking",): "/v1/account-classes/{}",
    ("health",): "/v1/accounts/{}/health-score/explanation",
    ("people",): "/v1/contacts?account_id={}",
    ("depth",): "/v1/accounts/{}/relationship-depth",
    ("interactions",): "/v1/interactions?account_id={}",
    ("interactions", "follow_ups"): "/v1/follow-ups?open=true&account_id={}",
    ("surveys",): "/v1/survey-answers?account={}",
    ("alerts",): "/v1/alerts?account={}",
    ("outcomes",): "/v1/account-outcomes?account={}",
    ("plans",): "/v1/account-plans?account={}",
    ("projects",): "/v1/joint-projects?account={}",
    ("value",): "/v1/value-claims?account={}",
    ("contracts",): "/v1/contracts?account={}",
    ("approvals",): "/v1/approvals?account={}",
    ("events",): "/v1/audit-trail?account={}",
}
"""The door behind each part of the answer that may be cut."""


@ROUTER.get("/accounts/{account_id}", **of_one(AccountAnswer))
def get_account(account_id: Id, question: AskedOfOne) -> Response:
    """One account with everything around it, as it was."""
    with asking(question, view.READS) as asked:
        found = view.account_360(
            asked.connection,
            asked.moment,
            account_id,
            day=question.day,
            zone=question.doors.zone,
        )
        if found is None:
            raise Problem("not-found", "unknown-account", "there is no such account")
        row, sections = found
        classes = classes_of(asked.connection, asked.moment, [account_id])
    fields = question.opened(dict(sections))
    for path, door in _MORE.items():
        part = reduce(lambda one, name: one[name], path, fields)
        if part is not None:
            part["more"] = _same_moment(door.format(account_id), question)
    item = AccountItem(**row._asdict(), account_class=classes.get(account_id))
    answer = AccountAnswer.model_validate({**asked.freshness, "item": item, **fields})
    return as_json(answer, asked, version=row.version)


def _same_moment(door: str, question: Question) -> str:
    """``door``, asked as of the day and as known at the instant that ``question`` is about."""
    given = {"as_of": question.as_of, "known_at": question.known_at}
    told = {name: value.isoformat() for name, value in given.items() if value is not None}
    if not told:
        return door
    return f"{door}{'&' if '?' in door else '?'}{urlencode(told)}"


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
