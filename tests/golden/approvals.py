"""The approval cases: who has to approve what, by the route that a case's fields describe."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from aggregates.policies.approval_route import required_steps
from aggregates.policies.condition import Kind, Value
from aggregates.work.approval import decide
from aggregates.work.request import APPROVAL, Requested, request, resolved
from aggregates.work.seats import Person
from events.policies.approval_route import ApprovalRoute, RoleHolder, Rule, Step
from events.work.approval import ApprovalRequested, RoleInRegion
from tests.examples.approvals import REQUESTED

_VARIABLES: Final[dict[str, Kind]] = {"amount_minor": "money", "currency": "text"}
_DAY: Final = date(2026, 3, 2)


def _minor(amount: Any) -> int:
    """An amount in cents; a fraction of a cent is a mistake in the case."""
    cents = Decimal(str(amount)) * 100
    assert cents == int(cents), amount
    return int(cents)


def _route(levels: list[tuple[Any, str]]) -> ApprovalRoute:
    """A route in which each level's role decides on what lies strictly above its limit."""
    return ApprovalRoute(
        currency="USD",
        rules=tuple(
            Rule(
                when=f"amount_minor > {_minor(limit)}",
                steps=(Step(step_id=role, approvers=(RoleHolder(role=role, level="group"),)),),
            )
            for limit, role in levels
        ),
    )


def _steps(route: ApprovalRoute, amount: Any) -> tuple[Step, ...]:
    facts: dict[str, Value] = {"amount_minor": _minor(amount), "currency": "USD"}
    return required_steps([route], facts, _VARIABLES)


def regional_threshold(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """For each region and contract whether headquarters must approve."""
    return {
        region: [
            bool(_steps(_route([(limit, "headquarters")]), contract))
            for contract in inputs["contracts"]
        ]
        for region, limit in inputs["region_limits"].items()
    }


def multi_level(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """For each total who approves, in order, and whether one approval is enough."""
    route = _route([(level["above"], level["approver"]) for level in inputs["levels"]])
    needed = [_steps(route, total) for total in inputs["totals"]]
    return {
        "chains": [[step.step_id for step in steps] for steps in needed],
        "usable_after_first_approval": [_granted_after_one(steps) for steps in needed],
    }


def _granted_after_one(steps: tuple[Step, ...]) -> bool:
    fact: ApprovalRequested = REQUESTED.model_copy(
        update={"steps": resolved(steps, regions=("group",), on=_DAY, holders={})}
    )
    approval = APPROVAL.fold(request(APPROVAL.initial, fact=fact))
    if steps:
        (asked, *_) = fact.steps[0].approvers
        assert isinstance(asked, RoleInRegion)
        approver = "1b8d5e7b-2222-4b4b-9c9c-bbbbbbbbbbbb"
        facts = decide(
            approval,
            step=1,
            decision="approved",
            by=approver,
            on_behalf_of=None,
            approver=Person(approver, asked.region_id, (asked.role,)),
            comment=None,
            content_sha256=fact.content_sha256,
            on=_DAY,
        )
        approval = APPROVAL.fold(facts, approval)
    assert isinstance(approval, Requested)
    return approval.ended == "granted"


KINDS: Final[Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]]] = {
    "regional_threshold": regional_threshold,
    "multi_level": multi_level,
}
"""The kinds of cases answered here: the inputs of a case to what it expects."""
