"""A company that approves contracts: routes, people of each level, and keys that act for them."""

from datetime import date
from typing import Any, Final

from commands.accounts.account import RegisterAccount
from commands.command import Command
from commands.organization.api_key import IssueApiKey
from commands.pipeline.contract import DraftContract, SubmitContract, Terms
from commands.policies.approval_route import ActivateApprovalRoute, DraftApprovalRoute
from commands.roles import Role
from commands.work.approval import DecideApproval
from events.policies.approval_route import ApprovalRoute
from tests.commands.company import company, hired
from tests.commands.office import Office
from tests.examples.approvals import EVE, FAY, TWO_LEVELS, terms
from tests.examples.cast import ANN, BEA, usd

GUS: Final = "6a7b8c9d-7777-4a7a-9b9b-0123456789ab"
YEAR: Final = date(2026, 1, 1)

HIRES: Final = (
    hired(EVE, "Eve Evans", "world", role="sales_manager"),
    hired(FAY, "Fay Fox", "dach", role="sales_manager"),
    hired(GUS, "Gus Green", "dach", role="sales_manager"),
)


def key_of(employee: str | None, key_id: str, role: Role = "sales_manager") -> IssueApiKey:
    """A key that acts for an employee, or for nobody."""
    return IssueApiKey(
        key_id=key_id, secret_sha256="5e" * 32, roles=(role,), label="theirs", employee_id=employee
    )


KEYS: Final = (
    key_of(ANN, "ann", "sales_rep"),
    key_of(BEA, "bea"),
    key_of(EVE, "eve"),
    key_of(FAY, "fay"),
    key_of(FAY, "fay-2"),
    key_of(GUS, "gus"),
)


def in_force(
    region_id: str, document: ApprovalRoute, *, version: int = 1, on: date = YEAR
) -> tuple[Command, Command]:
    """What puts a route for contracts in force."""
    return (
        DraftApprovalRoute(region_id=region_id, subject_kind="contract", document=document),
        ActivateApprovalRoute(
            region_id=region_id, subject_kind="contract", version=version, effective_on=on
        ),
    )


def signing(*more: Command, world: ApprovalRoute = TWO_LEVELS) -> Office:
    """The company, with a worldwide route for contracts."""
    return company(
        *HIRES,
        *KEYS,
        RegisterAccount(account_id="dach-ag", name="Dach AG", region_id="dach"),
        *in_force("world", world),
        *more,
    )


def draft(contract_id: str = "c1", amount: int = 21_000_00, **fields: Any) -> DraftContract:
    """Draft a contract of Dach AG; ``amount`` in cents."""
    given = {"contract_id": contract_id, "account_id": "dach-ag", **fields}
    return DraftContract(terms=to(amount), **given)


def to(amount: int, **fields: Any) -> Terms:
    """Terms of this amount in cents."""
    return Terms.model_validate(dict(terms(usd(amount), **fields)))


def submit(contract_id: str = "c1", approval_id: str = "a1", **fields: Any) -> SubmitContract:
    """Put it up for approval."""
    return SubmitContract(contract_id=contract_id, approval_id=approval_id, **fields)


def yes(step: int = 1, approval_id: str = "a1", **fields: Any) -> DecideApproval:
    """Approve a step."""
    return DecideApproval(
        **{"approval_id": approval_id, "step": step, "decision": "approved", **fields}
    )
