"""One of our people and one of theirs: they come to know each other, better or less, and part."""

from dataclasses import dataclass, replace
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.refusals import NotFound, WrongState
from events.accounts.relationship import (
    RelationshipEnded,
    RelationshipEstablished,
    RelationshipEvent,
    RelationshipStrengthChanged,
)

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class Strangers:
    """They have never had to do with each other."""


@dataclass(frozen=True, slots=True)
class Acquainted:
    """They know each other, or did."""

    account_id: str
    strength: int
    ended: bool = False


Relationship = Strangers | Acquainted

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(relationship: Relationship, event: RelationshipEvent) -> Relationship:
    """The relationship after ``event``."""
    match event:
        case RelationshipEstablished(account_id=account_id, strength=strength):
            return Acquainted(account_id, strength)
        case RelationshipStrengthChanged(strength=strength):
            assert isinstance(relationship, Acquainted)
            return replace(relationship, strength=strength)
        case RelationshipEnded():
            assert isinstance(relationship, Acquainted)
            return replace(relationship, ended=True)
        case unknown:
            assert_never(unknown)


RELATIONSHIP: Final[Decider[Relationship, RelationshipEvent]] = Decider(
    "relationship", Strangers(), evolve
)

# --- decisions: one verb each; facts or a refusal ----------------------------


def going_on(relationship: Relationship) -> bool:
    """Whether they have to do with each other."""
    return isinstance(relationship, Acquainted) and not relationship.ended


def existing(relationship: Relationship) -> Acquainted:
    """The relationship, which must have been established.

    Raises:
        NotFound: ``unknown-relationship``.
    """
    if not isinstance(relationship, Acquainted):
        raise NotFound("unknown-relationship", "these two have no relationship", field="contact_id")
    return relationship


def establish(
    relationship: Relationship, *, fact: RelationshipEstablished
) -> tuple[RelationshipEvent, ...]:
    """Have it begin as ``fact`` says, also anew after it had ended; nothing if it goes on just so.

    Raises:
        WrongState: ``relationship-already-established``, with another strength.
    """
    match relationship:
        case Acquainted(ended=False, strength=strength) if strength == fact.strength:
            return ()
        case Acquainted(ended=False):
            raise WrongState(
                "relationship-already-established",
                "these two know each other already",
                field="contact_id",
            )
        case _:
            return (fact,)


def change_strength(
    relationship: Relationship, *, employee_id: str, contact_id: str, strength: int
) -> tuple[RelationshipEvent, ...]:
    """Have it be of ``strength``, 1 to 5; nothing if it is.

    Raises:
        NotFound: ``unknown-relationship``.
        WrongState: ``relationship-ended``.
    """
    found = existing(relationship)
    if found.ended:
        raise WrongState(
            "relationship-ended", "the relationship of these two has ended", field="contact_id"
        )
    if found.strength == strength:
        return ()
    return (
        RelationshipStrengthChanged(
            employee_id=employee_id,
            contact_id=contact_id,
            account_id=found.account_id,
            strength=strength,
        ),
    )


def end(
    relationship: Relationship, *, employee_id: str, contact_id: str
) -> tuple[RelationshipEvent, ...]:
    """Have it end; nothing if it has.

    Raises:
        NotFound: ``unknown-relationship``.
    """
    found = existing(relationship)
    if found.ended:
        return ()
    return (
        RelationshipEnded(
            employee_id=employee_id, contact_id=contact_id, account_id=found.account_id
        ),
    )
