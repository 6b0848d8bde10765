"""What the doors of health scores answer. Points are in millionths: 58,000,000 are 58 of 100."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from api.answers import Answer, Body, Page, PersonName
from api.field_classes import PERSONAL
from readmodels.health_scores.explanation import FactChange
from readmodels.health_scores.portfolio import HeatBy


class PolicyPart(Body):
    """The version of a scoring policy that made a score."""

    policy_id: str = Field(description="The region it is for; * is the whole group.")
    version: int
    effective_on: date | None = Field(
        description="From when it holds; null where it was asked for and does not hold."
    )


class BandPart(Body):
    """Scores above `above` up to `up_to`; the first band has its lower edge too."""

    band_id: str
    title: str
    above: int
    up_to: int


class CapPart(Body):
    """What holds a score down."""

    cap_id: str
    title: str
    at_most: int


class GroupPart(Body):
    """Components that count together."""

    group_id: str
    title: str
    weight: int
    points: int | None = Field(description="Null where none of its components has a measure.")


class MeasuredPart(Body):
    """What a component measures on a day, and what that is worth."""

    raw: int | None = Field(description="In millionths of what is measured; null where missing.")
    points: int | None = Field(description="Null where the component is left out.")
    weight: int = Field(description="Within its group; 0 where the component is left out.")
    contribution: int | None = Field(description="What it adds to the score, in points.")


class NamedPart(Body):
    """A component by its name."""

    component_id: str
    title: str


class ComponentPart(MeasuredPart, NamedPart):
    """One component of a score, and how it is measured."""

    group_id: str
    kinds: list[str] = Field(description="The kinds of signals it measures.")
    aggregation: str
    window_days: int
    missing: bool = Field(description="Whether there was nothing to measure.")
    when_missing: str = Field(description="What the policy does then: skip, neutral or zero.")


class AlertPart(Body):
    """A threshold, and whether the score is strictly below it."""

    alert_id: str
    title: str
    below: int
    raised: bool


class ScorePart(Body):
    """A score at the end of a day."""

    day: date
    score: int | None = Field(description="0 to 100,000,000; null where nothing was measured.")
    uncapped: int | None = Field(description="What it would be without caps.")
    band: BandPart | None
    cap: CapPart | None = Field(description="The cap that holds it down.")
    policy: PolicyPart


class AccountPart(Body):
    """Something of one account."""

    account_id: str


class HealthScoreItem(ScorePart, AccountPart):
    """The score of an account with all that it is made of."""

    groups: list[GroupPart]
    components: list[ComponentPart]
    alerts: list[AlertPart]


class HealthScoreAnswer(Answer):
    """The health score of an account."""

    item: HealthScoreItem


class LinePart(NamedPart):
    """One component on both days, under the policy of the later one."""

    before: MeasuredPart | None
    now: MeasuredPart
    difference: int = Field(description="Of the contributions; one left out contributes 0.")


class FactItem(Body):
    """A signal behind a score or behind a cap, and what became of it since the earlier day."""

    component_id: str | None
    cap_id: str | None
    change: FactChange = Field(
        description="It occurred since; became known; its window is over; it was taken back; it "
        "counts less or lies longer ago; it stays as it was."
    )
    kind: str
    magnitude: Annotated[int, PERSONAL] = Field(description="In millionths.")
    occurred_at: datetime
    recorded_at: datetime
    position: int
    event_id: str = Field(description="The fact it comes from: GET /v1/audit-trail tells it.")


class ExplanationPage(Page):
    """Why a score is what it is; `difference` is exactly the sum of all its parts."""

    account_id: str
    now: ScorePart
    before: ScorePart | None = Field(description="Under the policy that held then.")
    difference: int | None = Field(description="Null where one of the scores is.")
    lines: list[LinePart]
    policy: int = Field(
        description="What the earlier score would be more under the policy of the later day."
    )
    rounding: int = Field(description="What rounding the sum of the contributions changes.")
    caps: int = Field(description="What caps change.")
    items: list[FactItem] = Field(
        description="By component, then by cap; what was recorded last comes first."
    )


class DayScoreItem(Body):
    """The score of one day."""

    day: date
    score: int | None
    uncapped: int | None
    band: str | None = Field(description="The id of the band.")
    cap: str | None = Field(description="The id of the cap that holds it down.")
    groups: dict[str, int | None] = Field(description="The points of each group.")
    policy_id: str
    policy_version: int
    closed: bool = Field(
        description="Whether it is as known when the day was closed; else as known now."
    )


class DayScoresPage(Page):
    """The scores of an account day by day."""

    account_id: str
    items: list[DayScoreItem]


class AccountScoreItem(Body):
    """An account with its score, and how that has changed."""

    account_id: str
    name: str
    region_id: str | None
    owner_id: str | None
    manager_id: str | None = Field(description="Whom the owner reports to.")
    account_class: str | None
    day: date
    score: int | None
    uncapped: int | None
    band: str | None = Field(description="The id of the band.")
    band_title: str | None
    cap: str | None = Field(description="The id of the cap that holds it down.")
    policy_id: str
    policy_version: int
    score_before: int | None = Field(description="Of the earlier day; null where there was none.")
    band_before: str | None
    change: int | None = Field(description="Since the earlier day; null where a score lacks.")


class HealthScoresPage(Page):
    """Accounts by their score."""

    against: date = Field(description="The earlier day.")
    items: list[AccountScoreItem]


class BandCount(BandPart):
    """How many accounts lie in a band."""

    accounts: int


class WorstPart(Body):
    """One of the accounts with the lowest scores."""

    account_id: str
    name: str
    score: int
    band: str


class HeatItem(Body):
    """The accounts of a group."""

    group: str | None = Field(description="The region, employee or class; null: of none.")
    name: PersonName
    accounts: int
    unscored: int = Field(description="How many have no score, for nothing was measured.")
    mean_score: int | None = Field(
        description="Of those that have one, each counting alike, rounded half up to a millionth."
    )
    bands: list[BandCount] = Field(description="From the lowest up.")
    worst: list[WorstPart] = Field(description="The five lowest scores.")


class HeatPage(Page):
    """The health of a portfolio by group; accounts without a scoring policy are not in it."""

    group_by: HeatBy
    day: date
    total: HeatItem
    items: list[HeatItem]


Known = Literal["at_close", "now"]
"""Days as known when they were closed, where they were; or as known now, or at the time asked."""
