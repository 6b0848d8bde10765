"""Approvals end to end: routes by region, decisions by persons, the subject in the same act."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pytest

from aggregates.refusals import Invalid, NotAllowed, NotFound, Refusal, WrongState
from commands.approving import DECIDING
from commands.catalogue import MAY_ISSUE
from commands.command import Command
from commands.organization.employee import MoveEmployee, RecordEmployeeLeft
from commands.pipeline.contract import AmendContract, DraftContract
from commands.policies.approval_route import ActivateApprovalRoute, DraftApprovalRoute
from commands.ports import Receipt
from commands.work.approval import (
    DecideApproval,
    DelegateApproval,
    EscalateApproval,
    ReplaceApprover,
)
from events.policies.approval_route import NamedEmployee
from events.work.approval import ApprovalRequested, RoleInRegion
from tests.commands.company import company
from tests.commands.office import Office
from tests.commands.signing import (
    GUS,
    YEAR,
    draft,
    in_force,
    key_of,
    signing,
    submit,
    to,
    yes,
)
from tests.examples.approvals import EVE, FAY, HEADQUARTERS, MANAGER, TWO_LEVELS, route, step
from tests.examples.cast import ANN, BEA, DORA, NOON

CONTRACT: Final = "contract-c1"
APPROVAL: Final = "approval-a1"


def names(office: Office, stream: str) -> list[str]:
    return [fact.NAME for fact in office.facts(stream)]


def requested(office: Office, approval_id: str = "a1") -> ApprovalRequested:
    (fact, *_) = office.facts(f"approval-{approval_id}")
    assert isinstance(fact, ApprovalRequested)
    return fact


def refused(office: Office, rule: str, kind: type[Refusal], command: Command, **asked: Any) -> None:
    with pytest.raises(Refusal) as found:
        office.ask(command, **asked)
    assert (found.value.rule, type(found.value)) == (rule, kind)


def submitted(*more: Command, amount: int = 21_000_00, **fields: Any) -> Office:
    office = signing(*more, **fields)
    office.ask(draft(amount=amount), key_id="ann")
    office.ask(submit(), key_id="ann")
    return office


def test_a_contract_is_approved_with_its_last_approval_in_one_act() -> None:
    """L2C-10: 21,000 needs the region's manager, then headquarters."""
    office = submitted()
    office.ask(yes(1), key_id="fay")
    assert names(office, CONTRACT) == ["contract.drafted", "contract.submitted"]
    receipt = office.ask(yes(2), key_id="eve")
    assert [event.name for event in receipt.events] == [
        "approval.decided",
        "approval.granted",
        "contract.approved",
    ]
    assert receipt.stream == APPROVAL


def test_a_request_freezes_what_it_rests_on() -> None:
    office = submitted()
    fact = requested(office)
    assert (fact.requester_id, fact.author_ids, fact.region_id) == (ANN, (ANN,), "dach")
    assert [(found.region_id, found.version) for found in fact.routes] == [("world", 1)]
    assert {found.name: found.value for found in fact.facts} == {
        "account_class": "unclassified",
        "amount_minor": 21_000_00,
        "currency": "USD",
        "discount_bps": 500,
        "region": "dach",
        "region_mode": "direct",
        "window_total_minor": 21_000_00,
    }
    assert [found.approvers for found in fact.steps] == [
        (RoleInRegion(role="sales_manager", region_id="dach"),),
        (RoleInRegion(role="sales_manager", region_id="world"),),
    ]
    assert [found.due_on for found in fact.steps] == [date(2026, 3, 5), date(2026, 3, 10)]
    assert office.policies(APPROVAL) == {"approval_route-contract.world": 1}


def test_what_needs_nobody_is_approved_with_the_submission() -> None:
    office = signing()
    office.ask(draft(amount=10_000_00), key_id="ann")
    receipt = office.ask(submit(), key_id="ann")
    assert [event.name for event in receipt.events] == [
        "approval.requested",
        "approval.granted",
        "contract.submitted",
        "contract.approved",
        "commitment.entered",
    ]


def test_a_repeat_changes_nothing() -> None:
    office = submitted()
    assert office.ask(submit(), key_id="ann").events == ()
    office.ask(yes(1), key_id="fay")
    assert office.ask(yes(1), key_id="fay").events == ()


