"""One contract: drafted, amended, put up for approval as it stands, and approved or not."""

from dataclasses import dataclass, replace
from typing import Any, Final, Literal, assert_never

from aggregates.decider import Decider
from aggregates.pipeline.amounts import check_amount
from aggregates.refusals import Invalid, NotFound, WrongState
from events.pipeline.contract import (
    ContractAmended,
    ContractApproved,
    ContractDrafted,
    ContractEvent,
    ContractReassigned,
    ContractRejected,
    ContractSubmitted,
    ContractTerms,
)

# --- state: only what a later decision needs ---------------------------------

Status = Literal["drafted", "submitted", "approved", "rejected"]


@dataclass(frozen=True, slots=True)
class Undrafted:
    """There is no such contract."""


@dataclass(frozen=True, slots=True)
class Written:
    """A contract, as it stands."""

    drafted: ContractDrafted
    terms: ContractTerms
    author_ids: tuple[str, ...]
    """Everybody who wrote on it, the first of them first."""
    status: Status
    approval_id: str | None
    """The approval it was last put up for, while that says anything about it as it stands."""
    owner_id: str | None
    """Who looks after it: at first who drafted it, nobody where a program did."""


Contract = Undrafted | Written

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(contract: Contract, event: ContractEvent) -> Contract:
    """The contract after ``event``."""
    if isinstance(event, ContractDrafted):
        authors = _authors((), event.author_id)
        return Written(event, event.terms, authors, "drafted", None, event.author_id)
    assert isinstance(contract, Written)
    changes: dict[str, Any]
    match event:
        case ContractAmended():
            changes = {
                "terms": event.terms,
                "author_ids": _authors(contract.author_ids, event.author_id),
                "status": "drafted",
                "approval_id": None,
            }
        case ContractSubmitted():
            changes = {"status": "submitted", "approval_id": event.approval_id}
        case ContractApproved():
            changes = {"status": "approved"}
        case ContractRejected():
            changes = {"status": "drafted" if event.sent_back else "rejected"}
        case ContractReassigned():
            changes = {"owner_id": event.owner_id}
        case unknown:
            assert_never(unknown)
    return replace(contract, **changes)


def _authors(before: tuple[str, ...], author_id: str | None) -> tuple[str, ...]:
    return before if author_id is None else tuple(dict.fromkeys((*before, author_id)))


CONTRACT: Final[Decider[Contract, ContractEvent]] = Decider("contract", Undrafted(), evolve)

# --- decisions: one verb each; facts or a refusal ----------------------------


def existing(contract: Contract) -> Written:
    """The contract, which must have been drafted.

    Raises:
        NotFound: ``unknown-contract``.
    """
    if not isinstance(contract, Written):
        raise NotFound("unknown-contract", "there is no such contract", field="contract_id")
    return contract


def changeable(contract: Contract) -> Written:
    """The contract, which must be neither submitted nor approved.

    Raises:
        NotFound: ``unknown-contract``.
        WrongState: ``contract-submitted``.
    """
    written = existing(contract)
    if written.status in {"submitted", "approved"}:
        raise WrongState(
            "contract-submitted", "it is put up for an approval, or has one", field="contract_id"
        )
    return written


def draft(contract: Contract, *, fact: ContractDrafted) -> tuple[ContractEvent, ...]:
    """Write it down as ``fact`` says; nothing when it was drafted just so.

    Raises:
        WrongState: ``contract-already-drafted``, otherwise than asked for.
        Invalid: ``negative-amount``; ``validity-backwards``: it ends before it begins.
    """
    if isinstance(contract, Written):
        if contract.drafted == fact:
            return ()
        raise WrongState("contract-already-drafted", "this id is taken", field="contract_id")
    _check_terms(fact.terms)
    return (fact,)


def amend(
    contract: Contract, *, terms: ContractTerms, author_id: str | None
) -> tuple[ContractEvent, ...]:
    """Have it say something else; nothing when it says just that.

    Raises:
        NotFound: ``unknown-contract``.
        Invalid: ``negative-amount``, ``validity-backwards``.
    """
    written = existing(contract)
    if written.terms == terms:
        return ()
    _check_terms(terms)
    return (
        ContractAmended(
            contract_id=written.drafted.contract_id,
            account_id=written.drafted.account_id,
            terms=terms,
            author_id=author_id,
        ),
    )


def _check_terms(terms: ContractTerms) -> None:
    check_amount(terms.amount, field="terms.amount")
    if terms.valid_until < terms.valid_from:
        raise Invalid("validity-backwards", "it ends before it begins", field="terms.valid_until")


def reassign(contract: Contract, *, owner_id: str) -> tuple[ContractEvent, ...]:
    """Have ``owner_id`` look after it; nothing if they do. An approval of it says what it said.

    Raises:
        NotFound: ``unknown-contract``.
    """
    written = existing(contract)
    if written.owner_id == owner_id:
        return ()
    return (
        ContractReassigned(
            contract_id=written.drafted.contract_id,
            account_id=written.drafted.account_id,
            owner_id=owner_id,
        ),
    )


def submit(contract: Contract, *, approval_id: str) -> tuple[ContractEvent, ...]:
    """Put it up for the approval ``approval_id``; nothing when it is, or was approved by it.

    Raises:
        NotFound: ``unknown-contract``.
        WrongState: ``contract-submitted`` for another, waiting or granted; ``contract-rejected``:
            it is amended first.
    """
    written = existing(contract)
    match written.status:
        case "submitted" | "approved" if written.approval_id == approval_id:
            return ()
        case "submitted" | "approved":
            raise WrongState("contract-submitted", "it is put up for an approval, or has one")
        case "rejected":
            raise WrongState("contract-rejected", "amend it first")
        case "drafted":
            fact = ContractSubmitted(
                contract_id=written.drafted.contract_id,
                account_id=written.drafted.account_id,
                approval_id=approval_id,
            )
            return (fact,)
        case unknown:
            assert_never(unknown)


def approve(contract: Contract, *, approval_id: str) -> tuple[ContractEvent, ...]:
    """Let it be signed, by the approval it was put up for; nothing when it may be.

    Raises:
        NotFound: ``unknown-contract``.
        WrongState: ``contract-not-submitted`` for this approval.
    """
    written = existing(contract)
    if (written.status, written.approval_id) == ("approved", approval_id):
        return ()
    _check_submitted(written, approval_id)
    return (
        ContractApproved(
            contract_id=written.drafted.contract_id,
            account_id=written.drafted.account_id,
            approval_id=approval_id,
        ),
    )


def reject(contract: Contract, *, approval_id: str, sent_back: bool) -> tuple[ContractEvent, ...]:
    """Have it not be signed as it stands; nothing when that was said already.

    Raises:
        NotFound: ``unknown-contract``.
        WrongState: ``contract-not-submitted`` for this approval.
    """
    written = existing(contract)
    ended = "drafted" if sent_back else "rejected"
    if (written.status, written.approval_id) == (ended, approval_id):
        return ()
    _check_submitted(written, approval_id)
    return (
        ContractRejected(
            contract_id=written.drafted.contract_id,
            account_id=written.drafted.account_id,
            approval_id=approval_id,
            sent_back=sent_back,
        ),
    )


def _check_submitted(written: Written, approval_id: str) -> None:
    if (written.status, written.approval_id) != ("submitted", approval_id):
        raise WrongState("contract-not-submitted", "it is not put up for this approval")
