"""The doors of account classes: the ranked list, and one account's class."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from api.cursors import cursor, number_after
from api.metrics import defined
from api.openapi import PROBLEMS_OF_LISTS, PROBLEMS_OF_ONE, in_types
from api.pages import as_json, as_page
from api.ports import Doors
from api.problems import Problem
from api.questions import Accept, After, AsOf, KnownAt, Limit, MinPosition, Reader, asking
from api.ranking_answers import AccountClassAnswer, AccountClassesPage, AccountClassItem
from api.tables import CSV, JSON, wanted
from events.values import Id
from readmodels import account_classes


def account_classes_router(doors: Doors) -> APIRouter:
    """The doors of account classes on ``doors``; each needs a key that works."""
    router = APIRouter(prefix="/v1", tags=["questions"], dependencies=[Depends(Reader(doors))])
    _add_list(router, doors)

    @router.get(
        "/account-classes/{account_id}",
        response_model=AccountClassAnswer,
        responses=PROBLEMS_OF_ONE,
    )
    def get_account_class(
        account_id: Id,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        min_position: MinPosition = None,
    ) -> Response:
        """What one account was to us, ranked among all, and what that rests on."""
        with asking(doors, account_classes.READS, min_position) as asked:
            moment = asked.moment(as_of, known_at)
            row = account_classes.account_class(asked.connection, moment, account_id)
            if row is None:
                raise Problem(
                    "not-found", "account-not-classified", "nobody had ranked this account"
                )
        answer = AccountClassAnswer(
            **asked.freshness,
            metric=defined(account_classes.METRIC),
            item=AccountClassItem.model_validate(row._asdict()),
        )
        return as_json(answer, version=row.version)

    return router


def _add_list(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "/account-classes",
        response_model=AccountClassesPage,
        responses=PROBLEMS_OF_LISTS | in_types(AccountClassesPage, CSV),
    )
    def get_account_classes(
        *,
        region: Id | None = None,
        account_class: Annotated[
            Literal["strategic", "key", "ordinary"] | None, Query(alias="class")
        ] = None,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        limit: Limit = 100,
        cursor_: After = None,
        min_position: MinPosition = None,
        accept: Accept = None,
    ) -> Response:
        """Accounts ranked by what they are to us, the greatest score first."""
        kind, skip = wanted(accept, (JSON, CSV)), number_after(cursor_)
        with asking(doors, account_classes.READS, min_position) as asked:
            rows = account_classes.account_classes(
                asked.connection,
                asked.moment(as_of, known_at),
                region=region,
                account_class=account_class,
                skip=skip,
                limit=limit,
            )
            following = cursor(skip + limit) if len(rows) == limit else None
        return as_page(
            AccountClassesPage,
            AccountClassItem,
            [row._asdict() for row in rows],
            asked.freshness,
            kind=kind,
            following=following,
            beside={"metric": defined(account_classes.METRIC)},
        )
