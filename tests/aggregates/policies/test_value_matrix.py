"""Value matrices: weights that add up, approved by others, in force from a day on."""

from datetime import date
from functools import partial
from typing import Final

import pytest

from aggregates.policies.matrix_approval import approve, propose, reject
from aggregates.policies.value_matrix import (
    VALUE_MATRIX,
    activate,
    draft,
    strictest,
)
from aggregates.refusals import Invalid, NotFound, WrongState
from events.event import Event
from events.policies.place import GROUP, place_of
from events.policies.value_matrix import (
    Dimension,
    ValueMatrix,
    ValueMatrixActivated,
    ValueMatrixApproved,
    ValueMatrixDrafted,
    ValueMatrixProposed,
)
from tests.examples.cast import (
    ANN,
    BEA,
    CARL,
    FIVE,
    INFLUENCE,
    INNOVATION,
    PROFIT,
    PURCHASE,
    dimension,
    matrix,
)
from tests.examples.histories import (
    APPROVED,
    APPROVED_ANEW,
    IN_FORCE,
    PROPOSED,
    PROPOSED_ANEW,
    SENT_BACK,
    SUPERSEDED,
    WRITTEN,
)
from tests.given import given

HARDER: Final = FIVE.model_copy(update={"strategic_from": 40_000})
SECOND: Final = (
    ValueMatrixDrafted(region_id="emea", version=2, document=HARDER, drafted_by=BEA),
    ValueMatrixProposed(region_id="emea", version=2, proposed_by=BEA, approval_id="b1"),
    ValueMatrixApproved(region_id="emea", version=2, approved_by=None, approval_id="b1"),
)
FIRST: Final = (WRITTEN, PROPOSED, APPROVED)
JANUARY: Final = date(2026, 1, 1)
APRIL: Final = date(2026, 4, 1)
FROM_APRIL: Final = ValueMatrixActivated(region_id="emea", version=2, effective_on=APRIL)

draft_emea = partial(draft, region_id="emea", drafted_by=ANN)
propose_emea = partial(propose, version=1, approval_id="a1", proposed_by=BEA)
approve_emea = partial(approve, approval_id="a1")
REJECTED: Final = SENT_BACK.model_copy(update={"sent_back": False})
activate_emea = partial(activate, region_id="emea", above=None)


# --- drafting ------------------------------------------------------------------


def test_a_first_version_is_drafted() -> None:
    """KAM-02: purchase 20, profit 25, influence 15, innovation 20, fit 20."""
    assert [one.weight_bp for one in FIVE.dimensions] == [2_000, 2_500, 1_500, 2_000, 2_000]
    given(VALUE_MATRIX).when(draft_emea, document=FIVE).then(WRITTEN)


def test_the_group_has_a_matrix_of_its_own() -> None:
    assert (place_of(None), place_of("emea")) == (GROUP, "emea")
    given(VALUE_MATRIX).when(draft, region_id=None, document=FIVE, drafted_by=None).then(
        ValueMatrixDrafted(region_id=None, version=1, document=FIVE, drafted_by=None)
    )


def test_drafting_the_same_again_changes_nothing() -> None:
    given(VALUE_MATRIX, *FIRST, IN_FORCE).when(draft_emea, document=FIVE).then()


def test_an_earlier_version_may_be_drafted_anew() -> None:
    given(VALUE_MATRIX, *FIRST, *SECOND).when(draft_emea, document=FIVE).then(
        ValueMatrixDrafted(region_id="emea", version=3, document=FIVE, drafted_by=ANN)
    )


@pytest.mark.parametrize("last", [1_999, 2_001])
def test_weights_that_do_not_add_up_are_refused(last: int) -> None:
    """KAM-02: by one basis point, on either side."""
    given(VALUE_MATRIX).when(
        draft_emea,
        document=matrix(PURCHASE, PROFIT, INFLUENCE, INNOVATION, dimension("fit", last)),
    ).then_refused("weights-do-not-add-up", Invalid, field="document.dimensions")