@pytest.mark.parametrize(
    ("decision", "then"), [("rejected", "contract-rejected"), ("sent_back", None)]
)
def test_a_no_is_told_to_the_contract(decision: Any, then: str | None) -> None:
    office = submitted()
    office.ask(yes(1, decision=decision, comment="too cheap"), key_id="fay")
    assert names(office, CONTRACT)[-1] == "contract.rejected"
    if then is None:
        office.ask(submit(approval_id="a2"), key_id="ann")
        assert names(office, "approval-a2") == ["approval.requested"]
    else:
        refused(office, then, WrongState, submit(approval_id="a2"), key_id="ann")


def test_an_approval_that_ended_is_not_asked_for_again() -> None:
    """Sent back, the contract says the same: yet the old request does not come to life."""
    office = submitted()
    office.ask(yes(1, decision="sent_back"), key_id="fay")
    refused(office, "approval-already-requested", WrongState, submit(), key_id="ann")
    office.ask(draft("c2"), key_id="ann")
    refused(office, "approval-already-requested", WrongState, submit("c2"), key_id="ann")


# --- regions and versions -----------------------------------------------------------


def limit(amount: int) -> Any:
    return route((f"amount_minor > {amount}", step(HEADQUARTERS, step_id="headquarters")))


@pytest.mark.parametrize(
    ("region_id", "amount", "steps"),
    [
        ("dach", 100_000_00, 0),
        ("dach", 100_000_01, 1),
        ("apac", 200_000_00, 0),
        ("apac", 200_000_01, 1),
    ],
)
def test_a_region_has_its_own_limit(region_id: str, amount: int, steps: int) -> None:
    """REG-06, APR-01: 100,000 in one region, 200,000 in another; strictly more needs approval."""
    office = signing(
        *in_force("dach", limit(100_000_00)), *in_force("apac", limit(200_000_00)), world=route()
    )
    office.ask(draft(amount=amount, region_id=region_id), key_id="ann")
    office.ask(submit(), key_id="ann")
    assert len(requested(office).steps) == steps


def test_a_region_only_tightens_what_those_above_have_set() -> None:
    own = route(("discount_bps > 400", step(MANAGER, step_id="discount")), may_decide_twice=True)
    office = submitted(*in_force("emea", route()), *in_force("dach", own))
    fact = requested(office)
    assert [found.step_id for found in fact.steps] == ["manager", "headquarters", "discount"]
    assert [found.region_id for found in fact.routes] == ["world", "emea", "dach"]
    assert not fact.may_decide_twice


def test_running_requests_keep_their_version_and_new_ones_use_the_new() -> None:
    """CFG-02: an approval step is added."""
    office = submitted(amount=15_000_00)
    more = route(("true", step(MANAGER, step_id="manager")), ("true", step(HEADQUARTERS)))
    for command in in_force("world", more, version=2, on=NOON.date()):
        office.ask(command)
    office.ask(draft("c2", 15_000_00), key_id="ann")
    office.ask(submit("c2", "a2"), key_id="ann")
    for approval_id in ("a1", "a2"):
        office.ask(yes(1, approval_id), key_id="fay")
    assert names(office, CONTRACT)[-1] == "contract.approved"
    assert names(office, "contract-c2")[-1] == "contract.submitted"
    office.ask(yes(2, "a2"), key_id="eve")
    assert names(office, "contract-c2")[-1] == "contract.approved"


def test_the_version_follows_the_business_date() -> None:
    """What is entered late is decided under the route of its day."""
    office = signing(*in_force("world", route(), version=2, on=date(2026, 3, 1)))
    before = datetime(2026, 2, 28, 12, tzinfo=UTC)
    office.ask(draft(), key_id="ann", occurred_at=before)
    office.ask(submit(), key_id="ann", occurred_at=before)
    assert len(requested(office).steps) == 2
    office.ask(draft("c2"), key_id="ann")
    office.ask(submit("c2", "a2"), key_id="ann")
    assert requested(office, "a2").steps == ()


