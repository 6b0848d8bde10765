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
from commands.organization.region import OpenRegion
from commands.policies.value_matrix import (
    ActivateValueMatrix,
    DraftValueMatrix,
    ProposeValueMatrix,
)
from commands.ports import Receipt
from events.accounts.account_class import AccountClassified, Measure
from events.policies.approval_route import ApprovalRoute, NamedEmployee
from events.policies.value_matrix import ValueMatrix, ValueMatrixApproved, ValueMatrixDrafted
from events.work.approval import ApprovalRequested
from tests.commands.company import company
from tests.commands.office import Office
from tests.commands.planners import route_in_force, yes
from tests.examples.approvals import MANAGER, route, step
from tests.examples.cast import ANN, BEA, CARL, NOON, dimension, matrix

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


ANYBODY: Final = route(
    ("true", step(*(NamedEmployee(employee_id=one) for one in (ANN, BEA, CARL))))
)
"""One of the three approves: whoever has not written or proposed it."""


def staffed(*more: Command, world: ApprovalRoute = ANYBODY) -> Office:
    return company(*KEYS, *route_in_force(world, kind="value_matrix"), *more)


def propose(version: int = 1, approval_id: str = "a1", **other: Any) -> ProposeValueMatrix:
    return ProposeValueMatrix(version=version, approval_id=approval_id, **other)


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
    approval_id = f"{region_id}.{version}"
    office.ask(propose(version, approval_id, **place), key_id="ann")
    office.ask(yes(approval_id), key_id="bea")
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


def test_what_has_become_weaker_than_what_lies_above_gives_way_to_it() -> None:
    """REG-11: emea was as strict as the group, which then asks for more."""
    office = staffed(ChangeAccountOwner(account_id="acme", owner_id=ANN))
    in_force(office, LAX)
    in_force(office, LAX, region_id="emea")
    office.ask(rated(4))
    assert (classified(office).matrix_region_id, classified(office).account_class) == (
        "emea",
        "strategic",
    )
    in_force(office, TIGHT, version=2, on=NOON.date())
    office.ask(ReclassifyAccount(account_id="acme"))
    assert (classified(office).matrix_region_id, classified(office).account_class) == (None, "key")
    in_force(office, TIGHT, region_id="dach")
    office.ask(ReclassifyAccount(account_id="acme"))
    assert classified(office).matrix_region_id == "dach"


@pytest.mark.parametrize("region", ["emea", "dach"])
def test_no_region_is_laxer_than_what_lies_above_it(region: str) -> None:
    """REG-11: the group itself counts as above."""
    office = staffed()
    in_force(office, TIGHT)
    office.ask(DraftValueMatrix(region_id=region, document=LAX), key_id="ann")
    office.ask(propose(region_id=region), key_id="ann")
    office.ask(yes(), key_id="bea")
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


def proposed(**other: Any) -> Office:
    office = staffed(**other)
    office.ask(DraftValueMatrix(document=LAX), key_id="ann")
    office.ask(propose(), key_id="carl")
    return office


def names(office: Office, stream: str = "value_matrix-*") -> list[str]:
    return [fact.NAME for fact in office.facts(stream)]


def requested(office: Office, approval_id: str = "a1") -> ApprovalRequested:
    fact = office.facts(f"approval-{approval_id}")[0]
    assert isinstance(fact, ApprovalRequested)
    return fact


def test_a_version_is_approved_with_its_last_approval_in_one_act() -> None:
    """KAM-01."""
    receipt = proposed().ask(yes(), key_id="bea")
    assert [one.name for one in receipt.events] == [
        "approval.decided",
        "approval.granted",
        "value_matrix.approved",
    ]


def test_the_matrix_of_the_group_is_approved_where_the_region_of_who_asks_has_its_root() -> None:
    """CFG-06: Carl works for apac; above it is the world."""
    fact = requested(proposed())
    assert (fact.subject_id, fact.region_id, fact.account_id) == ("*.1", "world", None)
    assert (fact.requester_id, fact.author_ids) == (CARL, (ANN,))
    assert {one.name: one.value for one in fact.facts} == {
        "dimensions": 1,
        "is_group": True,
        "key_from": 20_000,
        "region": "*",
        "strategic_from": 40_000,
        "version": 1,
    }


def test_the_matrix_of_a_region_is_approved_there() -> None:
    """KAM-30: under its own route and those above."""
    own = route(("key_from < 20001 && !is_group", step(MANAGER, step_id="own")))
    office = staffed(*route_in_force(own, "emea", kind="value_matrix"))
    office.ask(DraftValueMatrix(region_id="emea", document=LAX), key_id="ann")
    office.ask(propose(region_id="emea"), key_id="carl")
    fact = requested(office)
    assert (fact.subject_id, fact.region_id) == ("emea.1", "emea")
    assert [one.step_id for one in fact.steps] == ["check", "own"]


