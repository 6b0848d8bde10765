"""Regions: opened once, moved within the tree, never into themselves."""

from aggregates.organization.region import REGION, move, open_region
from aggregates.refusals import Invalid, NotFound, WrongState
from events.organization.region import RegionMoved
from tests.examples.histories import MOVED, OPENED
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
