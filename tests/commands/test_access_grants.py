"""Grants as commands: for whom there is, over what there is, by who may."""

from datetime import date
from typing import Any, Final

import pytest
from pydantic import ValidationError

from aggregates.refusals import NotAllowed, NotFound, WrongState
from commands.accounts.account import RegisterAccount
from commands.organization.access_grant import GrantAccess, RevokeAccess
from commands.organization.api_key import IssueApiKey
from commands.organization.employee import ChangeEmployeeManager
from commands.roles import Role
from tests.commands.company import company
from tests.commands.office import Office
from tests.examples.cast import ANN, BEA, CARL, DORA, NOON

NOBODY: Final = "99999999-9999-4999-8999-999999999999"


def grant(**fields: Any) -> GrantAccess:
    given = {"region_id": "dach"} if "account_id" not in fields else {}
    reach = {"grant_id": "g", "employee_id": CARL, "until_on": date(2026, 3, 31), "reason": "cover"}
    return GrantAccess(**{**reach, **given, **fields})


def key_of(employee_id: str | None, *roles: Role) -> IssueApiKey:
    return IssueApiKey(
        key_id="k1", secret_sha256="5e" * 32, roles=roles, label="a key", employee_id=employee_id
    )


def bea_manages() -> Office:
    """Bea leads Europe; Ann's accounts lie there, Carl's in Asia."""
    return company(
        RegisterAccount(account_id="bolt", name="Bolt", owner_id=ANN),
        RegisterAccount(account_id="coil", name="Coil", owner_id=CARL),
        key_of(BEA, "sales_manager"),
    )


def refused(office: Office, command: GrantAccess | RevokeAccess, **asked: Any) -> tuple[str, Any]:
    with pytest.raises((NotAllowed, NotFound, WrongState)) as refusal:
        office.ask(command, **asked)
    return refusal.value.rule, refusal.value.field


@pytest.mark.parametrize(
    ("fields", "rule", "field"),
    [
        ({"employee_id": NOBODY}, "unknown-employee", "employee_id"),
        ({"employee_id": DORA}, "employee-not-active", "employee_id"),
        ({"region_id": "none"}, "unknown-region", "region_id"),
        ({"account_id": "none"}, "unknown-account", "account_id"),
    ],
)
def test_what_a_grant_names_exists(fields: dict[str, Any], rule: str, field: str) -> None:
    assert refused(company(), grant(**fields)) == (rule, field)


def test_a_grant_is_over_one_thing() -> None:
    for fields in ({"region_id": None}, {"region_id": "dach", "account_id": "acme"}):
        with pytest.raises(ValidationError, match="either region_id or account_id"):
            grant(**fields)


def test_a_grant_lasts_up_to_and_including_its_last_day() -> None:
    assert company().ask(grant(until_on=NOON.date())).version == 1


@pytest.mark.parametrize("reach", [{"region_id": "emea"}, {"region_id": "dach"}])
def test_a_manager_grants_their_region_and_what_lies_below(reach: dict[str, str]) -> None:
    assert bea_manages().ask(grant(**reach), key_id="k1").version == 1


def test_a_manager_grants_the_accounts_of_their_region() -> None:
    assert bea_manages().ask(grant(account_id="bolt"), key_id="k1").version == 1


@pytest.mark.parametrize(
    "reach", [{"region_id": "world"}, {"region_id": "apac"}, {"account_id": "coil"}]
)
def test_a_manager_grants_nothing_beyond(reach: dict[str, str]) -> None:
    (field,) = reach
    assert refused(bea_manages(), grant(**reach), key_id="k1") == ("grant-beyond-reach", field)


def test_a_manager_grants_what_those_below_them_own_wherever_it_lies() -> None:
    office = bea_manages()
    office.ask(ChangeEmployeeManager(employee_id=CARL, manager_id=BEA))
    assert office.ask(grant(account_id="coil"), key_id="k1").version == 1


def test_a_manager_revokes_only_what_they_might_grant() -> None:
    office = bea_manages()
    office.ask_all(grant(grant_id="far", region_id="apac"), grant(grant_id="near"))
    far, near = (RevokeAccess(grant_id=one, reason="done") for one in ("far", "near"))
    assert refused(office, far, key_id="k1") == ("grant-beyond-reach", "region_id")
    assert office.ask(near, key_id="k1").version == 2


def test_an_administrator_who_manages_grants_anything() -> None:
    office = company(key_of(BEA, "sales_manager", "administrator"))
    assert office.ask(grant(region_id="apac"), key_id="k1").version == 1


def test_a_seller_grants_nothing() -> None:
    office = company(key_of(ANN, "sales_rep"))
    assert refused(office, grant(), key_id="k1")[0] == "role-missing"
