"""The life of one API key: issued once, then expired or revoked, for ever."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.refusals import Invalid, NotFound, WrongState
from events.organization.api_key import ApiKeyEvent, ApiKeyIssued, ApiKeyRevoked

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class NotIssued:
    """There is no such key."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A key that works until it expires."""

    fact: ApiKeyIssued


@dataclass(frozen=True, slots=True)
class Revoked:
    """A key that does not work any more."""


ApiKey = NotIssued | Issued | Revoked

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(_: ApiKey, event: ApiKeyEvent) -> ApiKey:
    """The key after ``event``."""
    match event:
        case ApiKeyIssued():
            return Issued(event)
        case ApiKeyRevoked():
            return Revoked()
        case unknown:
            assert_never(unknown)


API_KEY: Final[Decider[ApiKey, ApiKeyEvent]] = Decider("api_key", NotIssued(), evolve)

# --- decisions: one verb each; facts or a refusal ----------------------------


def live(key: ApiKey, now: datetime) -> ApiKeyIssued | None:
    """What the key was issued for, or ``None`` when it does not work at ``now``."""
    if not isinstance(key, Issued):
        return None
    expires_at = key.fact.expires_at
    return key.fact if expires_at is None or now < expires_at else None


def issue(key: ApiKey, *, fact: ApiKeyIssued, now: datetime) -> tuple[ApiKeyEvent, ...]:
    """Issue it as ``fact`` says; nothing when it was issued just so.

    Raises:
        WrongState: ``api-key-already-issued`` otherwise than asked for, or ``api-key-revoked``.
        Invalid: ``api-key-expired``, when it would not work at ``now`` already.
    """
    match key:
        case Issued(fact=issued) if issued == fact:
            return ()
        case Issued():
            raise WrongState("api-key-already-issued", "this key id is taken", field="key_id")
        case Revoked():
            raise WrongState("api-key-revoked", "this key was revoked", field="key_id")
        case NotIssued():
            pass
        case unknown:
            assert_never(unknown)
    if fact.expires_at is not None and fact.expires_at <= now:
        raise Invalid("api-key-expired", "the key would expire in the past", field="expires_at")
    return (fact,)


def revoke(key: ApiKey, *, key_id: str) -> tuple[ApiKeyEvent, ...]:
    """Stop it from working, at once and for ever; nothing when it is revoked.

    Raises:
        NotFound: ``unknown-api-key``.
    """
    match key:
        case Revoked():
            return ()
        case NotIssued():
            raise NotFound("unknown-api-key", "there is no such key", field="key_id")
        case Issued():
            return (ApiKeyRevoked(key_id=key_id),)
        case unknown:
            assert_never(unknown)
