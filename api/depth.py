"""The read doors about depth, frequency and silence of relationships."""

from datetime import date, timedelta
from typing import Annotated, Any, Final

from fastapi import Query
from starlette.responses import Response

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
from api.openapi import of_list, of_one
from api.pages import as_json, as_page
from api.problems import Problem
from api.questions import AskedOfList, AskedOfOne, Asking, Question, asking, questions
from events.values import Id, PersonId
from readmodels import depth
from readmodels.depth import Ground, PolicyInForce
from readmodels.frequency import Frequency, frequency
from readmodels.moment import Moment

Days = Annotated[int, Query(ge=1, le=36_500)]

ROUTER: Final = questions()


@ROUTER.get("/accounts/{account_id}/relationship-depth", **of_one(DepthAnswer))
def get_relationship_depth(account_id: Id, question: AskedOfOne) -> Response:
    """How deep the relationship with an account and its contacts was, and on what it rests."""
    on = question.day
    with asking(question, depth.READS) as asked:
        found = _ground(question, asked, asked.moment, account_id, on)
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
    return as_json(answer, asked)


@ROUTER.get("/accounts/{account_id}/interaction-frequency", **of_one(FrequencyAnswer))
def get_interaction_frequency(
    *,
    account_id: Id,
    contact_id: Annotated[list[PersonId], Query(max_length=100)] = [],  # noqa: B006 - copied
    role: Annotated[list[Id], Query(max_length=20)] = [],  # noqa: B006 - FastAPI copies it
    window_days: Days = 90,
    question: AskedOfOne,
) -> Response:
    """How often we met key contacts: those named, else those with a role in the decision."""
    on = question.day
    roles = role or depth.KEY_ROLES
    with asking(question, depth.READS) as asked:
        moment = asked.moment
        found = _ground(question, asked, moment, account_id, on)
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
        ),
        asked,
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


@ROUTER.get("/account-activity", **of_list(ActivityPage))
def get_account_activity(
    *,
    without_activity_days: Annotated[
        int | None,
        Query(ge=1, le=36_500, description="Only accounts without one in so many days."),
    ] = None,
    region: Id | None = None,
    question: AskedOfList,
) -> Response:
    """Accounts with their last executive visit or joint event; or those gone quiet."""
    on = question.day
    quiet = None
    if without_activity_days is not None:
        quiet = on - timedelta(days=min(without_activity_days, (on - date.min).days))
    with asking(question, depth.READS) as asked:
        rows = depth.activity(
            asked.connection,
            asked.moment,
            zone=question.doors.zone,
            region=region,
            quiet_since=quiet,
            after=question.after,
            limit=question.limit,
        )
    items = [
        ActivityItem(**row._asdict(), days=None if row.last_on is None else (on - row.last_on).days)
        for row in rows
    ]
    following = question.following(rows, lambda row: row.account_id)
    return as_page(ActivityPage, items, asked, question, following=following)


def _ground(question: Question, asked: Asking, moment: Moment, account_id: str, on: date) -> Ground:
    found = depth.ground(asked.connection, moment, account_id, on=on, zone=question.doors.zone)
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
