"""Outcomes: recorded once, on a day that has come, or withdrawn."""

from datetime import timedelta

from aggregates.accounts.account_outcome import ACCOUNT_OUTCOME, record, withdraw
from aggregates.refusals import Invalid, NotFound, WrongState
from tests.examples.warnings import CHURN_WITHDRAWN, CHURNED
from tests.given import given

DAY = CHURNED.occurred_on


def test_an_outcome_is_recorded_once() -> None:
    given(ACCOUNT_OUTCOME).when(record, fact=CHURNED, today=DAY).then(CHURNED)
    other = CHURNED.model_copy(update={"outcome": "renewal_lost"})
    given(ACCOUNT_OUTCOME, CHURNED).when(record, fact=other, today=DAY).then_refused(
        "outcome-already-recorded", WrongState, field="outcome_id"
    )


def test_an_outcome_has_happened() -> None:
    before = DAY - timedelta(days=1)
    given(ACCOUNT_OUTCOME).when(record, fact=CHURNED, today=before).then_refused(
        "day-in-the-future", Invalid, field="occurred_on"
    )
    after = DAY + timedelta(days=1)
    given(ACCOUNT_OUTCOME).when(record, fact=CHURNED, today=after).then(CHURNED)


def test_an_outcome_is_withdrawn_once_and_stays_so() -> None:
    reason = CHURN_WITHDRAWN.reason
    given(ACCOUNT_OUTCOME, CHURNED).when(withdraw, reason=reason).then(CHURN_WITHDRAWN)
    given(ACCOUNT_OUTCOME, CHURNED, CHURN_WITHDRAWN).when(record, fact=CHURNED, today=DAY).then()
    given(ACCOUNT_OUTCOME).when(withdraw, reason=reason).then_refused(
        "unknown-outcome", NotFound, field="outcome_id"
    )