def test_no_dimension_is_named_twice() -> None:
    given(VALUE_MATRIX).when(
        draft_emea, document=matrix(dimension("fit", 5_000), dimension("fit", 5_000))
    ).then_refused("dimension-twice", Invalid, field="document.dimensions")


@pytest.mark.parametrize("edges", [(1, 2, 3, 3), (1, 1, 2, 3), (1, 3, 2, 4)])
def test_edges_that_do_not_rise_are_refused(edges: tuple[int, ...]) -> None:
    given(VALUE_MATRIX).when(
        draft_emea, document=matrix(dimension("fit", 10_000, *edges))
    ).then_refused("edges-out-of-order", Invalid, field="document.dimensions")


def test_edges_rise_by_one_at_least_and_may_lie_below_zero() -> None:
    document = matrix(dimension("fit", 10_000, -2, -1, 0, 1))
    given(VALUE_MATRIX).when(draft_emea, document=document).then(
        ValueMatrixDrafted(region_id="emea", version=1, document=document, drafted_by=ANN)
    )


def test_strategic_begins_above_key() -> None:
    given(VALUE_MATRIX).when(
        draft_emea,
        document=matrix(dimension("fit", 10_000), key_from=30_000, strategic_from=30_000),
    ).then_refused("cut-offs-out-of-order", Invalid, field="document.strategic_from")
    document = matrix(dimension("fit", 10_000), key_from=30_000, strategic_from=30_001)
    given(VALUE_MATRIX).when(draft_emea, document=document).then(
        ValueMatrixDrafted(region_id="emea", version=1, document=document, drafted_by=ANN)
    )


# --- proposing and approving -----------------------------------------------------


def test_a_version_is_proposed_once() -> None:
    given(VALUE_MATRIX, WRITTEN).when(propose_emea).then(PROPOSED)
    for facts in ((WRITTEN, PROPOSED), FIRST):
        given(VALUE_MATRIX, *facts).when(propose_emea).then()
        given(VALUE_MATRIX, *facts).when(
            propose, version=1, approval_id="a2", proposed_by=BEA
        ).then_refused("version-proposed", WrongState, field="version")


def test_what_was_put_up_for_an_approval_is_approved_by_it() -> None:
    given(VALUE_MATRIX, WRITTEN, PROPOSED).when(approve_emea).then(APPROVED)
    given(VALUE_MATRIX, *FIRST).when(approve_emea).then()


def test_each_version_has_an_approval_of_its_own() -> None:
    given(VALUE_MATRIX, WRITTEN, PROPOSED, *SECOND[:2]).when(approve, approval_id="b1").then(
        SECOND[2]
    )


def test_what_is_sent_back_may_be_proposed_again() -> None:
    back = partial(reject, approval_id="a1", sent_back=True)
    given(VALUE_MATRIX, WRITTEN, PROPOSED).when(back).then(SENT_BACK)
    again = (WRITTEN, PROPOSED, SENT_BACK)
    given(VALUE_MATRIX, *again).when(propose, version=1, approval_id="a2", proposed_by=BEA).then(
        PROPOSED_ANEW
    )
    given(VALUE_MATRIX, *again, PROPOSED_ANEW).when(approve, approval_id="a2").then(APPROVED_ANEW)


def test_what_is_rejected_stays_so_and_another_version_is_drafted() -> None:
    no = partial(reject, approval_id="a1", sent_back=False)
    given(VALUE_MATRIX, WRITTEN, PROPOSED).when(no).then(REJECTED)
    given(VALUE_MATRIX, WRITTEN, PROPOSED, REJECTED).when(
        propose, version=1, approval_id="a2", proposed_by=BEA
    ).then_refused("version-rejected", WrongState, field="version")
    given(VALUE_MATRIX, WRITTEN, PROPOSED, REJECTED).when(
        activate_emea, version=1, effective_on=JANUARY
    ).then_refused("version-not-approved", WrongState, field="version")


