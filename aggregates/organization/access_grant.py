"""The life of one grant: given until a day, perhaps revoked before it is over."""

from dataclasses import dataclass
from datetime import date
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.refusals import Invalid, NotFound, WrongState
from events.organization.access_grant import AccessGranted, AccessGrantEvent, AccessRevoked

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class NotGranted:
    """There is no such grant."""


@dataclass(frozen=True, slots=True)
class Granted:
    """A grant that holds until its last day is over."""

    fact: AccessGranted


@dataclass(frozen=True, slots=True)
class Revoked:
    """A grant that holds no longer."""

    fact: AccessGranted


AccessGrant = NotGranted | Granted | Revoked

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(grant: AccessGrant, event: AccessGrantEvent) -> AccessGrant:
    """The grant after ``event``."""
    match event:
        case AccessGranted():
            return Granted(event)
        case AccessRevoked():
            assert isinstance(grant, Granted)
            return Revoked(grant.fact)
        case unknown:
            assert_never(unknown)


ACCESS_GRANT: Final[Decider[AccessGrant, AccessGrantEvent]] = Decider(
    "access_grant", NotGranted(), evolve
)

# --- decisions: one verb each; facts or a refusal ----------------------------


def existing(grant: AccessGrant, *, field: str) -> AccessGranted:
    """What was granted, whether or not it was revoked since.

    Raises:
        NotFound: ``unknown-grant``; ``field`` named it.
    """
    if isinstance(grant, NotGranted):
        raise NotFound("unknown-grant", "there is no such grant", field=field)
    return grant.fact


def grant_access(
    grant: AccessGrant, *, fact: AccessGranted, today: date
) -> tuple[AccessGrantEvent, ...]:
    """Grant it as ``fact`` says; nothing when it was granted just so.

    Raises:
        WrongState: ``access-already-granted`` otherwise than asked for, or ``access-revoked``.
        Invalid: ``grant-over``, when its last day lies before ``today``.
    """
    match grant:
        case Granted(fact=granted) if granted == fact:
            return ()
        case Granted():
            raise WrongState("access-already-granted", "this grant id is taken", field="grant_id")
        case Revoked():
            raise WrongState("access-revoked", "this grant was revoked", field="grant_id")
        case NotGranted():
            pass
        case unknown:
            assert_never(unknown)
    if fact.until_on < today:
        raise Invalid("grant-over", "the grant would be over already", field="until_on")
    return (fact,)


def revoke_access(
    grant: AccessGrant, *, grant_id: str, reason: str
) -> tuple[AccessGrantEvent, ...]:
    """Have it hold no longer; nothing when it was revoked.

    Raises:
        NotFound: ``unknown-grant``.
    """
    existing(grant, field="grant_id")
    if isinstance(grant, Revoked):
        return ()
    return (AccessRevoked(grant_id=grant_id, reason=reason),)
