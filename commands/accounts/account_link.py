"""What can be asked of links between accounts."""

from typing import Annotated

from pydantic import Field

from aggregates.accounts import account, account_link
from aggregates.accounts.account import ACCOUNT
from aggregates.accounts.account_link import ACCOUNT_LINK
from commands.command import Command, Day
from commands.look import Decided, Look
from events.accounts.account_link import AccountLinked, LinkKind
from events.values import Id


class LinkAccounts(Command):
    """Record that one account holds shares of another, runs a venture with it or invests in it."""

    link_id: Id
    account_id: Id
    other_id: Id
    kind: LinkKind
    share_bp: Annotated[int, Field(ge=1, le=10_000)] | None = None
    from_on: Day
    until_on: Day | None = None


class UnlinkAccounts(Command):
    """Record the last day of a link between accounts, or correct it."""

    link_id: Id
    until_on: Day


def link_accounts(command: LinkAccounts, look: Look) -> Decided:
    """Link them; both must exist."""
    account.existing(look(ACCOUNT, command.account_id), field="account_id")
    account.existing(look(ACCOUNT, command.other_id), field="other_id")
    return look.begin(
        ACCOUNT_LINK,
        command.link_id,
        account_link.link_accounts,
        fact=AccountLinked.model_validate(dict(command)),
    )


def unlink_accounts(command: UnlinkAccounts, look: Look) -> Decided:
    """Unlink them."""
    return look.decide(
        ACCOUNT_LINK,
        command.link_id,
        account_link.unlink_accounts,
        link_id=command.link_id,
        until_on=command.until_on,
    )
