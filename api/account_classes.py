"""The doors of account classes: the ranked list, and one account's class."""

from typing import Annotated, Final, Literal

from fastapi import Query
from starlette.responses import Response

from api.metrics import defined
from api.openapi import of_list, of_one
from api.pages import as_json, as_page
from api.problems import Problem
from api.questions import AskedOfList, AskedOfOne, asking, questions
from api.ranking_answers import AccountClassAnswer, AccountClassesPage, AccountClassItem
from events.values import Id
from readmodels import account_classes

ROUTER: Final = questions()


@ROUTER.get("/account-classes/{account_id}", **of_one(AccountClassAnswer))
def get_account_class(account_id: Id, question: AskedOfOne) -> Response:
    """What one account was to us, ranked among all, and what that rests on."""
    with asking(question, account_classes.READS) as asked:
        moment = asked.moment
        row = account_classes.account_class(asked.connection, moment, account_id)
        if row is None:
            raise Problem("not-found", "account-not-classified", "nobody had ranked this account")
    answer = AccountClassAnswer(
        **asked.freshness,
        metric=defined(account_classes.METRIC),
        item=AccountClassItem.model_validate(row._asdict()),
    )
    return as_json(answer, asked, version=row.version)


@ROUTER.get("/account-classes", **of_list(AccountClassesPage))
def get_account_classes(
    *,
    region: Id | None = None,
    account_class: Annotated[
        Literal["strategic", "key", "ordinary"] | None, Query(alias="class")
    ] = None,
    question: AskedOfList,
) -> Response:
    """Accounts ranked by what they are to us, the greatest score first."""
    with asking(question, account_classes.READS) as asked:
        rows = account_classes.account_classes(
            asked.connection,
            asked.moment,
            region=region,
            account_class=account_class,
            skip=question.skip,
            limit=question.limit,
        )
        following = question.further(rows)
    return as_page(
        AccountClassesPage,
        [AccountClassItem.model_validate(row._asdict()) for row in rows],
        asked,
        question,
        following=following,
        beside={"metric": defined(account_classes.METRIC)},
    )
