"""Sales processes: drafted in versions, put in force from a day on, never weaker than above."""

from datetime import date
from functools import partial
from typing import Final

import pytest

from aggregates.policies.sales_process import (
    SALES_PROCESS,
    activate,
    draft,
    place_of,
)
from aggregates.refusals import Invalid, NotFound, WrongState
from events.policies.sales_process import (
    SalesProcess,
    SalesProcessActivated,
    SalesProcessDrafted,
)
from tests.examples.cast import LOOSE, STRICT, process
from tests.examples.histories import ACTIVATED, DRAFTED
from tests.given import given

SECOND: Final = SalesProcessDrafted(region_id="emea", version=2, document=LOOSE)
JANUARY: Final = date(2026, 1, 1)
APRIL: Final = date(2026, 4, 1)
FROM_APRIL: Final = SalesProcessActivated(region_id="emea", version=2, effective_on=APRIL)

draft_emea = partial(draft, region_id="emea")
activate_emea = partial(activate, region_id="emea", above=None)


def test_a_first_version_is_drafted() -> None:
    given(SALES_PROCESS).when(draft_emea, document=STRICT).then(DRAFTED)


def test_another_version_is_drafted() -> None:
    given(SALES_PROCESS, DRAFTED).when(draft_emea, document=LOOSE).then(SECOND)


def test_drafting_the_same_again_changes_nothing() -> None:
    given(SALES_PROCESS, DRAFTED, ACTIVATED).when(draft_emea, document=STRICT).then()


def test_an_earlier_version_may_be_drafted_anew() -> None:
    given(SALES_PROCESS, DRAFTED, SECOND).when(draft_emea, document=STRICT).then(
        SalesProcessDrafted(region_id="emea", version=3, document=STRICT)
    )


def test_no_stage_is_named_twice() -> None:
    given(SALES_PROCESS).when(draft_emea, document=process("a", "b", "a")).then_refused(
        "stage-twice", Invalid, field="document.stages"
    )


def test_no_reason_is_named_twice() -> None:
    given(SALES_PROCESS).when(
        draft_emea, document=process("a", reasons="price timing price")
    ).then_refused("reason-twice", Invalid, field="document.loss_reasons")


def test_a_version_is_put_in_force() -> None:
    given(SALES_PROCESS, DRAFTED).when(activate_emea, version=1, effective_on=JANUARY).then(
        ACTIVATED
    )


@pytest.mark.parametrize("version", [0, 3])
def test_a_version_nobody_drafted_is_not_put_in_force(version: int) -> None:
    given(SALES_PROCESS, DRAFTED, SECOND).when(
        activate_emea, version=version, effective_on=JANUARY
    ).then_refused("unknown-version", NotFound, field="version")


def test_the_last_version_drafted_is_put_in_force() -> None:
    given(SALES_PROCESS, DRAFTED, SECOND, ACTIVATED).when(
        activate_emea, version=2, effective_on=APRIL
    ).then(FROM_APRIL)


@pytest.mark.parametrize(("version", "day"), [(1, JANUARY), (2, APRIL)])
def test_what_is_in_force_from_a_day_is_not_put_in_force_from_it_again(
    version: int, day: date
) -> None:
    given(SALES_PROCESS, DRAFTED, SECOND, ACTIVATED, FROM_APRIL).when(
        activate_emea, version=version, effective_on=day
    ).then()


def test_a_version_may_take_the_place_of_another_from_the_same_day() -> None:
    given(SALES_PROCESS, DRAFTED, SECOND, ACTIVATED).when(
        activate_emea, version=2, effective_on=JANUARY
    ).then(SalesProcessActivated(region_id="emea", version=2, effective_on=JANUARY))


def test_history_is_not_decided_again() -> None:
    given(SALES_PROCESS, DRAFTED, SECOND, ACTIVATED, FROM_APRIL).when(
        activate_emea, version=2, effective_on=date(2026, 3, 31)
    ).then_refused("later-version-in-force", WrongState, field="effective_on")


# --- inheriting ----------------------------------------------------------------

ABOVE: Final = process("prospecting", "offered")
LOOSE_ABOVE: Final = process("prospecting", "offered", may_skip=True)


@pytest.mark.parametrize("above", [None, ABOVE, LOOSE_ABOVE, STRICT])
def test_a_region_may_do_as_those_above_or_add_stages(above: SalesProcess | None) -> None:
    given(SALES_PROCESS, DRAFTED).when(
        activate, region_id="emea", version=1, effective_on=JANUARY, above=above
    ).then(ACTIVATED)


@pytest.mark.parametrize(
    "above",
    [
        process("prospecting", "engaging", "offered", "signed"),
        process("prospecting", "offered", "engaging"),
        process("lead", "prospecting"),
    ],
)
def test_a_region_leaves_out_no_stage_of_those_above_and_turns_none_around(
    above: SalesProcess,
) -> None:
    given(SALES_PROCESS, DRAFTED).when(
        activate, region_id="emea", version=1, effective_on=JANUARY, above=above
    ).then_refused("weaker-than-parent", Invalid, field="version")


def test_a_region_lets_no_stage_be_skipped_where_those_above_do_not() -> None:
    given(SALES_PROCESS, DRAFTED, SECOND).when(
        activate, region_id="emea", version=2, effective_on=JANUARY, above=ABOVE
    ).then_refused("weaker-than-parent", Invalid, field="version")


def test_a_region_lets_stages_be_skipped_where_those_above_do() -> None:
    given(SALES_PROCESS, DRAFTED, SECOND).when(
        activate, region_id="emea", version=2, effective_on=APRIL, above=LOOSE_ABOVE
    ).then(FROM_APRIL)


# --- which one holds -----------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "version"),
    [
        (date(1990, 1, 1), 1),
        (date(2025, 12, 31), 1),
        (JANUARY, 1),
        (date(2026, 3, 31), 1),
        (APRIL, 2),
        (date(2099, 1, 1), 2),
    ],
)
def test_the_first_holds_from_the_beginning_and_each_from_its_day_on(
    on: date, version: int
) -> None:
    versions = SALES_PROCESS.fold([DRAFTED, SECOND, ACTIVATED, FROM_APRIL])
    assert versions.in_force(on) == (version, (STRICT, LOOSE)[version - 1])


def test_of_two_from_one_day_the_later_holds() -> None:
    versions = SALES_PROCESS.fold(
        [DRAFTED, SECOND, ACTIVATED, FROM_APRIL.model_copy(update={"effective_on": JANUARY})]
    )
    assert versions.in_force(JANUARY) == (2, LOOSE)


def test_a_draft_is_not_in_force() -> None:
    assert SALES_PROCESS.fold([DRAFTED]).in_force(JANUARY) is None


def test_a_stage_has_its_place() -> None:
    assert [place_of(STRICT, stage) for stage in ("prospecting", "offered", "dreaming")] == [
        0,
        2,
        -1,
    ]
