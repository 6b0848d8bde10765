"""Coverage policies: drafted in versions, put in force from a day on, never weaker than above."""

from datetime import date
from functools import partial
from typing import Final

import pytest

from aggregates.policies.coverage import COVERAGE_POLICY, activate, draft
from aggregates.refusals import Invalid, NotFound, WrongState
from events.accounts.contact import DecisionRole
from events.policies.coverage import (
    CoveragePolicy,
    CoveragePolicyActivated,
    CoveragePolicyDrafted,
    RoleMinimum,
)
from tests.examples.histories import COVERED, COVERED_FROM
from tests.given import given


def policy(*roles: tuple[DecisionRole, int]) -> CoveragePolicy:
    return CoveragePolicy(
        minimum=tuple(RoleMinimum(role=role, contacts=contacts) for role, contacts in roles)
    )


ONE: Final = COVERED.document
BROADER: Final = policy(("decision_maker", 2), ("champion", 1))
SECOND: Final = CoveragePolicyDrafted(region_id="emea", version=2, document=BROADER)
JANUARY: Final = date(2026, 1, 1)
APRIL: Final = date(2026, 4, 1)
FROM_APRIL: Final = CoveragePolicyActivated(region_id="emea", version=2, effective_on=APRIL)

draft_emea = partial(draft, region_id="emea")
activate_emea = partial(activate, region_id="emea", above=())


def test_versions_are_drafted_one_after_the_other() -> None:
    given(COVERAGE_POLICY).when(draft_emea, document=ONE).then(COVERED)
    given(COVERAGE_POLICY, COVERED).when(draft_emea, document=ONE).then()
    given(COVERAGE_POLICY, COVERED).when(draft_emea, document=BROADER).then(SECOND)


def test_no_role_is_named_twice() -> None:
    twice = policy(("champion", 1), ("champion", 2))
    given(COVERAGE_POLICY).when(draft_emea, document=twice).then_refused(
        "role-twice", Invalid, field="document.minimum"
    )


def test_a_minimum_is_at_least_one() -> None:
    policy(("champion", 1))
    with pytest.raises(ValueError, match="contacts"):
        policy(("champion", 0))


def test_a_version_is_put_in_force_once() -> None:
    asked = partial(activate_emea, version=1, effective_on=JANUARY)
    given(COVERAGE_POLICY, COVERED).when(asked).then(COVERED_FROM)
    given(COVERAGE_POLICY, COVERED, COVERED_FROM).when(asked).then()


@pytest.mark.parametrize("version", [0, 2])
def test_a_version_that_was_not_drafted_is_refused(version: int) -> None:
    given(COVERAGE_POLICY, COVERED).when(
        activate_emea, version=version, effective_on=JANUARY
    ).then_refused("unknown-version", NotFound, field="version")


def test_the_past_is_not_decided_again() -> None:
    known = given(COVERAGE_POLICY, COVERED, SECOND, FROM_APRIL)
    known.when(activate_emea, version=1, effective_on=date(2026, 3, 31)).then_refused(
        "later-version-in-force", WrongState, field="effective_on"
    )
    known.when(activate_emea, version=1, effective_on=APRIL).then(
        CoveragePolicyActivated(region_id="emea", version=1, effective_on=APRIL)
    )


@pytest.mark.parametrize(
    ("above", "weaker"),
    [
        ((), False),
        ((policy(("decision_maker", 2), ("champion", 1)),), False),
        ((policy(("decision_maker", 3)),), True),
        ((policy(("decision_maker", 1)), policy(("champion", 2))), True),
        ((policy(("user", 1)),), True),
    ],
)
def test_a_region_tightens_and_never_weakens(
    above: tuple[CoveragePolicy, ...], weaker: bool
) -> None:
    asked = given(COVERAGE_POLICY, COVERED, SECOND).when(
        activate_emea, version=2, effective_on=APRIL, above=above
    )
    if weaker:
        asked.then_refused("weaker-than-parent", Invalid, field="version")
    else:
        asked.then(FROM_APRIL)


def test_the_first_version_holds_from_the_beginning_and_each_from_its_day() -> None:
    versions = COVERAGE_POLICY.fold((COVERED, SECOND, COVERED_FROM, FROM_APRIL))
    assert COVERAGE_POLICY.initial.in_force(APRIL) is None
    assert versions.in_force(date(2000, 1, 1)) == (1, ONE)
    assert versions.in_force(date(2026, 3, 31)) == (1, ONE)
    assert versions.in_force(APRIL) == (2, BROADER)
