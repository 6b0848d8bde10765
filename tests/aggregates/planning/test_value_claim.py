"""Value claims: a baseline and a measured value, which stand once the customer confirms them."""

from datetime import date, timedelta
from functools import partial
from typing import Any, Final

import pytest

from aggregates.planning.value_claim import VALUE_CLAIM, claim_value, confirm, correct, withdraw
from aggregates.refusals import Invalid, NotFound, WrongState
from events.event import Event
from projections.value_claims import gained
from tests.examples.cast import NOON
from tests.examples.planning import (
    CLAIM_CORRECTED,
    CLAIM_WITHDRAWN,
    CLAIMED,
    CONFIRMED,
    SAVED,
)
from tests.given import given

TODAY: Final = NOON.date()
MEASURED_ON: Final = SAVED.measured_on
A_DAY: Final = timedelta(days=1)


def test_value_is_claimed_with_baseline_measured_value_and_evidence() -> None:
    """KAM-17."""
    given(VALUE_CLAIM).when(claim_value, fact=CLAIMED, today=TODAY).then(CLAIMED)


@pytest.mark.parametrize("facts", [(CLAIMED,), (CLAIMED, CONFIRMED), (CLAIMED, CLAIM_WITHDRAWN)])
def test_a_claim_is_made_once(facts: tuple[Event, ...]) -> None:
    other = CLAIMED.model_copy(update={"plan_id": None})
    given(VALUE_CLAIM, *facts).when(claim_value, fact=CLAIMED, today=TODAY).then()
    given(VALUE_CLAIM, *facts).when(claim_value, fact=other, today=TODAY).then_refused(
        "claim-already-made", WrongState, field="claim_id"
    )


@pytest.mark.parametrize("other", [{"plan_id": None}, {"project_id": None}])
def test_value_came_of_a_plan_or_a_project(other: dict[str, None]) -> None:
    """KAM-17."""
    fact = CLAIMED.model_copy(update=other)
    given(VALUE_CLAIM).when(claim_value, fact=fact, today=TODAY).then(fact)


def test_value_did_not_come_of_nothing() -> None:
    nothing = CLAIMED.model_copy(update={"plan_id": None, "project_id": None})
    given(VALUE_CLAIM).when(claim_value, fact=nothing, today=TODAY).then_refused(
        "claim-without-origin", Invalid, field="plan_id"
    )


def test_value_is_measured_before_it_is_claimed() -> None:
    given(VALUE_CLAIM).when(claim_value, fact=CLAIMED, today=MEASURED_ON).then(CLAIMED)
    given(VALUE_CLAIM).when(claim_value, fact=CLAIMED, today=MEASURED_ON - A_DAY).then_refused(
        "day-in-the-future", Invalid, field="measured_on"
    )


def test_a_claim_is_corrected_until_it_is_confirmed() -> None:
    """KAM-17."""
    given(VALUE_CLAIM, CLAIMED).when(correct, fact=CLAIM_CORRECTED, today=TODAY).then(
        CLAIM_CORRECTED
    )
    given(VALUE_CLAIM, CLAIMED, CONFIRMED).when(
        correct, fact=CLAIM_CORRECTED, today=TODAY
    ).then_refused("claim-confirmed", WrongState, field="claim_id")


def test_a_correction_is_measured_before_it_is_made() -> None:
    later = CLAIM_CORRECTED.model_copy(
        update={"value": SAVED.model_copy(update={"measured_on": TODAY + A_DAY})}
    )
    given(VALUE_CLAIM, CLAIMED).when(correct, fact=later, today=TODAY).then_refused(
        "day-in-the-future", Invalid, field="measured_on"
    )


def test_the_customer_confirms_it() -> None:
    """KAM-17."""
    given(VALUE_CLAIM, CLAIMED).when(confirm, fact=CONFIRMED, today=TODAY).then(CONFIRMED)
    given(VALUE_CLAIM, CLAIMED, CLAIM_CORRECTED).when(confirm, fact=CONFIRMED, today=TODAY).then(
        CONFIRMED
    )


def test_what_is_confirmed_is_not_confirmed_otherwise() -> None:
    other = CONFIRMED.model_copy(update={"how": "meeting"})
    given(VALUE_CLAIM, CLAIMED, CONFIRMED).when(confirm, fact=other, today=TODAY).then_refused(
        "claim-confirmed", WrongState, field="claim_id"
    )


def confirmed(on: date) -> Any:
    return CONFIRMED.model_copy(update={"confirmed_on": on})


def test_it_is_confirmed_when_it_is_measured_and_not_before() -> None:
    claimed = given(VALUE_CLAIM, CLAIMED)
    claimed.when(confirm, fact=confirmed(MEASURED_ON), today=TODAY).then(confirmed(MEASURED_ON))
    claimed.when(confirm, fact=confirmed(MEASURED_ON - A_DAY), today=TODAY).then_refused(
        "confirmed-before-measured", Invalid, field="confirmed_on"
    )


def test_it_is_confirmed_today_and_not_tomorrow() -> None:
    claimed = given(VALUE_CLAIM, CLAIMED)
    claimed.when(confirm, fact=confirmed(TODAY), today=TODAY).then(confirmed(TODAY))
    claimed.when(confirm, fact=confirmed(TODAY + A_DAY), today=TODAY).then_refused(
        "day-in-the-future", Invalid, field="confirmed_on"
    )


@pytest.mark.parametrize("facts", [(CLAIMED,), (CLAIMED, CONFIRMED)])
def test_a_claim_is_withdrawn(facts: tuple[Event, ...]) -> None:
    given(VALUE_CLAIM, *facts).when(withdraw, reason="it was another plant").then(CLAIM_WITHDRAWN)


VERBS: Final = (
    partial(correct, fact=CLAIM_CORRECTED, today=TODAY),
    partial(confirm, fact=CONFIRMED, today=TODAY),
)


@pytest.mark.parametrize("verb", VERBS)
def test_what_was_withdrawn_does_not_change(verb: Any) -> None:
    given(VALUE_CLAIM, CLAIMED, CLAIM_WITHDRAWN).when(verb).then_refused(
        "claim-withdrawn", WrongState, field="claim_id"
    )


@pytest.mark.parametrize("verb", [*VERBS, partial(withdraw, reason="x")])
def test_a_claim_that_is_named_exists(verb: Any) -> None:
    given(VALUE_CLAIM).when(verb).then_refused("unknown-claim", NotFound, field="claim_id")


@pytest.mark.parametrize(
    ("baseline", "measured", "better", "more"),
    [
        ("4.5", "3.25", "lower", "1.25"),
        ("4.5", "3.25", "higher", "-1.25"),
        ("100", "1100", "higher", "1000"),
        ("0.1", "0.3", "higher", "0.2"),
        ("7", "7", "lower", "0"),
    ],
)
def test_what_was_gained_is_exact(baseline: str, measured: str, better: str, more: str) -> None:
    """KAM-17."""
    changed = {"baseline": baseline, "measured": measured, "better": better}
    assert gained(SAVED.model_copy(update=changed)) == more
