"""Facts about relationships: which of our people knows which contact, and how well.

A relationship has a stream of its own, ``relationship-<employee>-<contact>``, since two of our
people come to know the same contact independently of each other. Each fact carries the account the
contact had when the two came to know each other, so that the facts of a relationship stay together.
"""

from typing import Annotated, ClassVar

from pydantic import Field

from events.event import Event
from events.values import Id, PersonId

Strength = Annotated[int, Field(ge=1, le=5)]
"""How well two people know each other: 1 have met, 5 trust each other."""


class RelationshipEstablished(Event):
    """An employee of ours and a contact know each other."""

    NAME: ClassVar[str] = "relationship.established"
    PARTITION: ClassVar[str | None] = "account_id"

    employee_id: PersonId
    contact_id: PersonId
    account_id: Id
    strength: Strength


class RelationshipStrengthChanged(Event):
    """They know each other better, or less well."""

    NAME: ClassVar[str] = "relationship.strength_changed"
    PARTITION: ClassVar[str | None] = "account_id"

    employee_id: PersonId
    contact_id: PersonId
    account_id: Id
    strength: Strength


class RelationshipEnded(Event):
    """They have nothing to do with each other any more."""

    NAME: ClassVar[str] = "relationship.ended"
    PARTITION: ClassVar[str | None] = "account_id"

    employee_id: PersonId
    contact_id: PersonId
    account_id: Id


RelationshipEvent = RelationshipEstablished | RelationshipStrengthChanged | RelationshipEnded
