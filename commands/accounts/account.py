"""What can be asked of accounts."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from aggregates.accounts import account
from aggregates.accounts.account import ACCOUNT
from aggregates.organization.employee import EMPLOYEE, NotHired, active
from aggregates.refusals import Invalid, NotFound
from commands.ancestry import ancestors
from commands.command import Command
from commands.handing_over import HANDED_OVER_MAX, KINDS, HandOver, everything, named
from commands.look import Decided, Look
from commands.organization.employee import owner
from commands.organization.region import regions_from
from commands.ports import Portfolio
from events.accounts.account import AccountDetailsChanged, AccountRegistered
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


class ChangeAccountDetails(Command):
    """Say how an account is called and described, all of it; what is not given is not known."""

    account_id: Id
    name: Name
    sector: Name | None = None
    country: Name | None = None
    founded_year: Annotated[int, Field(ge=1, le=9999)] | None = None
    employees: Annotated[int, Field(ge=0, lt=2**53)] | None = None
    revenue: Money | None = None


class PlaceAccount(Command):
    """Put an account under another parent company, or under none."""

    account_id: Id
    parent_id: Id | None


class ChangeAccountOwner(Command):
    """Give an account to another employee; its region follows, unless one is named."""

    account_id: Id
    owner_id: PersonId
    region_id: Id | None = None


class ReassignPortfolio(Command):
    """Hand over what one employee looks after to another: in one act, or nothing of it.

    All of it, unless records are named: accounts, open opportunities, accounts in whose teams they
    have roles, contracts, plans with their actions, joint projects, interactions with follow-ups,
    tasks, alerts, and approvals that wait for them by name. Up to 500 records; the region of
    accounts and opportunities follows, unless one is named.
    """

    from_id: PersonId
    to_id: PersonId
    account_ids: tuple[Id, ...] = ()
    opportunity_ids: tuple[Id, ...] = ()
    team_account_ids: tuple[Id, ...] = ()
    contract_ids: tuple[Id, ...] = ()
    plan_ids: tuple[Id, ...] = ()
    project_ids: tuple[Id, ...] = ()
    interaction_ids: tuple[Id, ...] = ()
    task_ids: tuple[Id, ...] = ()
    alert_ids: tuple[Id, ...] = ()
    approval_ids: tuple[Id, ...] = ()
    region_id: Id | None = None

    @model_validator(mode="after")
    def _so_many(self) -> Self:
        least = 0 if self.model_fields_set.isdisjoint(KINDS) else 1
        if not least <= sum(map(len, self.named.values())) <= HANDED_OVER_MAX:
            raise ValueError(f"name 1 to {HANDED_OVER_MAX} records, or leave them out")
        return self

    @property
    def named(self) -> Portfolio:
        """The records that are named, by field; empty where it is about all there is."""
        given = ((field, getattr(self, field)) for field in KINDS)
        return {field: ids for field, ids in given if ids}


def register_account(command: RegisterAccount, look: Look) -> Decided:
    """Register it; parent, owner and region must exist."""
    if command.parent_id not in {None, command.account_id}:
        _accounts_from(look, command.parent_id)
    owned_in = None if command.owner_id is None else owner(look, command.owner_id).region_id
    region_id = command.region_id or owned_in
    regions_from(look, region_id, field="region_id")
    fact = AccountRegistered.model_validate({**dict(command), "region_id": region_id})
    return look.begin(ACCOUNT, command.account_id, account.register, fact=fact)


def change_account_details(command: ChangeAccountDetails, look: Look) -> Decided:
    """Change them."""
    fact = AccountDetailsChanged.model_validate(dict(command))
    return look.decide(ACCOUNT, command.account_id, account.change_details, fact=fact)


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


def reassign_portfolio(command: ReassignPortfolio, look: Look) -> Decided:
    """Hand it over; who takes it must work here, who gives it need not any more."""
    if isinstance(look(EMPLOYEE, command.from_id), NotHired):
        raise NotFound("unknown-employee", "there is no such employee", field="from_id")
    if command.from_id == command.to_id:
        raise Invalid("same-employee", "nobody hands over to themselves", field="to_id")
    region_id = active(look(EMPLOYEE, command.to_id), field="to_id").region_id
    if command.region_id is not None:
        regions_from(look, command.region_id, field="region_id")
    given = HandOver(command.from_id, command.to_id, command.region_id or region_id)
    writes = named(look, command.named, given) if command.named else everything(look, given)
    return Decided(EMPLOYEE.stream(command.from_id), writes)


def _accounts_from(look: Look, account_id: str | None) -> tuple[str, ...]:
    return ancestors(
        look,
        ACCOUNT,
        account_id,
        lambda found: account.existing(found, field="parent_id").parent_id,
    )