def test_a_region_with_the_longest_of_ids_has_a_matrix_too() -> None:
    name = "r" * 61 + ".10"
    office = staffed(OpenRegion(region_id=name, name="Long", parent_id="world"))
    office.ask(DraftValueMatrix(region_id=name, document=LAX), key_id="ann")
    office.ask(propose(region_id=name), key_id="ann")
    office.ask(yes(), key_id="bea")
    assert requested(office).subject_id == f"{name}.1"
    assert names(office, f"value_matrix-{name}")[-1] == "value_matrix.approved"


def test_each_version_is_approved_by_itself() -> None:
    office = staffed()
    for version, document in enumerate((LAX, TIGHT), start=1):
        office.ask(DraftValueMatrix(document=document), key_id="ann")
        office.ask(propose(version, f"a{version}"), key_id="ann")
    office.ask(yes("a2"), key_id="bea")
    office.ask(ActivateValueMatrix(version=2, effective_on=JANUARY))
    found = refusal(office, ActivateValueMatrix(version=1, effective_on=NOON.date()))
    assert (found.rule, type(found)) == ("version-not-approved", WrongState)
    assert requested(office, "a1").content_sha256 != requested(office, "a2").content_sha256
    office.ask(yes("a1"), key_id="bea")
    office.ask(ActivateValueMatrix(version=1, effective_on=NOON.date()))


def test_the_same_document_under_another_version_is_something_else() -> None:
    """No copy is approved with what it is a copy of."""
    office = staffed()
    for version, document in enumerate((LAX, TIGHT, LAX), start=1):
        office.ask(DraftValueMatrix(document=document), key_id="ann")
        office.ask(propose(version, f"a{version}"), key_id="ann")
    assert requested(office, "a1").content_sha256 != requested(office, "a3").content_sha256


def test_authors_are_employees_whatever_key_they_show() -> None:
    office = proposed()
    drafted = office.facts("value_matrix-*")[0]
    assert isinstance(drafted, ValueMatrixDrafted)
    assert drafted.drafted_by == ANN
    for key_id in ("ann", "ann-2", "carl"):
        found = refusal(office, yes(), key_id=key_id)
        assert (found.rule, type(found)) == ("self-approval", NotAllowed)


@pytest.mark.parametrize("key_id", ["program", None])
def test_what_acts_for_nobody_does_not_approve_and_asks_for_somebody(key_id: str | None) -> None:
    office = staffed()
    office.ask(DraftValueMatrix(document=LAX), key_id=key_id)
    for command in (propose(), yes()):
        found = refusal(office, command, key_id=key_id)
        assert (found.rule, type(found)) == ("person-missing", Invalid)
    office.ask(propose(requester_id=CARL), key_id=key_id)
    office.ask(yes(), key_id="bea")
    assert isinstance(office.facts("value_matrix-*")[-1], ValueMatrixApproved)


@pytest.mark.parametrize(
    ("decision", "rule"), [("rejected", "version-rejected"), ("sent_back", None)]
)
def test_a_version_that_is_not_agreed_to_is_not_put_in_force(
    decision: str, rule: str | None
) -> None:
    office = proposed()
    office.ask(yes(decision=decision, comment="too lax"), key_id="bea")
    assert names(office)[-1] == "value_matrix.rejected"
    found = refusal(office, ActivateValueMatrix(version=1, effective_on=JANUARY))
    assert found.rule == "version-not-approved"
    if rule is None:
        office.ask(propose(approval_id="a2"), key_id="ann")
        office.ask(yes("a2"), key_id="bea")
        assert names(office)[-1] == "value_matrix.approved"
    else:
        assert refusal(office, propose(approval_id="a2"), key_id="ann").rule == rule


def test_a_version_is_put_up_once_and_a_repeat_changes_nothing() -> None:
    office = proposed()
    assert office.ask(propose(), key_id="carl").events == ()
    assert refusal(office, propose(approval_id="a2"), key_id="carl").rule == "version-proposed"
    found = refusal(office, propose(9, "a3"), key_id="carl")
    assert (found.rule, found.field) == ("unknown-version", "version")


def test_without_a_route_no_version_is_put_up() -> None:
    office = company(*KEYS)
    office.ask(DraftValueMatrix(document=LAX), key_id="ann")
    found = refusal(office, propose(), key_id="ann")
    assert (found.rule, type(found)) == ("no-approval-route", WrongState)


def test_what_needs_nobody_is_approved_with_the_proposal() -> None:
    assert names(proposed(world=route())) == [
        "value_matrix.drafted",
        "value_matrix.proposed",
        "value_matrix.approved",
    ]


def test_two_that_rank_at_once_leave_one_outcome() -> None:
    office = staffed()
    in_force(office, LAX)
    neighbour = office.neighbour()

    async def both() -> list[Receipt]:
        return list(await asyncio.gather(office.carry(rated(4)), neighbour.carry(rated(4))))

    receipts = asyncio.run(both())
    assert sorted(len(receipt.events) for receipt in receipts) == [0, 1]
