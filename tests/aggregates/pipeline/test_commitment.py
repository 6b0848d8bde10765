"""Commitments: what the contracts of an account come to together within a window of days."""

from datetime import date, timedelta
from typing import Final

import pytest

from aggregates.pipeline.commitment import COMMITMENT, enter, others
from tests.examples.approvals import ENTERED
from tests.examples.cast import eur, usd
from tests.given import given

TODAY: Final = ENTERED.on


def test_a_contract_is_entered_as_it_was_last_put_up() -> None:
    given(COMMITMENT).when(
        enter, account_id="acme", contract_id="c1", amount=ENTERED.amount, on=TODAY
    ).then(ENTERED)
    less = ENTERED.model_copy(update={"amount": usd(1)})
    given(COMMITMENT, ENTERED).when(
        enter, account_id="acme", contract_id="c1", amount=usd(1), on=TODAY
    ).then(less)
    state = COMMITMENT.fold([ENTERED, less])
    assert others(state, besides="c2", currency="USD", window_days=1, on=TODAY) == (less,)


@pytest.mark.parametrize(
    ("days_ago", "window_days", "counts"),
    [(0, 0, False), (0, 1, True), (1, 1, False), (29, 30, True), (30, 30, False)],
)
def test_a_window_has_its_days(days_ago: int, window_days: int, counts: bool) -> None:
    earlier = ENTERED.model_copy(update={"on": TODAY - timedelta(days=days_ago)})
    found = others(
        COMMITMENT.fold([earlier]),
        besides="c2",
        currency="USD",
        window_days=window_days,
        on=TODAY,
    )
    assert found == ((earlier,) if counts else ())


def test_neither_the_contract_itself_nor_another_currency_counts() -> None:
    euros = ENTERED.model_copy(update={"contract_id": "c3", "amount": eur(5)})
    state = COMMITMENT.fold([ENTERED, euros])
    assert others(state, besides="c1", currency="USD", window_days=9, on=date(2026, 3, 2)) == ()
    assert others(state, besides="c1", currency="EUR", window_days=9, on=TODAY) == (euros,)
