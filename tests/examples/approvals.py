"""A contract of Ann's that Bea and then Carl have to approve; and one that was refused."""

from datetime import date
from typing import Any, Final

from events.pipeline.commitment import CommitmentEntered
from events.pipeline.contract import (
    ContractAmended,
    ContractApproved,
    ContractDrafted,
    ContractReassigned,
    ContractRejected,
    ContractSubmitted,
    ContractTerms,
)
from events.policies.approval_route import (
    ApprovalRoute,
    ApprovalRouteActivated,
    ApprovalRouteDrafted,
    NamedEmployee,
    RoleHolder,
    Rule,
    Step,
)
from events.values import Money
from events.work.approval import (
    ApprovalApproverReplaced,
    ApprovalDecided,
    ApprovalDelegated,
    ApprovalEscalated,
    ApprovalGranted,
    ApprovalRefused,
    ApprovalRequested,
    ApprovalVoided,
    RequestedStep,
    RoleInRegion,
    RouteVersion,
    SubjectFact,
)
from tests.examples.cast import ANN, BEA, CARL, DORA, usd

EVE: Final = "4e5f6a7b-5555-4e5e-afaf-eeeeeeeeeeee"
FAY: Final = "5f6a7b8c-6666-4f6f-8a8a-ffffffffffff"

MANAGER: Final = RoleHolder(role="sales_manager", level="region")
HEADQUARTERS: Final = RoleHolder(role="sales_manager", level="group")


def step(*approvers: RoleHolder | NamedEmployee, step_id: str = "check", **fields: Any) -> Step:
    """A step these may decide."""
    return Step(step_id=step_id, approvers=approvers, **fields)


def route(*rules: tuple[str, Step], **fields: Any) -> ApprovalRoute:
    """A route in US dollars: conditions, each with the step it adds."""
    return ApprovalRoute(
        currency="USD",
        rules=tuple(Rule(when=when, steps=(adds,)) for when, adds in rules),
        **fields,
    )


TWO_LEVELS: Final = route(
    (
        "amount_minor > 1000000",
        step(MANAGER, step_id="manager", due_days=3, escalate_to=HEADQUARTERS),
    ),
    ("amount_minor > 2000000", step(HEADQUARTERS, step_id="headquarters", due_days=5)),
)
"""Above 10,000 the region's manager decides, above 20,000 then headquarters as well."""

ROUTE_DRAFTED: Final = ApprovalRouteDrafted(
    region_id="emea", subject_kind="contract", version=1, document=TWO_LEVELS
)
ROUTE_ACTIVATED: Final = ApprovalRouteActivated(
    region_id="emea", subject_kind="contract", version=1, effective_on=date(2026, 1, 1)
)


def terms(amount: Money, **fields: Any) -> ContractTerms:
    """What a contract for ``amount`` says."""
    return ContractTerms(
        **{
            "amount": amount,
            "discount_bps": 500,
            "valid_from": date(2026, 4, 1),
            "valid_until": date(2027, 3, 31),
            **fields,
        }
    )


CONTRACT_DRAFTED: Final = ContractDrafted(
    contract_id="c1",
    account_id="acme",
    region_id="emea",
    terms=terms(usd(20_000_00)),
    author_id=ANN,
)
CONTRACT_AMENDED: Final = ContractAmended(
    contract_id="c1", account_id="acme", terms=terms(usd(21_000_00)), author_id=ANN
)
CONTRACT_SUBMITTED: Final = ContractSubmitted(contract_id="c1", account_id="acme", approval_id="a1")
CONTRACT_APPROVED: Final = ContractApproved(contract_id="c1", account_id="acme", approval_id="a1")
CONTRACT_REJECTED: Final = ContractRejected(
    contract_id="c1", account_id="acme", approval_id="a1", sent_back=False
)
CONTRACT_REASSIGNED: Final = ContractReassigned(contract_id="c1", account_id="acme", owner_id=CARL)
ENTERED: Final = CommitmentEntered(
    account_id="acme", contract_id="c1", amount=usd(21_000_00), on=date(2026, 3, 2)
)

MANAGER_THERE: Final = RoleInRegion(role="sales_manager", region_id="emea")
MANAGER_ABOVE: Final = RoleInRegion(role="sales_manager", region_id="world")
FIRST: Final = RequestedStep(
    step_id="manager",
    approvers=(MANAGER_THERE,),
    mode="any",
    quorum=None,
    due_on=date(2026, 3, 5),
    escalate_to=MANAGER_ABOVE,
)
SECOND: Final = RequestedStep(
    step_id="headquarters",
    approvers=(MANAGER_ABOVE,),
    mode="any",
    quorum=None,
    due_on=date(2026, 3, 10),
    escalate_to=None,
)
REQUESTED: Final = ApprovalRequested(
    approval_id="a1",
    subject_kind="contract",
    subject_id="c1",
    region_id="emea",
    account_id="acme",
    requester_id=ANN,
    author_ids=(ANN, DORA),
    routes=(RouteVersion(region_id="emea", version=1),),
    may_decide_twice=False,
    facts=(
        SubjectFact(name="amount_minor", value=21_000_00),
        SubjectFact(name="currency", value="USD"),
    ),
    content_sha256="c0" * 32,
    steps=(FIRST, SECOND),
)
ESCALATED: Final = ApprovalEscalated(approval_id="a1", step=1, approver=MANAGER_ABOVE)
DELEGATED: Final = ApprovalDelegated(
    approval_id="a1",
    from_employee_id=BEA,
    to_employee_id=EVE,
    from_day=date(2026, 3, 2),
    until_day=date(2026, 3, 6),
)
DECIDED: Final = ApprovalDecided(
    approval_id="a1",
    step=1,
    decision="approved",
    employee_id=EVE,
    on_behalf_of=BEA,
    places=(1,),
    completes=True,
    comment="within the plan",
)
REPLACED: Final = ApprovalApproverReplaced(
    approval_id="a1", step=2, place=1, employee_id=CARL, reason="the post is vacant"
)
DECIDED_LAST: Final = ApprovalDecided(
    approval_id="a1",
    step=2,
    decision="approved",
    employee_id=CARL,
    on_behalf_of=None,
    places=(1,),
    completes=True,
    comment=None,
)
GRANTED: Final = ApprovalGranted(approval_id="a1")
VOIDED: Final = ApprovalVoided(approval_id="a1", reason="the contract was amended")
REQUESTED_ANEW: Final = REQUESTED.model_copy(update={"approval_id": "a2"})
SAID_NO: Final = ApprovalDecided(
    approval_id="a2",
    step=1,
    decision="rejected",
    employee_id=BEA,
    on_behalf_of=None,
    places=(1,),
    completes=False,
    comment="too cheap",
)
REFUSED: Final = ApprovalRefused(approval_id="a2", outcome="rejected")
