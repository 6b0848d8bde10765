"""An alert rule: what causes there are, and its versions, each put in force from a day on."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.policies.condition import Kind, check
from aggregates.policies.versions import Versions, named_once
from aggregates.refusals import Invalid, NotFound
from events.policies.alert_rule import (
    AlertRule,
    AlertRuleActivated,
    AlertRuleDrafted,
    AlertRuleEvent,
)

_OF_EVERY_CAUSE: Final[Mapping[str, Kind]] = {"account_class": "text", "sector": "text"}
"""What is known of the account; ``none`` where nothing is."""

_SCORE: Final[Mapping[str, Kind]] = {
    "points": "integer",
    "score_millionths": "integer",
    "fell_millionths": "integer",
    "policy_id": "text",
    "policy_version": "integer",
    "policy_changed": "truth",
}
"""What is known of a score.

``points`` are whole ones, rounded down, so that ``points < 60`` is exact; ``fell_millionths`` is
how much less it is than at the close of the day before; ``policy_changed``: it was made by another
policy, or version of it, than that one.
"""

_OWN: Final[Mapping[str, Mapping[str, Kind]]] = {
    "contact_left": {"role": "text", "influence": "integer", "sentiment": "integer"},
    "sentiment_fell": {
        "before": "integer",
        "after": "integer",
        "role": "text",
        "influence": "integer",
    },
    "competitor_entered": {"competitor": "text", "on_opportunity": "truth"},
    "upsell_stalled": {
        "days": "integer",
        "kind": "text",
        "stage": "text",
        "amount_minor": "integer",
        "currency": "text",
    },
    "no_executive_contact": {"days": "integer", "ever": "truth"},
    "plan_action_overdue": {"days": "integer", "department": "text"},
    "nps_fell": {
        "before_bp": "integer",
        "after_bp": "integer",
        "fell_bp": "integer",
        "answers_before": "integer",
        "answers": "integer",
    },
    "health_low": {"band": "text", **_SCORE},
    "health_threshold": {"threshold": "text", "band": "text", **_SCORE},
    "health_band_fell": {"before": "text", "after": "text", **_SCORE},
}

CAUSES: Final[Mapping[str, Mapping[str, Kind]]] = MappingProxyType(
    {cause: {**_OF_EVERY_CAUSE, **own} for cause, own in _OWN.items()}
)
"""Each kind of cause, with the facts a condition over it may name.

A text nobody has said is ``none``, a number 0. ``readmodels/alert_causes.py`` says where they are
found.
"""

WINDOWED: Final = frozenset({"nps_fell"})
"""Causes that compare the days of a window with as many before them; their rules say how many."""

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(versions: Versions[AlertRule], event: AlertRuleEvent) -> Versions[AlertRule]:
    """The versions after ``event``."""
    match event:
        case AlertRuleDrafted():
            return versions.drafted(event.document)
        case AlertRuleActivated():
            return versions.activated(event.version, event.effective_on)
        case unknown:
            assert_never(unknown)


ALERT_RULE: Final[Decider[Versions[AlertRule], AlertRuleEvent]] = Decider(
    "alert_rule", Versions(), evolve
)

# --- decisions: one verb each; facts or a refusal ----------------------------


def draft(
    versions: Versions[AlertRule], *, rule_id: str, document: AlertRule
) -> tuple[AlertRuleEvent, ...]:
    """Write down the next version; nothing when the last draft says the same.

    Raises:
        NotFound: ``unknown-cause``.
        Invalid: ``other-cause`` than the versions before: that is another rule;
            ``window-missing`` for a cause that compares windows, ``window-unused`` for any other;
            ``recipient-twice``; what :func:`aggregates.policies.condition.check` raises.
    """
    if versions.drafts and versions.drafts[-1] == document:
        return ()
    if document.cause not in CAUSES:
        known = ", ".join(sorted(CAUSES))
        raise NotFound("unknown-cause", f"there is {known}", field="document.cause")
    if versions.drafts and versions.drafts[-1].cause != document.cause:
        raise Invalid(
            "other-cause", f"it is about {versions.drafts[-1].cause}", field="document.cause"
        )
    if document.cause in WINDOWED and document.window_days is None:
        raise Invalid(
            "window-missing", "say how many days are compared", field="document.window_days"
        )
    if document.cause not in WINDOWED and document.window_days is not None:
        raise Invalid(
            "window-unused", f"{document.cause} compares no windows", field="document.window_days"
        )
    named_once(document.notify, "recipient-twice", "document.notify")
    check(document.when, CAUSES[document.cause], field="document.when")
    version = len(versions.drafts) + 1
    return (AlertRuleDrafted(rule_id=rule_id, version=version, document=document),)


def activate(
    versions: Versions[AlertRule], *, rule_id: str, version: int, effective_on: date
) -> tuple[AlertRuleEvent, ...]:
    """Put ``version`` in force from ``effective_on`` on; nothing when it is in force from that day.

    Raises:
        NotFound: ``unknown-version``.
        WrongState: ``later-version-in-force``: a later day has a version already.
    """
    if versions.is_in_force_from(version, effective_on):
        return ()
    return (AlertRuleActivated(rule_id=rule_id, version=version, effective_on=effective_on),)
