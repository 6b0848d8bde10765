"""KAM-22, KAM-25: one employee in each role of an account's team, or nobody."""

from functools import partial

from aggregates.accounts.account_team import ACCOUNT_TEAM, assign, release
from events.accounts.account_team import AccountTeamMemberAssigned
from tests.examples.cast import BEA, CARL
from tests.examples.histories import ASSIGNED, BACKED, TEAM_RELEASED
from tests.given import given

assign_acme = partial(assign, account_id="acme")
release_acme = partial(release, account_id="acme")


def test_a_member_is_assigned() -> None:
    given(ACCOUNT_TEAM).when(assign_acme, role="solution_architect", employee_id=BEA).then(ASSIGNED)


def test_another_takes_the_place() -> None:
    given(ACCOUNT_TEAM, ASSIGNED).when(
        assign_acme, role="solution_architect", employee_id=CARL
    ).then(
        AccountTeamMemberAssigned(account_id="acme", role="solution_architect", employee_id=CARL)
    )


def test_one_employee_may_have_several_roles() -> None:
    given(ACCOUNT_TEAM, ASSIGNED, BACKED).when(
        assign_acme, role="executive_sponsor", employee_id=BEA
    ).then(AccountTeamMemberAssigned(account_id="acme", role="executive_sponsor", employee_id=BEA))


def test_the_role_they_have_changes_nothing() -> None:
    given(ACCOUNT_TEAM, ASSIGNED, BACKED).when(
        assign_acme, role="solution_architect", employee_id=BEA
    ).then()


def test_whoever_has_a_role_is_released() -> None:
    given(ACCOUNT_TEAM, ASSIGNED, BACKED).when(release_acme, role="solution_architect").then(
        TEAM_RELEASED
    )


def test_a_role_nobody_has_is_released_already() -> None:
    given(ACCOUNT_TEAM, ASSIGNED, TEAM_RELEASED).when(
        release_acme, role="solution_architect"
    ).then()
    given(ACCOUNT_TEAM).when(release_acme, role="delivery_expert").then()
