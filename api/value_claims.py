"""The read doors of value claims and of the value delivered."""

from fastapi import APIRouter, Depends
from starlette.responses import Response

from api.cursors import cursor, number_after, text_after
from api.openapi import PROBLEMS_OF_LISTS, PROBLEMS_OF_ONE, in_types
from api.pages import as_json, as_page
from api.planning_answers import (
    ValueClaimAnswer,
    ValueClaimItem,
    ValueClaimsPage,
    ValueDeliveredItem,
    ValueDeliveredPage,
)
from api.ports import Doors
from api.problems import Problem
from api.questions import Accept, After, AsOf, KnownAt, Limit, MinPosition, Reader, asking
from api.tables import CSV, JSON, wanted
from events.values import Id
from readmodels import value_claims
from readmodels.value_claims import ClaimSelection, ClaimState, Per


def value_claims_router(doors: Doors) -> APIRouter:
    """The read doors on ``doors``; each needs a key that works."""
    router = APIRouter(prefix="/v1", dependencies=[Depends(Reader(doors))])
    _add_list(router, doors)
    _add_one(router, doors)
    _add_delivered(router, doors)
    return router


def _add_list(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "/value-claims",
        tags=["questions"],
        response_model=ValueClaimsPage,
        responses=PROBLEMS_OF_LISTS | in_types(ValueClaimsPage, CSV),
    )
    def get_value_claims(
        *,
        account: Id | None = None,
        plan: Id | None = None,
        project: Id | None = None,
        state: ClaimState | None = None,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        limit: Limit = 100,
        cursor_: After = None,
        min_position: MinPosition = None,
        accept: Accept = None,
    ) -> Response:
        """Value claims one by one, as they were."""
        kind = wanted(accept, (JSON, CSV))
        selection = ClaimSelection(account=account, plan=plan, project=project, state=state)
        with asking(doors, value_claims.READS, min_position) as asked:
            rows = value_claims.value_claims(
                asked.connection,
                asked.moment(as_of, known_at),
                selection=selection,
                after=text_after(cursor_),
                limit=limit,
            )
            following = cursor(rows[-1].claim_id) if len(rows) == limit else None
        return as_page(
            ValueClaimsPage,
            ValueClaimItem,
            [row._asdict() for row in rows],
            asked.freshness,
            kind=kind,
            following=following,
        )


def _add_one(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "/value-claims/{claim_id}",
        tags=["questions"],
        response_model=ValueClaimAnswer,
        responses=PROBLEMS_OF_ONE,
    )
    def get_value_claim(
        claim_id: Id,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        min_position: MinPosition = None,
    ) -> Response:
        """One value claim, as it was."""
        with asking(doors, value_claims.READS, min_position) as asked:
            moment = asked.moment(as_of, known_at)
            row = value_claims.value_claim(asked.connection, moment, claim_id)
            if row is None:
                raise Problem("not-found", "unknown-claim", "there is no such value claim")
        item = ValueClaimItem.model_validate(row._asdict())
        return as_json(ValueClaimAnswer(**asked.freshness, item=item), version=row.version)


def _add_delivered(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "/value-delivered",
        tags=["questions"],
        response_model=ValueDeliveredPage,
        responses=PROBLEMS_OF_LISTS | in_types(ValueDeliveredPage, CSV),
    )
    def get_value_delivered(
        *,
        account: Id | None = None,
        plan: Id | None = None,
        per: Per = "account",
        as_of: AsOf = None,
        known_at: KnownAt = None,
        limit: Limit = 100,
        cursor_: After = None,
        min_position: MinPosition = None,
        accept: Accept = None,
    ) -> Response:
        """What customers gained per account or plan, claimed and confirmed apart."""
        kind, skip = wanted(accept, (JSON, CSV)), number_after(cursor_)
        with asking(doors, value_claims.READS, min_position) as asked:
            rows = value_claims.value_delivered(
                asked.connection,
                asked.moment(as_of, known_at),
                per=per,
                selection=ClaimSelection(account=account, plan=plan),
                skip=skip,
                limit=limit,
            )
            following = cursor(skip + limit) if len(rows) == limit else None
        return as_page(
            ValueDeliveredPage,
            ValueDeliveredItem,
            [row._asdict() for row in rows],
            asked.freshness,
            kind=kind,
            following=following,
        )
