"""What outcomes need from elsewhere: an account, and a contract of its own."""

from typing import Any, Final

import pytest

from aggregates.refusals import Invalid, NotFound, Refusal
from commands.accounts.account import RegisterAccount
from commands.accounts.account_outcome import RecordAccountOutcome, WithdrawAccountOutcome
from commands.command import Command
from commands.pipeline.contract import DraftContract, Terms
from tests.commands.company import company
from tests.commands.office import Office
from tests.examples.approvals import terms
from tests.examples.cast import NOON, usd

LOST: Final = RecordAccountOutcome(
    outcome_id="x1",
    account_id="acme",
    outcome="renewal_lost",
    occurred_on=NOON.date(),
    contract_id="c1",
    reason="they went to Globex",
)


def at_work(*more: Command) -> Office:
    office = company()
    what = Terms.model_validate(terms(usd(1_00)).model_dump())
    office.ask_all(
        RegisterAccount(account_id="zenith", name="Zenith"),
        DraftContract(contract_id="c1", account_id="acme", region_id="emea", terms=what),
        DraftContract(contract_id="c2", account_id="zenith", region_id="emea", terms=what),
        *more,
    )
    return office


@pytest.mark.parametrize(
    ("fields", "rule", "kind", "field"),
    [
        ({"account_id": "none"}, "unknown-account", NotFound, "account_id"),
        ({"contract_id": "none"}, "unknown-contract", NotFound, "contract_id"),
        ({"contract_id": "c2"}, "other-account", Invalid, "contract_id"),
    ],
)
def test_what_it_names_exists(
    fields: dict[str, Any], rule: str, kind: type[Refusal], field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        at_work().ask(LOST.model_copy(update=fields))
    assert (refused.value.rule, type(refused.value), refused.value.field) == (rule, kind, field)


@pytest.mark.parametrize("contract_id", ["c1", None])
def test_a_contract_may_be_named(contract_id: str | None) -> None:
    assert at_work().ask(LOST.model_copy(update={"contract_id": contract_id})).version == 1


def test_an_outcome_is_withdrawn() -> None:
    withdrawing = WithdrawAccountOutcome(outcome_id="x1", reason="another Acme")
    assert at_work(LOST).ask(withdrawing).version == 2
    with pytest.raises(NotFound):
        at_work().ask(withdrawing)
