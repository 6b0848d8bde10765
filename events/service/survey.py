"""Facts about surveys: what customers answer when they are asked what they think of us.

When an answer was given is when its first fact occurred, or what a correction says. A fact is
never edited: a correction tells all of it anew.
"""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from events.event import Event
from events.personal import Personal
from events.values import Id, PersonId, Reason

SurveyKind = Literal["nps", "csat"]
"""What was asked: whether they would recommend us, or whether they are satisfied."""

Score = Annotated[int, Field(ge=0, le=10)]
"""What was answered: from 0 for ``nps``, from 1 for ``csat``, to the scale's end."""

Scale = Annotated[int, Field(ge=2, le=10)]
"""The best score there was to give; always 10 for ``nps``."""


class SurveyAnswerContent(Event):
    """What an answer was, as it is told in the log and in each correction."""

    PERSON: ClassVar[str | None] = "contact_id"
    PARTITION: ClassVar[str | None] = "account_id"

    answer_id: Id
    survey_id: Id
    """The survey it belongs to; one survey has many answers."""
    account_id: Id
    contact_id: PersonId | None
    """Who answered; ``None`` where that is not known. Their key seals the comment."""
    kind: SurveyKind
    score: Score
    scale: Scale
    comment: Personal[str | None]


class SurveyAnswerRecorded(SurveyAnswerContent):
    """A customer answered when this fact occurred."""

    NAME: ClassVar[str] = "survey_answer.recorded"


class SurveyAnswerCorrected(SurveyAnswerContent):
    """An answer was not as it had been told, but like this, and had been all along."""

    NAME: ClassVar[str] = "survey_answer.corrected"

    answered_at: datetime | None
    """When it was given, aware; ``None`` where that had been told rightly."""
    reason: Reason


class SurveyAnswerWithdrawn(Event):
    """An answer that had been recorded was never given."""

    NAME: ClassVar[str] = "survey_answer.withdrawn"
    PARTITION: ClassVar[str | None] = "account_id"

    answer_id: Id
    account_id: Id
    reason: Reason


SurveyAnswerEvent = SurveyAnswerRecorded | SurveyAnswerCorrected | SurveyAnswerWithdrawn
"""One answer: recorded once, never edited, corrected or withdrawn by further facts."""
