"""Trainings: recorded once, from the day they were completed, and taken back where they never were.

KAM-27.
"""

from datetime import date, timedelta
from typing import Any, Final

import pytest

from aggregates.organization.employee_training import EMPLOYEE_TRAINING, record, revoke
from aggregates.refusals import Invalid, NotFound, WrongState
from tests.examples.warnings import TRAINED, TRAINING_REVOKED
from tests.given import given

COMPLETED_ON: Final = TRAINED.completed_on
A_DAY: Final = timedelta(days=1)


def changed(**fields: Any) -> Any:
    return TRAINED.model_copy(update=fields)


@pytest.mark.parametrize("known", [(TRAINED,), (TRAINED, TRAINING_REVOKED)])
def test_a_training_is_recorded_once(known: tuple[Any, ...]) -> None:
    given(EMPLOYEE_TRAINING).when(record, fact=TRAINED, today=COMPLETED_ON).then(TRAINED)
    given(EMPLOYEE_TRAINING, *known).when(record, fact=TRAINED, today=COMPLETED_ON).then()
    given(EMPLOYEE_TRAINING, *known).when(
        record, fact=changed(course_id="other"), today=COMPLETED_ON
    ).then_refused("training-already-recorded", WrongState, field="training_id")


def test_nothing_is_completed_in_the_future() -> None:
    given(EMPLOYEE_TRAINING).when(record, fact=TRAINED, today=COMPLETED_ON - A_DAY).then_refused(
        "day-in-the-future", Invalid, field="completed_on"
    )


@pytest.mark.parametrize(
    ("expires_on", "refused"),
    [(COMPLETED_ON - A_DAY, True), (COMPLETED_ON, False), (None, False)],
)
def test_it_counts_for_a_day_at_least(expires_on: date | None, refused: bool) -> None:
    fact = changed(expires_on=expires_on)
    asked = given(EMPLOYEE_TRAINING).when(record, fact=fact, today=COMPLETED_ON)
    if refused:
        asked.then_refused("expires-before-completed", Invalid, field="expires_on")
    else:
        asked.then(fact)


def test_it_is_taken_back_once() -> None:
    reason = TRAINING_REVOKED.reason
    given(EMPLOYEE_TRAINING, TRAINED).when(revoke, reason=reason).then(TRAINING_REVOKED)
    given(EMPLOYEE_TRAINING, TRAINED, TRAINING_REVOKED).when(revoke, reason="again").then()
    given(EMPLOYEE_TRAINING).when(revoke, reason=reason).then_refused(
        "unknown-training", NotFound, field="training_id"
    )
