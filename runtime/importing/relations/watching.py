"""What is noticed at accounts, by which rule, and what each suggests to be done."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from runtime.importing.relations.acts import Act, Phase, Script


class _Rule(NamedTuple):
    name: str
    cause: str
    when: str
    severity: str
    actions: dict[str, str]
    """What is suggested, by its kind."""
    due_days: int
    window_days: int | None = None
    """For a cause that compares windows."""


_RULES: Final = {
    "decider-gone": _Rule(
        "Somebody who decides has left",
        "contact_left",
        "role == 'decision_maker' || role == 'economic_buyer'",
        "critical",
        {"visit": "Meet whoever takes over.", "call": "Ask the others what changes."},
        7,
    ),
    "mood-fell": _Rule(
        "Somebody thinks worse of us",
        "sentiment_fell",
        "influence >= 3",
        "high",
        {"call": "Ask what has happened."},
        14,
    ),
    "rival-came": _Rule(
        "A competitor has come",
        "competitor_entered",
        "true",
        "high",
        {"workshop": "Show what they gain with us.", "review": "Review prices and terms."},
        10,
    ),
    "health-low": _Rule(
        "The health score is low",
        "health_low",
        "points < 60",
        "high",
        {"review": "Go through the score with the team, component by component."},
        14,
    ),
    "recommends-less": _Rule(
        "They recommend us less",
        "nps_fell",
        "fell_bp >= 3000 && answers >= 2",
        "medium",
        {"call": "Ask those who answered what would have to change."},
        21,
        window_days=120,
    ),
    "far-from-the-top": _Rule(
        "Nobody who decides was met for long",
        "no_executive_contact",
        "days >= 180 && account_class != 'ordinary'",
        "medium",
        {"visit": "Arrange a visit with the executive sponsor."},
        30,
    ),
    "upsell-rests": _Rule(
        "An up-sell rests",
        "upsell_stalled",
        "days >= 60",
        "low",
        {"offer": "Ask what is missing, or close it."},
        21,
    ),
}
"""Alert rules by their ids."""


def watching(script: Script) -> Iterator[Act]:
    """The alert rules: they hold all the year, but nothing is noticed that was told before them."""
    since = script.ground.since
    for rule_id, rule in _RULES.items():
        in_force: dict[str, Any] = {"version": 1, "effective_on": since.isoformat()}
        for command, fields in (
            ("draft-alert-rule", {"document": _document(rule)}),
            ("activate-alert-rule", in_force),
        ):
            yield Act(Phase.WATCHED, None, script.line(command, since, rule_id=rule_id, **fields))


def _document(rule: _Rule) -> dict[str, Any]:
    actions = [{"kind": kind, "text": text} for kind, text in rule.actions.items()]
    told = {"notify": ["account_manager", "regional_manager"]}
    return {**rule._asdict(), "actions": actions, **told}
