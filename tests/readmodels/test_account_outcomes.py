"""Outcomes as of a day, as known at a time, and by region."""

from datetime import date
from typing import Final

import pytest

from events.accounts.account import AccountOwnerChanged
from readmodels.account_outcomes import (
    EVERY_OUTCOME,
    Outcome,
    OutcomeSelection,
    account_outcomes,
    every_outcome,
)
from readmodels.moment import Moment
from tests.examples.cast import ANN
from tests.examples.warnings import CHURN_WITHDRAWN, CHURNED
from tests.readmodels.company import COMPANY
from tests.readmodels.conftest import Fact, Told

pytestmark = pytest.mark.postgres

RENEWAL: Final = CHURNED.model_copy(
    update={"outcome_id": "x2", "outcome": "renewal_lost", "occurred_on": date(2026, 1, 31)}
)
HAPPENED: Final[tuple[Fact, ...]] = (
    ("2026-03-01", "account_outcome-x1", CHURNED),
    ("2026-03-01", "account_outcome-x2", RENEWAL),
    ("2026-03-02", "account_outcome-x1", CHURN_WITHDRAWN),
)
FIRST: Final = len(COMPANY) + 1
"""The position of the first of them."""


@pytest.fixture
def told(tell: Told) -> Told:
    tell.tell(*COMPANY, *HAPPENED)
    return tell


def ids(
    told: Told,
    selection: OutcomeSelection = EVERY_OUTCOME,
    *,
    day: date | None = None,
    position: int | None = None,
) -> list[str]:
    known_at = None if position is None else told.recorded_at(position)
    with told.asked() as (connection, stand):
        moment = stand.moment(day, known_at)
        found = account_outcomes(connection, moment, selection=selection)
    return [row.outcome_id for row in found]


@pytest.mark.parametrize(
    ("position", "found"),
    [(FIRST - 1, []), (FIRST, ["x1"]), (FIRST + 1, ["x1", "x2"]), (FIRST + 2, ["x2"])],
)
def test_an_outcome_counts_from_when_it_was_recorded_until_it_was_withdrawn(
    told: Told, position: int, found: list[str]
) -> None:
    assert ids(told, position=position) == found


@pytest.mark.parametrize(("day", "found"), [(date(2026, 1, 30), []), (date(2026, 1, 31), ["x2"])])
def test_an_outcome_counts_from_its_day_however_late_it_was_recorded(
    told: Told, day: date, found: list[str]
) -> None:
    assert ids(told, day=day) == found


def test_outcomes_are_found_by_account_kind_and_the_region_the_account_lies_in(
    told: Told,
) -> None:
    owned = AccountOwnerChanged(account_id="acme", owner_id=ANN, region_id="emea")
    told.tell(("2026-03-03", "account-acme", owned))
    for selection, found in (
        (OutcomeSelection(account="acme", kind="renewal_lost"), ["x2"]),
        (OutcomeSelection(kind="churned"), []),
        (OutcomeSelection(account="none"), []),
        (OutcomeSelection(region="emea"), ["x2"]),
        (OutcomeSelection(region="none"), []),
    ):
        assert ids(told, selection) == found, selection


def test_every_outcome_is_told_in_order_of_days(told: Told) -> None:
    with told.asked() as (connection, _):
        now = every_outcome(connection, Moment())
        then = every_outcome(connection, Moment(known_at=told.recorded_at(FIRST + 1)))
    lost = Outcome("acme", "renewal_lost", date(2026, 1, 31))
    assert now == (lost,)
    assert then == (lost, Outcome("acme", "churned", date(2026, 2, 27)))
