"""How a plan comes to be in force: one hash, another person, and again for each amendment."""

from functools import partial
from typing import Any, Final

import pytest

from aggregates.planning.account_plan import ACCOUNT_PLAN, Plan
from aggregates.planning.plan_approval import (
    amend,
    approve,
    discard_amendment,
    send_back,
    submit,
    withdraw,
)
from aggregates.refusals import Invalid, NotAllowed, NotFound, WrongState
from events.event import Event
from events.planning.account_plan import AccountPlanEvent
from events.planning.plan_content import Aim, PlanContent
from tests.examples.cast import ANN, BEA, CARL
from tests.examples.planning import (
    ACTIVE,
    AIM_CHANGED,
    CALENDAR_YEAR,
    CONTENT,
    DISCARDED,
    GROW,
    IN_FORCE,
    LEARN,
    OURS,
    PLAN_CLOSED,
    PLAN_DRAFTED,
    RETURNED,
    TARGET_DROPPED,
    THEIRS,
    WHOLE,
    WITHDRAWN,
    amended,
    approved,
    objective_set,
    sha256_of,
    submitted,
    target_set,
)
from tests.given import given

SHA256: Final = sha256_of(CONTENT)
APPROVED: Final = (*WHOLE, submitted(), approved())

submit_it = partial(submit, submitted_by=ANN, policy=CALENDAR_YEAR)
approve_it = partial(approve, content_sha256=SHA256, approver_id=BEA)


def test_a_whole_plan_is_submitted_with_its_hash() -> None:
    """KAM-08."""
    given(ACCOUNT_PLAN, *WHOLE).when(submit_it).then(submitted())


@pytest.mark.parametrize("weight", [39, 41])
def test_the_weights_of_the_objectives_add_up_to_100(weight: int) -> None:
    off = objective_set(LEARN.model_copy(update={"weight_percent": weight}))
    given(ACCOUNT_PLAN, *WHOLE, off).when(submit_it).then_refused("objective-weights", Invalid)


def test_a_plan_without_objectives_is_not_submitted() -> None:
    given(ACCOUNT_PLAN, PLAN_DRAFTED).when(submit_it).then_refused("objective-weights", Invalid)


def aimed(aim: Aim, *metrics: str) -> tuple[AccountPlanEvent, ...]:
    """A plan with one objective, this aim and targets for these metrics."""
    alone = objective_set(GROW.model_copy(update={"weight_percent": 100}))
    targets = [target_set(OURS.model_copy(update={"metric": metric})) for metric in metrics]
    return (PLAN_DRAFTED, AIM_CHANGED.model_copy(update={"aim": aim}), alone, *targets)


@pytest.mark.parametrize(
    ("aim", "metrics"),
    [
        ("wallet_share", ("wallet_share_percent",)),
        ("joint_innovation", ("joint_patents", "pilots")),
        ("strategic_defence", ()),
    ],
)
def test_a_plan_measures_what_its_aim_demands(aim: Aim, metrics: tuple[str, ...]) -> None:
    """KAM-26."""
    state = ACCOUNT_PLAN.fold(aimed(aim, *metrics))
    assert len(submit_it(state)) == 1


@pytest.mark.parametrize(
    ("aim", "metrics"),
    [
        ("wallet_share", ()),
        ("wallet_share", ("joint_patents", "pilots")),
        ("joint_innovation", ("joint_patents",)),
    ],
)
def test_a_plan_without_what_its_aim_demands_is_not_submitted(
    aim: Aim, metrics: tuple[str, ...]
) -> None:
    """KAM-26."""
    given(ACCOUNT_PLAN, *aimed(aim, *metrics)).when(submit_it).then_refused(
        "metric-missing", Invalid
    )


def test_a_target_of_the_customers_measures_the_aim_as_well() -> None:
    theirs = THEIRS.model_copy(update={"metric": "wallet_share_percent"})
    state = ACCOUNT_PLAN.fold([*aimed("wallet_share"), target_set(theirs)])
    assert len(submit_it(state)) == 1


# --- approval -------------------------------------------------------------------


def test_another_person_approves_what_was_submitted() -> None:
    """KAM-08."""
    given(ACCOUNT_PLAN, *WHOLE, submitted()).when(approve_it).then(approved())


@pytest.mark.parametrize("approver", [ANN, CARL])
def test_nobody_approves_what_they_drafted_or_submitted(approver: str) -> None:
    given(ACCOUNT_PLAN, *WHOLE, submitted(by=CARL)).when(
        approve, content_sha256=SHA256, approver_id=approver
    ).then_refused("self-approval", NotAllowed)


def test_an_approval_is_for_one_content_only() -> None:
    other = sha256_of(CONTENT.model_copy(update={"aim": "joint_innovation"}))
    given(ACCOUNT_PLAN, *WHOLE, submitted()).when(
        approve, content_sha256=other, approver_id=BEA
    ).then_refused("content-changed", WrongState, field="content_sha256")


def test_an_edit_between_voids_the_approval_that_was_on_its_way() -> None:
    more = target_set(THEIRS.model_copy(update={"value": "10"}))
    said = CONTENT.model_copy(update={"targets": (THEIRS.model_copy(update={"value": "10"}), OURS)})
    again = given(ACCOUNT_PLAN, *WHOLE, submitted(), WITHDRAWN, more, submitted(said))
    again.when(approve_it).then_refused("content-changed", WrongState, field="content_sha256")
    again.when(approve, content_sha256=sha256_of(said), approver_id=BEA).then(approved(said))


