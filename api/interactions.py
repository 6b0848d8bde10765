"""The read doors about interactions: the timeline, and what is to follow."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Final

from fastapi import Depends, Query
from starlette.responses import Response

from api.interaction_answers import (
    FollowUpItem,
    FollowUpsPage,
    FollowUpTold,
    InteractionAnswer,
    InteractionItem,
    InteractionsPage,
)
from api.openapi import of_list, of_one
from api.pages import as_json, as_page
from api.problems import Problem
from api.questions import (
    AskedOfList,
    AskedOfOne,
    Asking,
    Question,
    asking,
    questions,
    within_calendar,
)
from events.values import Id, PersonId
from readmodels import interactions
from readmodels.interactions import FollowUpSelection, InteractionSelection
from readmodels.moment import Moment, end_of


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


ROUTER: Final = questions()


@ROUTER.get("/interactions", **of_list(InteractionsPage))
def get_interactions(
    *,
    selection: Annotated[InteractionSelection, Depends(_selection)],
    from_: Annotated[date | None, Query(alias="from", description="On this day or later.")] = (
        None
    ),
    to: Annotated[date | None, Query(description="On this day or earlier.")] = None,
    question: AskedOfList,
) -> Response:
    """The timeline: what took place, the latest first, as it was known."""
    since = None if from_ is None else _end(question, within_calendar(from_) - timedelta(days=1))
    before = None if to is None else _end(question, within_calendar(to))
    with asking(question, interactions.READS) as asked:
        rows = interactions.interactions(
            asked.connection,
            asked.moment,
            selection=InteractionSelection(
                account=selection.account,
                contact=selection.contact,
                employee=selection.employee,
                kind=selection.kind,
                since=since,
                before=before,
            ),
            after=question.after,
            limit=question.limit,
        )
        items = _items(question, asked, rows)
    following = question.following(
        rows, lambda row: interactions.place(row, row.occurred_at.astimezone(UTC))
    )
    return as_page(InteractionsPage, items, asked, question, following=following)


@ROUTER.get("/interactions/{interaction_id}", **of_one(InteractionAnswer))
def get_interaction(interaction_id: Id, question: AskedOfOne) -> Response:
    """One interaction as it was known, also one that was withdrawn."""
    with asking(question, interactions.READS) as asked:
        moment = asked.moment
        row = interactions.interaction(asked.connection, moment, interaction_id)
        if row is None:
            raise Problem("not-found", "unknown-interaction", "there is no such interaction")
        (item,) = _items(question, asked, [row])
    return as_json(InteractionAnswer(**asked.freshness, item=item), asked, version=row.version)


@ROUTER.get("/follow-ups", **of_list(FollowUpsPage))
def get_follow_ups(
    *,
    owner_id: PersonId | None = None,
    account_id: Id | None = None,
    due_to: date | None = None,
    open_: Annotated[bool | None, Query(alias="open")] = None,
    question: AskedOfList,
) -> Response:
    """What was promised in interactions, by whom and until when."""
    today = question.day
    with asking(question, interactions.READS) as asked:
        rows = interactions.follow_ups(
            asked.connection,
            asked.moment,
            selection=FollowUpSelection(
                owner=owner_id, account=account_id, due_to=due_to, open=open_
            ),
            after=question.after,
            limit=question.limit,
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
    following = question.following(rows, interactions.follow_up_place)
    return as_page(FollowUpsPage, items, asked, question, following=following)


def _end(question: Question, day: date) -> datetime:
    return end_of(day, question.doors.zone)


def _items(question: Question, asked: Asking, rows: Iterable[Any]) -> list[InteractionItem]:
    told = [{**row._asdict(), "follow_ups": _follow_ups(row, asked.moment)} for row in rows]
    return [InteractionItem.model_validate(one) for one in question.opened(told)]


def _follow_ups(row: Any, moment: Moment) -> list[FollowUpTold]:
    told = (one._asdict() for one in interactions.follow_ups_of(row, moment))
    return [
        FollowUpTold.model_validate({name: one[name] for name in FollowUpTold.model_fields})
        for one in told
    ]