def test_a_route_without_rules_asks_for_nobody() -> None:
    office = signing(world=route())
    office.ask(draft(), key_id="ann")
    office.ask(submit(), key_id="ann")
    assert names(office, CONTRACT)[-1] == "contract.approved"


def test_a_route_is_drafted_for_what_there_is() -> None:
    office = signing()
    nobody = route(("true", step(NamedEmployee(employee_id=DORA))))
    for document, kind, rule, refusal in (
        (TWO_LEVELS, "poem", "unknown-subject-kind", NotFound),
        (nobody, "contract", "employee-not-active", WrongState),
        (route(("tier == 'key'", step(MANAGER))), "contract", "unknown-variable", Invalid),
    ):
        refused(
            office,
            rule,
            refusal,
            DraftApprovalRoute(region_id="dach", subject_kind=kind, document=document),
        )
    refused(
        office,
        "unknown-subject-kind",
        NotFound,
        ActivateApprovalRoute(region_id="dach", subject_kind="poem", version=1, effective_on=YEAR),
    )


# --- persons --------------------------------------------------------------------------


def test_nobody_approves_their_own_with_whatever_key() -> None:
    """No self-approval: it is the person that counts, not the key."""
    office = signing()
    office.ask(draft(), key_id="fay")
    office.ask(submit(), key_id="ann")
    for key_id in ("fay", "fay-2"):
        refused(office, "self-approval", NotAllowed, yes(1), key_id=key_id)
    office.ask(yes(1), key_id="gus")


def test_who_amends_it_has_written_on_it() -> None:
    office = signing()
    office.ask(draft(amount=1), key_id="ann")
    office.ask(AmendContract(contract_id="c1", terms=to(21_000_00)), key_id="fay")
    office.ask(submit(), key_id="ann")
    refused(office, "self-approval", NotAllowed, yes(1), key_id="fay")


def test_a_person_decides_once_also_with_a_second_key() -> None:
    office = submitted(*in_force("dach", route(("true", step(MANAGER)))))
    office.ask(yes(1), key_id="fay")
    office.ask(yes(2), key_id="eve")
    refused(office, "decides-once", WrongState, yes(3), key_id="fay-2")
    office.ask(yes(3), key_id="gus")
    assert names(office, CONTRACT)[-1] == "contract.approved"


def test_a_program_decides_nothing_and_asks_for_somebody() -> None:
    office = signing()
    office.ask(draft())
    refused(office, "person-missing", Invalid, submit())
    office.ask(submit(requester_id=ANN))
    refused(office, "person-missing", Invalid, yes(1))
    refused(office, "self-approval", NotAllowed, yes(1), key_id="ann")


def test_a_program_is_no_author_and_who_it_asks_for_is_barred() -> None:
    """What it writes nobody has written; somebody answers for the request."""
    nobodys = key_of(None, "program", "administrator")
    office = signing(nobodys)
    office.ask(draft(amount=1), key_id="program")
    office.ask(AmendContract(contract_id="c1", terms=to(21_000_00)), key_id="program")
    office.ask(submit(requester_id=FAY), key_id="program")
    assert (requested(office).author_ids, requested(office).requester_id) == ((), FAY)
    refused(office, "self-approval", NotAllowed, yes(1), key_id="fay-2")
    refused(office, "person-missing", Invalid, yes(1), key_id="program")
    office.ask(yes(1), key_id="gus")


def test_nobody_asks_in_anothers_name() -> None:
    office = signing()
    office.ask(draft(), key_id="ann")
    refused(office, "in-anothers-name", NotAllowed, submit(requester_id=BEA), key_id="ann")
    office.ask(submit(requester_id=ANN), key_id="ann")


def test_a_role_counts_where_the_employee_has_it_now() -> None:
    office = submitted()
    refused(office, "not-an-approver", NotAllowed, yes(1), key_id="bea")
    office.ask(MoveEmployee(employee_id=BEA, region_id="dach"))
    office.ask(yes(1), key_id="bea")


def test_the_roles_that_decide_are_those_that_may_issue_the_command() -> None:
    assert MAY_ISSUE[DecideApproval] == DECIDING


def delegation(**fields: Any) -> DelegateApproval:
    return DelegateApproval(
        **{
            "approval_id": "a1",
            "to_employee_id": BEA,
            "from_day": date(2026, 3, 3),
            "until_day": date(2026, 3, 4),
            **fields,
        }
    )


