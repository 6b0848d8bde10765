"""The doors of the health score of an account: what it is, why, and what it was day by day."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Final

from fastapi import Depends, Query
from pydantic import AwareDatetime
from starlette.responses import Response

from api.health_answers import (
    DayScoresPage,
    ExplanationPage,
    FactItem,
    HealthScoreAnswer,
    Known,
)
from api.health_parts import day_item, line_part, score_item, score_part
from api.openapi import of_list, of_one
from api.pages import as_json, as_page
from api.policies import Place
from api.problems import Problem
from api.questions import AskedOfList, AskedOfOne, Asking, Question, asking, questions
from events.values import Id
from readmodels import accounts
from readmodels.health_scores import explanation, history, scores
from readmodels.health_scores.scores import WEEK, OnDay, Score, Version, on_day

ROUTER: Final = questions()

_QUARTER: Final = timedelta(days=89)
"""How much earlier the first day of a history is than the last, unless another is named."""

Against = Annotated[
    date | None,
    Query(description="The earlier day to compare with. Default: seven days before."),
]


def _under(
    *,
    policy_version: Annotated[
        int | None,
        Query(ge=1, lt=2**31, description="Read it under this version. Default: what holds."),
    ] = None,
    place: Place = None,
) -> tuple[str | None, int] | None:
    if policy_version is None:
        if place is not None:
            raise Problem("invalid", "policy-version-missing", "say which version of that place")
        return None
    return place, policy_version


Under = Annotated[tuple[str | None, int] | None, Depends(_under)]


@ROUTER.get("/accounts/{account_id}/health-score", **of_one(HealthScoreAnswer))
def get_health_score(account_id: Id, *, under: Under, question: AskedOfOne) -> Response:
    """The health score of an account at the end of a day, with all that it is made of."""
    with asking(question, scores.READS) as asked:
        found = _score(asked, account_id, day_of(asked, question), under)
    answer = HealthScoreAnswer(**asked.freshness, item=score_item(found))
    return as_json(answer, asked)


@ROUTER.get(
    "/accounts/{account_id}/health-score/explanation", **of_list(ExplanationPage, "not-found")
)
def get_explanation(
    account_id: Id,
    *,
    against: Against = None,
    against_known_at: Annotated[
        AwareDatetime | None,
        Query(
            description="As far as the earlier score was known at this instant. Default: like the "
            "later one."
        ),
    ] = None,
    under: Under,
    question: AskedOfList,
) -> Response:
    """Why the score is what it is, and why another than on an earlier day, with the facts behind.

    The same day as it was known earlier tells what has become known since.
    """
    with asking(question, scores.READS) as asked:
        on = day_of(asked, question)
        earlier = earlier_than(on, against)
        if against_known_at is not None:
            earlier = replace(earlier, known_at=against_known_at)
        now = _score(asked, account_id, on, under)
        before = _score_before(asked, account_id, earlier, under and now.made_by)
        found = explanation.explanation(asked.connection, now, on, before, earlier)
    facts = found.facts[question.skip : question.skip + question.limit]
    titles = {one.component_id: one.title for one in now.made_by.document.components}
    return as_page(
        ExplanationPage,
        [FactItem(**one._asdict()) for one in facts],
        asked,
        question,
        following=question.further(facts),
        beside={
            "account_id": account_id,
            "now": score_part(found.now),
            "before": None if found.before is None else score_part(found.before),
            "difference": found.difference,
            "lines": [line_part(one, titles) for one in found.lines],
            "policy": found.policy,
            "rounding": found.rounding,
            "caps": found.caps,
        },
    )


@ROUTER.get("/accounts/{account_id}/health-scores", **of_list(DayScoresPage, "not-found"))
def get_account_health_scores(
    account_id: Id,
    *,
    first_day: Annotated[
        date | None, Query(description="Default: 89 days before the last day.")
    ] = None,
    last_day: Annotated[date | None, Query(description="Inclusive. Default: today.")] = None,
    known: Annotated[
        Known,
        Query(description="Days as known when they were closed, where they were; or as known now."),
    ] = "at_close",
    question: AskedOfList,
) -> Response:
    """The health score of an account day by day: of closed days as it was known then.

    Days that were never closed, as those of imported years, are as known now.
    """
    with asking(question, scores.READS) as asked:
        on = _last(asked, question, last_day)
        first = _first(on, first_day)
        if accounts.account(asked.connection, asked.moment, account_id) is None:
            raise _unknown_account()
        found = _history(asked, account_id, first, on, at_close=known == "at_close")
    page = found[question.skip : question.skip + question.limit]
    return as_page(
        DayScoresPage,
        [day_item(score, closed=closed) for score, closed in page],
        asked,
        question,
        following=question.further(page),
        beside={"account_id": account_id},
    )


def _last(asked: Asking, question: Question, last_day: date | None) -> OnDay:
    """The last day asked for; what is not true yet as of a day is not told."""
    on = day_of(asked, question)
    return on if last_day is None or last_day >= on.day else on_day(last_day, on)


def _first(on: OnDay, first_day: date | None) -> date:
    first = on_day(on.day - _QUARTER if first_day is None else first_day, on).day
    if (on.day - first).days >= history.DAYS_MAX:
        detail = f"ask for at most {history.DAYS_MAX} days"
        errors = ({"pointer": "first_day", "detail": detail},)
        raise Problem("invalid", "too-many-days", detail, errors)
    return first


def _history(
    asked: Asking, account_id: str, first: date, on: OnDay, *, at_close: bool
) -> list[tuple[Score, bool]]:
    """Each day's score, and whether it is as known at its close."""
    closed: dict[date, Score] = {}
    if at_close:
        closed = history.closed_scores(asked.connection, on, account_id, first)
    days = [first + timedelta(days=number) for number in range((on.day - first).days + 1)]
    made: dict[date, Score] = {}
    if open_days := [day for day in days if day not in closed]:
        until = on_day(open_days[-1], on)
        made = history.daily_scores(asked.connection, until, account_id, open_days[0])
    found = made | closed
    return [(found[day], day in closed) for day in days if day in found]


