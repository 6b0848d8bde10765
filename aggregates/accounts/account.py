"""One account: registered once, placed in its group of companies, given to an owner."""

from dataclasses import dataclass, replace
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.refusals import Invalid, NotFound, WrongState
from events.accounts.account import (
    AccountDetailsChanged,
    AccountEvent,
    AccountOwnerChanged,
    AccountPlaced,
    AccountRegistered,
)

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class Unregistered:
    """There is no such account."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A company we sell to."""

    registered: AccountRegistered
    parent_id: str | None
    owner_id: str | None
    region_id: str | None
    changed: AccountDetailsChanged | None = None
    """What it is called and how it is described, where that is not as it was registered."""

    @property
    def details(self) -> AccountRegistered | AccountDetailsChanged:
        """What it is called and how it is described."""
        return self.changed or self.registered


Account = Unregistered | Registered

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(account: Account, event: AccountEvent) -> Account:
    """The account after ``event``."""
    match event:
        case AccountRegistered():
            return Registered(event, event.parent_id, event.owner_id, event.region_id)
        case AccountPlaced():
            return replace(_registered(account), parent_id=event.parent_id)
        case AccountOwnerChanged():
            return replace(_registered(account), owner_id=event.owner_id, region_id=event.region_id)
        case AccountDetailsChanged():
            return replace(_registered(account), changed=event)
        case unknown:
            assert_never(unknown)


def _registered(account: Account) -> Registered:
    assert isinstance(account, Registered)
    return account


ACCOUNT: Final[Decider[Account, AccountEvent]] = Decider("account", Unregistered(), evolve)

# --- decisions: one verb each; facts or a refusal ----------------------------


def existing(account: Account, *, field: str) -> Registered:
    """The account, which must have been registered.

    Raises:
        NotFound: ``unknown-account``; ``field`` named it.
    """
    if not isinstance(account, Registered):
        raise NotFound("unknown-account", "there is no such account", field=field)
    return account


def register(account: Account, *, fact: AccountRegistered) -> tuple[AccountEvent, ...]:
    """Register it as ``fact`` says; nothing when it was registered just so.

    Raises:
        WrongState: ``account-already-registered``, otherwise than asked for.
        Invalid: ``account-cycle``, when it is its own parent.
    """
    if isinstance(account, Registered):
        if account.registered == fact:
            return ()
        raise WrongState(
            "account-already-registered", "this account id is taken", field="account_id"
        )
    if fact.parent_id == fact.account_id:
        raise Invalid("account-cycle", "no company owns itself", field="parent_id")
    return (fact,)


def place(
    account: Account, *, account_id: str, parent_id: str | None, above: tuple[str, ...]
) -> tuple[AccountEvent, ...]:
    """Put it under ``parent_id``, of which ``above`` are the parents; nothing if it is there.

    Raises:
        NotFound: ``unknown-account``.
        Invalid: ``account-cycle``, when the parent is the account itself or belongs to it.
    """
    if existing(account, field="account_id").parent_id == parent_id:
        return ()
    if account_id in (parent_id, *above):
        raise Invalid("account-cycle", "no company owns itself", field="parent_id")
    return (AccountPlaced(account_id=account_id, parent_id=parent_id),)


def change_details(account: Account, *, fact: AccountDetailsChanged) -> tuple[AccountEvent, ...]:
    """Have it called and described as ``fact`` says; nothing when it is.

    Raises:
        NotFound: ``unknown-account``.
    """
    told = existing(account, field="account_id").details
    if all(getattr(told, field) == value for field, value in fact):
        return ()
    return (fact,)


def change_owner(
    account: Account, *, account_id: str, owner_id: str, region_id: str
) -> tuple[AccountEvent, ...]:
    """Give it to ``owner_id`` and with that to ``region_id``; nothing if it is theirs.

    Raises:
        NotFound: ``unknown-account``.
    """
    found = existing(account, field="account_id")
    if (found.owner_id, found.region_id) == (owner_id, region_id):
        return ()
    return (AccountOwnerChanged(account_id=account_id, owner_id=owner_id, region_id=region_id),)
