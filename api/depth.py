"""The read doors about depth, frequency and silence of relationships."""

from datetime import date, timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from api.cursors import cursor, text_after
from api.interaction_answers import (
    ActivityItem,
    ActivityPage,
    ContactDepthItem,
    ContactFrequency,
    DepthAnswer,
    DepthItem,
    FrequencyAnswer,
    MetricDefinition,
    PolicyUsed,
)
from api.openapi import PROBLEMS_OF_LISTS, PROBLEMS_OF_ONE, in_types
from api.pages import as_csv, as_json
from api.ports import Doors
from api.problems import Problem
from api.questions import (
    Accept,
    After,
    Asking,
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
from readmodels import depth
from readmodels.depth import Ground, PolicyInForce
from readmodels.frequency import Frequency, frequency
from readmodels.moment import Moment

KEY_ROLES: Final = ("decision_maker", "executive_sponsor", "economic_buyer", "champion")
"""Who is a key contact where the question does not say: by role in the decision chain."""

Days = Annotated[int, Query(ge=1, le=36_500)]


def depth_router(doors: Doors) -> APIRouter:
    """The doors about depth on ``doors``; each needs a key that works."""
    router = APIRouter(prefix="/v1", dependencies=[Depends(Reader(doors))])
    _add_depth(router, doors)
    _add_frequency(router, doors)
    _add_activity(router, doors)
    return router


def _add_depth(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "/accounts/{account_id}/relationship-depth",
        tags=["questions"],
        response_model=DepthAnswer,
        responses=PROBLEMS_OF_ONE,
    )
    def get_relationship_depth(
        account_id: Id,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        min_position: MinPosition = None,
    ) -> Response:
        """How deep the relationship with an account and its contacts was, and on what it rests."""
        on = business_day(doors, as_of)
        with asking(doors, depth.READS, min_position) as asked:
            found = _ground(doors, asked, asked.moment(as_of, known_at), account_id, on)
        told = depth.relationship_depth(found, on)
        answer = DepthAnswer(
            **asked.freshness,
            account_id=account_id,
            on=on,
            policy=_policy(told.policy),
            account=None if told.account is None else DepthItem(**_fields(told.account)),
            contacts=[
                ContactDepthItem(contact_id=contact_id, **_fields(its))
                for contact_id, its in told.contacts.items()
            ],
        )
        return as_json(answer)


def _add_frequency(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "/accounts/{account_id}/interaction-frequency",
        tags=["questions"],
        response_model=FrequencyAnswer,
        responses=PROBLEMS_OF_ONE,
    )
    def get_interaction_frequency(
        *,
        account_id: Id,
        contact_id: Annotated[list[PersonId], Query(max_length=100)] = [],  # noqa: B006 - copied
        role: Annotated[list[Id], Query(max_length=20)] = [],  # noqa: B006 - FastAPI copies it
        window_days: Days = 90,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        min_position: MinPosition = None,
    ) -> Response:
        """How often we met key contacts: those named, else those with a role in the decision."""
        on = business_day(doors, as_of)
        roles = role or KEY_ROLES
        with asking(doors, depth.READS, min_position) as asked:
            moment = asked.moment(as_of, known_at)
            found = _ground(doors, asked, moment, account_id, on)
            key = contact_id or depth.key_contacts(asked.connection, moment, account_id, roles)
        told = frequency(found, key, window_days=window_days, on=on)
        who = "named in the question" if contact_id else f"with a role of {', '.join(roles)}"
        return as_json(
            _frequency_answer(
                asked,
                found.policy,
                told,
                account_id=account_id,
                on=on,
                metric=_met_09(who, window_days),
            )
        )


def _met_09(who: str, window_days: int) -> MetricDefinition:
    return MetricDefinition(
        id="MET-09",
        name="interaction frequency with key contacts",
        formula=(
            "interactions the depth policy counts as effective, with at least one key contact, "
            f"within the window, per 30 days; key contacts are those {who}"
        ),
        version=1,
        window_days=window_days,
    )


def _frequency_answer(
    asked: Asking,
    policy: PolicyInForce | None,
    told: Frequency,
    *,
    account_id: str,
    on: date,
    metric: MetricDefinition,
) -> FrequencyAnswer:
    return FrequencyAnswer(
        **asked.freshness,
        account_id=account_id,
        on=on,
        metric=metric,
        policy=_policy(policy),
        interactions=None if policy is None else len(told.interaction_ids),
        per_30_days_centi=None if policy is None else told.per_30_days_centi,
        interaction_ids=list(told.interaction_ids),
        contacts=[
            ContactFrequency(contact_id=one, interactions=count, last_on=last_on)
            for one, (count, last_on) in told.contacts.items()
        ],
    )


def _add_activity(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "/account-activity",
        tags=["questions"],
        response_model=ActivityPage,
        responses=PROBLEMS_OF_LISTS | in_types(ActivityPage, CSV),
    )
    def get_account_activity(
        *,
        without_activity_days: Annotated[
            int | None,
            Query(ge=1, le=36_500, description="Only accounts without one in so many days."),
        ] = None,
        region: Id | None = None,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        limit: Limit = 100,
        cursor_: After = None,
        min_position: MinPosition = None,
        accept: Accept = None,
    ) -> Response:
        """Accounts with their last executive visit or joint event; or those gone quiet."""
        kind, on = wanted(accept, (JSON, CSV)), business_day(doors, as_of)
        quiet = None
        if without_activity_days is not None:
            quiet = on - timedelta(days=min(without_activity_days, (on - date.min).days))
        with asking(doors, depth.READS, min_position) as asked:
            rows = depth.activity(
                asked.connection,
                asked.moment(as_of, known_at),
                zone=doors.zone,
                region=region,
                quiet_since=quiet,
                after=text_after(cursor_),
                limit=limit,
            )
        items = [
            ActivityItem(
                **row._asdict(), days=None if row.last_on is None else (on - row.last_on).days
            )
            for row in rows
        ]
        following = cursor(rows[-1].account_id) if len(rows) == limit else None
        if kind == CSV:
            return as_csv(
                [item.model_dump(mode="json") for item in items],
                asked.freshness,
                columns=tuple(ActivityItem.model_fields),
                following=following,
            )
        return as_json(ActivityPage(**asked.freshness, next=following, items=items))


def _ground(doors: Doors, asked: Asking, moment: Moment, account_id: str, on: date) -> Ground:
    found = depth.ground(asked.connection, moment, account_id, on=on, zone=doors.zone)
    if found is None:
        raise Problem("not-found", "unknown-account", "there is no such account")
    return found


def _policy(policy: PolicyInForce | None) -> PolicyUsed | None:
    if policy is None:
        return None
    return PolicyUsed(
        region_id=policy.region_id,
        version=policy.version,
        effective_on=date.fromisoformat(policy.effective_on),
    )


def _fields(told: Any) -> dict[str, Any]:
    return {
        "points": told.points,
        "level": told.level,
        "interaction_ids": list(told.interaction_ids),
    }
