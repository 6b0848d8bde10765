"""Scores as the days go by: what closes a day, what touches an account, and which policy holds."""

from datetime import date, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.accounts.account import AccountOwnerChanged
from events.accounts.interaction import InteractionWithdrawn
from events.organization.region import RegionMoved, RegionOpened
from projections.derivation import InMemory
from projections.health_scores import HEALTH_SCORE, HealthScoreRow, derive
from projections.projection import Key, fold
from projections.signals import SIGNALS
from tests.examples.cast import ANN
from tests.examples.scores import NEARNESS
from tests.projections.deriving import by_table, derived_rows
from tests.projections.scoring.day_rules import expected
from tests.projections.scoring.days import Life, lives
from tests.projections.scoring.telling import (
    CALLS,
    CALM,
    TODAY,
    TOMORROW,
    YESTERDAY,
    account,
    begun,
    call,
    next_day,
    policy,
)

ZONES: Final = ("UTC", "Europe/Berlin", "Pacific/Auckland")


def scores(life: Life) -> dict[Key, Any]:
    rows: dict[Key, object] = {}
    for fact in life.told:
        fold(SIGNALS, rows, fact)
    return derived_rows(SIGNALS, rows, life.zone.key)


def row(life: Life, account_id: str = "acme", day: date = TODAY) -> HealthScoreRow | None:
    found: HealthScoreRow | None = scores(life).get((HEALTH_SCORE, (account_id, day.isoformat())))
    return found


def points(life: Life, account_id: str = "acme", day: date = TODAY) -> tuple[Any, ...] | None:
    """Score, whether the day is closed, and the position it was computed at."""
    found = row(life, account_id, day)
    return found and (found.score, found.closed, found.position)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ZONES).flatmap(lives))
def test_rows_are_what_the_rules_make_of_them_by_hand(life: Life) -> None:
    """CARD-04, MET-10: whatever happened, late, corrected, moved or under another policy."""
    zone = life.zone.key
    assert scores(life) == {
        (HEALTH_SCORE, key): row for key, row in expected(life.told, zone).items()
    }


def test_before_a_day_was_closed_there_are_no_scores() -> None:
    assert scores(begun(closed=False)) == {}
    assert points(begun()) == (20_000_000, False, 7)


def test_a_row_says_what_it_is_made_of_and_by_which_version() -> None:
    """MET-10: the score lists its contributions."""
    found = row(begun())
    assert found is not None
    assert (found.policy_id, found.policy_version, found.band, found.cap) == ("*", 1, "red", None)
    whole = {"raw": 1_000_000, "points": 20_000_000, "weight": 1, "contribution": 20_000_000}
    assert found.parts == {
        "groups": {"relationship": 20_000_000},
        "components": {"nearness": whole},
        "alerts": {"low": True},
    }


def test_a_policy_without_alerts_says_of_none() -> None:
    found = row(begun(CALLS.model_copy(update={"alerts": ()})))
    assert found is not None
    assert found.parts["alerts"] == {}


@pytest.mark.parametrize(("late_h", "counts"), [(42, True), (44, False)])
def test_a_window_begins_with_a_day_of_the_ledgers_zone(late_h: int, counts: bool) -> None:
    """In Auckland yesterday began 43 hours ago, which in UTC is the day before yesterday."""
    component = NEARNESS.model_copy(update={"weight": 1, "window_days": 2})
    life = begun(CALLS.model_copy(update={"components": (component,)}), zone="Pacific/Auckland")
    rows: dict[Key, Any] = {}
    for fact in life.told:
        fold(SIGNALS, rows, fact)
    before = dict(rows)
    call(life, "bell", late_h=late_h)
    fold(SIGNALS, rows, life.told[-1])
    new = by_table({key: rows[key] for key in rows.keys() - before.keys()})
    (derived,) = derive(InMemory(by_table(rows), life.zone.key), new)
    assert derived.rows.get_column("account_id").to_list() == ["bell"]
    assert (derived.rows.get_column("score").item() > 0) is counts


def test_a_fact_touches_its_own_account_alone() -> None:
    life = begun()
    call(life)
    assert points(life) == (40_000_000, False, 8)
    assert points(life, "bell") == (0, False, 7)


def test_a_day_is_final_when_it_is_closed_and_the_next_one_is_open_for_all() -> None:
    """What becomes known late is in the row of the open day, and in no row of a closed one."""
    life = begun()
    next_day(life)
    assert points(life) == (20_000_000, True, 8)
    assert points(life, "bell") == (0, True, 8)
    assert points(life, day=TOMORROW) == (20_000_000, False, 8)
    call(life, "bell", late_h=24)
    assert points(life, "bell") == (0, True, 8)
    late = points(life, "bell", TOMORROW)
    assert late is not None
    assert late[0] > 0
    assert late[2] == 9


