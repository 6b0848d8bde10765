"""The doors of approvals: each request, its history, and what waits for whom."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from api.approval_answers import (
    ApprovalAnswer,
    ApprovalItem,
    ApprovalsPage,
    Happening,
    InboxItem,
    InboxPage,
)
from api.cursors import cursor, text_after
from api.openapi import PROBLEMS_OF_LISTS, PROBLEMS_OF_ONE, in_types
from api.pages import as_csv, as_json
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
from api.security import Principal
from api.tables import CSV, JSON, wanted
from events.values import Id, PersonId
from readmodels import approvals
from readmodels.approvals import ApprovalSelection

State = Literal["pending", "granted", "rejected", "sent_back", "voided"]


def approvals_router(doors: Doors) -> APIRouter:
    """The doors of approvals on ``doors``; each needs a key that works."""
    reader = Reader(doors)
    router = APIRouter(prefix="/v1/approvals", dependencies=[Depends(reader)])
    _add_list(router, doors)
    # Before the door of one request, or it would be one with the id "inbox".
    _add_inbox(router, doors, reader)
    _add_one(router, doors)
    return router


def _fields(row: Any) -> dict[str, Any]:
    """A row as an answer tells it."""
    told = {name: value for name, value in row._asdict().items() if name in _TOLD}
    return told | {
        "steps": row.steps["steps"],
        "delegations": row.delegations["delegations"],
        "author_ids": list(row.author_ids),
        "waiting": list(row.waiting),
    }


_TOLD: Final = frozenset(ApprovalItem.model_fields)


def _add_list(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "",
        tags=["questions"],
        response_model=ApprovalsPage,
        responses=PROBLEMS_OF_LISTS | in_types(ApprovalsPage, CSV),
    )
    def get_approvals(
        *,
        subject_kind: Id | None = None,
        subject_id: Id | None = None,
        state: State | None = None,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        limit: Limit = 100,
        cursor_: After = None,
        min_position: MinPosition = None,
        accept: Accept = None,
    ) -> Response:
        """Requests for approvals one by one, as they were."""
        kind = wanted(accept, (JSON, CSV))
        with asking(doors, approvals.READS, min_position) as asked:
            rows = approvals.approvals(
                asked.connection,
                asked.moment(as_of, known_at),
                selection=ApprovalSelection(
                    subject_kind=subject_kind, subject_id=subject_id, state=state
                ),
                after=text_after(cursor_),
                limit=limit,
            )
        following = cursor(rows[-1].approval_id) if len(rows) == limit else None
        items = [ApprovalItem(**_fields(row)) for row in rows]
        if kind == CSV:
            return _csv(items, ApprovalItem, asked.freshness, following)
        return as_json(ApprovalsPage(**asked.freshness, next=following, items=items))


def _csv(
    items: list[Any],
    item: type[ApprovalItem],
    freshness: Mapping[str, int],
    following: str | None,
) -> Response:
    rows = [one.model_dump() for one in items]
    return as_csv(rows, freshness, columns=tuple(item.model_fields), following=following)


def _add_inbox(router: APIRouter, doors: Doors, reader: Reader) -> None:
    @router.get(
        "/inbox",
        tags=["questions"],
        response_model=InboxPage,
        responses=PROBLEMS_OF_LISTS | in_types(InboxPage, CSV),
    )
    def get_approvals_inbox(
        *,
        principal: Annotated[Principal, Depends(reader)],
        employee_id: Annotated[
            PersonId | None, Query(description="Default: whom the key acts for.")
        ] = None,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        limit: Limit = 100,
        cursor_: After = None,
        min_position: MinPosition = None,
        accept: Accept = None,
    ) -> Response:
        """What waits for somebody, with the day it is due, and on whose behalf."""
        person = employee_id or principal.key.employee_id
        if person is None:
            raise Problem("invalid", "person-missing", "the key acts for no employee; name one")
        kind = wanted(accept, (JSON, CSV))
        with asking(doors, approvals.READS, min_position) as asked:
            found = approvals.inbox(
                asked.connection,
                asked.moment(as_of, known_at),
                employee_id=person,
                today=business_day(doors, as_of),
                after=text_after(cursor_),
                limit=limit,
            )
        following = cursor(found[-1].row.approval_id) if len(found) == limit else None
        items = [InboxItem(**_fields(one.row), on_behalf_of=one.on_behalf_of) for one in found]
        if kind == CSV:
            return _csv(items, InboxItem, asked.freshness, following)
        return as_json(
            InboxPage(**asked.freshness, next=following, employee_id=person, items=items)
        )


def _add_one(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "/{approval_id}",
        tags=["questions"],
        response_model=ApprovalAnswer,
        responses=PROBLEMS_OF_ONE,
    )
    def get_approval(
        approval_id: Id,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        min_position: MinPosition = None,
    ) -> Response:
        """One request for an approval, as it was, and what became of it until then."""
        with asking(doors, approvals.READS, min_position) as asked:
            moment = asked.moment(as_of, known_at)
            row = approvals.approval(asked.connection, moment, approval_id)
            if row is None:
                raise Problem("not-found", "unknown-approval", "there is no such approval")
            told = approvals.history(asked.connection, moment, approval_id)
        history = [
            Happening(
                version=one.version,
                happened=one.happened,
                employee_id=one.employee_id,
                state=one.state,
                step=one.step,
                occurred_at=one.valid_from,
                recorded_at=one.known_from,
            )
            for one in told
        ]
        item = ApprovalItem(**_fields(row))
        answer = ApprovalAnswer(**asked.freshness, item=item, history=history)
        return as_json(answer, version=row.version)
