"""Facts about interactions: what we and a customer did together, and what is to follow from it.

When an interaction took place is when its first fact occurred, or what a correction says; when we
knew is when the fact was recorded. A fact is never edited: a correction tells all of it anew.
"""

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from events.event import Event
from events.personal import Personal
from events.values import Id, Name, PersonId, Reason

InteractionKind = Literal[
    "executive_visit", "technical_exchange", "service_request", "call", "joint_event"
]
"""What we did together."""

Minutes = Annotated[int, Field(ge=1, le=100_000)]
"""How long it took."""

Rating = Annotated[int, Field(ge=1, le=5)]
"""What the customer thought of it: 1 useless, 5 excellent."""

FollowUpText = Annotated[
    str, StringConstraints(min_length=1, max_length=500, pattern=r"^[^\x00]*$")
]
"""What is to be done, in a short sentence without personal data."""


class FollowUp(BaseModel):
    """Something an employee has promised to do by a day."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    follow_up_id: Id
    """Its id within the interaction."""
    text: FollowUpText
    owner_id: PersonId
    due_on: date


class InteractionContent(Event):
    """What an interaction was, as it is told in the log and in each correction."""

    PERSON: ClassVar[str | None] = "feedback_by"
    PARTITION: ClassVar[str | None] = "account_id"

    interaction_id: Id
    account_id: Id
    kind: InteractionKind
    subject: Name
    """What it was about: a topic, never a person."""
    employee_ids: tuple[PersonId, ...]
    """Who of us took part."""
    contact_ids: tuple[PersonId, ...]
    """Who of the customer took part."""
    minutes: Minutes | None
    rating: Rating | None
    feedback_by: PersonId | None
    """The contact whose words the feedback is; their key seals it."""
    feedback: Personal[str | None]
    follow_ups: tuple[FollowUp, ...]


class InteractionLogged(InteractionContent):
    """An interaction with a customer took place when this fact occurred."""

    NAME: ClassVar[str] = "interaction.logged"


class InteractionCorrected(InteractionContent):
    """An interaction was not as it had been told, but like this, and had been all along."""

    NAME: ClassVar[str] = "interaction.corrected"

    took_place_at: datetime | None
    """When it took place, aware; ``None`` where that had been told rightly."""
    reason: Reason


class InteractionWithdrawn(Event):
    """An interaction that had been logged never took place."""

    NAME: ClassVar[str] = "interaction.withdrawn"
    PARTITION: ClassVar[str | None] = "account_id"

    interaction_id: Id
    account_id: Id
    reason: Reason


class InteractionFollowUpDone(Event):
    """What was promised in an interaction has been done."""

    NAME: ClassVar[str] = "interaction.follow_up_done"
    PARTITION: ClassVar[str | None] = "account_id"

    interaction_id: Id
    account_id: Id
    follow_up_id: Id


class InteractionFollowUpReassigned(Event):
    """Another employee is to do what was promised in an interaction."""

    NAME: ClassVar[str] = "interaction.follow_up_reassigned"
    PARTITION: ClassVar[str | None] = "account_id"

    interaction_id: Id
    account_id: Id
    follow_up_id: Id
    owner_id: PersonId


InteractionEvent = (
    InteractionLogged
    | InteractionCorrected
    | InteractionWithdrawn
    | InteractionFollowUpDone
    | InteractionFollowUpReassigned
)
