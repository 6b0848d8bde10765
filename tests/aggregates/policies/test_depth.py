"""Depth policies: drafted in versions, put in force from a day on, never weaker than above."""

from datetime import date
from typing import Any, Final

import pytest

from aggregates.policies.depth import DEPTH_POLICY, activate, draft
from aggregates.refusals import Invalid, NotFound, WrongState
from events.policies.depth import (
    DecayStep,
    DepthLevel,
    DepthPolicy,
    DepthPolicyActivated,
    EffectiveKind,
    KindPoints,
    RatingPoints,
)
from tests.examples.histories import DEPTH, DEPTH_ACTIVATED, DEPTH_DRAFTED
from tests.given import given

JANUARY: Final = date(2026, 1, 1)
VISITS: Final = KindPoints(kind="executive_visit", points=1)


def other(**fields: Any) -> DepthPolicy:
    return DEPTH.model_copy(update=fields)


def levels(*edges: int) -> tuple[DepthLevel, ...]:
    return tuple(DepthLevel(level_id=f"l{place}", from_points=at) for place, at in enumerate(edges))


def steps(*pairs: tuple[int, int]) -> tuple[DecayStep, ...]:
    return tuple(DecayStep(from_days=days, keeps_bp=keeps) for days, keeps in pairs)


def counts(minutes: int | None = None, rating: int | None = None) -> DepthPolicy:
    kind = EffectiveKind(kind="call", minutes_min=minutes, rating_min=rating)
    return other(effective=(kind,))


def test_a_version_is_drafted() -> None:
    given(DEPTH_POLICY).when(draft, region_id="emea", document=DEPTH).then(DEPTH_DRAFTED)


@pytest.mark.parametrize(
    ("document", "rule", "field"),
    [
        (other(kind_points=(VISITS, VISITS)), "kind-twice", "document.kind_points"),
        (other(effective=DEPTH.effective[:1] * 2), "kind-twice", "document.effective"),
        (
            other(rating_points=(RatingPoints(rating=5, points=1),) * 2),
            "rating-twice",
            "document.rating_points",
        ),
        (
            other(contact_levels=(DepthLevel(level_id="a", from_points=0),) * 2),
            "level-twice",
            "document.contact_levels",
        ),
        (other(contact_levels=levels(1)), "levels-out-of-order", "document.contact_levels"),
        (other(account_levels=levels(0, 5, 5)), "levels-out-of-order", "document.account_levels"),
        (other(decay=steps((9, 50), (9, 40))), "decay-out-of-order", "document.decay"),
        (other(decay=steps((9, 50), (10, 51))), "decay-out-of-order", "document.decay"),
    ],
)
def test_a_document_does_not_contradict_itself(
    document: DepthPolicy, rule: str, field: str
) -> None:
    given(DEPTH_POLICY).when(draft, region_id="emea", document=document).then_refused(
        rule, Invalid, field=field
    )


def test_levels_and_steps_may_lie_close_together() -> None:
    document = other(account_levels=levels(0, 1, 2), decay=steps((9, 50), (10, 50)))
    (fact,) = draft(DEPTH_POLICY.initial, region_id="emea", document=document)
    given(DEPTH_POLICY).when(draft, region_id="emea", document=document).then(fact)


def put(document: DepthPolicy, above: DepthPolicy | None) -> Any:
    (drafted,) = draft(DEPTH_POLICY.initial, region_id="emea", document=document)
    return given(DEPTH_POLICY, drafted).when(
        activate, region_id="emea", version=1, effective_on=JANUARY, above=above
    )


@pytest.mark.parametrize(
    ("document", "above"),
    [
        (counts(), None),
        (counts(), counts()),
        (counts(30), counts()),
        (counts(30), counts(30)),
        (counts(30, 4), counts(30, 4)),
        (counts(rating=5), counts(30, 4)),
    ],
)
def test_a_region_may_count_less_as_effective(
    document: DepthPolicy, above: DepthPolicy | None
) -> None:
    put(document, above).then(DEPTH_ACTIVATED)


@pytest.mark.parametrize(
    ("document", "above"),
    [
        (counts(), counts(1)),
        (counts(29), counts(30)),
        (counts(30, 3), counts(30, 4)),
        (counts(30, 5), counts(30)),
        (DEPTH, counts()),
    ],
)
def test_a_region_counts_nothing_more_as_effective(
    document: DepthPolicy, above: DepthPolicy
) -> None:
    put(document, above).then_refused("weaker-than-parent", Invalid, field="version")


@pytest.mark.parametrize("version", [0, 2])
def test_a_version_nobody_drafted_is_not_put_in_force(version: int) -> None:
    given(DEPTH_POLICY, DEPTH_DRAFTED).when(
        activate, region_id="emea", version=version, effective_on=JANUARY, above=None
    ).then_refused("unknown-version", NotFound, field="version")


def test_history_is_not_decided_again() -> None:
    given(DEPTH_POLICY, DEPTH_DRAFTED, DEPTH_ACTIVATED).when(
        activate, region_id="emea", version=1, effective_on=date(2025, 12, 31), above=None
    ).then_refused("later-version-in-force", WrongState, field="effective_on")


def test_the_first_version_holds_from_the_beginning_of_time() -> None:
    second = DepthPolicyActivated(region_id="emea", version=1, effective_on=date(2026, 4, 1))
    state = DEPTH_POLICY.fold((DEPTH_DRAFTED, DEPTH_ACTIVATED, second))
    assert state.in_force(date(2020, 1, 1)) == (1, DEPTH)
    assert state.in_force(date(2026, 4, 1)) == (1, DEPTH)
    assert DEPTH_POLICY.initial.in_force(JANUARY) is None