@pytest.mark.parametrize(("days", "may"), [(0, False), (1, True), (2, True), (3, False)])
def test_a_delegate_decides_on_the_days_of_the_delegation(days: int, may: bool) -> None:
    office = submitted()
    office.ask(delegation(), key_id="fay")
    on_behalf, now = yes(1, on_behalf_of=FAY), NOON + timedelta(days=days)
    if may:
        office.ask(on_behalf, key_id="bea", now=now)
        assert names(office, APPROVAL)[-1] == "approval.decided"
    else:
        refused(office, "not-delegated", NotAllowed, on_behalf, key_id="bea", now=now)


def test_a_delegate_does_not_decide_for_who_has_left() -> None:
    office = submitted()
    office.ask(delegation(from_day=NOON.date()), key_id="fay")
    office.ask(RecordEmployeeLeft(employee_id=FAY))
    refused(office, "employee-not-active", WrongState, yes(1, on_behalf_of=FAY), key_id="bea")


def test_a_delegation_is_to_who_works_here_and_no_further() -> None:
    office = submitted()
    refused(
        office, "employee-not-active", WrongState, delegation(to_employee_id=DORA), key_id="fay"
    )
    office.ask(delegation(), key_id="fay")
    refused(
        office, "delegate-of-delegate", NotAllowed, delegation(to_employee_id=GUS), key_id="bea"
    )
    refused(office, "person-missing", Invalid, delegation())


def test_an_approver_who_left_is_replaced_and_the_rest_stays() -> None:
    """KAM-30."""
    named = route(
        ("true", step(NamedEmployee(employee_id=FAY), NamedEmployee(employee_id=EVE), mode="all"))
    )
    office = submitted(world=named)
    office.ask(yes(1), key_id="eve")
    office.ask(RecordEmployeeLeft(employee_id=FAY))
    replacement: dict[str, Any] = {"approval_id": "a1", "step": 1, "place": 1, "reason": "has left"}
    refused(
        office,
        "employee-not-active",
        WrongState,
        ReplaceApprover(**replacement, employee_id=DORA),
    )
    refused(office, "self-approval", NotAllowed, ReplaceApprover(**replacement, employee_id=ANN))
    office.ask(ReplaceApprover(**replacement, employee_id=GUS))
    office.ask(yes(1), key_id="gus")
    assert names(office, CONTRACT)[-1] == "contract.approved"


def test_an_overdue_step_is_escalated_by_keyledger_itself() -> None:
    office = submitted(amount=15_000_00)
    overdue = EscalateApproval(approval_id="a1", step=1)
    refused(office, "not-overdue", Invalid, overdue, now=NOON + timedelta(days=3))
    office.ask(overdue, now=NOON + timedelta(days=4))
    office.ask(yes(1), key_id="eve", now=NOON + timedelta(days=4))
    assert names(office, CONTRACT)[-1] == "contract.approved"
    refused(office, "role-missing", NotAllowed, overdue, key_id="eve")


# --- content ----------------------------------------------------------------------------


@pytest.mark.parametrize("approvals", [0, 1, 2])
def test_any_edit_voids_the_approval_in_the_same_act(approvals: int) -> None:
    office = submitted()
    for number, key_id in list(enumerate(("fay", "eve"), start=1))[:approvals]:
        office.ask(yes(number), key_id=key_id)
    receipt = office.ask(AmendContract(contract_id="c1", terms=to(21_000_01)), key_id="ann")
    assert [event.name for event in receipt.events] == ["contract.amended", "approval.voided"]
    refused(office, "approval-ended", WrongState, yes(1), key_id="gus")
    office.ask(submit(approval_id="a2"), key_id="ann")
    assert requested(office, "a2").content_sha256 != requested(office).content_sha256


def test_the_same_terms_again_are_no_edit() -> None:
    office = submitted()
    assert office.ask(AmendContract(contract_id="c1", terms=to(21_000_00))).events == ()
    office.ask(yes(1), key_id="fay")


