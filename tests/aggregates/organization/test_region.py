"""Regions: opened once, moved within the tree, never into themselves."""

from aggregates.organization.region import REGION, mode_of, move, open_region, set_mode
from aggregates.refusals import Invalid, NotFound, WrongState
from events.organization.region import RegionModeSet, RegionMoved
from tests.examples.histories import MOVED, OPENED, THROUGH_PARTNERS
from tests.given import given


def test_a_region_is_opened() -> None:
    given(REGION).when(open_region, region_id="emea", name="Europe", parent_id=None).then(OPENED)


def test_opening_it_just_so_again_changes_nothing() -> None:
    given(REGION, OPENED).when(open_region, region_id="emea", name="Europe", parent_id=None).then()


def test_opening_it_just_so_again_changes_nothing_even_after_it_was_moved() -> None:
    given(REGION, OPENED, MOVED).when(
        open_region, region_id="emea", name="Europe", parent_id=None
    ).then()


def test_a_taken_id_is_refused_under_another_name() -> None:
    given(REGION, OPENED).when(
        open_region, region_id="emea", name="Asia", parent_id=None
    ).then_refused("region-already-open", WrongState, field="region_id")


def test_a_taken_id_is_refused_under_another_parent() -> None:
    given(REGION, OPENED).when(
        open_region, region_id="emea", name="Europe", parent_id="world"
    ).then_refused("region-already-open", WrongState, field="region_id")


def test_a_region_cannot_be_opened_below_itself() -> None:
    given(REGION).when(open_region, region_id="emea", name="Europe", parent_id="emea").then_refused(
        "region-cycle", Invalid, field="parent_id"
    )


def test_a_region_is_moved_under_another() -> None:
    given(REGION, OPENED).when(move, region_id="emea", parent_id="world", above=("world",)).then(
        MOVED
    )


def test_a_region_is_made_a_root() -> None:
    given(REGION, OPENED, MOVED).when(move, region_id="emea", parent_id=None, above=()).then(
        RegionMoved(region_id="emea", parent_id=None)
    )


def test_moving_it_where_it_is_changes_nothing() -> None:
    given(REGION, OPENED, MOVED).when(
        move, region_id="emea", parent_id="world", above=("world",)
    ).then()


def test_a_region_that_was_never_opened_cannot_be_moved() -> None:
    given(REGION).when(move, region_id="emea", parent_id="world", above=("world",)).then_refused(
        "unknown-region", NotFound, field="region_id"
    )


def test_a_region_cannot_be_moved_under_itself() -> None:
    given(REGION, OPENED).when(
        move, region_id="emea", parent_id="emea", above=("emea",)
    ).then_refused("region-cycle", Invalid, field="parent_id")


def test_a_region_cannot_be_moved_below_itself_however_deep() -> None:
    given(REGION, OPENED).when(
        move, region_id="emea", parent_id="bavaria", above=("bavaria", "dach", "emea", "world")
    ).then_refused("region-cycle", Invalid, field="parent_id")


def test_a_region_can_be_moved_beside_its_sisters() -> None:
    given(REGION, OPENED).when(
        move, region_id="emea", parent_id="apac", above=("apac", "world")
    ).then(RegionMoved(region_id="emea", parent_id="apac"))


def test_a_region_has_a_mode_until_it_does_as_the_one_above() -> None:
    """REG-10."""
    none = RegionModeSet(region_id="emea", mode=None)
    given(REGION, OPENED).when(set_mode, region_id="emea", mode="channel").then(THROUGH_PARTNERS)
    given(REGION, OPENED).when(set_mode, region_id="emea", mode=None).then()
    given(REGION, OPENED, THROUGH_PARTNERS).when(set_mode, region_id="emea", mode=None).then(none)


def test_a_mode_outlives_a_move_and_a_move_a_mode() -> None:
    moved_last = REGION.fold((OPENED, THROUGH_PARTNERS, MOVED))
    assert moved_last == REGION.fold((OPENED, MOVED, THROUGH_PARTNERS))


def test_a_region_that_is_not_there_has_no_mode() -> None:
    given(REGION).when(set_mode, region_id="emea", mode="direct").then_refused(
        "unknown-region", NotFound, field="region_id"
    )


def test_the_nearest_mode_holds_and_without_one_a_region_sells_directly() -> None:
    """REG-10."""
    channel, plain = REGION.fold((OPENED, THROUGH_PARTNERS)), REGION.fold((OPENED,))
    direct = REGION.fold((OPENED, RegionModeSet(region_id="emea", mode="direct")))
    assert mode_of([plain, channel, direct]) == "channel"
    assert mode_of([direct, channel]) == "direct"
    assert mode_of([plain, plain]) == "direct"