@pytest.mark.parametrize("facts", [(WRITTEN,), (WRITTEN, PROPOSED_ANEW)])
def test_an_approval_is_about_the_version_that_was_put_up_for_it(facts: tuple[Event, ...]) -> None:
    for verb in (approve_emea, partial(reject, approval_id="a1", sent_back=True)):
        given(VALUE_MATRIX, *facts).when(verb).then_refused("version-not-proposed", WrongState)


def test_an_ended_approval_does_not_end_otherwise() -> None:
    for facts, verb in (
        (FIRST, partial(reject, approval_id="a1", sent_back=True)),
        ((WRITTEN, PROPOSED, REJECTED), approve_emea),
        ((WRITTEN, PROPOSED, SENT_BACK), approve_emea),
    ):
        given(VALUE_MATRIX, *facts).when(verb).then_refused("version-not-proposed", WrongState)


def test_what_was_decided_without_a_request_stays_so() -> None:
    """So it was before matrices were approved by request: what only waited is put up anew."""
    before = PROPOSED.model_copy(update={"approval_id": None})
    agreed = APPROVED.model_copy(update={"approved_by": CARL, "approval_id": None})
    given(VALUE_MATRIX, WRITTEN, before).when(propose_emea).then(PROPOSED)
    given(VALUE_MATRIX, WRITTEN, before, agreed).when(propose_emea).then_refused(
        "version-proposed", WrongState, field="version"
    )
    given(VALUE_MATRIX, WRITTEN, before, agreed).when(
        activate_emea, version=1, effective_on=JANUARY
    ).then(IN_FORCE)


@pytest.mark.parametrize("version", [0, 2])
def test_a_version_nobody_drafted_goes_nowhere(version: int) -> None:
    asked = given(VALUE_MATRIX, *FIRST)
    for when in (
        asked.when(propose, version=version, approval_id="a2", proposed_by=ANN),
        asked.when(activate_emea, version=version, effective_on=JANUARY),
    ):
        when.then_refused("unknown-version", NotFound, field="version")


# --- putting in force -----------------------------------------------------------


def test_an_approved_version_is_put_in_force() -> None:
    given(VALUE_MATRIX, *FIRST).when(activate_emea, version=1, effective_on=JANUARY).then(IN_FORCE)


def test_what_nobody_approved_is_not_put_in_force() -> None:
    given(VALUE_MATRIX, WRITTEN, PROPOSED).when(
        activate_emea, version=1, effective_on=JANUARY
    ).then_refused("version-not-approved", WrongState, field="version")


def test_the_version_before_is_superseded() -> None:
    """KAM-03: each standard has its end on record."""
    given(VALUE_MATRIX, *FIRST, IN_FORCE, *SECOND).when(
        activate_emea, version=2, effective_on=APRIL
    ).then(FROM_APRIL, SUPERSEDED)


def test_the_same_version_from_a_later_day_supersedes_nothing() -> None:
    given(VALUE_MATRIX, *FIRST, IN_FORCE).when(activate_emea, version=1, effective_on=APRIL).then(
        ValueMatrixActivated(region_id="emea", version=1, effective_on=APRIL)
    )


def test_what_is_in_force_from_a_day_is_not_put_in_force_from_it_again() -> None:
    given(VALUE_MATRIX, *FIRST, IN_FORCE, *SECOND, FROM_APRIL, SUPERSEDED).when(
        activate_emea, version=2, effective_on=APRIL
    ).then()


def test_history_is_not_decided_again() -> None:
    given(VALUE_MATRIX, *FIRST, IN_FORCE, *SECOND, FROM_APRIL, SUPERSEDED).when(
        activate_emea, version=1, effective_on=date(2026, 3, 31)
    ).then_refused("later-version-in-force", WrongState, field="effective_on")