def test_what_is_withdrawn_leaves_the_open_day_and_no_closed_one() -> None:
    life = begun()
    name = call(life)
    next_day(life)
    withdrawn = InteractionWithdrawn(interaction_id=name, account_id="acme", reason="Never was")
    before = row(life, day=TOMORROW)
    life.tell(f"interaction-{name}", withdrawn)
    assert points(life) == (40_000_000, True, 9)
    after = row(life, day=TOMORROW)
    assert before is not None
    assert after is not None
    assert before.parts["components"]["nearness"]["raw"] > 1_000_000
    assert after.parts["components"]["nearness"]["raw"] < 1_000_000


def test_another_version_makes_every_open_row_anew_at_once() -> None:
    """CARD-04: and the scores of the version before stay."""
    life = begun()
    next_day(life)
    policy(life, None, CALM, TOMORROW)
    for account_id in ("acme", "bell"):
        old, new = row(life, account_id), row(life, account_id, TOMORROW)
        assert old is not None
        assert new is not None
        assert (old.policy_version, old.position, old.closed) == (1, 8, True)
        assert (new.policy_version, new.position, new.closed) == (2, 10, False)
        assert new.score == 0


def test_what_decides_is_as_it_was_known_when_the_day_was_closed() -> None:
    """A policy from before the day, and a move that was before its end, both told the day after."""
    life = begun()
    life.tell("region-dach", RegionOpened(region_id="dach", name="DACH", parent_id=None))
    policy(life, "dach", CALM, YESTERDAY)
    next_day(life)
    moved = RegionMoved(region_id="emea", parent_id="dach")
    life.tell("region-emea", moved, timedelta(hours=23))
    policies = [row(life, day=day) for day in (TODAY, TOMORROW)]
    assert [one and one.policy_id for one in policies] == ["*", "dach"]
    policy(life, "emea", CALM, YESTERDAY)
    policies = [row(life, day=day) for day in (TODAY, TOMORROW)]
    assert [one and one.policy_id for one in policies] == ["*", "emea"]
    event = AccountOwnerChanged(account_id="bell", owner_id=ANN, region_id="dach")
    life.tell("account-bell", event, timedelta(hours=23))
    policies = [row(life, "bell", day) for day in (TODAY, TOMORROW)]
    assert [one and one.policy_id for one in policies] == ["*", "dach"]


def test_a_version_of_a_later_day_begins_with_the_row_of_that_day() -> None:
    life = begun()
    policy(life, None, CALM, TOMORROW)
    found = row(life)
    assert found is not None
    assert found.policy_version == 1
    next_day(life)
    versions = [row(life, day=day) for day in (TODAY, TOMORROW)]
    assert [one and one.policy_version for one in versions] == [1, 2]


def test_the_nearest_policy_above_holds_and_a_move_takes_effect_at_once() -> None:
    life = begun()
    policy(life, "emea", CALM, TODAY)
    found = row(life)
    assert found is not None
    assert (found.policy_id, found.position) == ("emea", 9)
    life.tell("region-dach", RegionOpened(region_id="dach", name="DACH", parent_id="emea"))
    account(life, "corn", "dach")
    found = row(life, "corn")
    assert found is not None
    assert (found.policy_id, found.position) == ("emea", 11)
    life.tell("region-dach", RegionMoved(region_id="dach", parent_id=None))
    found = row(life, "corn")
    assert found is not None
    assert (found.policy_id, found.position) == ("*", 12)
    assert points(life, "bell") == (0, False, 9)


def test_an_account_out_of_every_policy_has_no_open_row() -> None:
    life = Life(ZoneInfo("UTC"))
    life.tell("region-emea", RegionOpened(region_id="emea", name="Europe", parent_id=None))
    policy(life, "emea", CALLS, YESTERDAY)
    account(life, "acme")
    life.close_day()
    next_day(life)
    event = AccountOwnerChanged(account_id="acme", owner_id=ANN, region_id="asia")
    life.tell("account-acme", event)
    assert points(life) == (0, True, 6)
    assert points(life, day=TOMORROW) is None
    next_day(life)
    assert list(scores(life)) == [(HEALTH_SCORE, ("acme", TODAY.isoformat()))]


def test_a_day_that_is_closed_late_ends_where_it_ends() -> None:
    """What occurred after its end is of the next day, also where it was recorded before."""
    life = begun()
    life.now += timedelta(days=1)
    call(life)
    account(life, "corn")
    assert points(life) == (20_000_000, False, 8)
    assert points(life, "corn") is None
    life.close_day()
    assert points(life) == (20_000_000, True, 10)
    assert points(life, "corn") is None
    assert points(life, "corn", TOMORROW) == (0, False, 10)
    later = row(life, day=TOMORROW)
    assert later is not None
    assert later.parts["components"]["nearness"]["raw"] > 1_900_000
