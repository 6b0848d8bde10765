"""The doors of one account and of one portfolio: everything around them in one answer."""

from fastapi import APIRouter, Depends
from starlette.responses import Response

from api.account_answers import AccountAnswer, PortfolioEntry, PortfolioPage
from api.answers import AccountItem
from api.cursors import cursor, text_after
from api.openapi import PROBLEMS_OF_LISTS, PROBLEMS_OF_ONE, in_types
from api.pages import as_json, as_page
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
    asking,
    business_day,
    opened,
)
from api.tables import CSV, JSON, wanted
from events.values import Id, PersonId
from readmodels import portfolio
from readmodels.account_360 import view
from readmodels.account_classes import classes_of


def account_360_router(doors: Doors) -> APIRouter:
    """These doors on ``doors``; each needs a key that works."""
    router = APIRouter(prefix="/v1", dependencies=[Depends(Reader(doors))])
    _add_account(router, doors)
    _add_portfolio(router, doors)
    return router


def _add_account(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "/accounts/{account_id}",
        tags=["questions"],
        response_model=AccountAnswer,
        responses=PROBLEMS_OF_ONE,
    )
    def get_account(
        account_id: Id,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        min_position: MinPosition = None,
    ) -> Response:
        """One account with everything around it, as it was."""
        with asking(doors, view.READS, min_position) as asked:
            moment, day = asked.moment(as_of, known_at), business_day(doors, as_of)
            found = view.account_360(asked.connection, moment, day, account_id)
            if found is None:
                raise Problem("not-found", "unknown-account", "there is no such account")
            row, sections = found
            classes = classes_of(asked.connection, moment, [account_id])
            fields = opened(doors, dict(sections))
        item = AccountItem(**row._asdict(), account_class=classes.get(account_id))
        answer = AccountAnswer.model_validate({**asked.freshness, "item": item, **fields})
        return as_json(answer, version=row.version)


def _add_portfolio(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "/employees/{employee_id}/portfolio",
        tags=["questions"],
        response_model=PortfolioPage,
        responses=PROBLEMS_OF_LISTS | PROBLEMS_OF_ONE | in_types(PortfolioPage, CSV),
    )
    def get_portfolio(
        *,
        employee_id: PersonId,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        limit: Limit = 100,
        cursor_: After = None,
        min_position: MinPosition = None,
        accept: Accept = None,
    ) -> Response:
        """What an employee looks after and would have to be handed over, as it was."""
        kind = wanted(accept, (JSON, CSV))
        with asking(doors, portfolio.READS, min_position) as asked:
            rows = portfolio.portfolio(
                asked.connection,
                asked.moment(as_of, known_at),
                employee_id,
                after=text_after(cursor_),
                limit=limit,
            )
            if rows is None:
                raise Problem("not-found", "unknown-employee", "there is no such employee")
            following = cursor(rows[-1].key) if len(rows) == limit else None
        return as_page(
            PortfolioPage,
            PortfolioEntry,
            [row._asdict() for row in rows],
            asked.freshness,
            kind=kind,
            following=following,
        )
