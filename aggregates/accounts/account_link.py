"""One link between two accounts: of a kind, from a day on, perhaps until a day."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.refusals import Invalid, NotFound, WrongState
from events.accounts.account_link import AccountLinked, AccountLinkEvent, AccountUnlinked

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class Unknown:
    """There is no such link."""


@dataclass(frozen=True, slots=True)
class Linked:
    """Two accounts are linked, or were."""

    linked: AccountLinked
    until_on: date | None


AccountLink = Unknown | Linked

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(link: AccountLink, event: AccountLinkEvent) -> AccountLink:
    """The link after ``event``."""
    match event:
        case AccountLinked():
            return Linked(event, event.until_on)
        case AccountUnlinked():
            assert isinstance(link, Linked)
            return replace(link, until_on=event.until_on)
        case unknown:
            assert_never(unknown)


ACCOUNT_LINK: Final[Decider[AccountLink, AccountLinkEvent]] = Decider(
    "account_link", Unknown(), evolve
)

# --- decisions: one verb each; facts or a refusal ----------------------------


def link_accounts(link: AccountLink, *, fact: AccountLinked) -> tuple[AccountLinkEvent, ...]:
    """Link them as ``fact`` says; nothing when they were linked just so.

    Raises:
        WrongState: ``link-already-recorded``, otherwise than asked for.
        Invalid: ``account-linked-to-itself``; ``share-missing`` for equity without a share;
            ``link-ends-before-it-begins``.
    """
    if isinstance(link, Linked):
        if link.linked == fact:
            return ()
        raise WrongState("link-already-recorded", "this link id is taken", field="link_id")
    if fact.account_id == fact.other_id:
        raise Invalid(
            "account-linked-to-itself", "a link has two ends that differ", field="other_id"
        )
    if fact.kind == "equity" and fact.share_bp is None:
        raise Invalid("share-missing", "equity is a share: say how much", field="share_bp")
    if fact.until_on is not None:
        _check_days(fact.from_on, fact.until_on)
    return (fact,)


def unlink_accounts(
    link: AccountLink, *, link_id: str, until_on: date
) -> tuple[AccountLinkEvent, ...]:
    """Have the link last until ``until_on`` (inclusive); nothing if it does.

    Raises:
        NotFound: ``unknown-link``.
        Invalid: ``link-ends-before-it-begins``.
    """
    if not isinstance(link, Linked):
        raise NotFound("unknown-link", "there is no such link", field="link_id")
    if link.until_on == until_on:
        return ()
    _check_days(link.linked.from_on, until_on)
    return (
        AccountUnlinked(
            link_id=link_id,
            account_id=link.linked.account_id,
            other_id=link.linked.other_id,
            until_on=until_on,
        ),
    )


def _check_days(from_on: date, until_on: date) -> None:
    if until_on < from_on:
        raise Invalid("link-ends-before-it-begins", f"the first day is {from_on}", field="until_on")
