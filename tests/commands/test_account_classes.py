"""Which value matrix an account is ranked under, and who may approve one."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any, Final

import pytest

from aggregates.refusals import Invalid, NotAllowed, NotFound, Refusal, WrongState
from commands.accounts.account import ChangeAccountOwner
from commands.accounts.account_class import ClassifyAccount, ReclassifyAccount
from commands.command import Command
from commands.organization.api_key import IssueApiKey
from commands.policies.value_matrix import (
    ActivateValueMatrix,
    ApproveValueMatrix,
    DraftValueMatrix,
    ProposeValueMatrix,
)
from commands.ports import Receipt
from events.accounts.account_class import AccountClassified, Measure
from events.policies.value_matrix import ValueMatrix, ValueMatrixApproved, ValueMatrixDrafted
from tests.commands.company import company
from tests.commands.office import Office
from tests.examples.cast import ANN, BEA, CARL, dimension, matrix

STREAM: Final = "account_class-acme"
LAX: Final = matrix(dimension("fit", 10_000), key_from=20_000, strategic_from=40_000)
TIGHT: Final = matrix(dimension("fit", 10_000), key_from=20_000, strategic_from=50_000)
JANUARY: Final = date(2026, 1, 1)


def key(key_id: str, employee: str | None) -> IssueApiKey:
    return IssueApiKey(
        key_id=key_id,
        secret_sha256="5e" * 32,
        roles=("administrator",),
        label="a key",
        employee_id=employee,
    )


KEYS: Final = (
    key("ann", ANN),
    key("ann-2", ANN),
    key("bea", BEA),
    key("carl", CARL),
    key("program", None),
)


def staffed(*more: Command) -> Office:
    return company(*KEYS, *more)


def in_force(
    office: Office,
    document: ValueMatrix,
    *,
    region_id: str | None = None,
    version: int = 1,
    on: date = JANUARY,
) -> None:
    """Have ``document`` drafted by Ann, approved by Bea and activated."""
    place: dict[str, Any] = {"region_id": region_id}
    office.ask(DraftValueMatrix(document=document, **place), key_id="ann")
    office.ask(ProposeValueMatrix(version=version, **place), key_id="ann")
    office.ask(ApproveValueMatrix(version=version, **place), key_id="bea")
    office.ask(ActivateValueMatrix(version=version, effective_on=on, **place), key_id="carl")


def rated(band: int, account_id: str = "acme") -> ClassifyAccount:
    measure = Measure(dimension_id="fit", band=band, evidence="seen on site")
    return ClassifyAccount(account_id=account_id, measures=(measure,))


def classified(office: Office, stream: str = STREAM) -> AccountClassified:
    last = office.facts(stream)[-1]
    assert isinstance(last, AccountClassified)
    return last


def refusal(office: Office, command: Command, **asked: Any) -> Refusal:
    with pytest.raises(Refusal) as refused:
        office.ask(command, **asked)
    return refused.value


# --- which matrix holds -----------------------------------------------------------


def test_the_matrix_of_the_group_holds_for_an_account_in_no_region() -> None:
    """KAM-01: and the decision names its version."""
    office = staffed()
    in_force(office, LAX)
    office.ask(rated(4))
    found = classified(office)
    assert (found.account_class, found.score, found.region_id) == ("strategic", 40_000, None)
    assert (found.matrix_region_id, found.matrix_version) == (None, 1)
    assert office.policies(STREAM) == {"value_matrix-*": 1}


def test_the_nearest_matrix_holds() -> None:
    """REG-11: a region may be stricter."""
    office = staffed(ChangeAccountOwner(account_id="acme", owner_id=ANN))
    in_force(office, LAX)
    in_force(office, TIGHT, region_id="emea")
    office.ask(rated(4))
    found = classified(office)
    assert (found.account_class, found.region_id) == ("key", "dach")
    assert (found.matrix_region_id, found.matrix_version) == ("emea", 1)
    assert office.policies(STREAM) == {"value_matrix-emea": 1}


@pytest.mark.parametrize("region", ["emea", "dach"])
def test_no_region_is_laxer_than_what_lies_above_it(region: str) -> None:
    """REG-11: the group itself counts as above."""
    office = staffed()
    in_force(office, TIGHT)
    office.ask(DraftValueMatrix(region_id=region, document=LAX), key_id="ann")
    office.ask(ProposeValueMatrix(region_id=region, version=1), key_id="ann")
    office.ask(ApproveValueMatrix(region_id=region, version=1), key_id="bea")
    found = refusal(office, ActivateValueMatrix(region_id=region, version=1, effective_on=JANUARY))
    assert (found.rule, type(found)) == ("weaker-than-parent", Invalid)


def test_without_a_matrix_nothing_is_ranked() -> None:
    found = refusal(staffed(), rated(4))
    assert (found.rule, type(found), found.field) == ("no-value-matrix", WrongState, None)


@pytest.mark.parametrize("command", [rated(4, "none"), ReclassifyAccount(account_id="none")])
def test_what_is_ranked_exists(command: Command) -> None:
    office = staffed()
    in_force(office, LAX)
    found = refusal(office, command)
    assert (found.rule, type(found), found.field) == ("unknown-account", NotFound, "account_id")


def test_a_matrix_is_drafted_for_a_region_there_is() -> None:
    found = refusal(staffed(), DraftValueMatrix(region_id="none", document=LAX))
    assert (found.rule, type(found), found.field) == ("unknown-region", NotFound, "region_id")


def test_the_version_follows_the_business_date() -> None:
    """KAM-03: a new standard does not reach back; the old class rests on the old version."""
    office = staffed()
    in_force(office, LAX)
    in_force(office, TIGHT, version=2, on=date(2026, 2, 1))
    office.ask(rated(4), occurred_at=datetime(2026, 1, 31, tzinfo=UTC))
    assert (classified(office).matrix_version, classified(office).account_class) == (1, "strategic")
    office.ask(ReclassifyAccount(account_id="acme"), occurred_at=datetime(2026, 2, 1, tzinfo=UTC))
    assert (classified(office).matrix_version, classified(office).account_class) == (2, "key")
    assert len(office.facts(STREAM)) == 2
    assert office.ask(ReclassifyAccount(account_id="acme")).events == ()


# --- who approves -----------------------------------------------------------------


def proposed() -> Office:
    office = staffed()
    office.ask(DraftValueMatrix(document=LAX), key_id="ann")
    office.ask(ProposeValueMatrix(version=1), key_id="carl")
    return office


def test_authors_are_employees_whatever_key_they_show() -> None:
    office = proposed()
    drafted = office.facts("value_matrix-*")[0]
    assert isinstance(drafted, ValueMatrixDrafted)
    assert drafted.drafted_by == ANN
    for key_id in ("ann", "ann-2", "carl"):
        found = refusal(office, ApproveValueMatrix(version=1), key_id=key_id)
        assert (found.rule, type(found)) == ("own-proposal", NotAllowed)


@pytest.mark.parametrize("key_id", ["program", None])
def test_what_acts_for_nobody_does_not_approve(key_id: str | None) -> None:
    found = refusal(proposed(), ApproveValueMatrix(version=1), key_id=key_id)
    assert (found.rule, type(found)) == ("approver-not-employee", NotAllowed)


def test_a_program_may_draft_and_an_employee_approve() -> None:
    office = staffed()
    office.ask(DraftValueMatrix(document=LAX), key_id="program")
    office.ask(ProposeValueMatrix(version=1), key_id="program")
    office.ask(ApproveValueMatrix(version=1), key_id="bea")
    last = office.facts("value_matrix-*")[-1]
    assert isinstance(last, ValueMatrixApproved)
    assert last.approved_by == BEA


def test_two_that_rank_at_once_leave_one_outcome() -> None:
    office = staffed()
    in_force(office, LAX)
    neighbour = office.neighbour()

    async def both() -> list[Receipt]:
        return list(await asyncio.gather(office.carry(rated(4)), neighbour.carry(rated(4))))

    receipts = asyncio.run(both())
    assert sorted(len(receipt.events) for receipt in receipts) == [0, 1]
