"""Alerts: one for each cause, with one person accountable until it is resolved."""

from typing import Any, Final

import pytest

from aggregates.refusals import NotAllowed, NotFound, WrongState
from aggregates.work.alert import (
    ALERT,
    acknowledge,
    alert_id,
    existing,
    raise_alert,
    reassign,
    resolve,
)
from events.event import Event
from tests.examples.cast import ANN, BEA, CARL
from tests.examples.warnings import (
    ACKNOWLEDGED,
    ALERT_ID,
    RAISED,
    REASSIGNED,
    RESOLVED,
    RULE,
)
from tests.given import given

BY_ANN: Final = RESOLVED.model_copy(update={"employee_id": ANN})
UNOWNED: Final = RAISED.model_copy(update={"owner_id": None})


@pytest.mark.parametrize(
    "known",
    [(RAISED,), (RAISED, ACKNOWLEDGED), (RAISED, ACKNOWLEDGED, REASSIGNED, RESOLVED)],
)
def test_a_cause_raises_one_alert(known: tuple[Event, ...]) -> None:
    """KAM-20: also when it is resolved, and whatever is told of it the second time."""
    given(ALERT).when(raise_alert, fact=RAISED, when=RULE.when).then(RAISED)
    other = RAISED.model_copy(update={"severity": "low"})
    for fact in (RAISED, other):
        given(ALERT, *known).when(raise_alert, fact=fact, when=RULE.when).then()


@pytest.mark.parametrize(("when", "raised"), [("influence >= 4", True), ("influence >= 5", False)])
def test_an_alert_is_raised_where_the_condition_holds(when: str, raised: bool) -> None:
    asked = given(ALERT).when(raise_alert, fact=RAISED, when=when)
    if raised:
        asked.then(RAISED)
    else:
        asked.then_refused("alert-condition-not-met", WrongState, field="facts")


def test_the_id_tells_rule_account_and_cause_apart() -> None:
    told = [("r", "a", "c"), ("r", "a", "d"), ("r", "b", "c"), ("s", "a", "c")]
    assert len({alert_id(*one) for one in told}) == len(told)
    assert alert_id("r1", "acme", RAISED.events[0]) == ALERT_ID


def test_whoever_is_accountable_takes_it_up_once() -> None:
    given(ALERT, RAISED).when(acknowledge, employee_id=ANN).then(ACKNOWLEDGED)
    given(ALERT, RAISED, ACKNOWLEDGED).when(acknowledge, employee_id=ANN).then()


@pytest.mark.parametrize("raised", [RAISED, UNOWNED])
def test_nobody_else_does(raised: Event) -> None:
    given(ALERT, raised).when(acknowledge, employee_id=BEA).then_refused(
        "alert-of-another", NotAllowed, field="alert_id"
    )
    given(ALERT, raised).when(resolve, fact=RESOLVED).then_refused(
        "alert-of-another", NotAllowed, field="alert_id"
    )


def test_somebody_else_is_made_accountable_and_takes_it_up_anew() -> None:
    given(ALERT, RAISED, ACKNOWLEDGED).when(reassign, owner_id=BEA).then(REASSIGNED)
    given(ALERT, RAISED, REASSIGNED).when(reassign, owner_id=BEA).then()
    handed_on = given(ALERT, RAISED, ACKNOWLEDGED, REASSIGNED)
    handed_on.when(acknowledge, employee_id=ANN).then_refused(
        "alert-of-another", NotAllowed, field="alert_id"
    )
    handed_on.when(acknowledge, employee_id=BEA).then(
        ACKNOWLEDGED.model_copy(update={"employee_id": BEA})
    )


def test_one_that_nobody_is_accountable_for_is_given_to_somebody() -> None:
    given(ALERT, UNOWNED).when(reassign, owner_id=BEA).then(REASSIGNED)


@pytest.mark.parametrize("known", [(RAISED,), (RAISED, ACKNOWLEDGED)])
def test_it_is_resolved_once_taken_up_or_not(known: tuple[Event, ...]) -> None:
    given(ALERT, *known).when(resolve, fact=BY_ANN).then(BY_ANN)
    given(ALERT, *known, BY_ANN).when(
        resolve, fact=BY_ANN.model_copy(update={"outcome": "false_alarm"})
    ).then_refused("alert-resolved", WrongState, field="alert_id")


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [(acknowledge, {"employee_id": ANN}), (reassign, {"owner_id": CARL})],
)
def test_what_is_resolved_does_not_change(verb: Any, arguments: Any) -> None:
    given(ALERT, RAISED, BY_ANN).when(verb, **arguments).then_refused(
        "alert-resolved", WrongState, field="alert_id"
    )


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [
        (acknowledge, {"employee_id": ANN}),
        (reassign, {"owner_id": ANN}),
        (resolve, {"fact": RESOLVED}),
        (existing, {}),
    ],
)
def test_what_was_not_raised_is_unknown(verb: Any, arguments: Any) -> None:
    given(ALERT).when(verb, **arguments).then_refused("unknown-alert", NotFound, field="alert_id")
