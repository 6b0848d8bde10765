"""What the doors about surveys and signals answer."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from api.answers import Answer, Body, Page, PersonName
from api.field_classes import PERSONAL
from api.ranking_answers import MetricDefinition
from readmodels.signals import SignalKind


class SurveyAnswerItem(Body):
    """What one customer answered, as it was known."""

    answer_id: str
    version: int
    survey_id: str
    account_id: str
    contact_id: str | None
    kind: str
    score: Annotated[int, PERSONAL]
    scale: int = Field(description="The best score there was to give.")
    comment: Annotated[PersonName, PERSONAL] = Field(
        description="What the contact wrote; null where nothing was."
    )
    withdrawn: bool
    occurred_at: datetime = Field(description="When it was given.")
    recorded_at: datetime = Field(description="When we knew of it first.")
    known_from: datetime = Field(description="Since when it is known like this.")
    known_to: datetime | None


class SurveyAnswersPage(Page):
    """Survey answers in order of their ids."""

    items: list[SurveyAnswerItem]


class SurveyAnswerAnswer(Answer):
    """One survey answer."""

    item: SurveyAnswerItem


class NpsItem(Body):
    """The NPS of one account in a period."""

    account_id: str
    promoters: int
    passives: int
    detractors: int
    nps_bp: int = Field(description="In hundredths of a point, half up: -10000 to 10000.")


class NpsPage(Page):
    """NPS in order of accounts; an account without an answer is not there."""

    metric: MetricDefinition
    first_day: date
    last_day: date
    items: list[NpsItem]


class CsatItem(Body):
    """The CSAT of one account in a period."""

    account_id: str
    satisfied: int = Field(description="Scores of 4 or 5 of 5, or as high on another scale.")
    total: int
    csat_pct: int = Field(description="In percent, half up.")


class CsatPage(Page):
    """CSAT in order of accounts; an account without an answer is not there."""

    metric: MetricDefinition
    first_day: date
    last_day: date
    items: list[CsatItem]


class SignalItem(Body):
    """Something that scores are made of."""

    account_id: str
    position: int
    number: int = Field(description="Among the signals of one fact, from 0.")
    kind: SignalKind
    magnitude: Annotated[int, PERSONAL] = Field(description="In millionths.")
    occurred_at: datetime
    recorded_at: datetime
    event_id: str = Field(description="The fact that tells it.")


class SignalsPage(Page):
    """Signals, recorded last first."""

    items: list[SignalItem]
