"""Who may ask for what: the table, the key, and the moment it stops working."""

from datetime import timedelta
from typing import Any, Final, get_args

import pytest

from aggregates.refusals import NotAllowed, NotFound, WrongState
from commands.catalogue import HANDLERS, MAY_ISSUE
from commands.command import Command, command_name
from commands.organization.api_key import IssueApiKey, RevokeApiKey
from commands.organization.calendar import CloseDay
from commands.organization.employee import EraseEmployee, RecordEmployeeLeft
from commands.organization.region import OpenRegion
from commands.pipeline.opportunity import AdvanceOpportunity
from commands.roles import Role
from tests.commands.company import OPEN, company
from tests.commands.office import Office
from tests.examples.cast import ANN, DORA, NOON

TABLE: Final = {
    "open-region": "administrator",
    "move-region": "administrator",
    "set-region-mode": "administrator",
    "hire-employee": "administrator",
    "change-employee-manager": "administrator",
    "move-employee": "administrator",
    "change-employee-roles": "administrator",
    "record-employee-left": "administrator",
    "erase-employee": "administrator",
    "issue-api-key": "administrator",
    "revoke-api-key": "administrator",
    "grant-access": "administrator sales_manager",
    "revoke-access": "administrator sales_manager",
    "close-day": "",
    "register-account": "administrator sales_manager sales_rep",
    "change-account-details": "administrator sales_manager sales_rep",
    "place-account": "administrator sales_manager",
    "draft-form": "administrator sales_manager",
    "activate-form": "administrator",
    "set-fields": "administrator sales_manager sales_rep",
    "change-account-owner": "administrator sales_manager",
    "reassign-portfolio": "administrator sales_manager",
    "record-account-check": "administrator sales_manager sales_rep",
    "move-account-stage": "administrator sales_manager sales_rep",
    "assign-team-member": "administrator sales_manager",
    "release-team-member": "administrator sales_manager",
    "state-customer-goal": "administrator sales_manager sales_rep",
    "change-customer-goal": "administrator sales_manager sales_rep",
    "drop-customer-goal": "administrator sales_manager sales_rep",
    "link-customer-goal": "administrator sales_manager sales_rep",
    "unlink-customer-goal": "administrator sales_manager sales_rep",
    "state-strategic-objective": "administrator sales_manager",
    "change-strategic-objective": "administrator sales_manager",
    "drop-strategic-objective": "administrator sales_manager",
    "link-accounts": "administrator sales_manager sales_rep",
    "unlink-accounts": "administrator sales_manager sales_rep",
    "publish-solution-document": "administrator sales_manager sales_rep",
    "classify-account": "administrator sales_manager sales_rep",
    "reclassify-account": "administrator sales_manager",
    "register-contact": "administrator sales_manager sales_rep",
    "change-contact-details": "administrator sales_manager sales_rep",
    "change-contact-role": "administrator sales_manager sales_rep",
    "assess-contact": "administrator sales_manager sales_rep",
    "change-contact-reports-to": "administrator sales_manager sales_rep",
    "record-contact-left": "administrator sales_manager sales_rep",
    "move-contact": "administrator sales_manager sales_rep",
    "merge-contact": "administrator sales_manager",
    "unmerge-contact": "administrator sales_manager",
    "erase-contact": "administrator",
    "establish-relationship": "administrator sales_manager sales_rep",
    "change-relationship-strength": "administrator sales_manager sales_rep",
    "end-relationship": "administrator sales_manager sales_rep",
    "log-interaction": "administrator sales_manager sales_rep",
    "correct-interaction": "administrator sales_manager sales_rep",
    "withdraw-interaction": "administrator sales_manager sales_rep",
    "complete-follow-up": "administrator sales_manager sales_rep",
    "reassign-follow-up": "administrator sales_manager sales_rep",
    "list-product": "administrator",
    "reprice-product": "administrator",
    "retire-product": "administrator",
    "draft-sales-process": "administrator sales_manager",
    "activate-sales-process": "administrator",
    "draft-account-lifecycle": "administrator sales_manager",
    "activate-account-lifecycle": "administrator",
    "draft-value-matrix": "administrator sales_manager",
    "propose-value-matrix": "administrator sales_manager",
    "activate-value-matrix": "administrator",
    "draft-scoring-policy": "administrator sales_manager",
    "propose-scoring-policy": "administrator sales_manager",
    "activate-scoring-policy": "administrator",
    "draft-coverage-policy": "administrator sales_manager",
    "activate-coverage-policy": "administrator",
    "draft-depth-policy": "administrator sales_manager",
    "activate-depth-policy": "administrator",
    "open-opportunity": "administrator sales_manager sales_rep",
    "advance-opportunity": "administrator sales_manager sales_rep",
    "change-opportunity-amount": "administrator sales_manager sales_rep",
    "reassign-opportunity": "administrator sales_manager",
    "win-opportunity": "administrator sales_manager sales_rep",
    "lose-opportunity": "administrator sales_manager sales_rep",
    "reopen-opportunity": "administrator sales_manager",
    "draft-contract": "administrator sales_manager sales_rep",
    "amend-contract": "administrator sales_manager sales_rep",
    "submit-contract": "administrator sales_manager sales_rep",
    "draft-approval-route": "administrator sales_manager",
    "activate-approval-route": "administrator",
    "decide-approval": "administrator sales_manager sales_rep",
    "delegate-approval": "administrator sales_manager sales_rep",
    "replace-approver": "administrator",
    "escalate-approval": "",
    "draft-planning-policy": "administrator sales_manager",
    "activate-planning-policy": "administrator",
    "draft-account-plan": "administrator sales_manager sales_rep",
    "change-plan-aim": "administrator sales_manager sales_rep",
    "change-plan-budget": "administrator sales_manager sales_rep",
    "set-plan-objective": "administrator sales_manager sales_rep",
    "drop-plan-objective": "administrator sales_manager sales_rep",
    "set-plan-action": "administrator sales_manager sales_rep",
    "drop-plan-action": "administrator sales_manager sales_rep",
    "set-plan-target": "administrator sales_manager sales_rep",
    "drop-plan-target": "administrator sales_manager sales_rep",
    "submit-account-plan": "administrator sales_manager sales_rep",
    "withdraw-account-plan": "administrator sales_manager sales_rep",
    "activate-account-plan": "administrator sales_manager",
    "amend-account-plan": "administrator sales_manager sales_rep",
    "discard-plan-amendment": "administrator sales_manager sales_rep",
    "record-plan-attainment": "administrator sales_manager sales_rep",
    "reassign-account-plan": "administrator sales_manager",
    "close-account-plan": "administrator sales_manager",
    "start-joint-project": "administrator sales_manager sales_rep",
    "add-project-milestone": "administrator sales_manager sales_rep",
    "move-project-milestone": "administrator sales_manager sales_rep",
    "record-milestone-met": "administrator sales_manager sales_rep",
    "record-milestone-missed": "administrator sales_manager sales_rep",
    "add-project-member": "administrator sales_manager sales_rep",
    "release-project-member": "administrator sales_manager sales_rep",
    "change-project-status": "administrator sales_manager sales_rep",
    "close-joint-project": "administrator sales_manager sales_rep",
    "claim-value": "administrator sales_manager sales_rep",
    "correct-value-claim": "administrator sales_manager sales_rep",
    "confirm-value-claim": "administrator sales_manager sales_rep",
    "withdraw-value-claim": "administrator sales_manager sales_rep",
    "reassign-plan-action": "administrator sales_manager sales_rep",
    "complete-plan-action": "administrator sales_manager sales_rep",
    "reassign-contract": "administrator sales_manager",
    "open-task": "administrator sales_manager sales_rep",
    "reassign-task": "administrator sales_manager sales_rep",
    "change-task-due-date": "administrator sales_manager sales_rep",
    "complete-task": "administrator sales_manager sales_rep",
    "cancel-task": "administrator sales_manager sales_rep",
    "record-training": "administrator sales_manager",
    "revoke-training": "administrator sales_manager",
    "record-survey-answer": "administrator sales_manager sales_rep",
    "correct-survey-answer": "administrator sales_manager sales_rep",
    "withdraw-survey-answer": "administrator sales_manager sales_rep",
    "record-competitor": "administrator sales_manager sales_rep",
    "record-competitor-left": "administrator sales_manager sales_rep",
    "record-account-outcome": "administrator sales_manager sales_rep",
    "withdraw-account-outcome": "administrator sales_manager sales_rep",
    "draft-white-space-policy": "administrator sales_manager",
    "activate-white-space-policy": "administrator",
    "draft-alert-rule": "administrator sales_manager",
    "activate-alert-rule": "administrator",
    "raise-alert": "",
    "register-webhook": "administrator",
    "rotate-webhook-secret": "administrator",
    "retire-webhook": "administrator",
    "acknowledge-alert": "administrator sales_manager sales_rep",
    "reassign-alert": "administrator sales_manager",
    "resolve-alert": "administrator sales_manager sales_rep",
    "mark-notice-read": "administrator sales_manager sales_rep",
}
"""Written down a second time on purpose: who widens a right does so in two places."""

