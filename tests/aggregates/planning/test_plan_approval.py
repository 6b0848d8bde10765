"""How a plan comes to be in force: by one approval, and by another for each amendment."""

from functools import partial
from typing import Any, Final

import pytest

from aggregates.planning.account_plan import ACCOUNT_PLAN, Plan
from aggregates.planning.plan_approval import (
    amend,
    approve,
    authors,
    discard_amendment,
    send_back,
    submit,
    to_approve,
    waits_for,
    withdraw,
    write_on,
)
from aggregates.refusals import Invalid, NotFound, WrongState
from events.event import Event
from events.planning.account_plan import AccountPlanEvent
from events.planning.plan_content import Aim, PlanContent
from events.recorded import content_sha256
from tests.examples.cast import ANN, CARL
from tests.examples.planning import (
    ACTIVE,
    AIM_CHANGED,
    APPROVED_ONCE,
    CALENDAR_YEAR,
    CARL_JOINED,
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

APPROVED: Final = (*WHOLE, submitted(), approved())

submit_it = partial(submit, approval_id="a1", submitted_by=ANN, policy=CALENDAR_YEAR, added={})
approve_it = partial(approve, approval_id="a1")
send_it_back = partial(send_back, approval_id="a1", reason="more detail")


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


def test_what_waits_for_one_approval_is_put_up_for_no_other() -> None:
    given(ACCOUNT_PLAN, *WHOLE, submitted()).when(submit_it).then()
    given(ACCOUNT_PLAN, *WHOLE, submitted(approval_id="a0")).when(submit_it).then_refused(
        "plan-submitted", WrongState, field="approval_id"
    )


def test_what_was_submitted_is_approved_as_it_was_submitted() -> None:
    """KAM-08."""
    given(ACCOUNT_PLAN, *WHOLE, submitted()).when(approve_it).then(approved())


def test_an_approval_is_about_what_was_put_up_for_it() -> None:
    again = given(ACCOUNT_PLAN, *WHOLE, submitted(), WITHDRAWN, submitted(approval_id="a2"))
    for verb in (approve_it, send_it_back):
        again.when(verb).then_refused("plan-not-submitted", WrongState, field="plan_id")
    again.when(approve, approval_id="a2").then(approved(approval_id="a2"))


def test_what_an_approval_is_about_has_the_hash_that_was_submitted() -> None:
    """Before and after it is submitted, approved, amended anew or closed."""
    for facts in ((), (submitted(),), (submitted(), approved()), (submitted(), approved(), ACTIVE)):
        content, whole = to_approve(ACCOUNT_PLAN.fold([*WHOLE, *facts]))
        assert (content, content_sha256(whole)) == (CONTENT, submitted().content_sha256)
    for later in ((amended(1),), (amended(1), TARGET_DROPPED, PLAN_CLOSED)):
        _, whole = to_approve(ACCOUNT_PLAN.fold([*IN_FORCE, *later]))
        assert content_sha256(whole) != submitted().content_sha256
    _, closed = to_approve(ACCOUNT_PLAN.fold([*IN_FORCE, PLAN_CLOSED]))
    assert content_sha256(closed) == submitted().content_sha256


def test_what_forms_have_added_is_approved_with_it() -> None:
    fields = {"fields": {"sponsor": "the board"}}
    _, whole = to_approve(ACCOUNT_PLAN.fold(WHOLE))
    given(ACCOUNT_PLAN, *WHOLE).when(submit_it, added=fields).then(
        submitted().model_copy(update={"content_sha256": content_sha256({**whole, **fields})})
    )


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
    for verb in (approve_it, submit_it):
        given(ACCOUNT_PLAN, *facts).when(verb).then()
    given(ACCOUNT_PLAN, *facts).when(approve, approval_id="a2").then_refused(
        "plan-not-submitted", WrongState, field="plan_id"
    )


@pytest.mark.parametrize(("verb", "fact"), [(send_it_back, RETURNED), (withdraw, WITHDRAWN)])
def test_what_is_submitted_can_be_a_draft_again(verb: Any, fact: Event) -> None:
    """KAM-08."""
    given(ACCOUNT_PLAN, *WHOLE, submitted()).when(verb).then(fact)
    given(ACCOUNT_PLAN, *WHOLE).when(verb).then()
    given(ACCOUNT_PLAN, *APPROVED).when(verb).then_refused(
        "plan-not-submitted", WrongState, field="plan_id"
    )


def test_an_approver_may_send_it_back_without_a_word() -> None:
    given(ACCOUNT_PLAN, *WHOLE, submitted()).when(send_back, approval_id="a1", reason=None).then(
        RETURNED.model_copy(update={"reason": None})
    )


def test_it_waits_for_an_approval_while_it_is_submitted() -> None:
    for facts, waits in (
        ((), None),
        (WHOLE, None),
        ((*WHOLE, submitted()), "a1"),
        ((*WHOLE, submitted(), RETURNED), None),
        (APPROVED, None),
        ((*IN_FORCE, amended(1), submitted(amendment=1, approval_id="a2")), "a2"),
        ((*IN_FORCE, PLAN_CLOSED), None),
    ):
        assert waits_for(ACCOUNT_PLAN.fold(facts)) == waits


def test_what_was_submitted_without_a_request_is_put_up_for_one() -> None:
    """So it was before plans were approved by request."""
    before = submitted(approval_id=None)
    given(ACCOUNT_PLAN, *WHOLE, before).when(submit_it).then(submitted())
    given(ACCOUNT_PLAN, *WHOLE, before).when(approve_it).then_refused(
        "plan-not-submitted", WrongState, field="plan_id"
    )
    given(ACCOUNT_PLAN, *WHOLE, before).when(withdraw).then(WITHDRAWN)


def test_what_was_approved_without_a_request_is_approved() -> None:
    old = (*WHOLE, submitted(approval_id=None), APPROVED_ONCE)
    given(ACCOUNT_PLAN, *old).when(amend, author_id=ANN, reason="a new plant").then(amended(1))
    given(ACCOUNT_PLAN, *old).when(submit_it).then_refused("amendment-needed", WrongState)


# --- authors --------------------------------------------------------------------


def test_whoever_writes_on_it_is_an_author_once() -> None:
    given(ACCOUNT_PLAN, *WHOLE).when(write_on, author_id=CARL).then(CARL_JOINED)
    given(ACCOUNT_PLAN, *WHOLE).when(write_on, author_id=ANN).then()
    assert authors(ACCOUNT_PLAN.fold([*WHOLE, CARL_JOINED])) == (ANN, CARL)


def test_an_amendment_has_authors_of_its_own() -> None:
    plan: list[AccountPlanEvent] = [*WHOLE, CARL_JOINED, submitted(), approved(), amended(1)]
    assert authors(ACCOUNT_PLAN.fold(plan)) == (ANN,)
    assert authors(ACCOUNT_PLAN.fold(plan[:-1])) == authors(ACCOUNT_PLAN.initial) == ()
    given(ACCOUNT_PLAN, *plan[:-1]).when(write_on, author_id=CARL).then_refused(
        "amendment-needed", WrongState
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
    given(ACCOUNT_PLAN, *IN_FORCE).when(partial(submit_it, approval_id="a2")).then_refused(
        "amendment-needed", WrongState
    )


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
    again: Any = {"amendment": 1, "approval_id": "a2"}
    for step in (amended(1), TARGET_DROPPED, submitted(after, **again)):
        steps.append(step)
        assert in_force(*steps) == CONTENT
    given(ACCOUNT_PLAN, *IN_FORCE, *steps).when(approve, approval_id="a2").then(
        approved(after, **again)
    )
    assert in_force(*steps, approved(after, **again)) == after


def test_the_approval_of_a_plan_is_none_of_its_amendment() -> None:
    waiting = submitted(amendment=1, approval_id="a2")
    given(ACCOUNT_PLAN, *IN_FORCE, amended(1), waiting).when(approve_it).then()
    given(ACCOUNT_PLAN, *IN_FORCE, amended(1), waiting).when(approve, approval_id="a2").then(
        approved(amendment=1, approval_id="a2")
    )


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
    send_it_back,
    withdraw,
    partial(amend, author_id=ANN, reason="x"),
    discard_amendment,
    partial(write_on, author_id=CARL),
)


@pytest.mark.parametrize("verb", VERBS)
def test_nothing_is_decided_of_a_plan_that_is_closed_or_not_there(verb: Any) -> None:
    given(ACCOUNT_PLAN, *IN_FORCE, PLAN_CLOSED).when(verb).then_refused(
        "plan-closed", WrongState, field="plan_id"
    )
    given(ACCOUNT_PLAN).when(verb).then_refused("unknown-plan", NotFound, field="plan_id")
