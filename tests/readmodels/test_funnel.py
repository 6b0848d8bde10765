"""The funnel, against answers worked out by hand."""

from datetime import date, datetime
from typing import Any

import pytest

from events.values import Money
from readmodels.funnel import Dimension, FunnelRow, funnel
from readmodels.selection import EVERYTHING, Selection
from tests.examples.cast import ANN, BEA, CARL, eur, usd
from tests.readmodels.company import ANN_LEADS_BEA, COMPANY, SALES, SOUTH_MOVES
from tests.readmodels.conftest import Told

pytestmark = pytest.mark.postgres

Figures = tuple[int, int, int, int]
"""How many in all, open, won, lost."""


def ask(
    tell: Told,
    *group_by: Dimension,
    selection: Selection = EVERYTHING,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> tuple[FunnelRow, ...]:
    with tell.asked() as (connection, stand):
        moment = stand.moment(as_of, known_at)
        return funnel(connection, moment, group_by=group_by, selection=selection)


def figures(row: FunnelRow) -> Figures:
    return row.count, row.open, row.won, row.lost


def by(tell: Told, dimension: Dimension, **asked: Any) -> dict[str | None, Figures]:
    return {row.group[dimension]: figures(row) for row in ask(tell, dimension, **asked)}


@pytest.fixture
def sold(tell: Told) -> Told:
    tell.tell(*COMPANY, *SALES)
    return tell


def test_the_total_counts_each_opportunity_once_and_never_adds_currencies(sold: Told) -> None:
    (total,) = ask(sold)
    assert figures(total) == (4, 2, 2, 0)
    assert total.amounts == (eur(50_00), usd(100_00))
    assert total.win_rate_bp == 10_000
    assert (total.days_mean, total.days_median) == (15.0, 15.0)


def test_of_nothing_there_is_a_total_of_zero(tell: Told) -> None:
    tell.tell(*COMPANY)
    (total,) = ask(tell)
    assert figures(total) == (0, 0, 0, 0)
    assert (total.amounts, total.win_rate_bp, total.days_mean) == ((), None, None)
    assert ask(tell, "stage") == ()


def test_a_region_holds_what_lies_below_it(sold: Told) -> None:
    assert by(sold, "region") == {
        "group": (2, 1, 1, 0),
        "north": (2, 1, 1, 0),
        "south": (2, 1, 1, 0),
    }
    sold.tell(SOUTH_MOVES)
    assert by(sold, "region")["group"] == (4, 2, 2, 0)
    assert figures(ask(sold, selection=Selection(region="group"))[0]) == (4, 2, 2, 0)


def test_as_of_a_day_regions_and_managers_are_as_they_were(sold: Told) -> None:
    sold.tell(SOUTH_MOVES, ANN_LEADS_BEA)
    assert by(sold, "region", as_of=date(2017, 5, 31))["group"] == (2, 1, 1, 0)
    assert by(sold, "region", as_of=date(2017, 6, 1))["group"] == (4, 2, 2, 0)
    assert by(sold, "manager", as_of=date(2017, 5, 31)) == {CARL: (4, 2, 2, 0)}
    assert by(sold, "manager") == {CARL: (2, 1, 1, 0), ANN: (2, 1, 1, 0)}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2017, 1, 9), (0, 0, 0, 0)),
        (date(2017, 1, 10), (1, 1, 0, 0)),
        (date(2017, 2, 10), (1, 1, 0, 0)),
        (date(2017, 2, 11), (1, 0, 1, 0)),
        (date(2017, 4, 4), (3, 1, 2, 0)),
        (date(2017, 4, 5), (3, 0, 2, 1)),
        (date(2017, 4, 30), (3, 0, 2, 1)),
        (date(2017, 5, 1), (3, 1, 2, 0)),
        (date(2017, 5, 2), (4, 2, 2, 0)),
    ],
)
def test_a_day_means_the_whole_of_it(sold: Told, day: date, expected: Figures) -> None:
    (total,) = ask(sold, as_of=day)
    assert figures(total) == expected


def test_what_was_not_known_yet_does_not_count(sold: Told) -> None:
    """The win of o2 is recorded at position 14; a moment before, it was still open."""
    (position,) = [
        event.position
        for event in sold.store.events()
        if (event.stream, event.name) == ("opportunity-o2", "opportunity.won")
    ]
    (before,) = ask(sold, known_at=sold.recorded_at(position - 1))
    (after,) = ask(sold, known_at=sold.recorded_at(position))
    assert (figures(before), figures(after)) == ((2, 1, 1, 0), (2, 0, 2, 0))
    (then,) = ask(sold, as_of=date(2017, 4, 30), known_at=sold.recorded_at(position - 1))
    assert figures(then) == (2, 1, 1, 0)


def test_every_dimension_groups_and_selects(sold: Told) -> None:
    expected: dict[Dimension, dict[str | None, Figures]] = {
        "agent": {ANN: (2, 1, 1, 0), BEA: (2, 1, 1, 0)},
        "product": {"p": (4, 2, 2, 0)},
        "account": {"acme": (2, 1, 1, 0), None: (2, 1, 1, 0)},
        "sector": {"retail": (2, 1, 1, 0), None: (2, 1, 1, 0)},
        "stage": {"lead": (2, 2, 0, 0), "offer": (2, 0, 2, 0)},
        "month": {
            "2017-02": (1, 0, 1, 0),
            "2017-03": (2, 1, 1, 0),
            "2017-05": (1, 1, 0, 0),
        },
        "quarter": {"2017-Q1": (3, 1, 2, 0), "2017-Q2": (1, 1, 0, 0)},
    }
    for dimension, groups in expected.items():
        assert by(sold, dimension) == groups, dimension
        for value, counted in groups.items():
            if value is not None:
                given: dict[str, Any] = {dimension: value}
                (total,) = ask(sold, selection=Selection(**given))
                assert figures(total) == counted, (dimension, value)


def test_dimensions_combine_in_any_order(sold: Told) -> None:
    rows = ask(sold, "stage", "account")
    assert [(tuple(row.group.values()), figures(row)) for row in rows] == [
        (("lead", "acme"), (1, 1, 0, 0)),
        (("lead", None), (1, 1, 0, 0)),
        (("offer", "acme"), (1, 0, 1, 0)),
        (("offer", None), (1, 0, 1, 0)),
    ]
    assert sum(row.count for row in ask(sold, "account", "quarter", "agent")) == 4


def test_names_are_told_with_ids(sold: Told) -> None:
    (north,) = [row for row in ask(sold, "region", "agent") if row.group["region"] == "north"]
    assert north.names == {"region": "North", "agent": "Ann"}


def test_a_win_rate_is_rounded_half_up(sold: Told) -> None:
    """2 won, 1 lost: 6,666.67 basis points."""
    (total,) = ask(sold, as_of=date(2017, 4, 30))
    assert total.win_rate_bp == 6_667
    assert Money(minor=100_00, currency="USD") in total.amounts
