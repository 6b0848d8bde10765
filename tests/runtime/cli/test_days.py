"""`keyledger day close`: what the days that were closed came to."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from readmodels.health_scores.closed_day import WORST, ClosedDay, closed_day
from runtime.cli.days import _sentence
from tests.readmodels.conftest import Told, tell
from tests.runtime.what_if_ledger import CLOSED_FROM, LAST, lived

__all__ = ["tell"]


@pytest.mark.postgres
def test_a_day_says_how_many_accounts_lie_in_which_band_and_how_many_moved(tell: Told) -> None:
    lived(tell)
    days = [CLOSED_FROM + timedelta(days=n) for n in range((LAST - CLOSED_FROM).days + 1)]
    with tell.asked() as (connection, _):
        rows: list[Any] = connection.execute(
            "SELECT day, account_id, band, score FROM health_score WHERE closed"
        ).fetchall()
        found = {day: closed_day(connection, day.isoformat()) for day in days}
        none = closed_day(connection, "2017-01-01")
    bands = {(day, account): band for day, account, band, _ in rows}
    for day, came_to in found.items():
        of_day = [row for row in rows if row[0] == day.isoformat()]
        assert dict(came_to.bands) == Counter(band for _, _, band, _ in of_day)
        lowest = sorted((score, account) for _, account, _, score in of_day if score is not None)
        assert came_to.worst == tuple((account, score) for score, account in lowest[:WORST])
        before = (day - timedelta(days=1)).isoformat()
        moved = sum(bands.get((before, account), band) != band for _, account, band, _ in of_day)
        assert came_to.moved == (None if day == CLOSED_FROM else moved)
    assert any(came_to.moved for came_to in found.values())
    assert none == ClosedDay((), None, ())


def test_what_a_day_came_to_is_one_sentence() -> None:
    day = date(2026, 3, 2)
    came_to = ClosedDay((("red", 1), ("green", 2), (None, 1)), 1, (("acme", 59_990_000),))
    assert _sentence(day, came_to) == (
        "2026-03-02 is closed: 4 accounts, 1 red, 2 green, 1 not measured;"
        " 1 in another band than the day before; lowest: acme 59.99"
    )
    first = came_to._replace(moved=None, worst=())
    assert _sentence(day, first).endswith("1 red, 2 green, 1 not measured")
    assert _sentence(day, ClosedDay((), None, ())).endswith(
        "no scoring policy holds for any account"
    )
    assert "keyledger project" in _sentence(day, None)
