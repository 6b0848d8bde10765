"""The doors of contracts."""

from typing import Literal

from fastapi import APIRouter, Depends
from starlette.responses import Response

from api.approval_answers import ContractAnswer, ContractItem, ContractsPage
from api.cursors import cursor, text_after
from api.openapi import PROBLEMS_OF_LISTS, PROBLEMS_OF_ONE, in_types
from api.pages import as_json, as_page
from api.ports import Doors
from api.problems import Problem
from api.questions import Accept, After, AsOf, KnownAt, Limit, MinPosition, Reader, asking
from api.tables import CSV, JSON, wanted
from events.values import Id
from readmodels import contracts

State = Literal["drafted", "submitted", "approved", "rejected"]


def contracts_router(doors: Doors) -> APIRouter:
    """The doors of contracts on ``doors``; each needs a key that works."""
    router = APIRouter(prefix="/v1/contracts", dependencies=[Depends(Reader(doors))])
    _add_list(router, doors)
    _add_one(router, doors)
    return router


def _add_list(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "",
        tags=["questions"],
        response_model=ContractsPage,
        responses=PROBLEMS_OF_LISTS | in_types(ContractsPage, CSV),
    )
    def get_contracts(
        *,
        account: Id | None = None,
        state: State | None = None,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        limit: Limit = 100,
        cursor_: After = None,
        min_position: MinPosition = None,
        accept: Accept = None,
    ) -> Response:
        """Contracts one by one, as they were."""
        kind = wanted(accept, (JSON, CSV))
        with asking(doors, contracts.READS, min_position) as asked:
            rows = contracts.contracts(
                asked.connection,
                asked.moment(as_of, known_at),
                account=account,
                state=state,
                after=text_after(cursor_),
                limit=limit,
            )
        following = cursor(rows[-1].contract_id) if len(rows) == limit else None
        return as_page(
            ContractsPage,
            ContractItem,
            [row._asdict() for row in rows],
            asked.freshness,
            kind=kind,
            following=following,
        )


def _add_one(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "/{contract_id}",
        tags=["questions"],
        response_model=ContractAnswer,
        responses=PROBLEMS_OF_ONE,
    )
    def get_contract(
        contract_id: Id,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        min_position: MinPosition = None,
    ) -> Response:
        """One contract, as it was."""
        with asking(doors, contracts.READS, min_position) as asked:
            row = contracts.contract(asked.connection, asked.moment(as_of, known_at), contract_id)
            if row is None:
                raise Problem("not-found", "unknown-contract", "there is no such contract")
        item = ContractItem(**row._asdict())
        return as_json(ContractAnswer(**asked.freshness, item=item), version=row.version)
