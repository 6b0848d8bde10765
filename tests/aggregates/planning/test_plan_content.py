"""What a plan says: objectives, actions within its budget and year, targets of both sides."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any, Final

import pytest
from pydantic import ValidationError

from aggregates.planning.account_plan import ACCOUNT_PLAN, Plan
from aggregates.planning.plan_content import (
    ACTIONS_MAX,
    OBJECTIVES_MAX,
    TARGETS_MAX,
    change_aim,
    change_budget,
    drop_action,
    drop_objective,
    drop_target,
    set_action,
    set_objective,
    set_target,
)
from aggregates.refusals import Invalid, NotFound, WrongState
from events.event import Event
from events.planning.plan_content import Action, Objective, Target
from tests.examples.cast import BEA, eur, usd
from tests.examples.planning import (
    ACTION_DROPPED,
    AIM_CHANGED,
    BUDGET_CHANGED,
    GROW,
    IN_FORCE,
    LEARN,
    OBJECTIVE_DROPPED,
    OURS,
    PLAN_CLOSED,
    PLAN_DRAFTED,
    SURVEY,
    TARGET_DROPPED,
    THEIRS,
    VISIT,
    WHOLE,
    action_set,
    amended,
    objective_set,
    submitted,
    target_set,
)
from tests.given import given

GROWING: Final = (PLAN_DRAFTED, BUDGET_CHANGED, objective_set(GROW))
"""A plan that may cost 1,000.00 USD, with one objective."""


def action(**other: Any) -> Action:
    """A visit otherwise."""
    return VISIT.model_copy(update=other)


def test_its_aim_and_its_budget_change() -> None:
    """KAM-26."""
    given(ACCOUNT_PLAN, PLAN_DRAFTED).when(change_aim, aim="wallet_share").then(AIM_CHANGED)
    given(ACCOUNT_PLAN, PLAN_DRAFTED).when(change_budget, budget=usd(1_000_00)).then(BUDGET_CHANGED)


def test_an_objective_is_set_changed_and_dropped() -> None:
    """KAM-09."""
    given(ACCOUNT_PLAN, PLAN_DRAFTED).when(set_objective, objective=GROW).then(objective_set(GROW))
    linked = LEARN.model_copy(update={"goal_id": "g2"})
    given(ACCOUNT_PLAN, *GROWING, objective_set(LEARN)).when(set_objective, objective=linked).then(
        objective_set(linked)
    )
    given(ACCOUNT_PLAN, *GROWING, objective_set(LEARN)).when(
        drop_objective, objective_id="learn"
    ).then(OBJECTIVE_DROPPED)


def test_an_objective_with_actions_stays() -> None:
    given(ACCOUNT_PLAN, *WHOLE).when(drop_objective, objective_id="learn").then_refused(
        "objective-has-actions", WrongState, field="objective_id"
    )
    given(ACCOUNT_PLAN, *WHOLE, ACTION_DROPPED).when(drop_objective, objective_id="learn").then(
        OBJECTIVE_DROPPED
    )


@pytest.mark.parametrize("weight", [0, 101])
def test_a_weight_is_1_to_100_percent(weight: int) -> None:
    with pytest.raises(ValidationError):
        Objective.model_validate({**dict(GROW), "weight_percent": weight})
    for whole in (1, 100):
        assert Objective.model_validate({**dict(GROW), "weight_percent": whole})


# --- actions --------------------------------------------------------------------


def test_an_action_is_set_changed_and_dropped() -> None:
    """KAM-10."""
    given(ACCOUNT_PLAN, *GROWING).when(set_action, action=VISIT).then(action_set(VISIT))
    given(ACCOUNT_PLAN, *GROWING, action_set(VISIT)).when(
        set_action, action=action(owner_id=BEA, department="engineering")
    ).then(action_set(action(owner_id=BEA, department="engineering")))
    given(ACCOUNT_PLAN, *WHOLE).when(drop_action, action_id="survey").then(ACTION_DROPPED)


def test_an_action_belongs_to_an_objective_of_the_plan() -> None:
    """KAM-10."""
    given(ACCOUNT_PLAN, *GROWING).when(set_action, action=SURVEY).then_refused(
        "unknown-objective", NotFound, field="objective_id"
    )


@pytest.mark.parametrize("field", ["objective_id", "owner_id", "department", "due_on", "budget"])
def test_an_action_has_owner_department_and_due_day(field: str) -> None:
    """KAM-10."""
    with pytest.raises(ValidationError):
        Action.model_validate({**dict(VISIT), field: None})


@pytest.mark.parametrize("due_on", [date(2026, 1, 1), date(2026, 12, 31)])
def test_an_action_is_due_in_the_fiscal_year(due_on: date) -> None:
    due = action(due_on=due_on)
    given(ACCOUNT_PLAN, *GROWING).when(set_action, action=due).then(action_set(due))


@pytest.mark.parametrize("due_on", [date(2025, 12, 31), date(2027, 1, 1)])
def test_an_action_is_not_due_outside_the_fiscal_year(due_on: date) -> None:
    given(ACCOUNT_PLAN, *GROWING).when(set_action, action=action(due_on=due_on)).then_refused(
        "due-outside-year", Invalid, field="due_on"
    )


@pytest.mark.parametrize("minor", [0, 600_00])
def test_the_actions_may_cost_just_what_the_plan_may(minor: int) -> None:
    more = action(action_id="more", budget=usd(minor))
    given(ACCOUNT_PLAN, *GROWING, action_set(VISIT)).when(set_action, action=more).then(
        action_set(more)
    )


def test_the_actions_do_not_cost_a_cent_more() -> None:
    given(ACCOUNT_PLAN, *GROWING, action_set(VISIT)).when(
        set_action, action=action(action_id="more", budget=usd(600_01))
    ).then_refused("budget-exceeded", Invalid, field="budget")


def test_an_action_that_changes_is_counted_once() -> None:
    dearer = action(budget=usd(1_000_00))
    given(ACCOUNT_PLAN, *GROWING, action_set(VISIT)).when(set_action, action=dearer).then(
        action_set(dearer)
    )
    given(ACCOUNT_PLAN, *GROWING, action_set(VISIT)).when(
        set_action, action=action(budget=usd(1_000_01))
    ).then_refused("budget-exceeded", Invalid, field="budget")


def test_the_budget_does_not_fall_below_what_the_actions_cost() -> None:
    planned = given(ACCOUNT_PLAN, *GROWING, action_set(VISIT))
    planned.when(change_budget, budget=usd(400_00)).then(
        BUDGET_CHANGED.model_copy(update={"budget": usd(400_00)})
    )
    planned.when(change_budget, budget=usd(399_99)).then_refused(
        "budget-exceeded", Invalid, field="budget"
    )


def test_a_plan_has_one_currency() -> None:
    given(ACCOUNT_PLAN, *GROWING).when(set_action, action=action(budget=eur(1))).then_refused(
        "other-currency", WrongState, field="budget"
    )
    given(ACCOUNT_PLAN, *GROWING).when(change_budget, budget=eur(1)).then_refused(
        "other-currency", WrongState, field="budget"
    )


def test_nothing_costs_less_than_nothing() -> None:
    given(ACCOUNT_PLAN, *GROWING).when(set_action, action=action(budget=usd(-1))).then_refused(
        "negative-amount", Invalid, field="budget"
    )
    given(ACCOUNT_PLAN, *GROWING).when(change_budget, budget=usd(-1)).then_refused(
        "negative-amount", Invalid, field="budget"
    )


# --- targets --------------------------------------------------------------------


@pytest.mark.parametrize("target", [OURS, THEIRS])
def test_both_sides_have_targets(target: Target) -> None:
    """KAM-11."""
    given(ACCOUNT_PLAN, *GROWING).when(set_target, target=target).then(target_set(target))


def test_a_side_has_one_target_for_a_metric_and_a_period() -> None:
    """KAM-11."""
    more = OURS.model_copy(update={"value": "15"})
    state = ACCOUNT_PLAN.fold([*WHOLE, target_set(more)])
    assert isinstance(state, Plan)
    assert state.draft is not None
    assert state.draft.content.targets == (THEIRS, more)
    given(ACCOUNT_PLAN, *WHOLE).when(
        drop_target, side="customers", metric="defects", period="year"
    ).then(TARGET_DROPPED)


@pytest.mark.parametrize("value", ["1.0", "01", "-0", "+1", "1e3", "", ".5", "1.", "1.0000001"])
def test_a_measure_is_written_in_one_way_only(value: str) -> None:
    with pytest.raises(ValidationError):
        Target.model_validate({**dict(OURS), "value": value})


@pytest.mark.parametrize("value", ["0", "-1", "0.5", "-0.000001", "999999999999999.999999"])
def test_a_measure_is_a_decimal_number(value: str) -> None:
    assert Target.model_validate({**dict(OURS), "value": value}).value == value


# --- when -----------------------------------------------------------------------

CHANGES: Final[tuple[Callable[..., Any], ...]] = (
    partial(change_aim, aim="joint_innovation"),
    partial(change_budget, budget=usd(2_000_00)),
    partial(set_objective, objective=GROW.model_copy(update={"goal_id": None})),
    partial(drop_objective, objective_id="grow"),
    partial(set_action, action=action(department="engineering")),
    partial(drop_action, action_id="visit"),
    partial(set_target, target=OURS.model_copy(update={"value": "1"})),
    partial(drop_target, side="ours", metric="wallet_share_percent", period="Q1"),
)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ((*WHOLE, submitted()), "plan-submitted"),
        (IN_FORCE, "amendment-needed"),
        ((*IN_FORCE, PLAN_CLOSED), "plan-closed"),
    ],
)
def test_only_a_draft_changes(
    change: Callable[..., Any], facts: tuple[Event, ...], rule: str
) -> None:
    """KAM-08: an approved plan changes only by an amendment."""
    given(ACCOUNT_PLAN, *facts).when(change).then_refused(rule, WrongState, field="plan_id")


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_is_written_into_a_plan_that_is_not_there(change: Callable[..., Any]) -> None:
    given(ACCOUNT_PLAN).when(change).then_refused("unknown-plan", NotFound, field="plan_id")


@pytest.mark.parametrize("change", [CHANGES[number] for number in (0, 1, 2, 4, 5, 6, 7)])
def test_an_amendment_changes_as_a_draft_does(change: Callable[..., Any]) -> None:
    before = ACCOUNT_PLAN.fold([*WHOLE])
    beside = ACCOUNT_PLAN.fold([*IN_FORCE, amended(1)])
    assert change(beside) == change(before) != ()


@pytest.mark.parametrize(
    "nothing",
    [
        partial(change_aim, aim="wallet_share"),
        partial(change_budget, budget=usd(1_000_00)),
        partial(set_objective, objective=GROW),
        partial(drop_objective, objective_id="none"),
        partial(set_action, action=VISIT),
        partial(drop_action, action_id="none"),
        partial(set_target, target=OURS),
        partial(drop_target, side="ours", metric="none", period="Q1"),
    ],
)
def test_what_is_so_already_is_not_told_again(nothing: Callable[..., Any]) -> None:
    given(ACCOUNT_PLAN, *WHOLE).when(nothing).then()


# --- limits ---------------------------------------------------------------------


def test_a_plan_has_a_largest_number_of_objectives() -> None:
    many = [GROW.model_copy(update={"objective_id": f"o{n}"}) for n in range(OBJECTIVES_MAX + 1)]
    told = [PLAN_DRAFTED, *(objective_set(one) for one in many[1:-1])]
    given(ACCOUNT_PLAN, *told).when(set_objective, objective=many[0]).then(objective_set(many[0]))
    full = given(ACCOUNT_PLAN, *told, objective_set(many[0]))
    full.when(set_objective, objective=many[-1]).then_refused(
        "plan-full", Invalid, field="objective_id"
    )
    changed = many[0].model_copy(update={"weight_percent": 1})
    full.when(set_objective, objective=changed).then(objective_set(changed))


def test_a_plan_has_a_largest_number_of_actions() -> None:
    many = [action(action_id=f"a{n}", budget=usd(0)) for n in range(ACTIONS_MAX + 1)]
    told = [*GROWING, *(action_set(one) for one in many[1:-1])]
    given(ACCOUNT_PLAN, *told).when(set_action, action=many[0]).then(action_set(many[0]))
    given(ACCOUNT_PLAN, *told, action_set(many[0])).when(set_action, action=many[-1]).then_refused(
        "plan-full", Invalid, field="action_id"
    )


def test_a_plan_has_a_largest_number_of_targets() -> None:
    many = [OURS.model_copy(update={"metric": f"m{n}"}) for n in range(TARGETS_MAX + 1)]
    told = [PLAN_DRAFTED, *(target_set(one) for one in many[1:-1])]
    given(ACCOUNT_PLAN, *told).when(set_target, target=many[0]).then(target_set(many[0]))
    given(ACCOUNT_PLAN, *told, target_set(many[0])).when(set_target, target=many[-1]).then_refused(
        "plan-full", Invalid, field="metric"
    )