def test_no_copy_has_the_hash_of_another() -> None:
    hashes = {
        sha256_of(CONTENT),
        sha256_of(CONTENT, plan_id="p2"),
        sha256_of(CONTENT, amendment=1),
        sha256_of(CONTENT.model_copy(update={"actions": CONTENT.actions[:1]})),
    }
    assert len(hashes) == 4


@pytest.mark.parametrize("facts", [WHOLE, (*WHOLE, submitted(), RETURNED)])
def test_only_what_is_submitted_is_approved(facts: tuple[Event, ...]) -> None:
    """KAM-08."""
    given(ACCOUNT_PLAN, *facts).when(approve_it).then_refused(
        "plan-not-submitted", WrongState, field="plan_id"
    )


@pytest.mark.parametrize("facts", [APPROVED, IN_FORCE])
def test_what_is_approved_is_approved_once(facts: tuple[Event, ...]) -> None:
    given(ACCOUNT_PLAN, *facts).when(approve_it).then()
    given(ACCOUNT_PLAN, *facts).when(
        approve, content_sha256="0" * 64, approver_id=BEA
    ).then_refused("plan-not-submitted", WrongState, field="plan_id")


@pytest.mark.parametrize(
    ("verb", "fact"), [(partial(send_back, reason="more detail"), RETURNED), (withdraw, WITHDRAWN)]
)
def test_what_is_submitted_can_be_a_draft_again(verb: Any, fact: Event) -> None:
    """KAM-08."""
    given(ACCOUNT_PLAN, *WHOLE, submitted()).when(verb).then(fact)
    given(ACCOUNT_PLAN, *WHOLE).when(verb).then()
    given(ACCOUNT_PLAN, *APPROVED).when(verb).then_refused(
        "plan-not-submitted", WrongState, field="plan_id"
    )


# --- amendments -----------------------------------------------------------------


@pytest.mark.parametrize("facts", [APPROVED, IN_FORCE])
def test_an_approved_plan_is_amended(facts: tuple[Event, ...]) -> None:
    """KAM-08."""
    given(ACCOUNT_PLAN, *facts).when(amend, author_id=ANN, reason="a new plant").then(amended(1))


def test_what_is_not_approved_is_not_amended() -> None:
    given(ACCOUNT_PLAN, *WHOLE).when(amend, author_id=ANN, reason="x").then_refused(
        "plan-not-approved", WrongState
    )


def test_what_is_approved_is_not_submitted_again_without_an_amendment() -> None:
    given(ACCOUNT_PLAN, *IN_FORCE).when(submit_it).then_refused("amendment-needed", WrongState)


def in_force(*facts: AccountPlanEvent) -> PlanContent | None:
    """What is in force after an active plan and ``facts``."""
    plan = ACCOUNT_PLAN.fold([*IN_FORCE, *facts])
    assert isinstance(plan, Plan)
    assert plan.active
    return plan.in_force


def test_an_amendment_takes_effect_when_it_is_approved_and_not_before() -> None:
    """KAM-08: an approved plan changes only by an amendment that is approved again."""
    after = CONTENT.model_copy(update={"targets": (OURS,)})
    steps: list[AccountPlanEvent] = []
    for step in (amended(1), TARGET_DROPPED, submitted(after, amendment=1)):
        steps.append(step)
        assert in_force(*steps) == CONTENT
    given(ACCOUNT_PLAN, *IN_FORCE, *steps).when(
        approve, content_sha256=sha256_of(after, amendment=1), approver_id=BEA
    ).then(approved(after, amendment=1))
    assert in_force(*steps, approved(after, amendment=1)) == after


def test_the_approval_of_a_plan_is_none_of_its_amendment() -> None:
    given(ACCOUNT_PLAN, *IN_FORCE, amended(1), submitted(amendment=1)).when(
        approve_it
    ).then_refused("content-changed", WrongState, field="content_sha256")


def test_an_amendment_is_given_up() -> None:
    given(ACCOUNT_PLAN, *IN_FORCE, amended(1), TARGET_DROPPED).when(discard_amendment).then(
        DISCARDED
    )
    assert in_force(amended(1), TARGET_DROPPED, DISCARDED) == CONTENT


def test_an_amendment_has_the_number_after_the_last() -> None:
    given(ACCOUNT_PLAN, *IN_FORCE, amended(1), DISCARDED).when(
        amend, author_id=ANN, reason="a new plant"
    ).then(amended(2))


def test_the_draft_of_a_plan_is_no_amendment_to_give_up() -> None:
    given(ACCOUNT_PLAN, *WHOLE).when(discard_amendment).then()


def test_an_amendment_that_waits_for_approval_is_not_given_up() -> None:
    given(ACCOUNT_PLAN, *IN_FORCE, amended(1), submitted(amendment=1)).when(
        discard_amendment
    ).then_refused("plan-submitted", WrongState)


def test_a_plan_may_be_amended_before_it_is_followed() -> None:
    plan = ACCOUNT_PLAN.fold([*APPROVED, amended(1), submitted(amendment=1), ACTIVE])
    assert isinstance(plan, Plan)
    assert plan.active


VERBS: Final = (
    submit_it,
    approve_it,
    partial(send_back, reason="x"),
    withdraw,
    partial(amend, author_id=ANN, reason="x"),
    discard_amendment,
)


@pytest.mark.parametrize("verb", VERBS)
def test_nothing_is_decided_of_a_plan_that_is_closed_or_not_there(verb: Any) -> None:
    given(ACCOUNT_PLAN, *IN_FORCE, PLAN_CLOSED).when(verb).then_refused(
        "plan-closed", WrongState, field="plan_id"
    )
    given(ACCOUNT_PLAN).when(verb).then_refused("unknown-plan", NotFound, field="plan_id")
