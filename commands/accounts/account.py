"""What can be asked of accounts."""

from collections.abc import Iterator
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from aggregates.accounts import account, portfolio
from aggregates.accounts.account import ACCOUNT
from aggregates.accounts.account_team import ACCOUNT_TEAM
from aggregates.organization.employee import EMPLOYEE, NotHired, active
from aggregates.pipeline.opportunity import OPPORTUNITY
from aggregates.refusals import Invalid, NotFound
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


HANDED_OVER_MAX: Final = 500
"""How many records one command hands over at most."""


class ReassignPortfolio(Command):
    """Hand over what one employee looks after to another: all of it in one act, or nothing.

    Up to 500 accounts, open opportunities and accounts in whose teams they have roles; the region
    of accounts and opportunities follows, unless one is named.
    """

    from_id: PersonId
    to_id: PersonId
    account_ids: tuple[Id, ...] = ()
    opportunity_ids: tuple[Id, ...] = ()
    team_account_ids: tuple[Id, ...] = ()
    region_id: Id | None = None

    @model_validator(mode="after")
    def _so_many(self) -> Self:
        given = [*self.account_ids, *self.opportunity_ids, *self.team_account_ids]
        if not 1 <= len(given) <= HANDED_OVER_MAX:
            raise ValueError(f"name 1 to {HANDED_OVER_MAX} records")
        return self


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


def reassign_portfolio(command: ReassignPortfolio, look: Look) -> Decided:
    """Hand it over; who takes it must work here, who gives it need not any more."""
    if isinstance(look(EMPLOYEE, command.from_id), NotHired):
        raise NotFound("unknown-employee", "there is no such employee", field="from_id")
    if command.from_id == command.to_id:
        raise Invalid("same-employee", "nobody hands over to themselves", field="to_id")
    region_id = active(look(EMPLOYEE, command.to_id), field="to_id").region_id
    if command.region_id is not None:
        regions_from(look, command.region_id, field="region_id")
    writes = tuple(
        write
        for decided in _handed_over(command, look, command.region_id or region_id)
        for write in decided.writes
    )
    return Decided(EMPLOYEE.stream(command.from_id), writes)


def _handed_over(command: ReassignPortfolio, look: Look, region_id: str) -> Iterator[Decided]:
    from_id, to_id = command.from_id, command.to_id
    for account_id in dict.fromkeys(command.account_ids):
        yield look.decide(
            ACCOUNT,
            account_id,
            portfolio.hand_over_account,
            account_id=account_id,
            from_id=from_id,
            to_id=to_id,
            region_id=region_id,
        )
    for opportunity_id in dict.fromkeys(command.opportunity_ids):
        yield look.decide(
            OPPORTUNITY,
            opportunity_id,
            portfolio.hand_over_opportunity,
            opportunity_id=opportunity_id,
            from_id=from_id,
            to_id=to_id,
            region_id=region_id,
        )
    for account_id in dict.fromkeys(command.team_account_ids):
        yield look.decide(
            ACCOUNT_TEAM,
            account_id,
            portfolio.hand_over_roles,
            account_id=account_id,
            from_id=from_id,
            to_id=to_id,
        )


def _accounts_from(look: Look, account_id: str | None) -> tuple[str, ...]:
    return ancestors(
        look,
        ACCOUNT,
        account_id,
        lambda found: account.existing(found, field="parent_id").parent_id,
    )