def day_of(asked: Asking, question: Question) -> OnDay:
    """The day that is asked about, as known at the time that is asked about."""
    whole = OnDay(question.day, asked.moment.known_at, asked.stand.zone)
    return on_day(question.day, whole)


def earlier_than(on: OnDay, against: date | None) -> OnDay:
    """The day to compare with.

    Raises:
        Problem: ``against-after-day``.
    """
    if against is not None and against > on.day:
        errors = ({"pointer": "against", "detail": f"it lies after {on.day}"},)
        raise Problem("invalid", "against-after-day", "compare with an earlier day", errors)
    return on_day(on.day - WEEK if against is None else against, on)


def _score(
    asked: Asking, account_id: str, on: OnDay, under: tuple[str | None, int] | None
) -> Score:
    row = accounts.account(asked.connection, on.moment, account_id)
    if row is None:
        raise _unknown_account()
    version = None
    if under is not None:
        version = scores.version_for(asked.connection, on, row.region_id, *under)
        if version is None:
            raise Problem("not-found", "unknown-version", f"there is no version {under[1]}")
    regions = {account_id: row.region_id}
    found = scores.scores(asked.connection, on, regions, under=version)
    if not found:
        raise Problem(
            "not-found", "no-scoring-policy", "no scoring policy holds for the account on that day"
        )
    return found[account_id]


def _score_before(asked: Asking, account_id: str, on: OnDay, under: Version | None) -> Score | None:
    row = accounts.account(asked.connection, on.moment, account_id)
    if row is None:
        return None
    regions = {account_id: row.region_id}
    return scores.scores(asked.connection, on, regions, under=under).get(account_id)


def _unknown_account() -> Problem:
    """There is none, or none that may be seen."""
    return Problem("not-found", "unknown-account", "there is no such account")
