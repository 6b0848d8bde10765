"""Approval routes: what is refused when drafted, which version holds, which steps they ask for."""

from datetime import date
from functools import partial
from typing import Any, Final

import pytest

from aggregates.policies.approval_route import (
    APPROVAL_ROUTE,
    activate,
    draft,
    required_steps,
    route_id,
)
from aggregates.policies.condition import Kind, Value
from aggregates.refusals import Invalid, NotFound, WrongState
from events.policies.approval_route import (
    ApprovalRoute,
    ApprovalRouteActivated,
    ApprovalRouteDrafted,
    NamedEmployee,
    RoleHolder,
    Step,
)
from tests.examples.approvals import (
    HEADQUARTERS,
    MANAGER,
    ROUTE_ACTIVATED,
    ROUTE_DRAFTED,
    TWO_LEVELS,
    route,
    step,
)
from tests.examples.cast import ANN, BEA
from tests.given import given

VARIABLES: Final[dict[str, Kind]] = {
    "amount_minor": "money",
    "currency": "text",
    "discount_bps": "integer",
}
NONE: Final = route()
APRIL: Final = date(2026, 4, 1)
SECOND: Final = ApprovalRouteDrafted(
    region_id="emea", subject_kind="contract", version=2, document=NONE
)
FROM_APRIL: Final = ApprovalRouteActivated(
    region_id="emea", subject_kind="contract", version=2, effective_on=APRIL
)
named_bea: Final = NamedEmployee(employee_id=BEA)
named_ann: Final = NamedEmployee(employee_id=ANN)

draft_emea = partial(
    draft,
    region_id="emea",
    subject_kind="contract",
    variables=VARIABLES,
    may_decide=frozenset({"sales_manager"}),
)
activate_emea = partial(activate, region_id="emea", subject_kind="contract")


def test_a_first_version_is_drafted_and_the_same_again_changes_nothing() -> None:
    given(APPROVAL_ROUTE).when(draft_emea, document=TWO_LEVELS).then(ROUTE_DRAFTED)
    given(APPROVAL_ROUTE, ROUTE_DRAFTED).when(draft_emea, document=TWO_LEVELS).then()
    given(APPROVAL_ROUTE, ROUTE_DRAFTED).when(draft_emea, document=NONE).then(SECOND)


@pytest.mark.parametrize(
    ("when", "rule"),
    [
        ("amount_minor >", "condition-malformed"),
        ("revenue > 1", "unknown-variable"),
        ("amount_minor", "condition-not-boolean"),
    ],
)
def test_a_condition_that_is_none_is_refused(when: str, rule: str) -> None:
    document = route(("true", step(MANAGER)), (when, step(MANAGER)))
    given(APPROVAL_ROUTE).when(draft_emea, document=document).then_refused(
        rule, Invalid, field="document.rules.1.when"
    )


@pytest.mark.parametrize(
    "fits",
    [
        step(MANAGER, mode="quorum", quorum=5),
        step(named_bea, named_ann, mode="quorum", quorum=2),
        step(named_bea, named_ann, mode="all"),
        step(named_bea, MANAGER, mode="quorum", quorum=3),
        step(MANAGER, MANAGER, mode="all"),
        step(MANAGER, due_days=1, escalate_to=HEADQUARTERS),
        step(MANAGER, due_days=1),
    ],
)
def test_a_step_that_can_be_filled_is_drafted(fits: Step) -> None:
    document = route(("true", fits))
    given(APPROVAL_ROUTE).when(draft_emea, document=document).then(
        ROUTE_DRAFTED.model_copy(update={"document": document})
    )


@pytest.mark.parametrize(
    ("never", "rule"),
    [
        (step(RoleHolder(role="auditor", level="region")), "step-unfillable"),
        (
            step(MANAGER, due_days=1, escalate_to=RoleHolder(role="auditor", level="group")),
            "step-unfillable",
        ),
        (step(named_bea, named_bea, mode="all"), "step-unfillable"),
        (step(named_bea, named_ann, mode="quorum", quorum=3), "step-unfillable"),
        (step(named_bea, named_bea, mode="quorum", quorum=2), "step-unfillable"),
        (step(MANAGER, mode="quorum"), "quorum-malformed"),
        (step(MANAGER, mode="any", quorum=1), "quorum-malformed"),
        (step(MANAGER, escalate_to=HEADQUARTERS), "escalation-without-days"),
    ],
)
def test_a_step_nobody_could_ever_fill_is_refused(never: Step, rule: str) -> None:
    given(APPROVAL_ROUTE).when(draft_emea, document=route(("true", never))).then_refused(
        rule, Invalid, field="document.rules.0.steps"
    )


