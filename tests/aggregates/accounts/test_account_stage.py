"""KAM-12, KAM-13: stages are left when their checks are recorded, and not skipped in silence."""

from functools import partial
from typing import Final

import pytest

from aggregates.accounts.account_stage import ACCOUNT_STAGE, move_stage, record_check
from aggregates.refusals import Invalid, WrongState
from events.accounts.account_stage import AccountCheckRecorded, AccountStageMoved
from tests.examples.cast import FOUR_STAGES, lifecycle
from tests.examples.histories import CHECKED, CHECKED_AGAIN
from tests.given import given

record = partial(record_check, lifecycle=FOUR_STAGES)
move = partial(move_stage, account_id="acme", lifecycle=FOUR_STAGES)


def checked(check_id: str) -> AccountCheckRecorded:
    return CHECKED.model_copy(update={"check_id": check_id})


def moved(from_stage: str, to_stage: str, reason: str | None = None) -> AccountStageMoved:
    return AccountStageMoved(
        account_id="acme", from_stage=from_stage, to_stage=to_stage, reason=reason
    )


TWO_OF_THREE: Final = (checked("market_intelligence"), checked("background_check"))
ALL_THREE: Final = (*TWO_OF_THREE, checked("needs_interview"))
PENETRATION: Final = moved("identification", "penetration")


# --- checks ----------------------------------------------------------------------


def test_a_check_is_recorded() -> None:
    given(ACCOUNT_STAGE).when(record, fact=CHECKED).then(CHECKED)


def test_a_check_is_recorded_again_with_another_result() -> None:
    given(ACCOUNT_STAGE, CHECKED).when(record, fact=CHECKED_AGAIN).then(CHECKED_AGAIN)


def test_a_check_of_a_later_stage_may_be_recorded_before_that_stage() -> None:
    fact = checked("value_proposition")
    given(ACCOUNT_STAGE).when(record, fact=fact).then(fact)


def test_a_check_that_no_stage_asks_for_is_refused() -> None:
    given(ACCOUNT_STAGE).when(record, fact=checked("horoscope")).then_refused(
        "unknown-check", Invalid, field="check_id"
    )


# --- leaving a stage ---------------------------------------------------------------


def test_kam_13_the_first_stage_is_left_when_all_its_checks_are_recorded() -> None:
    given(ACCOUNT_STAGE, *ALL_THREE).when(move, to_stage="penetration", reason=None).then(
        PENETRATION
    )


def test_kam_13_one_check_too_few_and_it_stays_which_one_is_told() -> None:
    asked = given(ACCOUNT_STAGE, *TWO_OF_THREE).when(move, to_stage="penetration", reason=None)
    asked.then_refused("checks-missing", WrongState, field="to_stage")
    with pytest.raises(WrongState, match="before needs_interview is recorded"):
        asked.decide(asked.state)


def test_kam_13_no_reason_stands_in_for_a_check() -> None:
    given(ACCOUNT_STAGE, *TWO_OF_THREE).when(
        move, to_stage="lock_in", reason="in a hurry"
    ).then_refused("checks-missing", WrongState, field="to_stage")


def test_a_stage_that_asks_for_nothing_is_left_freely() -> None:
    given(ACCOUNT_STAGE, moved("identification", "lock_in", "known")).when(
        move, to_stage="ecosystem", reason=None
    ).then(moved("lock_in", "ecosystem"))


def test_the_stage_it_is_at_changes_nothing() -> None:
    given(ACCOUNT_STAGE, *ALL_THREE, PENETRATION).when(
        move, to_stage="penetration", reason=None
    ).then()
    given(ACCOUNT_STAGE).when(move, to_stage="identification", reason=None).then()


# --- skipping and going back ---------------------------------------------------------


def test_kam_12_a_stage_is_skipped_with_a_reason() -> None:
    given(ACCOUNT_STAGE, *ALL_THREE).when(
        move, to_stage="lock_in", reason="taken over with their supplier"
    ).then(moved("identification", "lock_in", "taken over with their supplier"))


@pytest.mark.parametrize("to_stage", ["lock_in", "ecosystem"])
def test_kam_12_skipping_a_stage_without_a_reason_is_refused(to_stage: str) -> None:
    given(ACCOUNT_STAGE, *ALL_THREE).when(move, to_stage=to_stage, reason=None).then_refused(
        "reason-missing", Invalid, field="reason"
    )


def test_kam_12_it_goes_back_with_a_reason_whatever_is_not_checked() -> None:
    given(ACCOUNT_STAGE, *ALL_THREE, PENETRATION).when(
        move, to_stage="identification", reason="new owners"
    ).then(moved("penetration", "identification", "new owners"))


def test_kam_12_going_back_without_a_reason_is_refused() -> None:
    given(ACCOUNT_STAGE, *ALL_THREE, PENETRATION).when(
        move, to_stage="identification", reason=None
    ).then_refused("reason-missing", Invalid, field="reason")


def test_what_was_checked_stays_checked_when_it_has_gone_back() -> None:
    given(
        ACCOUNT_STAGE, *ALL_THREE, PENETRATION, moved("penetration", "identification", "new owners")
    ).when(move, to_stage="penetration", reason=None).then(PENETRATION)


def test_a_stage_the_lifecycle_does_not_have_is_refused() -> None:
    given(ACCOUNT_STAGE, *ALL_THREE).when(move, to_stage="courtship", reason="x").then_refused(
        "unknown-lifecycle-stage", Invalid, field="to_stage"
    )


OTHER: Final = lifecycle(contact="visit", contract="")


def test_where_the_lifecycle_is_another_by_now_it_starts_over() -> None:
    given(ACCOUNT_STAGE, *ALL_THREE, PENETRATION).when(
        move_stage, account_id="acme", to_stage="contact", reason=None, lifecycle=OTHER
    ).then(moved("penetration", "contact"))


def test_starting_over_at_a_later_stage_needs_a_reason() -> None:
    asked = given(ACCOUNT_STAGE, *ALL_THREE, PENETRATION)
    asked.when(
        move_stage, account_id="acme", to_stage="contract", reason=None, lifecycle=OTHER
    ).then_refused("reason-missing", Invalid, field="reason")
    asked.when(
        move_stage, account_id="acme", to_stage="contract", reason="moved", lifecycle=OTHER
    ).then(moved("penetration", "contract", "moved"))
