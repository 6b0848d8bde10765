"""Planning policies: when a fiscal year begins, and what each aim is measured by."""

from datetime import date
from functools import partial
from typing import Final

import pytest

from aggregates.policies.planning_policy import (
    PLANNING_POLICY,
    activate,
    draft,
    fiscal_year,
    required_metrics,
)
from aggregates.refusals import Invalid, NotFound, WrongState
from events.policies.planning_policy import (
    AimRule,
    PlanningPolicy,
    PlanningPolicyActivated,
    PlanningPolicyDrafted,
)
from tests.examples.planning import CALENDAR_YEAR, POLICY_ACTIVATED, POLICY_DRAFTED
from tests.given import given

APRIL_YEAR: Final = PlanningPolicy(fiscal_start_month=4, aims=())
SECOND: Final = PlanningPolicyDrafted(region_id="emea", version=2, document=APRIL_YEAR)
JANUARY: Final = date(2026, 1, 1)
APRIL: Final = date(2026, 4, 1)
FROM_APRIL: Final = PlanningPolicyActivated(region_id="emea", version=2, effective_on=APRIL)

draft_emea = partial(draft, region_id="emea")
activate_emea = partial(activate, region_id="emea", above=None)


def test_versions_are_drafted() -> None:
    given(PLANNING_POLICY).when(draft_emea, document=CALENDAR_YEAR).then(POLICY_DRAFTED)
    given(PLANNING_POLICY, POLICY_DRAFTED).when(draft_emea, document=APRIL_YEAR).then(SECOND)


def test_no_aim_is_named_twice() -> None:
    """KAM-26."""
    twice = CALENDAR_YEAR.model_copy(
        update={"aims": (*CALENDAR_YEAR.aims, AimRule(aim="wallet_share", metrics=("x",)))}
    )
    given(PLANNING_POLICY).when(draft_emea, document=twice).then_refused(
        "aim-twice", Invalid, field="document.aims"
    )


def test_a_version_is_put_in_force() -> None:
    given(PLANNING_POLICY, POLICY_DRAFTED).when(
        activate_emea, version=1, effective_on=JANUARY
    ).then(POLICY_ACTIVATED)


@pytest.mark.parametrize("version", [0, 2])
def test_a_version_nobody_drafted_is_not_put_in_force(version: int) -> None:
    given(PLANNING_POLICY, POLICY_DRAFTED).when(
        activate_emea, version=version, effective_on=JANUARY
    ).then_refused("unknown-version", NotFound, field="version")


def test_history_is_not_decided_again() -> None:
    told = (POLICY_DRAFTED, SECOND, POLICY_ACTIVATED, FROM_APRIL)
    given(PLANNING_POLICY, *told).when(
        activate_emea, version=1, effective_on=date(2026, 3, 31)
    ).then_refused("later-version-in-force", WrongState, field="effective_on")


def test_a_region_demands_at_least_what_those_above_do() -> None:
    """KAM-26."""
    one_less = CALENDAR_YEAR.model_copy(
        update={"aims": (AimRule(aim="wallet_share", metrics=("margin", "wallet_share_percent")),)}
    )
    given(PLANNING_POLICY, POLICY_DRAFTED).when(
        activate, region_id="emea", version=1, effective_on=JANUARY, above=one_less
    ).then_refused("weaker-than-parent", Invalid, field="version")
    given(PLANNING_POLICY, POLICY_DRAFTED).when(
        activate, region_id="emea", version=1, effective_on=JANUARY, above=CALENDAR_YEAR
    ).then(POLICY_ACTIVATED)
    given(PLANNING_POLICY, POLICY_DRAFTED).when(
        activate, region_id="emea", version=1, effective_on=JANUARY, above=APRIL_YEAR
    ).then(POLICY_ACTIVATED)


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
    versions = PLANNING_POLICY.fold([POLICY_DRAFTED, SECOND, POLICY_ACTIVATED, FROM_APRIL])
    assert versions.in_force(on) == (version, (CALENDAR_YEAR, APRIL_YEAR)[version - 1])


def test_a_draft_is_not_in_force() -> None:
    assert PLANNING_POLICY.fold([POLICY_DRAFTED]).in_force(JANUARY) is None


@pytest.mark.parametrize(
    ("month", "year", "first", "last"),
    [
        (1, 2026, date(2026, 1, 1), date(2026, 12, 31)),
        (3, 2027, date(2027, 3, 1), date(2028, 2, 29)),
        (12, 2026, date(2026, 12, 1), date(2027, 11, 30)),
    ],
)
def test_a_fiscal_year_is_called_by_the_year_it_begins_in(
    month: int, year: int, first: date, last: date
) -> None:
    policy = PlanningPolicy(fiscal_start_month=month, aims=())
    assert fiscal_year(policy, year) == (first, last)


def test_an_aim_demands_what_the_policy_names() -> None:
    """KAM-26."""
    assert required_metrics(CALENDAR_YEAR, "wallet_share") == ("wallet_share_percent",)
    assert required_metrics(CALENDAR_YEAR, "strategic_defence") == ()
