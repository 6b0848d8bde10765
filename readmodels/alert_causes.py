"""Where the causes of alerts are found: which facts may be one, and what is known of each.

A further cause is its facts in ``CAUSES`` of ``aggregates/policies/alert_rule.py``, and a line in
``FOUND``, with a query.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from events.accounts.competitor import CompetitorEntered
from events.accounts.contact import ContactAssessed, ContactLeft, ContactMoved
from events.organization.calendar import DayClosed
from readmodels.alert_looking import Candidate, Cause, Looked
from readmodels.alert_scores import (
    health_band_fell,
    health_low,
    health_threshold,
    nps_fell,
)

READS: Final = (
    "organization",
    "accounts",
    "account_classes",
    "people",
    "interactions",
    "funnel",
    "products",
    "account_plans",
    "policies",
    "alerts",
    "signals",
    "survey_answers",
)
"""The read models that causes, and whom to tell, rest on."""


def _contact_left(looked: Looked) -> Sequence[Candidate]:
    """A contact who worked there until now has left, or works for another customer."""
    event = looked.recorded.event
    moved = isinstance(event, ContactMoved)
    return looked.candidates(
        """
        SELECT %(account)s, %(event)s, ARRAY[]::text[], jsonb_build_object(
            'role', coalesce(role, 'none'), 'influence', coalesce(influence, 0),
            'sentiment', coalesce(sentiment, 0))
        FROM contact WHERE contact_id = %(contact)s AND version = %(version)s - 1 AND active""",
        account=event.from_account_id if moved else event.account_id,
        event=looked.recorded.envelope.event_id,
        contact=event.contact_id,
        version=looked.recorded.envelope.version,
    )


def _sentiment_fell(looked: Looked) -> Sequence[Candidate]:
    """A contact thinks less of us than before."""
    event = looked.recorded.event
    return looked.candidates(
        """
        SELECT account_id, %(event)s, ARRAY[]::text[], jsonb_build_object(
            'before', sentiment, 'after', %(after)s::bigint, 'role', coalesce(role, 'none'),
            'influence', coalesce(%(influence)s::bigint, 0))
        FROM contact
        WHERE contact_id = %(contact)s AND version = %(version)s - 1
            AND sentiment > %(after)s::bigint""",
        event=looked.recorded.envelope.event_id,
        after=event.sentiment,
        influence=event.influence,
        contact=event.contact_id,
        version=looked.recorded.envelope.version,
    )


def _competitor_entered(looked: Looked) -> Sequence[Candidate]:
    """A competitor is at work at the account."""
    event = looked.recorded.event
    facts = {
        "competitor": event.competitor,
        "on_opportunity": event.opportunity_id is not None,
    }
    return [Candidate(event.account_id, looked.recorded.envelope.event_id, (), facts)]


def _no_executive_contact(looked: Looked) -> Sequence[Candidate]:
    """Each account, and the days since an executive visit or since we met who decides there.

    Where that never was, since the account was registered.
    """
    return looked.candidates(
        """
        WITH deciding AS (
            SELECT contact_id FROM contact
            WHERE {valid} AND role IN ('decision_maker', 'executive_sponsor')),
        met AS (
            SELECT DISTINCT ON (account_id) account_id, interaction_id, version, occurred_at
            FROM interaction
            WHERE {known} AND NOT withdrawn AND (kind = 'executive_visit'
                OR contact_ids && ARRAY(SELECT contact_id FROM deciding))
            ORDER BY account_id, occurred_at DESC, interaction_id),
        known AS (SELECT account_id FROM account WHERE {valid}),
        registered AS (
            SELECT account_id, valid_from AS at FROM account JOIN known USING (account_id)
            WHERE version = 1),
        stretch AS (
            SELECT account_id, interaction_id, version,
                %(day)s - (coalesce(occurred_at, at) AT TIME ZONE %(zone)s)::date AS days
            FROM registered LEFT JOIN met USING (account_id))
        SELECT account_id, 'since ' || coalesce('interaction-' || interaction_id, 'registered'),
            CASE WHEN interaction_id IS NULL THEN ARRAY['account-' || account_id || '/1']
                ELSE ARRAY['interaction-' || interaction_id || '/' || version] END,
            jsonb_build_object('days', days, 'ever', interaction_id IS NOT NULL)
        FROM stretch ORDER BY account_id"""
    )


def _upsell_stalled(looked: Looked) -> Sequence[Candidate]:
    """Each open opportunity of an account that has bought before, and the days of silence.

    Silence begins when its stage last changed or we last did something with the account.
    """
    return looked.candidates(
        """
        WITH product_then AS (SELECT product_id, series FROM product WHERE {valid}),
        pursued AS (
            SELECT opportunity.*, series FROM opportunity LEFT JOIN product_then USING (product_id)
            WHERE {valid} AND account_id IS NOT NULL),
        step AS (
            SELECT opportunity_id, version, valid_from, (stage, state) IS DISTINCT FROM
                lag((stage, state)) OVER (PARTITION BY opportunity_id ORDER BY version) AS changed
            FROM opportunity
            WHERE known_from <= %(known_at)s AND valid_from < %(valid_before)s
                AND opportunity_id IN (SELECT opportunity_id FROM pursued WHERE state = 'open')),
        moved AS (
            SELECT DISTINCT ON (opportunity_id) opportunity_id, version AS step, valid_from AS at
            FROM step WHERE changed ORDER BY opportunity_id, version DESC),
        met AS (
            SELECT DISTINCT ON (account_id) account_id, interaction_id, version AS told,
                occurred_at
            FROM interaction WHERE {known} AND NOT withdrawn
            ORDER BY account_id, occurred_at DESC, interaction_id),
        silent AS (
            SELECT pursued.*, step, interaction_id, told,
                coalesce(occurred_at > at, false) AS later,
                %(day)s - (greatest(at, occurred_at) AT TIME ZONE %(zone)s)::date AS days
            FROM pursued JOIN moved USING (opportunity_id) LEFT JOIN met USING (account_id)
            WHERE state = 'open' AND EXISTS (SELECT FROM pursued AS won
                WHERE won.account_id = pursued.account_id AND won.state = 'won'))
        SELECT account_id,
            opportunity_id || ' ' || CASE WHEN later THEN 'interaction-' || interaction_id
                ELSE 'stage ' || step END,
            ARRAY['opportunity-' || opportunity_id || '/' || step] || CASE WHEN later
                THEN ARRAY['interaction-' || interaction_id || '/' || told] ELSE '{{}}' END,
            jsonb_build_object('days', days, 'stage', stage,
                'amount_minor', coalesce(amount_minor, 0), 'currency', coalesce(currency, 'none'),
                'kind', CASE WHEN EXISTS (SELECT FROM pursued AS won
                    WHERE won.account_id = silent.account_id AND won.state = 'won'
                        AND (won.product_id = silent.product_id OR won.series = silent.series))
                    THEN 'up_sell' ELSE 'cross_sell' END)
        FROM silent ORDER BY opportunity_id"""
    )


def _plan_action_overdue(looked: Looked) -> Sequence[Candidate]:
    """Each action of an active plan that is not done when its due day is over; the days since."""
    return looked.candidates(
        """
        SELECT account_id,
            plan_id || ' ' || (one ->> 'action_id') || ' ' || (one ->> 'due_on'),
            ARRAY['account_plan-' || plan_id || '/' || version],
            jsonb_build_object('days', %(day)s - (one ->> 'due_on')::date,
                'department', one ->> 'department')
        FROM account_plan CROSS JOIN jsonb_array_elements(content -> 'actions') AS one
        WHERE {valid} AND state = 'active' AND (one ->> 'due_on')::date < %(day)s
            AND NOT done ? (one ->> 'action_id')
        ORDER BY plan_id, one ->> 'action_id'"""
    )


FOUND: Final[Mapping[str, Cause]] = MappingProxyType(
    {
        "contact_left": Cause((ContactLeft, ContactMoved), _contact_left),
        "sentiment_fell": Cause((ContactAssessed,), _sentiment_fell),
        "competitor_entered": Cause((CompetitorEntered,), _competitor_entered),
        "upsell_stalled": Cause((DayClosed,), _upsell_stalled),
        "no_executive_contact": Cause((DayClosed,), _no_executive_contact),
        "plan_action_overdue": Cause((DayClosed,), _plan_action_overdue),
        "nps_fell": Cause((DayClosed,), nps_fell, stretch=True),
        "health_low": Cause((DayClosed,), health_low, stretch=True),
        "health_threshold": Cause((DayClosed,), health_threshold, stretch=True),
        "health_band_fell": Cause((DayClosed,), health_band_fell),
    }
)
"""Each kind of cause, by its name in alert rules."""

LOOKED_AT: Final = frozenset(kind for cause in FOUND.values() for kind in cause.on)
"""The facts that may be a cause."""
