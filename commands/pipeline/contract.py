"""What can be asked of contracts."""

from typing import Final

from aggregates.accounts import account, account_class
from aggregates.accounts.account import ACCOUNT
from aggregates.accounts.account_class import ACCOUNT_CLASS
from aggregates.pipeline import commitment, contract
from aggregates.pipeline.commitment import COMMITMENT
from aggregates.pipeline.contract import CONTRACT, Contract, Written
from aggregates.refusals import Invalid
from commands.acting import acting_employee, requester
from commands.approving import Described, Subject, put_up, voided
from commands.command import Command, Day
from commands.completing import added_fields, completed
from commands.look import Decided, Look
from commands.organization.employee import owner
from commands.organization.region import region_mode, regions_from
from commands.ports import Write
from events.pipeline.contract import ContractDrafted, ContractTerms
from events.values import MINOR_LIMIT, Id, PersonId


class Terms(ContractTerms):
    """What a contract says."""

    valid_from: Day
    valid_until: Day


class DraftContract(Command):
    """Write down a contract of an account: in the account's region, unless one is named."""

    contract_id: Id
    account_id: Id
    region_id: Id | None = None
    terms: Terms


class AmendContract(Command):
    """Have a contract say something else; an approval that was asked for or granted is void."""

    contract_id: Id
    terms: Terms


class SubmitContract(Command):
    """Put a contract up for approval as it stands, under an id of the caller's.

    A key that acts for no employee names the one who asks.
    """

    contract_id: Id
    approval_id: Id
    requester_id: PersonId | None = None


class ReassignContract(Command):
    """Have another employee look after a contract; what was approved of it stays approved."""

    contract_id: Id
    owner_id: PersonId


def draft_contract(command: DraftContract, look: Look) -> Decided:
    """Draft it; account and region must exist."""
    found = account.existing(look(ACCOUNT, command.account_id), field="account_id")
    region_id = command.region_id or found.region_id
    if region_id is None:
        raise Invalid("region-missing", "the account has no region; name one", field="region_id")
    regions_from(look, region_id, field="region_id")
    fact = ContractDrafted(
        contract_id=command.contract_id,
        account_id=command.account_id,
        region_id=region_id,
        terms=_terms(command.terms),
        author_id=acting_employee(look),
    )
    return look.begin(CONTRACT, command.contract_id, contract.draft, fact=fact)


def amend_contract(command: AmendContract, look: Look) -> Decided:
    """Amend it, and void its approval with that."""
    written = contract.existing(look(CONTRACT, command.contract_id))
    amended = look.decide(
        CONTRACT,
        command.contract_id,
        contract.amend,
        terms=_terms(command.terms),
        author_id=acting_employee(look),
    )
    if not amended.writes:
        return amended
    void = voided(look, written.approval_id, reason="the contract was amended")
    return Decided(amended.stream, (*amended.writes, *void))


def submit_contract(command: SubmitContract, look: Look) -> Decided:
    """Submit it; whoever asks must work here, and the form of its region be complete."""
    requester_id = requester(look, command.requester_id)
    state = look(CONTRACT, command.contract_id)
    written = contract.existing(state)
    facts = contract.submit(state, approval_id=command.approval_id)
    decided = put_up(
        look,
        SUBJECT,
        command.contract_id,
        approval_id=command.approval_id,
        requester_id=requester_id,
        region_id=written.drafted.region_id,
        facts=facts,
    )
    if not facts:
        return decided
    completed(look, "contract", command.contract_id, decided)
    return Decided(decided.stream, (*decided.writes, *_entered(look, written)))


def reassign_contract(command: ReassignContract, look: Look) -> Decided:
    """Reassign it; who is to look after it must work here."""
    contract.existing(look(CONTRACT, command.contract_id))
    owner(look, command.owner_id)
    return look.decide(CONTRACT, command.contract_id, contract.reassign, owner_id=command.owner_id)


def _terms(given: Terms) -> ContractTerms:
    return ContractTerms.model_validate(dict(given))


def _entered(look: Look, written: Written) -> tuple[Write, ...]:
    return look.decide(
        COMMITMENT,
        written.drafted.account_id,
        commitment.enter,
        account_id=written.drafted.account_id,
        contract_id=written.drafted.contract_id,
        amount=written.terms.amount,
        on=look.context.business_date,
    ).writes


def _described(look: Look, state: Contract, contract_id: str, window_days: int) -> Described:
    written = contract.existing(state)
    drafted, terms = written.drafted, written.terms
    return Described(
        account_id=drafted.account_id,
        author_ids=written.author_ids,
        facts={
            "account_class": account_class.standing(look(ACCOUNT_CLASS, drafted.account_id)),
            "amount_minor": terms.amount.minor,
            "currency": terms.amount.currency,
            "discount_bps": terms.discount_bps,
            "region": drafted.region_id,
            "region_mode": region_mode(look, drafted.region_id),
            "window_total_minor": _window_total(look, written, window_days),
        },
        content={
            "contract_id": contract_id,
            "account_id": drafted.account_id,
            "region_id": drafted.region_id,
            "terms": terms.model_dump(mode="json"),
            **added_fields(look, "contract", contract_id),
        },
    )


def _window_total(look: Look, written: Written, window_days: int) -> int:
    """The contract with those of the same account and currency in the window that still stand."""
    total = written.terms.amount.minor
    for entered in commitment.others(
        look(COMMITMENT, written.drafted.account_id),
        besides=written.drafted.contract_id,
        currency=written.terms.amount.currency,
        window_days=window_days,
        on=look.context.business_date,
    ):
        if contract.existing(look(CONTRACT, entered.contract_id)).status != "rejected":
            total += entered.amount.minor
    # Facts hold numbers that every JSON reader keeps exact; no limit of a route lies beyond.
    return min(total, MINOR_LIMIT - 1)


SUBJECT: Final = Subject(
    kind="contract",
    variables={
        "account_class": "text",
        "amount_minor": "money",
        "currency": "text",
        "discount_bps": "integer",
        "region": "text",
        "region_mode": "text",
        "window_total_minor": "money",
    },
    decider=CONTRACT,
    describe=_described,
    approve=lambda state, approval_id: contract.approve(state, approval_id=approval_id),
    reject=lambda state, approval_id, outcome, _: contract.reject(
        state, approval_id=approval_id, sent_back=outcome == "sent_back"
    ),
)
"""Contracts, as the approval engine sees them."""