@pytest.mark.parametrize(
    ("on", "version"),
    [
        (date(1990, 1, 1), 1),
        (date(2026, 3, 31), 1),
        (APRIL, 2),
        (date(2099, 1, 1), 2),
    ],
)
def test_the_first_holds_from_the_beginning_and_each_from_its_day_on(
    on: date, version: int
) -> None:
    """KAM-03."""
    versions = VALUE_MATRIX.fold([*FIRST, IN_FORCE, *SECOND, FROM_APRIL, SUPERSEDED])
    held = versions.in_force(on)
    assert held is not None
    assert (held.number, held.document) == (version, (FIVE, HARDER)[version - 1])


def test_what_is_approved_is_not_in_force() -> None:
    assert VALUE_MATRIX.fold(FIRST).in_force(JANUARY) is None


# --- inheriting ----------------------------------------------------------------

HAND: Final = dimension("fit", 6_000)
AMOUNT: Final = dimension("sales", 4_000, 10, 20, 30, 40)
ABOVE: Final = matrix(HAND, AMOUNT, key_from=25_000, strategic_from=35_000)


def of(*dimensions: Dimension, key_from: int = 25_000, strategic_from: int = 35_000) -> ValueMatrix:
    return matrix(*dimensions, key_from=key_from, strategic_from=strategic_from)


@pytest.mark.parametrize(
    "document",
    [
        ABOVE,
        of(AMOUNT, HAND),
        of(HAND, AMOUNT, key_from=25_001),
        of(HAND, AMOUNT, strategic_from=50_000),
        of(HAND, dimension("sales", 4_000, 10, 20, 31, 41)),
        of(dimension("fit", 5_999), AMOUNT, dimension("local", 1)),
    ],
)
def test_a_region_may_ask_for_more_or_add_dimensions(document: ValueMatrix) -> None:
    """REG-11: what it adds takes its weight from what is there."""
    drafted = ValueMatrixDrafted(region_id="emea", version=1, document=document, drafted_by=ANN)
    given(VALUE_MATRIX, drafted, PROPOSED, APPROVED).when(
        activate, region_id="emea", version=1, effective_on=JANUARY, above=ABOVE
    ).then(IN_FORCE)


@pytest.mark.parametrize(
    "document",
    [
        of(HAND, AMOUNT, key_from=24_999),
        of(HAND, AMOUNT, strategic_from=34_999),
        of(dimension("fit", 10_000)),
        of(dimension("fit", 6_001), dimension("sales", 3_999, 10, 20, 30, 40)),
        of(HAND, dimension("sales", 4_000, 10, 20, 30, 39)),
        of(HAND, dimension("sales", 4_000)),
        of(dimension("fit", 6_000, 1, 2, 3, 4), AMOUNT),
    ],
)
def test_a_region_never_asks_for_less(document: ValueMatrix) -> None:
    """REG-11."""
    drafted = ValueMatrixDrafted(region_id="emea", version=1, document=document, drafted_by=ANN)
    given(VALUE_MATRIX, drafted, PROPOSED, APPROVED).when(
        activate, region_id="emea", version=1, effective_on=JANUARY, above=ABOVE
    ).then_refused("weaker-than-parent", Invalid, field="version")


STRICTER: Final = of(HAND, AMOUNT, strategic_from=35_001)


@pytest.mark.parametrize(
    ("nearest_first", "holds"),
    [
        ([], None),
        ([("group", ABOVE)], "group"),
        ([("own", ABOVE), ("group", ABOVE)], "own"),
        ([("own", STRICTER), ("group", ABOVE)], "own"),
        ([("own", ABOVE), ("group", STRICTER)], "group"),
        ([("own", ABOVE), ("parent", STRICTER), ("group", ABOVE)], "parent"),
        ([("own", STRICTER), ("parent", ABOVE), ("group", STRICTER)], "own"),
    ],
)
def test_the_nearest_holds_that_is_not_weaker_than_what_holds_above(
    nearest_first: list[tuple[str, ValueMatrix]], holds: str | None
) -> None:
    """REG-11: a parent may have been tightened since."""
    assert strictest(nearest_first) == holds
