"""What can be asked of grants."""

from typing import Self

from pydantic import model_validator

from aggregates.accounts import account
from aggregates.accounts.account import ACCOUNT
from aggregates.organization import access_grant
from aggregates.organization.access_grant import ACCESS_GRANT
from aggregates.organization.api_key import API_KEY, live
from aggregates.organization.employee import EMPLOYEE, Active, active
from aggregates.refusals import NotAllowed
from commands.ancestry import ancestors
from commands.command import Command, Day
from commands.look import Decided, Look
from commands.organization.region import regions_from
from events.organization.access_grant import AccessGranted, Level
from events.values import Id, PersonId, Reason


class GrantAccess(Command):
    """Let an employee see a region with all below it, or an account, up to and including a day.

    A sales manager grants what lies in their own region or below it, or what those who report to
    them own.
    """

    grant_id: Id
    employee_id: PersonId
    region_id: Id | None = None
    account_id: Id | None = None
    level: Level = "read"
    until_on: Day
    reason: Reason

    @model_validator(mode="after")
    def _one_reach(self) -> Self:
        if (self.region_id is None) == (self.account_id is None):
            raise ValueError("give either region_id or account_id")
        return self


class RevokeAccess(Command):
    """Have a grant hold no longer."""

    grant_id: Id
    reason: Reason


def grant_access(command: GrantAccess, look: Look) -> Decided:
    """Grant it; the employee must work here, and the region or account exist."""
    active(look(EMPLOYEE, command.employee_id), field="employee_id")
    fact = AccessGranted.model_validate(dict(command))
    _check_reach(look, fact)
    return look.begin(
        ACCESS_GRANT,
        command.grant_id,
        access_grant.grant_access,
        fact=fact,
        today=look.context.business_date,
    )


def revoke_access(command: RevokeAccess, look: Look) -> Decided:
    """Revoke it; whoever might grant it may."""
    granted = access_grant.existing(look(ACCESS_GRANT, command.grant_id), field="grant_id")
    _check_reach(look, granted)
    return look.decide(
        ACCESS_GRANT,
        command.grant_id,
        access_grant.revoke_access,
        grant_id=command.grant_id,
        reason=command.reason,
    )


def _check_reach(look: Look, fact: AccessGranted) -> None:
    """Let pass what lies below the manager who asks; who manages all may grant all.

    Raises:
        NotFound: ``unknown-region`` or ``unknown-account``.
        NotAllowed: ``grant-beyond-reach``.
    """
    field = "region_id" if fact.account_id is None else "account_id"
    region_id, owner_id = fact.region_id, None
    if fact.account_id is not None:
        found = account.existing(look(ACCOUNT, fact.account_id), field=field)
        region_id, owner_id = found.region_id, found.owner_id
    regions = regions_from(look, region_id, field=field)
    manager_id = _manager_asking(look)
    if manager_id is None:
        return
    manager = active(look(EMPLOYEE, manager_id), field="employee_id")
    above = ancestors(
        look,
        EMPLOYEE,
        owner_id,
        lambda found: found.manager_id if isinstance(found, Active) else None,
    )
    if manager.region_id not in regions and manager_id not in above:
        raise NotAllowed(
            "grant-beyond-reach", "it does not lie below the one who asks", field=field
        )


def _manager_asking(look: Look) -> str | None:
    """The employee whose reach bounds what may be granted; ``None`` where nothing does."""
    if look.context.key_id is None:
        return None
    key = live(look(API_KEY, look.context.key_id), look.context.now)
    return None if key is None or "administrator" in key.roles else key.employee_id
