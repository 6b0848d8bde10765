"""What can be asked of accounts."""

from typing import Annotated

from pydantic import Field

from aggregates.accounts import account
from aggregates.accounts.account import ACCOUNT
from commands.ancestry import ancestors
from commands.command import Command
from commands.look import Decided, Look
from commands.organization.employee import owner
from commands.organization.region import regions_from
from events.accounts.account import AccountRegistered
from events.values import Id, Money, Name, PersonId


class RegisterAccount(Command):
    """Register a company as an account, with or without an owner."""

    account_id: Id
    name: Name
    sector: Name | None = None
    country: Name | None = None
    founded_year: Annotated[int, Field(ge=1, le=9999)] | None = None
    employees: Annotated[int, Field(ge=0, lt=2**53)] | None = None
    revenue: Money | None = None
    parent_id: Id | None = None
    owner_id: PersonId | None = None
    region_id: Id | None = None


class PlaceAccount(Command):
    """Put an account under another parent company, or under none."""

    account_id: Id
    parent_id: Id | None


class ChangeAccountOwner(Command):
    """Give an account to another employee; its region follows, unless one is named."""

    account_id: Id
    owner_id: PersonId
    region_id: Id | None = None


def register_account(command: RegisterAccount, look: Look) -> Decided:
    """Register it; parent, owner and region must exist."""
    if command.parent_id not in {None, command.account_id}:
        _accounts_from(look, command.parent_id)
    owned_in = None if command.owner_id is None else owner(look, command.owner_id).region_id
    region_id = command.region_id or owned_in
    regions_from(look, region_id, field="region_id")
    fact = AccountRegistered.model_validate({**dict(command), "region_id": region_id})
    return look.begin(ACCOUNT, command.account_id, account.register, fact=fact)


def place_account(command: PlaceAccount, look: Look) -> Decided:
    """Place it; its new parent must exist and not belong to it."""
    return look.decide(
        ACCOUNT,
        command.account_id,
        account.place,
        account_id=command.account_id,
        parent_id=command.parent_id,
        above=_accounts_from(look, command.parent_id),
    )


def change_account_owner(command: ChangeAccountOwner, look: Look) -> Decided:
    """Change it; the new owner must work here."""
    region_id = owner(look, command.owner_id).region_id
    if command.region_id is not None:
        regions_from(look, command.region_id, field="region_id")
    return look.decide(
        ACCOUNT,
        command.account_id,
        account.change_owner,
        account_id=command.account_id,
        owner_id=command.owner_id,
        region_id=command.region_id or region_id,
    )


def _accounts_from(look: Look, account_id: str | None) -> tuple[str, ...]:
    return ancestors(
        look,
        ACCOUNT,
        account_id,
        lambda found: account.existing(found, field="parent_id").parent_id,
    )
