"""Contracts: drafted, amended, put up for approval as they stand, approved or not."""

from datetime import date
from functools import partial
from typing import Any

import pytest

from aggregates.pipeline.contract import (
    CONTRACT,
    amend,
    approve,
    draft,
    existing,
    reassign,
    reject,
    submit,
)
from aggregates.refusals import Invalid, NotFound, WrongState
from tests.examples.approvals import (
    CONTRACT_AMENDED,
    CONTRACT_APPROVED,
    CONTRACT_DRAFTED,
    CONTRACT_REASSIGNED,
    CONTRACT_REJECTED,
    CONTRACT_SUBMITTED,
    terms,
)
from tests.examples.cast import ANN, BEA, CARL, usd
from tests.given import given

SENT_BACK = CONTRACT_REJECTED.model_copy(update={"sent_back": True})
reject_a1 = partial(reject, approval_id="a1", sent_back=False)
send_back_a1 = partial(reject, approval_id="a1", sent_back=True)


def test_a_contract_is_drafted_once() -> None:
    given(CONTRACT).when(draft, fact=CONTRACT_DRAFTED).then(CONTRACT_DRAFTED)
    other = CONTRACT_DRAFTED.model_copy(update={"region_id": "apac"})
    given(CONTRACT, CONTRACT_DRAFTED).when(draft, fact=other).then_refused(
        "contract-already-drafted", WrongState, field="contract_id"
    )


@pytest.mark.parametrize(
    ("wrong", "rule", "field"),
    [
        (terms(usd(-1)), "negative-amount", "terms.amount"),
        (
            terms(usd(1), valid_until=date(2026, 3, 31)),
            "validity-backwards",
            "terms.valid_until",
        ),
    ],
)
def test_terms_that_cannot_be_are_refused(wrong: Any, rule: str, field: str) -> None:
    fact = CONTRACT_DRAFTED.model_copy(update={"terms": wrong})
    given(CONTRACT).when(draft, fact=fact).then_refused(rule, Invalid, field=field)
    given(CONTRACT, CONTRACT_DRAFTED).when(amend, terms=wrong, author_id=ANN).then_refused(
        rule, Invalid, field=field
    )


def test_a_contract_may_be_for_nothing_and_for_a_day() -> None:
    fact = CONTRACT_DRAFTED.model_copy(
        update={"terms": terms(usd(0), valid_until=date(2026, 4, 1))}
    )
    given(CONTRACT).when(draft, fact=fact).then(fact)


@pytest.mark.parametrize(
    "before",
    [
        (),
        (CONTRACT_SUBMITTED,),
        (CONTRACT_SUBMITTED, CONTRACT_APPROVED),
        (CONTRACT_SUBMITTED, CONTRACT_REJECTED),
    ],
)
def test_an_amended_contract_is_a_draft_again(before: tuple[Any, ...]) -> None:
    given(CONTRACT, CONTRACT_DRAFTED, *before).when(
        amend, terms=CONTRACT_AMENDED.terms, author_id=ANN
    ).then(CONTRACT_AMENDED)
    state = existing(CONTRACT.fold([CONTRACT_DRAFTED, *before, CONTRACT_AMENDED]))
    assert (state.status, state.approval_id) == ("drafted", None)


def test_everybody_who_wrote_on_it_is_an_author() -> None:
    by_bea = CONTRACT_AMENDED.model_copy(update={"author_id": BEA})
    by_program = CONTRACT_AMENDED.model_copy(update={"author_id": None, "terms": terms(usd(1))})
    state = existing(CONTRACT.fold([CONTRACT_DRAFTED, by_bea, by_program, CONTRACT_AMENDED]))
    assert state.author_ids == (ANN, BEA)


def test_a_contract_is_put_up_for_one_approval_at_a_time() -> None:
    given(CONTRACT, CONTRACT_DRAFTED).when(submit, approval_id="a1").then(CONTRACT_SUBMITTED)
    for told in ((), (CONTRACT_APPROVED,)):
        submitted = given(CONTRACT, CONTRACT_DRAFTED, CONTRACT_SUBMITTED, *told)
        submitted.when(submit, approval_id="a1").then()
        submitted.when(submit, approval_id="a2").then_refused("contract-submitted", WrongState)


def test_a_rejected_contract_is_amended_before_it_is_put_up_again() -> None:
    told = (CONTRACT_DRAFTED, CONTRACT_SUBMITTED)
    again = CONTRACT_SUBMITTED.model_copy(update={"approval_id": "a2"})
    given(CONTRACT, *told, CONTRACT_REJECTED).when(submit, approval_id="a2").then_refused(
        "contract-rejected", WrongState
    )
    given(CONTRACT, *told, SENT_BACK).when(submit, approval_id="a2").then(again)
    given(CONTRACT, *told, CONTRACT_REJECTED, CONTRACT_AMENDED).when(submit, approval_id="a2").then(
        again
    )


def test_what_is_put_up_is_approved_or_rejected_by_that_approval() -> None:
    told = (CONTRACT_DRAFTED, CONTRACT_SUBMITTED)
    given(CONTRACT, *told).when(approve, approval_id="a1").then(CONTRACT_APPROVED)
    given(CONTRACT, *told).when(reject_a1).then(CONTRACT_REJECTED)
    given(CONTRACT, *told).when(send_back_a1).then(SENT_BACK)


@pytest.mark.parametrize(
    "told",
    [
        (CONTRACT_DRAFTED,),
        (CONTRACT_DRAFTED, CONTRACT_SUBMITTED, CONTRACT_AMENDED),
        (CONTRACT_DRAFTED, CONTRACT_SUBMITTED.model_copy(update={"approval_id": "a2"})),
    ],
)
def test_what_is_not_put_up_is_neither_approved_nor_rejected(told: tuple[Any, ...]) -> None:
    for verb in (partial(approve, approval_id="a1"), reject_a1, send_back_a1):
        given(CONTRACT, *told).when(verb).then_refused("contract-not-submitted", WrongState)


def test_what_is_not_there_is_refused() -> None:
    for verb in (
        partial(amend, terms=terms(usd(1)), author_id=ANN),
        partial(submit, approval_id="a1"),
        partial(approve, approval_id="a1"),
        reject_a1,
    ):
        given(CONTRACT).when(verb).then_refused("unknown-contract", NotFound, field="contract_id")


def test_another_looks_after_it_and_what_was_approved_stays_approved() -> None:
    told = (CONTRACT_DRAFTED, CONTRACT_SUBMITTED, CONTRACT_APPROVED)
    given(CONTRACT, *told).when(reassign, owner_id=CARL).then(CONTRACT_REASSIGNED)
    after = existing(CONTRACT.fold([*told, CONTRACT_REASSIGNED]))
    assert (after.status, after.owner_id, after.author_ids) == ("approved", CARL, (ANN,))


def test_who_drafted_it_looks_after_it_and_nobody_where_a_program_did() -> None:
    given(CONTRACT, CONTRACT_DRAFTED).when(reassign, owner_id=ANN).then()
    nobodys = CONTRACT_DRAFTED.model_copy(update={"author_id": None})
    assert existing(CONTRACT.fold([nobodys])).owner_id is None
    given(CONTRACT, nobodys).when(reassign, owner_id=CARL).then(CONTRACT_REASSIGNED)
    given(CONTRACT).when(reassign, owner_id=CARL).then_refused(
        "unknown-contract", NotFound, field="contract_id"
    )
