"""What customers answered when they were asked, one by one and as NPS and CSAT of a period."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Final, NamedTuple

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from events.service.survey import SurveyKind
from projections.metrics.customer import csat_of_counts, nps_of_scores
from projections.metrics.numbers import half_up
from projections.survey_answers import SurveyAnswerRow, satisfied
from readmodels.conditions import Conditions, all_of
from readmodels.interactions import KNOWN
from readmodels.moment import Moment
from readmodels.reading import LIMIT_MAX, bounded

READS: Final = ("survey_answers",)
"""The read model it rests on."""

AnswerKind = SurveyKind
"""What was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSelection(Conditions):
    """Answers that meet every condition given; without one, all of them."""

    account: str | None = None
    accounts: list[str] | None = None
    """One of these."""
    survey: str | None = None
    contact: str | None = None
    kind: str | None = None


EVERY_ANSWER: Final = AnswerSelection()

_CONDITIONS: Final = {
    "account": SQL("account_id = %(account)s"),
    "accounts": SQL("account_id = ANY(%(accounts)s::text[])"),
    "survey": SQL("survey_id = %(survey)s"),
    "contact": SQL("contact_id = %(contact)s"),
    "kind": SQL("kind = %(kind)s"),
}
_PAGE: Final = SQL(
    "SELECT * FROM survey_answer WHERE {known} AND NOT withdrawn AND {conditions}"
    " AND answer_id > %(after)s ORDER BY answer_id LIMIT %(limit)s"
)
_ONE: Final = SQL("SELECT * FROM survey_answer WHERE answer_id = %(id)s AND {}").format(KNOWN)
_COUNTS: Final = SQL(
    """
    WITH answered AS (
        SELECT account_id, score, scale FROM survey_answer CROSS JOIN ledger
        WHERE {known} AND NOT withdrawn AND {conditions} AND account_id > %(after)s
            AND (occurred_at AT TIME ZONE ledger.zone)::date
                BETWEEN %(first_day)s AND %(last_day)s)
    SELECT account_id, score, scale, count(*) FROM answered
    WHERE account_id IN (
        SELECT DISTINCT account_id FROM answered ORDER BY account_id LIMIT %(limit)s)
    GROUP BY account_id, score, scale ORDER BY account_id, score, scale"""
)


def survey_answers(
    connection: Connection[Any],
    moment: Moment,
    *,
    selection: AnswerSelection = EVERY_ANSWER,
    after: str = "",
    limit: int = 100,
) -> tuple[SurveyAnswerRow, ...]:
    """Up to ``limit`` answers given by ``moment``, in order of their ids, from after ``after``.

    What was withdrawn by then is not among them. Often empty; asked for inside
    :func:`readmodels.reading.reading`.
    """
    query = _PAGE.format(known=KNOWN, conditions=_all_of(selection))
    values = {
        **moment.parameters,
        **selection.conditions,
        "after": after,
        "limit": bounded(limit),
    }
    with connection.cursor(row_factory=args_row(SurveyAnswerRow)) as cursor:
        return tuple(cursor.execute(query, values))


def survey_answer(
    connection: Connection[Any], moment: Moment, answer_id: str
) -> SurveyAnswerRow | None:
    """The answer as known, also when withdrawn; ``None`` when it had not been given yet."""
    with connection.cursor(row_factory=args_row(SurveyAnswerRow)) as cursor:
        return cursor.execute(_ONE, {**moment.parameters, "id": answer_id}).fetchone()


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days of the ledger's zone, both inclusive."""

    first_day: date
    last_day: date


class AccountNps(NamedTuple):
    """The NPS of one account."""

    account_id: str
    promoters: int
    passives: int
    detractors: int
    nps_bp: int
    """In hundredths of a point, half up."""


class AccountCsat(NamedTuple):
    """The CSAT of one account."""

    account_id: str
    satisfied: int
    total: int
    csat_pct: int
    """Half up."""


class _Count(NamedTuple):
    account_id: str
    score: int
    scale: int
    answers: int


def nps_by_account(
    connection: Connection[Any],
    moment: Moment,
    period: Period,
    *,
    account: str | None = None,
    after: str = "",
    limit: int = 100,
) -> tuple[AccountNps, ...]:
    """NPS of each account with an answer in ``period``, in order of ids, from after ``after``."""
    selection = AnswerSelection(account=account, kind="nps")
    counts = _counts(connection, moment, period, selection, (after, limit))
    return tuple(_nps(of, found) for of, found in counts)


def nps_of_accounts(
    connection: Connection[Any],
    moment: Moment,
    period: Period,
    *,
    accounts: Sequence[str] | None = None,
) -> Iterator[AccountNps]:
    """As :func:`nps_by_account`, of all ``accounts``; ``None``: of every account."""
    only = None if accounts is None else list(accounts)
    selection = AnswerSelection(accounts=only, kind="nps")
    after = ""
    while True:
        counts = _counts(connection, moment, period, selection, (after, LIMIT_MAX))
        yield from (_nps(of, found) for of, found in counts)
        if len(counts) < LIMIT_MAX:
            return
        after = counts[-1][0]


def csat_by_account(
    connection: Connection[Any],
    moment: Moment,
    period: Period,
    *,
    account: str | None = None,
    after: str = "",
    limit: int = 100,
) -> tuple[AccountCsat, ...]:
    """CSAT of each account with an answer in ``period``, in order of ids, from after ``after``.

    Which scores are satisfied ones: :func:`projections.survey_answers.satisfied`.
    """
    selection = AnswerSelection(account=account, kind="csat")
    counts = _counts(connection, moment, period, selection, (after, limit))
    return tuple(_csat(of, found) for of, found in counts)


def _counts(
    connection: Connection[Any],
    moment: Moment,
    period: Period,
    selection: AnswerSelection,
    page: tuple[str, int],
) -> list[tuple[str, list[_Count]]]:
    after, limit = page
    query = _COUNTS.format(known=KNOWN, conditions=_all_of(selection))
    values = {
        **moment.parameters,
        **selection.conditions,
        "first_day": period.first_day,
        "last_day": period.last_day,
        "after": after,
        "limit": bounded(limit),
    }
    with connection.cursor(row_factory=args_row(_Count)) as cursor:
        rows = cursor.execute(query, values).fetchall()
    return [(of, list(found)) for of, found in groupby(rows, key=lambda row: row.account_id)]


def _nps(account_id: str, found: list[_Count]) -> AccountNps:
    score = nps_of_scores({one.score: one.answers for one in found})
    bp = half_up(100 * score.nps)
    return AccountNps(account_id, score.promoters, score.passives, score.detractors, bp)


def _csat(account_id: str, found: list[_Count]) -> AccountCsat:
    happy = sum(one.answers for one in found if satisfied(one.score, one.scale))
    share = csat_of_counts(happy, sum(one.answers for one in found))
    return AccountCsat(account_id, share.satisfied, share.total, share.pct)


def _all_of(selection: AnswerSelection) -> Any:
    return all_of(_CONDITIONS, selection.conditions)
