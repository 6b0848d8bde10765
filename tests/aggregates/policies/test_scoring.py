"""MET-10: scoring policies: what a document must be, and how a version comes into force."""

from datetime import date
from functools import partial
from typing import Any, Final

import pytest

from aggregates.policies.scoring import (
    SCORING_POLICY,
    activate,
    check,
    draft,
)
from aggregates.policies.scoring_approval import approve, propose, reject
from aggregates.refusals import Invalid, NotFound, WrongState
from events.policies.scoring import (
    FULL,
    Component,
    DryRun,
    Line,
    Point,
    ScoringPolicy,
    ScoringPolicyActivated,
    ScoringPolicyDrafted,
    Share,
    Step,
    Steps,
)
from tests.examples.cast import ANN, BEA
from tests.examples.scores import (
    ACTIVATED,
    APPROVED,
    DRAFTED,
    DRY_RUN,
    NEARNESS,
    POLICY,
    PROMOTION,
    PROPOSED,
    PROPOSED_ANEW,
    SENT_BACK,
    SUPERSEDED,
)
from tests.given import given

JANUARY: Final = date(2026, 1, 1)
APRIL: Final = date(2026, 4, 1)
OTHER: Final = POLICY.model_copy(update={"neutral": 0})
SECOND: Final = ScoringPolicyDrafted(region_id="emea", version=2, document=OTHER, drafted_by=ANN)
SECOND_PROPOSED: Final = PROPOSED.model_copy(update={"version": 2, "approval_id": "s9"})
SECOND_APPROVED: Final = APPROVED.model_copy(update={"version": 2, "approval_id": "s9"})
FROM_APRIL: Final = ScoringPolicyActivated(region_id="emea", version=2, effective_on=APRIL)
READY: Final = (DRAFTED, PROPOSED_ANEW, APPROVED)

drafted = partial(draft, region_id="emea", drafted_by=ANN)
proposed = partial(propose, version=1, proposed_by=BEA, dry_run=None)


def test_versions_are_drafted_one_after_the_other() -> None:
    given(SCORING_POLICY).when(drafted, document=POLICY).then(DRAFTED)
    given(SCORING_POLICY, DRAFTED).when(drafted, document=POLICY).then()
    given(SCORING_POLICY, DRAFTED).when(drafted, document=OTHER).then(SECOND)


def test_a_version_is_put_up_for_one_approval_at_a_time() -> None:
    told = given(SCORING_POLICY, DRAFTED)
    told.when(proposed, approval_id="s1").then(PROPOSED)
    waiting = given(SCORING_POLICY, DRAFTED, PROPOSED)
    waiting.when(proposed, approval_id="s1").then()
    waiting.when(proposed, approval_id="s2").then_refused(
        "version-proposed", WrongState, field="version"
    )
    given(SCORING_POLICY, DRAFTED, PROPOSED, SENT_BACK).when(
        proposed, approval_id="s2", dry_run=DRY_RUN
    ).then(PROPOSED_ANEW)
    given(SCORING_POLICY).when(proposed, approval_id="s1").then_refused(
        "unknown-version", NotFound, field="version"
    )


def test_a_version_has_what_it_was_last_put_up_with() -> None:
    """Not what it was put up with before it was sent back, and nothing where nothing was."""

    def last(*facts: Any) -> DryRun | None:
        versions = SCORING_POLICY.fold((DRAFTED, *facts))
        return versions.dry_run_of(versions.existing(1))

    with_one = PROPOSED.model_copy(update={"dry_run": DRY_RUN})
    without = PROPOSED_ANEW.model_copy(update={"dry_run": None})
    assert [last(), last(with_one), last(PROPOSED)] == [None, DRY_RUN, None]
    assert last(with_one, SENT_BACK, without) is None
    assert last(PROPOSED, SENT_BACK, PROPOSED_ANEW, APPROVED) == DRY_RUN


def test_it_is_agreed_to_or_not_by_the_approval_it_waits_for() -> None:
    waiting = given(SCORING_POLICY, DRAFTED, PROPOSED_ANEW)
    waiting.when(approve, approval_id="s2").then(APPROVED)
    waiting.when(approve, approval_id="s1").then_refused("version-not-proposed", WrongState)
    final = SENT_BACK.model_copy(update={"sent_back": False})
    given(SCORING_POLICY, DRAFTED, PROPOSED).when(reject, approval_id="s1", sent_back=True).then(
        SENT_BACK
    )
    given(SCORING_POLICY, DRAFTED, PROPOSED).when(reject, approval_id="s1", sent_back=False).then(
        final
    )
    rejected = given(SCORING_POLICY, DRAFTED, PROPOSED, final)
    rejected.when(proposed, approval_id="s2").then_refused(
        "version-rejected", WrongState, field="version"
    )
    rejected.when(approve, approval_id="s1").then_refused("version-not-proposed", WrongState)


def test_only_what_was_approved_is_put_in_force_and_supersedes_what_was() -> None:
    january = partial(activate, version=1, effective_on=JANUARY)
    given(SCORING_POLICY, *READY).when(january).then(ACTIVATED)
    given(SCORING_POLICY, DRAFTED, PROPOSED).when(january).then_refused(
        "version-not-approved", WrongState, field="version"
    )
    both = (*READY, ACTIVATED, SECOND, SECOND_PROPOSED, SECOND_APPROVED)
    april = given(SCORING_POLICY, *both)
    april.when(activate, version=2, effective_on=APRIL).then(FROM_APRIL, SUPERSEDED)
    given(SCORING_POLICY, *both, FROM_APRIL).when(
        activate, version=1, effective_on=date(2026, 3, 31)
    ).then_refused("later-version-in-force", WrongState, field="effective_on")


