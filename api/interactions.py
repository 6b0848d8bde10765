"""The read doors about interactions: the timeline, and what is to follow."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from api.cursors import cursor, text_after
from api.interaction_answers import (
    FollowUpItem,
    FollowUpsPage,
    FollowUpTold,
    InteractionAnswer,
    InteractionItem,
    InteractionsPage,
)
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
    opened,
    within_calendar,
)
from api.tables import CSV, JSON, wanted
from events.values import Id, PersonId
from readmodels import interactions
from readmodels.interactions import FollowUpSelection, InteractionSelection
from readmodels.moment import end_of


def _selection(
    *,
    account_id: Id | None = None,
    contact_id: PersonId | None = None,
    employee_id: PersonId | None = None,
    kind: Id | None = None,
) -> InteractionSelection:
    return InteractionSelection(
        account=account_id, contact=contact_id, employee=employee_id, kind=kind
    )


def interactions_router(doors: Doors) -> APIRouter:
    """The doors about interactions on ``doors``; each needs a key that works."""
    router = APIRouter(prefix="/v1", dependencies=[Depends(Reader(doors))])
    _add_interactions(router, doors)
    _add_interaction(router, doors)
    _add_follow_ups(router, doors)
    return router


def _add_interactions(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "/interactions",
        tags=["questions"],
        response_model=InteractionsPage,
        responses=PROBLEMS_OF_LISTS | in_types(InteractionsPage, CSV),
    )
    def get_interactions(
        *,
        selection: Annotated[InteractionSelection, Depends(_selection)],
        from_: Annotated[date | None, Query(alias="from", description="On this day or later.")] = (
            None
        ),
        to: Annotated[date | None, Query(description="On this day or earlier.")] = None,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        limit: Limit = 100,
        cursor_: After = None,
        min_position: MinPosition = None,
        accept: Accept = None,
    ) -> Response:
        """The timeline: what took place, the latest first, as it was known."""
        kind, after = wanted(accept, (JSON, CSV)), text_after(cursor_)
        since = None if from_ is None else _end(doors, within_calendar(from_) - timedelta(days=1))
        before = None if to is None else _end(doors, within_calendar(to))
        with asking(doors, interactions.READS, min_position) as asked:
            rows = interactions.interactions(
                asked.connection,
                asked.moment(as_of, known_at),
                selection=InteractionSelection(
                    account=selection.account,
                    contact=selection.contact,
                    employee=selection.employee,
                    kind=selection.kind,
                    since=since,
                    before=before,
                ),
                after=after,
                limit=limit,
            )
            items = [_item(doors, row) for row in rows]
        following = None
        if len(rows) == limit:
            last = rows[-1]
            following = cursor(interactions.place(last, last.occurred_at.astimezone(UTC)))
        if kind == CSV:
            return as_csv(
                [item.model_dump(mode="json", by_alias=True) for item in items],
                asked.freshness,
                columns=tuple(InteractionItem.model_fields),
                following=following,
            )
        return as_json(InteractionsPage(**asked.freshness, next=following, items=items))


def _add_interaction(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "/interactions/{interaction_id}",
        tags=["questions"],
        response_model=InteractionAnswer,
        responses=PROBLEMS_OF_ONE,
    )
    def get_interaction(
        interaction_id: Id,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        min_position: MinPosition = None,
    ) -> Response:
        """One interaction as it was known, also one that was withdrawn."""
        with asking(doors, interactions.READS, min_position) as asked:
            moment = asked.moment(as_of, known_at)
            row = interactions.interaction(asked.connection, moment, interaction_id)
            if row is None:
                raise Problem("not-found", "unknown-interaction", "there is no such interaction")
            item = _item(doors, row)
        return as_json(InteractionAnswer(**asked.freshness, item=item), version=row.version)


def _add_follow_ups(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "/follow-ups",
        tags=["questions"],
        response_model=FollowUpsPage,
        responses=PROBLEMS_OF_LISTS | in_types(FollowUpsPage, CSV),
    )
    def get_follow_ups(
        *,
        owner_id: PersonId | None = None,
        account_id: Id | None = None,
        due_to: date | None = None,
        open_: Annotated[bool | None, Query(alias="open")] = None,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        limit: Limit = 100,
        cursor_: After = None,
        min_position: MinPosition = None,
        accept: Accept = None,
    ) -> Response:
        """What was promised in interactions, by whom and until when."""
        kind, after = wanted(accept, (JSON, CSV)), text_after(cursor_)
        today = business_day(doors, as_of)
        with asking(doors, interactions.READS, min_position) as asked:
            rows = interactions.follow_ups(
                asked.connection,
                asked.moment(as_of, known_at),
                selection=FollowUpSelection(
                    owner=owner_id, account=account_id, due_to=due_to, open=open_
                ),
                after=after,
                limit=limit,
            )
        items = [
            FollowUpItem.model_validate(
                {
                    **row._asdict(),
                    "overdue": row.done_at is None and date.fromisoformat(row.due_on) < today,
                }
            )
            for row in rows
        ]
        following = cursor(interactions.follow_up_place(rows[-1])) if len(rows) == limit else None
        if kind == CSV:
            return as_csv(
                [item.model_dump(mode="json") for item in items],
                asked.freshness,
                columns=tuple(FollowUpItem.model_fields),
                following=following,
            )
        return as_json(FollowUpsPage(**asked.freshness, next=following, items=items))


def _end(doors: Doors, day: date) -> datetime:
    return end_of(day, doors.zone)


def _item(doors: Doors, row: Any) -> InteractionItem:
    told = [
        FollowUpTold(
            follow_up_id=follow_up_id,
            text=one["text"],
            owner_id=one["owners"][-1][1],
            due_on=date.fromisoformat(one["due_on"]),
            done_at=None if one["done_at"] is None else datetime.fromisoformat(one["done_at"]),
        )
        for follow_up_id, one in sorted(row.follow_ups.items())
    ]
    fields = {**row._asdict(), "feedback": opened(doors, row.feedback), "follow_ups": told}
    return InteractionItem.model_validate(fields)
