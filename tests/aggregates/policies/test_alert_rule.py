"""Alert rules: about a kind of cause, with a condition over its facts and an action at least."""

from datetime import date
from functools import partial
from typing import Any, Final

import pytest
from pydantic import ValidationError

from aggregates.policies.alert_rule import ALERT_RULE, CAUSES, WINDOWED, activate, draft
from aggregates.refusals import Invalid, NotFound, WrongState
from events.policies.alert_rule import AlertRule, AlertRuleActivated, AlertRuleDrafted
from tests.examples.warnings import RULE, RULE_ACTIVATED, RULE_DRAFTED, action
from tests.given import given

STRICTER: Final = RULE.model_copy(update={"when": "influence >= 3"})
SECOND: Final = AlertRuleDrafted(rule_id="r1", version=2, document=STRICTER)
APRIL: Final = date(2026, 4, 1)
FROM_APRIL: Final = AlertRuleActivated(rule_id="r1", version=2, effective_on=APRIL)

draft_r1 = partial(draft, rule_id="r1")
activate_r1 = partial(activate, rule_id="r1")


def document(**fields: Any) -> AlertRule:
    return RULE.model_copy(update=fields)


def test_versions_are_drafted_one_after_the_other() -> None:
    given(ALERT_RULE).when(draft_r1, document=RULE).then(RULE_DRAFTED)
    given(ALERT_RULE, RULE_DRAFTED).when(draft_r1, document=RULE).then()
    given(ALERT_RULE, RULE_DRAFTED).when(draft_r1, document=STRICTER).then(SECOND)


def test_a_rule_is_about_a_cause_there_is() -> None:
    given(ALERT_RULE).when(draft_r1, document=document(cause="sunspots")).then_refused(
        "unknown-cause", NotFound, field="document.cause"
    )


def test_another_cause_is_another_rule() -> None:
    other = document(cause="competitor_entered", when="on_opportunity")
    given(ALERT_RULE).when(draft_r1, document=other).then(
        AlertRuleDrafted(rule_id="r1", version=1, document=other)
    )
    given(ALERT_RULE, RULE_DRAFTED).when(draft_r1, document=other).then_refused(
        "other-cause", Invalid, field="document.cause"
    )


def test_nobody_is_told_twice() -> None:
    twice = document(notify=("account_manager", "account_manager"))
    given(ALERT_RULE).when(draft_r1, document=twice).then_refused(
        "recipient-twice", Invalid, field="document.notify"
    )


@pytest.mark.parametrize(
    ("when", "rule"),
    [
        ("influence >", "condition-malformed"),
        ("days > 30", "unknown-variable"),
        ("influence + 1", "condition-not-boolean"),
    ],
)
def test_a_condition_is_checked_against_its_cause(when: str, rule: str) -> None:
    given(ALERT_RULE).when(draft_r1, document=document(when=when)).then_refused(
        rule, Invalid, field="document.when"
    )


@pytest.mark.parametrize("cause", CAUSES)
def test_every_cause_tells_class_and_sector(cause: str) -> None:
    whole = document(
        cause=cause,
        when="account_class == 'key' && sector != 'none'",
        window_days=90 if cause in WINDOWED else None,
    )
    given(ALERT_RULE).when(draft_r1, document=whole).then(
        AlertRuleDrafted(rule_id="r1", version=1, document=whole)
    )


@pytest.mark.parametrize(
    ("cause", "window_days", "rule"),
    [
        ("nps_fell", None, "window-missing"),
        ("nps_fell", 1, None),
        ("contact_left", 1, "window-unused"),
        ("contact_left", None, None),
    ],
)
def test_a_window_is_named_where_windows_are_compared(
    cause: str, window_days: int | None, rule: str | None
) -> None:
    wanted = document(cause=cause, when="true", window_days=window_days)
    asked = given(ALERT_RULE).when(draft_r1, document=wanted)
    if rule is None:
        asked.then(AlertRuleDrafted(rule_id="r1", version=1, document=wanted))
    else:
        asked.then_refused(rule, Invalid, field="document.window_days")


@pytest.mark.parametrize("days", [0, 1, 366, 367])
def test_a_window_has_a_day_to_a_year(days: int) -> None:
    told = {**RULE.model_dump(), "window_days": days}
    if 1 <= days <= 366:
        assert AlertRule.model_validate(told).window_days == days
    else:
        with pytest.raises(ValidationError, match="window_days"):
            AlertRule.model_validate(told)


@pytest.mark.parametrize("count", [0, 1, 10, 11])
def test_a_rule_suggests_one_action_to_ten(count: int) -> None:
    """KAM-21."""
    told = {**RULE.model_dump(), "actions": (action("call"),) * count}
    if 1 <= count <= 10:
        assert len(AlertRule.model_validate(told).actions) == count
    else:
        with pytest.raises(ValidationError, match="actions"):
            AlertRule.model_validate(told)


def test_a_version_is_put_in_force_once() -> None:
    asked = partial(activate_r1, version=1, effective_on=RULE_ACTIVATED.effective_on)
    given(ALERT_RULE, RULE_DRAFTED).when(asked).then(RULE_ACTIVATED)
    given(ALERT_RULE, RULE_DRAFTED, RULE_ACTIVATED).when(asked).then()


@pytest.mark.parametrize("version", [0, 2])
def test_a_version_that_was_not_drafted_is_refused(version: int) -> None:
    given(ALERT_RULE, RULE_DRAFTED).when(
        activate_r1, version=version, effective_on=APRIL
    ).then_refused("unknown-version", NotFound, field="version")


def test_the_past_is_not_decided_again() -> None:
    given(ALERT_RULE, RULE_DRAFTED, SECOND, FROM_APRIL).when(
        activate_r1, version=1, effective_on=date(2026, 3, 31)
    ).then_refused("later-version-in-force", WrongState, field="effective_on")