def test_a_version_is_put_in_force_once() -> None:
    given(APPROVAL_ROUTE, ROUTE_DRAFTED).when(
        activate_emea, version=1, effective_on=date(2026, 1, 1)
    ).then(ROUTE_ACTIVATED)


@pytest.mark.parametrize("version", [0, 2])
def test_a_version_nobody_drafted_is_not_put_in_force(version: int) -> None:
    given(APPROVAL_ROUTE, ROUTE_DRAFTED).when(
        activate_emea, version=version, effective_on=APRIL
    ).then_refused("unknown-version", NotFound, field="version")


def test_history_is_not_decided_again() -> None:
    told = (ROUTE_DRAFTED, SECOND, ROUTE_ACTIVATED, FROM_APRIL)
    given(APPROVAL_ROUTE, *told).when(
        activate_emea, version=1, effective_on=date(2026, 3, 31)
    ).then_refused("later-version-in-force", WrongState, field="effective_on")
    given(APPROVAL_ROUTE, *told).when(activate_emea, version=1, effective_on=APRIL).then(
        FROM_APRIL.model_copy(update={"version": 1})
    )


@pytest.mark.parametrize(
    ("on", "version"),
    [(date(1990, 1, 1), 1), (date(2026, 3, 31), 1), (APRIL, 2), (date(2099, 1, 1), 2)],
)
def test_the_version_in_force_follows_the_business_date(on: date, version: int) -> None:
    versions = APPROVAL_ROUTE.fold([ROUTE_DRAFTED, SECOND, ROUTE_ACTIVATED, FROM_APRIL])
    assert versions.in_force(on) == (version, (TWO_LEVELS, NONE)[version - 1])


def test_a_draft_is_not_in_force() -> None:
    assert APPROVAL_ROUTE.fold([ROUTE_DRAFTED]).in_force(APRIL) is None


def test_a_region_and_a_kind_have_a_stream_of_their_own() -> None:
    streams = {route_id("a.b", "contract"), route_id("b", "contract"), route_id("a.b", "plan")}
    assert len(streams) == 3


# --- which steps ----------------------------------------------------------------


def asked_for(*routes: ApprovalRoute, **facts: Any) -> list[str]:
    seen: dict[str, Value] = {"amount_minor": 0, "currency": "USD", "discount_bps": 0, **facts}
    return [found.step_id for found in required_steps(routes, seen, VARIABLES)]


@pytest.mark.parametrize(
    ("amount", "steps"),
    [
        (10_000_00, []),
        (10_000_01, ["manager"]),
        (20_000_00, ["manager"]),
        (20_000_01, ["manager", "headquarters"]),
    ],
)
def test_a_rule_adds_its_steps_where_it_applies(amount: int, steps: list[str]) -> None:
    """L2C-10."""
    assert asked_for(TWO_LEVELS, amount_minor=amount) == steps


def test_a_region_adds_its_steps_after_those_above_and_takes_none_away() -> None:
    """REG-06: a region can only tighten; even a route without rules leaves what it inherits."""
    own = route(("discount_bps > 1000", step(MANAGER, step_id="discount")))
    facts = {"amount_minor": 30_000_00, "discount_bps": 1_001}
    assert asked_for(TWO_LEVELS, own, **facts) == ["manager", "headquarters", "discount"]
    assert asked_for(TWO_LEVELS, NONE, **facts) == ["manager", "headquarters"]


def test_a_rule_over_an_amount_applies_to_every_other_currency_and_no_other_rule_does() -> None:
    mixed = route(
        ("amount_minor > 1000000", step(MANAGER, step_id="amount")),
        ("discount_bps > 1000", step(MANAGER, step_id="discount")),
    )
    assert asked_for(mixed, amount_minor=1, currency="EUR") == ["amount"]
    assert asked_for(mixed, amount_minor=1, currency="USD") == []
