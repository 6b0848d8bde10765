"""Causes that lie in how an account stands at the close of a day: its NPS and its health score."""

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction
from math import floor
from typing import Final

from projections.metrics.customer import nps
from readmodels.alert_looking import Candidate, Looked
from readmodels.survey_answers import AccountNps, Period, nps_of_accounts

_ANSWERS: Final = """
    SELECT account_id, '', (array_agg('survey_answer-' || answer_id || '/' || version
        ORDER BY occurred_at DESC, answer_id))[:10], '{{}}'::jsonb
    FROM survey_answer
    WHERE {known} AND NOT withdrawn AND kind = 'nps' AND account_id = ANY(%(accounts)s::text[])
        AND (occurred_at AT TIME ZONE %(zone)s)::date BETWEEN %(first_day)s AND %(day)s
    GROUP BY account_id ORDER BY account_id"""

# The facts behind a score are the last that told something between the two closes.
_CLOSES: Final = """
    WITH closing AS (
        SELECT * FROM health_score WHERE closed AND score IS NOT NULL
            AND day IN (%(day)s::date::text, (%(day)s::date - 1)::text)
            AND (%(accounts)s::text[] IS NULL OR account_id = ANY(%(accounts)s::text[]))),
    told AS (
        SELECT now.account_id, now.score, now.band, now.policy_id, now.policy_version, now.parts,
            before.band AS band_before, before.score AS score_before,
            ARRAY(SELECT event_id FROM signal WHERE signal.account_id = now.account_id
                AND signal.position > coalesce(before.position, 0)
                AND signal.position <= now.position
                GROUP BY event_id ORDER BY max(signal.position) DESC LIMIT 10) AS events,
            jsonb_build_object(
                'points', now.score / 1000000, 'score_millionths', now.score,
                'fell_millionths', greatest(coalesce(before.score - now.score, 0), 0),
                'policy_id', now.policy_id, 'policy_version', now.policy_version,
                'policy_changed', coalesce((before.policy_id, before.policy_version)
                    <> (now.policy_id, now.policy_version), false)) AS facts
        FROM closing AS now LEFT JOIN closing AS before
            ON before.account_id = now.account_id AND before.day <> now.day
        WHERE now.day = %(day)s::date::text)"""


def nps_fell(looked: Looked) -> Sequence[Candidate]:
    """Each account whose NPS of the last days is lower than that of as many days before them.

    Both have an answer. How much it fell is rounded down, so that a bound of whole hundredths of a
    point is exact.
    """
    assert looked.window_days is not None, "a rule about NPS says how many days"
    span = timedelta(days=looked.window_days)
    first_day = looked.day - span + timedelta(days=1)
    now = _nps(looked, Period(first_day=first_day, last_day=looked.day))
    before = _nps(looked, Period(first_day=first_day - span, last_day=looked.day - span))
    fell = {
        account: (before[account], found)
        for account, found in now.items()
        if account in before and _exact_bp(found) < _exact_bp(before[account])
    }
    answers = looked.earlier(looked.day, list(fell)).candidates(_ANSWERS, first_day=first_day)
    return [found._replace(facts=_fall(*fell[found.account_id])) for found in answers]


def health_low(looked: Looked) -> Sequence[Candidate]:
    """Each account that has a score at the close of the day; how low is low the condition says."""
    return looked.candidates(
        _CLOSES
        + """
        SELECT account_id, '', events, facts || jsonb_build_object('band', coalesce(band, 'none'))
        FROM told ORDER BY account_id"""
    )


def health_threshold(looked: Looked) -> Sequence[Candidate]:
    """Each account with a score strictly below a threshold of its policy, once for each."""
    return looked.candidates(
        _CLOSES
        + """
        SELECT account_id, threshold, events, facts || jsonb_build_object(
            'threshold', threshold, 'band', coalesce(band, 'none'))
        FROM told CROSS JOIN jsonb_each(parts -> 'alerts') AS one (threshold, below)
        WHERE below = 'true' ORDER BY account_id, threshold"""
    )


def health_band_fell(looked: Looked) -> Sequence[Candidate]:
    """Each account whose band is lower than at the close of the day before.

    Lower by the order of bands in the policy that made the score; a band which that policy does
    not have is compared by the score.
    """
    return looked.candidates(
        _CLOSES
        + """,
        ranked AS (
            SELECT policy_id, draft, band ->> 'band_id' AS band, (band ->> 'up_to')::bigint AS edge
            FROM policy_draft CROSS JOIN jsonb_array_elements(document -> 'bands') AS band
            WHERE kind = 'scoring_policy')
        SELECT account_id, %(day)s::date::text, events,
            facts || jsonb_build_object('before', band_before, 'after', told.band)
        FROM told
        LEFT JOIN ranked ON (ranked.policy_id, ranked.draft, ranked.band)
            = (told.policy_id, told.policy_version, told.band)
        LEFT JOIN ranked AS was ON (was.policy_id, was.draft, was.band)
            = (told.policy_id, told.policy_version, told.band_before)
        WHERE told.band <> band_before AND coalesce(ranked.edge < was.edge, score < score_before)
        ORDER BY account_id"""
    )


def _nps(looked: Looked, period: Period) -> dict[str, AccountNps]:
    found = nps_of_accounts(looked.connection, looked.moment, period, accounts=looked.account_ids)
    return {one.account_id: one for one in found}


def _fall(before: AccountNps, after: AccountNps) -> dict[str, int]:
    return {
        "before_bp": before.nps_bp,
        "after_bp": after.nps_bp,
        "fell_bp": floor(_exact_bp(before) - _exact_bp(after)),
        "answers_before": before.promoters + before.passives + before.detractors,
        "answers": after.promoters + after.passives + after.detractors,
    }


def _exact_bp(found: AccountNps) -> Fraction:
    score = nps(promoters=found.promoters, passives=found.passives, detractors=found.detractors)
    return 100 * score.nps
