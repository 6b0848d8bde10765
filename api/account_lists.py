"""The lists around accounts: goals, objectives, links, documents, and gaps in teams."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from api.account_answers import (
    AccountGapsItem,
    AccountGapsPage,
    AccountLinkItem,
    AccountLinksPage,
    CustomerGoalItem,
    CustomerGoalsPage,
    SolutionDocumentAnswer,
    SolutionDocumentItem,
    SolutionDocumentsPage,
    StrategicObjectiveItem,
    StrategicObjectivesPage,
)
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
)
from api.tables import CSV, JSON, wanted
from events.values import Id, PersonId
from readmodels import account_links, account_teams, goals, solution_documents

Role = Literal["account_manager", "solution_architect", "delivery_expert", "executive_sponsor"]
LinkKind = Literal["equity", "joint_venture", "third_party_investment"]
Dropped = Annotated[bool, Query(description="Those that are dropped instead of those pursued.")]
Linked = Annotated[
    bool | None, Query(description="Only those with (true) or without (false) a counterpart.")
]


def account_lists_router(doors: Doors) -> APIRouter:
    """These doors on ``doors``; each needs a key that works."""
    router = APIRouter(prefix="/v1", dependencies=[Depends(Reader(doors))])
    _add_goals(router, doors)
    _add_objectives(router, doors)
    _add_links(router, doors)
    _add_documents(router, doors)
    _add_gaps(router, doors)
    return router


def _add_goals(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "/customer-goals",
        tags=["questions"],
        response_model=CustomerGoalsPage,
        responses=PROBLEMS_OF_LISTS | in_types(CustomerGoalsPage, CSV),
    )
    def get_customer_goals(
        *,
        account: Id | None = None,
        objective: Id | None = None,
        linked: Linked = None,
        dropped: Dropped = False,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        limit: Limit = 100,
        cursor_: After = None,
        min_position: MinPosition = None,
        accept: Accept = None,
    ) -> Response:
        """What customers want to reach, and which objectives of ours serve it, as it was."""
        kind = wanted(accept, (JSON, CSV))
        with asking(doors, goals.READS, min_position) as asked:
            rows = goals.customer_goals(
                asked.connection,
                asked.moment(as_of, known_at),
                account=account,
                objective=objective,
                linked=linked,
                dropped=dropped,
                after=text_after(cursor_),
                limit=limit,
            )
            following = cursor(rows[-1].goal_id) if len(rows) == limit else None
        return as_page(
            CustomerGoalsPage,
            CustomerGoalItem,
            [row._asdict() for row in rows],
            asked.freshness,
            kind=kind,
            following=following,
        )


def _add_objectives(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "/strategic-objectives",
        tags=["questions"],
        response_model=StrategicObjectivesPage,
        responses=PROBLEMS_OF_LISTS | in_types(StrategicObjectivesPage, CSV),
    )
    def get_strategic_objectives(
        *,
        linked: Linked = None,
        dropped: Dropped = False,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        limit: Limit = 100,
        cursor_: After = None,
        min_position: MinPosition = None,
        accept: Accept = None,
    ) -> Response:
        """What we want to reach with our customers, and which of their goals it serves."""
        kind = wanted(accept, (JSON, CSV))
        with asking(doors, goals.READS, min_position) as asked:
            rows = goals.strategic_objectives(
                asked.connection,
                asked.moment(as_of, known_at),
                linked=linked,
                dropped=dropped,
                after=text_after(cursor_),
                limit=limit,
            )
            following = cursor(rows[-1].objective_id) if len(rows) == limit else None
        return as_page(
            StrategicObjectivesPage,
            StrategicObjectiveItem,
            [row._asdict() for row in rows],
            asked.freshness,
            kind=kind,
            following=following,
        )


def _add_links(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "/account-links",
        tags=["questions"],
        response_model=AccountLinksPage,
        responses=PROBLEMS_OF_LISTS | in_types(AccountLinksPage, CSV),
    )
    def get_account_links(
        *,
        account: Id | None = None,
        kind: LinkKind | None = None,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        limit: Limit = 100,
        cursor_: After = None,
        min_position: MinPosition = None,
        accept: Accept = None,
    ) -> Response:
        """Shares, joint ventures and investments that held on the day, from either side."""
        media = wanted(accept, (JSON, CSV))
        with asking(doors, account_links.READS, min_position) as asked:
            rows = account_links.account_links(
                asked.connection,
                asked.moment(as_of, known_at),
                business_day(doors, as_of),
                account=account,
                kind=kind,
                after=text_after(cursor_),
                limit=limit,
            )
            following = cursor(rows[-1].link_id) if len(rows) == limit else None
        return as_page(
            AccountLinksPage,
            AccountLinkItem,
            [row._asdict() for row in rows],
            asked.freshness,
            kind=media,
            following=following,
        )


def _add_documents(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "/solution-documents",
        tags=["questions"],
        response_model=SolutionDocumentsPage,
        responses=PROBLEMS_OF_LISTS | in_types(SolutionDocumentsPage, CSV),
    )
    def get_solution_documents(
        *,
        account: Id | None = None,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        limit: Limit = 100,
        cursor_: After = None,
        min_position: MinPosition = None,
        accept: Accept = None,
    ) -> Response:
        """Solution documents, each in the revision that was the newest."""
        kind = wanted(accept, (JSON, CSV))
        with asking(doors, solution_documents.READS, min_position) as asked:
            rows = solution_documents.solution_documents(
                asked.connection,
                asked.moment(as_of, known_at),
                account=account,
                after=text_after(cursor_),
                limit=limit,
            )
            following = cursor(rows[-1].document_id) if len(rows) == limit else None
        return as_page(
            SolutionDocumentsPage,
            SolutionDocumentItem,
            [row._asdict() for row in rows],
            asked.freshness,
            kind=kind,
            following=following,
        )

    @router.get(
        "/solution-documents/{document_id}",
        tags=["questions"],
        response_model=SolutionDocumentAnswer,
        responses=PROBLEMS_OF_ONE,
    )
    def get_solution_document(
        document_id: Id,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        min_position: MinPosition = None,
    ) -> Response:
        """One solution document in every revision there was."""
        with asking(doors, solution_documents.READS, min_position) as asked:
            moment = asked.moment(as_of, known_at)
            rows = solution_documents.revisions(asked.connection, moment, document_id)
            if not rows:
                raise Problem("not-found", "unknown-document", "there is no such document")
        items = [SolutionDocumentItem(**row._asdict()) for row in rows]
        answer = SolutionDocumentAnswer(**asked.freshness, items=items)
        return as_json(answer, version=rows[-1].version)


def _add_gaps(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "/account-gaps",
        tags=["questions"],
        response_model=AccountGapsPage,
        responses=PROBLEMS_OF_LISTS | in_types(AccountGapsPage, CSV),
    )
    def get_account_gaps(
        *,
        role: Role | None = None,
        owner: PersonId | None = None,
        region: Id | None = None,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        limit: Limit = 100,
        cursor_: After = None,
        min_position: MinPosition = None,
        accept: Accept = None,
    ) -> Response:
        """Accounts in whose team a role is filled by nobody who worked here."""
        kind = wanted(accept, (JSON, CSV))
        with asking(doors, account_teams.READS, min_position) as asked:
            rows = account_teams.account_gaps(
                asked.connection,
                asked.moment(as_of, known_at),
                role=role,
                owner=owner,
                region=region,
                after=text_after(cursor_),
                limit=limit,
            )
            following = cursor(rows[-1].account_id) if len(rows) == limit else None
        return as_page(
            AccountGapsPage,
            AccountGapsItem,
            [row._asdict() for row in rows],
            asked.freshness,
            kind=kind,
            following=following,
        )
