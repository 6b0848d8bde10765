"""Account lifecycles: drafted in versions, put in force from a day on, never weaker than above."""

from datetime import date
from functools import partial
from typing import Final

import pytest

from aggregates.policies.account_lifecycle import ACCOUNT_LIFECYCLE, activate, draft, place_of
from aggregates.refusals import Invalid, NotFound, WrongState
from events.policies.account_lifecycle import (
    AccountLifecycle,
    AccountLifecycleActivated,
    AccountLifecycleDrafted,
)
from tests.examples.cast import FOUR_STAGES, lifecycle
from tests.examples.histories import LIFECYCLE_ACTIVATED, LIFECYCLE_DRAFTED
from tests.given import given

SHORT: Final = lifecycle(identification="market_intelligence", ecosystem="")
SECOND: Final = AccountLifecycleDrafted(region_id="emea", version=2, document=SHORT)
JANUARY: Final = date(2026, 1, 1)
APRIL: Final = date(2026, 4, 1)
FROM_APRIL: Final = AccountLifecycleActivated(region_id="emea", version=2, effective_on=APRIL)

draft_emea = partial(draft, region_id="emea")
activate_emea = partial(activate, region_id="emea", above=None)


def test_a_version_is_drafted() -> None:
    given(ACCOUNT_LIFECYCLE).when(draft_emea, document=FOUR_STAGES).then(LIFECYCLE_DRAFTED)


def test_another_version_is_drafted() -> None:
    given(ACCOUNT_LIFECYCLE, LIFECYCLE_DRAFTED).when(draft_emea, document=SHORT).then(SECOND)


def test_drafting_the_same_again_changes_nothing() -> None:
    given(ACCOUNT_LIFECYCLE, LIFECYCLE_DRAFTED).when(draft_emea, document=FOUR_STAGES).then()


def test_no_stage_is_named_twice() -> None:
    twice = AccountLifecycle(stages=(*SHORT.stages, SHORT.stages[1]))
    given(ACCOUNT_LIFECYCLE).when(draft_emea, document=twice).then_refused(
        "lifecycle-stage-twice", Invalid, field="document.stages"
    )


@pytest.mark.parametrize("document", [lifecycle(a="x y x"), lifecycle(a="x", b="y x")])
def test_no_check_is_named_twice_in_one_stage_or_in_two(document: AccountLifecycle) -> None:
    given(ACCOUNT_LIFECYCLE).when(draft_emea, document=document).then_refused(
        "check-twice", Invalid, field="document.stages"
    )


def test_a_version_is_put_in_force_once() -> None:
    given(ACCOUNT_LIFECYCLE, LIFECYCLE_DRAFTED).when(
        activate_emea, version=1, effective_on=JANUARY
    ).then(LIFECYCLE_ACTIVATED)


@pytest.mark.parametrize("version", [0, 3])
def test_a_version_nobody_drafted_is_not_put_in_force(version: int) -> None:
    given(ACCOUNT_LIFECYCLE, LIFECYCLE_DRAFTED, SECOND).when(
        activate_emea, version=version, effective_on=JANUARY
    ).then_refused("unknown-version", NotFound, field="version")


@pytest.mark.parametrize("day", [APRIL, date(2026, 4, 2)])
def test_a_version_follows_from_the_same_day_or_a_later_one(day: date) -> None:
    given(ACCOUNT_LIFECYCLE, LIFECYCLE_DRAFTED, SECOND, FROM_APRIL).when(
        activate_emea, version=1, effective_on=day
    ).then(AccountLifecycleActivated(region_id="emea", version=1, effective_on=day))


def test_history_is_not_decided_again() -> None:
    given(ACCOUNT_LIFECYCLE, LIFECYCLE_DRAFTED, SECOND, FROM_APRIL).when(
        activate_emea, version=1, effective_on=date(2026, 3, 31)
    ).then_refused("later-version-in-force", WrongState, field="effective_on")


# --- inheriting ----------------------------------------------------------------


@pytest.mark.parametrize(
    "above",
    [
        None,
        FOUR_STAGES,
        lifecycle(identification="background_check", lock_in=""),
        lifecycle(ecosystem=""),
    ],
)
def test_a_region_may_do_as_those_above_or_ask_for_more(above: AccountLifecycle | None) -> None:
    given(ACCOUNT_LIFECYCLE, LIFECYCLE_DRAFTED).when(
        activate, region_id="emea", version=1, effective_on=JANUARY, above=above
    ).then(LIFECYCLE_ACTIVATED)


@pytest.mark.parametrize(
    "above",
    [
        lifecycle(identification="", courtship=""),
        lifecycle(lock_in="", penetration=""),
        lifecycle(identification="credit_check"),
        lifecycle(penetration="background_check"),
    ],
)
def test_a_region_leaves_out_no_stage_and_no_check_of_those_above(above: AccountLifecycle) -> None:
    given(ACCOUNT_LIFECYCLE, LIFECYCLE_DRAFTED).when(
        activate, region_id="emea", version=1, effective_on=JANUARY, above=above
    ).then_refused("weaker-than-parent", Invalid, field="version")


# --- which one holds -----------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "version"),
    [
        (date(1990, 1, 1), 1),
        (JANUARY, 1),
        (date(2026, 3, 31), 1),
        (APRIL, 2),
        (date(2099, 1, 1), 2),
    ],
)
def test_the_first_holds_from_the_beginning_and_each_from_its_day_on(
    on: date, version: int
) -> None:
    versions = ACCOUNT_LIFECYCLE.fold([LIFECYCLE_DRAFTED, SECOND, LIFECYCLE_ACTIVATED, FROM_APRIL])
    assert versions.in_force(on) == (version, (FOUR_STAGES, SHORT)[version - 1])


def test_a_draft_is_not_in_force() -> None:
    assert ACCOUNT_LIFECYCLE.fold([LIFECYCLE_DRAFTED]).in_force(JANUARY) is None


def test_a_stage_has_its_place() -> None:
    stages = ("identification", "ecosystem", "courtship")
    assert [place_of(FOUR_STAGES, stage) for stage in stages] == [0, 3, -1]