def test_a_copy_does_not_inherit_the_approval() -> None:
    """The same words under another id are not what was approved."""
    office = submitted()
    office.ask(yes(1), key_id="fay")
    office.ask(yes(2), key_id="eve")
    office.ask(draft("c2"), key_id="ann")
    assert names(office, "contract-c2") == ["contract.drafted"]
    office.ask(submit("c2", "a2"), key_id="ann")
    assert requested(office, "a2").content_sha256 != requested(office).content_sha256
    assert names(office, "contract-c2")[-1] == "contract.submitted"


@pytest.mark.parametrize(
    ("days", "amount", "asked_for"),
    [(0, 10_000_00, False), (0, 10_000_01, True), (29, 10_000_01, True), (30, 10_000_01, False)],
)
def test_a_split_does_not_hide_the_size(days: int, amount: int, asked_for: bool) -> None:
    """Two contracts of one account count together where a route has a window."""
    summed = route(("window_total_minor > 2000000", step(HEADQUARTERS)), window_days=30)
    office = signing(world=summed)
    office.ask(draft("c1", 10_000_00), key_id="ann")
    office.ask(submit("c1", "a1"), key_id="ann")
    now = NOON + timedelta(days=days)
    office.ask(draft("c2", amount), key_id="ann", now=now)
    office.ask(submit("c2", "a2"), key_id="ann", now=now)
    assert bool(requested(office, "a2").steps) is asked_for


def test_what_was_rejected_does_not_count_as_a_part() -> None:
    summed = route(
        ("window_total_minor > 2000000", step(HEADQUARTERS)),
        ("discount_bps > 400", step(MANAGER)),
        window_days=30,
    )
    office = signing(world=summed)
    office.ask(draft("c1", 20_000_00), key_id="ann")
    office.ask(submit("c1", "a1"), key_id="ann")
    office.ask(yes(1, decision="rejected"), key_id="fay")
    office.ask(draft("c2", 1), key_id="ann")
    office.ask(submit("c2", "a2"), key_id="ann")
    assert len(requested(office, "a2").steps) == 1


def test_a_contract_has_a_region_and_an_account() -> None:
    office = signing()
    nowhere = DraftContract(contract_id="c1", account_id="acme", terms=to(1))
    refused(office, "region-missing", Invalid, nowhere)
    refused(office, "unknown-account", NotFound, draft(account_id="nobody"))
    refused(office, "unknown-region", NotFound, draft(region_id="moon"))


def test_where_no_region_has_a_route_nothing_is_put_up() -> None:
    """No route is not the same as a route that asks for nobody."""
    office = company(key_of(ANN, "ann", "sales_rep"))
    office.ask(draft(account_id="acme", region_id="dach"), key_id="ann")
    refused(office, "no-approval-route", WrongState, submit(), key_id="ann")


# --- at the same time ---------------------------------------------------------------------


async def _race(*asked: tuple[Office, Command, str]) -> Sequence[Receipt | BaseException]:
    return await asyncio.gather(
        *(office.carry(command, key_id=key_id) for office, command, key_id in asked),
        return_exceptions=True,
    )


@pytest.mark.parametrize("processes", [1, 2])
def test_of_an_edit_and_the_last_approval_at_once_the_contract_is_never_approved_otherwise(
    processes: int,
) -> None:
    """Nothing is approved whose content is not what was put up."""
    office = submitted(amount=15_000_00)
    other = office.neighbour() if processes == 2 else office
    edit = AmendContract(contract_id="c1", terms=to(99_000_00))
    asyncio.run(_race((office, yes(1), "fay"), (other, edit, "ann")))
    assert names(office, CONTRACT)[-1] == "contract.amended"
    assert names(office, APPROVAL)[-1] == "approval.voided"


@pytest.mark.parametrize("processes", [1, 2])
def test_of_two_who_decide_one_step_at_once_one_does(processes: int) -> None:
    office = submitted(amount=15_000_00)
    other = office.neighbour() if processes == 2 else office
    no = yes(1, decision="rejected")
    ended = asyncio.run(_race((office, yes(1), "fay"), (other, no, "gus")))
    (lost,) = (end for end in ended if not isinstance(end, Receipt))
    assert isinstance(lost, WrongState)
    assert lost.rule == "approval-ended"
    assert len(names(office, APPROVAL)) == 3