ROLES: Final[tuple[Role, ...]] = get_args(Role)
EXAMPLES: Final[dict[str, Command]] = {
    "open-region": OpenRegion(region_id="new", name="New"),
    "open-opportunity": OPEN,
    "close-day": CloseDay(day=(NOON - timedelta(days=1)).date()),
}


def key(*roles: Role, key_id: str = "k1", **fields: Any) -> IssueApiKey:
    return IssueApiKey(
        key_id=key_id, secret_sha256="5e" * 32, roles=roles, label="a program", **fields
    )


def test_every_command_has_its_row() -> None:
    assert set(MAY_ISSUE) == set(HANDLERS)


@pytest.mark.parametrize("kind", MAY_ISSUE, ids=command_name)
def test_the_table_is_as_it_was_agreed(kind: type[Command]) -> None:
    assert command_name(kind) in TABLE, "a new command gets a line in TABLE"
    assert MAY_ISSUE[kind] == frozenset(TABLE[command_name(kind)].split())


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", EXAMPLES)
def test_a_role_gets_through_where_its_row_says_so(name: str, role: Role) -> None:
    office = company(key(role))
    if role in TABLE[name].split():
        assert office.ask(EXAMPLES[name], key_id="k1").version == 1
        return
    with pytest.raises(NotAllowed) as refused:
        office.ask(EXAMPLES[name], key_id="k1")
    assert refused.value.rule == "role-missing"


