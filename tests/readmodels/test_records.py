"""Records one by one, as they were, and what changed them."""

from datetime import date
from typing import Any

import psycopg
import pytest

from readmodels.accounts import account, accounts
from readmodels.audit_trail import AuditSelection, audit_trail, whole_audit_trail
from readmodels.moment import Moment
from readmodels.opportunities import opportunities, opportunity
from readmodels.reading import wait_for_position
from tests.examples.cast import ANN
from tests.readmodels.company import COMPANY, SALES
from tests.readmodels.conftest import Told

pytestmark = pytest.mark.postgres


@pytest.fixture
def sold(tell: Told) -> Told:
    tell.tell(*COMPANY, *SALES)
    return tell


@pytest.mark.parametrize(
    ("day", "state", "stage"),
    [
        (date(2017, 2, 28), None, None),
        (date(2017, 3, 1), "open", "lead"),
        (date(2017, 4, 5), "lost", "lead"),
        (date(2017, 5, 1), "open", "lead"),
    ],
)
def test_an_opportunity_is_told_as_it_was(
    sold: Told, day: date, state: str | None, stage: str | None
) -> None:
    with sold.asked() as (connection, stand):
        row = opportunity(connection, stand.moment(day), "o3")
    assert (row.state, row.stage) == (state, stage) if row else state is None


def test_pages_follow_each_other_without_a_gap(sold: Told) -> None:
    seen: list[str] = []
    with sold.asked() as (connection, stand):
        while page := opportunities(
            connection, stand.moment(), after=seen[-1] if seen else "", limit=1
        ):
            seen += [row.opportunity_id for row in page]
    assert seen == ["o1", "o2", "o3", "o4"]


def test_an_account_is_not_there_before_it_was_registered(sold: Told) -> None:
    with sold.asked() as (connection, stand):
        assert account(connection, stand.moment(date(2016, 12, 31)), "acme") is None
        assert [row.name for row in accounts(connection, stand.moment())] == ["Acme"]


def _changes(sold: Told, **conditions: Any) -> list[dict[str, Any]]:
    with sold.asked() as (connection, _):
        rows = audit_trail(connection, Moment(), selection=AuditSelection(**conditions))
    return [row.changes for row in rows]


def test_the_audit_trail_tells_before_and_after_of_each_changed_field(sold: Told) -> None:
    opening, engaging, winning = _changes(sold, record="opportunity-o1")
    assert opening["owner_id"] == {"before": None, "after": ANN}
    assert engaging == {
        "stage": {"before": "lead", "after": "offer"},
        "engaged": {"before": False, "after": True},
    }
    assert winning["state"] == {"before": "open", "after": "won"}
    assert winning["amount"] == {"before": None, "after": {"minor": 100_00, "currency": "USD"}}


def test_the_audit_trail_is_filtered_by_who_what_when_and_record(sold: Told) -> None:
    assert len(_changes(sold)) == len(COMPANY) + len(SALES)
    assert len(_changes(sold, actor="employee-ann")) == len(COMPANY) + len(SALES)
    assert _changes(sold, actor="employee-bea") == []
    assert len(_changes(sold, name="opportunity.won")) == 2
    assert len(_changes(sold, record="opportunity-o3", field="state")) == 3
    assert len(_changes(sold, position_from=3, position_to=4)) == 2
    second = sold.recorded_at(2)
    assert len(_changes(sold, recorded_from=second, recorded_to=second)) == 1


def test_the_whole_audit_trail_is_every_fact_in_order(sold: Told) -> None:
    with sold.asked() as (connection, stand):
        positions = [row.position for row in whole_audit_trail(connection, Moment())]
    assert positions == list(range(1, stand.head + 1))


def test_a_position_that_is_in_is_not_waited_for(sold: Told) -> None:
    with psycopg.connect(
        sold.store.url, autocommit=True, options=f"-c search_path={sold.store.name}"
    ) as connection:
        assert wait_for_position(connection, ("funnel",), len(COMPANY) + len(SALES), 0.0)
        assert not wait_for_position(connection, ("funnel",), 1_000, 0.01)