@pytest.mark.parametrize(
    ("day", "version"), [(date(2020, 1, 1), 1), (date(2026, 3, 31), 1), (APRIL, 2)]
)
def test_the_first_holds_from_the_beginning_of_time_and_each_from_its_day(
    day: date, version: int
) -> None:
    facts = (*READY, ACTIVATED, SECOND, SECOND_PROPOSED, SECOND_APPROVED, FROM_APRIL)
    found = SCORING_POLICY.fold(facts).in_force(day)
    assert found is not None
    assert found.number == version
    assert SCORING_POLICY.fold(READY).in_force(day) is None


def changed(**fields: Any) -> ScoringPolicy:
    return POLICY.model_copy(update=fields)


def with_one(component: Component, **fields: Any) -> ScoringPolicy:
    return changed(components=(component.model_copy(update=fields),))


def bands(*edges: tuple[int, int]) -> ScoringPolicy:
    one = POLICY.bands[0]
    return changed(
        bands=tuple(
            one.model_copy(update={"band_id": f"b{place}", "above": lower, "up_to": upper})
            for place, (lower, upper) in enumerate(edges)
        )
    )


def steps(*edges: tuple[int | None, int | None]) -> ScoringPolicy:
    ladder = tuple(Step(above=lower, up_to=upper, points=0) for lower, upper in edges)
    return with_one(PROMOTION, mapping=Steps(mapping="steps", steps=ladder))


def line(*raws: int) -> ScoringPolicy:
    points = tuple(Point(raw=raw, points=0) for raw in raws)
    return with_one(NEARNESS, mapping=Line(mapping="line", points=points))


CALL: Final = ("interaction_call",)


@pytest.mark.parametrize(
    "document",
    [
        POLICY,
        changed(weights_add_up_to=None),
        bands((0, FULL)),
        bands((0, 1), (1, FULL)),
        steps((None, None)),
        steps((None, 3), (3, None)),
        line(1, 2),
        with_one(NEARNESS, kinds=CALL, measure=Share(of_kinds=CALL)),
    ],
)
def test_a_document_that_fits_together_may_be_drafted(document: ScoringPolicy) -> None:
    check(document)


@pytest.mark.parametrize(
    ("document", "rule", "field"),
    [
        (changed(weights_add_up_to=99), "weights-do-not-add-up", "groups"),
        (changed(weights_add_up_to=101), "weights-do-not-add-up", "groups"),
        (changed(groups=POLICY.groups * 2), "group-twice", "groups"),
        (changed(components=(NEARNESS, NEARNESS)), "component-twice", "components"),
        (changed(caps=POLICY.caps * 2), "cap-twice", "caps"),
        (changed(alerts=POLICY.alerts * 2), "alert-twice", "alerts"),
        (changed(bands=POLICY.bands[:1] * 2), "band-twice", "bands"),
        (with_one(NEARNESS, group_id="usage"), "unknown-group", "components"),
        (
            changed(groups=(*POLICY.groups, POLICY.groups[0].model_copy(update={"group_id": "x"}))),
            "group-without-component",
            "groups",
        ),
        (with_one(NEARNESS, kinds=("telepathy",)), "unknown-signal-kind", "components.0.kinds"),
        (with_one(NEARNESS, kinds=CALL * 2), "signal-kind-twice", "components.0.kinds"),
        (
            changed(caps=(POLICY.caps[0].model_copy(update={"kinds": ("x",)}),)),
            "unknown-signal-kind",
            "caps.0.kinds",
        ),
        (
            with_one(NEARNESS, measure=Share(of_kinds=("telepathy",))),
            "unknown-signal-kind",
            "components.0.measure.of_kinds",
        ),
        (
            with_one(NEARNESS, measure=Share(of_kinds=CALL)),
            "kinds-not-in-whole",
            "components.0.measure.of_kinds",
        ),
        (bands((0, 50), (51, FULL)), "bands-leave-a-gap", "bands"),
        (bands((1, FULL)), "bands-leave-a-gap", "bands"),
        (bands((0, FULL - 1)), "bands-leave-a-gap", "bands"),
        (bands((0, 51), (50, FULL)), "bands-overlap", "bands"),
        (bands((0, 0), (0, FULL)), "bands-overlap", "bands"),
        (steps((None, 3), (4, None)), "steps-leave-a-gap", "components.0.mapping.steps"),
        (steps((0, None)), "steps-leave-a-gap", "components.0.mapping.steps"),
        (steps((None, 0)), "steps-leave-a-gap", "components.0.mapping.steps"),
        (steps((None, 4), (3, None)), "steps-overlap", "components.0.mapping.steps"),
        (steps((None, None), (3, None)), "steps-overlap", "components.0.mapping.steps"),
        (line(1, 1), "points-out-of-order", "components.0.mapping.points"),
        (line(2, 1), "points-out-of-order", "components.0.mapping.points"),
    ],
)
def test_a_document_that_contradicts_itself_is_refused(
    document: ScoringPolicy, rule: str, field: str
) -> None:
    given(SCORING_POLICY).when(drafted, document=document).then_refused(
        rule, Invalid, field=f"document.{field}"
    )