def test_one_role_of_several_is_enough() -> None:
    office = company(key("analyst", "sales_rep"))
    assert office.ask(OPEN, key_id="k1").version == 1


def test_keyledger_itself_asks_for_anything() -> None:
    for command in EXAMPLES.values():
        assert company().ask(command).version == 1


def test_a_refusal_says_for_whom_the_command_is() -> None:
    with pytest.raises(NotAllowed, match="open-region is for administrator"):
        company(key("auditor")).ask(EXAMPLES["open-region"], key_id="k1")
    with pytest.raises(NotAllowed, match="close-day is for keyledger itself"):
        company(key("administrator")).ask(EXAMPLES["close-day"], key_id="k1")


# --- keys -----------------------------------------------------------------------


def refused_key(office: Office, **asked: Any) -> None:
    with pytest.raises(NotAllowed) as refused:
        office.ask(OPEN, key_id="k1", **asked)
    assert refused.value.rule == "key-not-live"


def test_a_key_nobody_issued_does_not_work() -> None:
    refused_key(company())


def test_a_key_works_until_the_moment_it_expires() -> None:
    expiry = NOON + timedelta(hours=1)
    office = company(key("sales_rep", expires_at=expiry))
    refused_key(office, now=expiry)
    assert office.ask(OPEN, key_id="k1", now=expiry - timedelta(microseconds=1)).version == 1


def test_a_revoked_key_stops_at_once_also_where_it_is_remembered() -> None:
    """Another process revoked it; this one finds out when it would record."""
    office = company(key("sales_rep"))
    office.ask(OPEN, key_id="k1")
    office.neighbour().ask(RevokeApiKey(key_id="k1"))
    with pytest.raises(NotAllowed, match="does not work any more"):
        office.ask(AdvanceOpportunity(opportunity_id="o1", to_stage="engaging"), key_id="k1")
    assert len(office.facts("opportunity-o1")) == 1


def test_a_revoked_key_stops_also_where_nothing_would_be_recorded() -> None:
    office = company(key("sales_rep"))
    office.ask(OPEN, key_id="k1")
    office.neighbour().ask(RevokeApiKey(key_id="k1"))
    with pytest.raises(NotAllowed):
        office.ask(OPEN, key_id="k1")


def test_a_key_stops_when_the_employee_it_acts_for_leaves() -> None:
    office = company(key("sales_rep", employee_id=ANN))
    assert office.ask(OPEN, key_id="k1").version == 1
    office.neighbour().ask(RecordEmployeeLeft(employee_id=ANN))
    with pytest.raises(NotAllowed, match="the employee this API key acts for has left"):
        office.ask(AdvanceOpportunity(opportunity_id="o1", to_stage="engaging"), key_id="k1")


def test_a_key_is_issued_for_who_works_here_only() -> None:
    with pytest.raises(WrongState):
        company().ask(key("sales_rep", employee_id=DORA))
    with pytest.raises(NotFound):
        company().ask(key("sales_rep", employee_id="99999999-9999-4999-8999-999999999999"))


def test_a_refusal_of_the_key_comes_before_any_other() -> None:
    """Nobody learns from it what there is."""
    with pytest.raises(NotAllowed):
        company(key("auditor")).ask(EraseEmployee(employee_id=ANN), key_id="k1")
