"""Parts of the whole account that may be long: how many there are, the first, where the rest is."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from api.answers import Body, PersonName
from api.field_classes import COMMERCIAL, PERSONAL
from api.ranking_answers import RatingItem


class Cut(Body):
    """Part of what there is."""

    more: str = Field(description="Where all of it is found, as of the same day.")


class EarlierRanking(Body):
    """What the account was from ``valid_from`` until the next one."""

    account_class: str
    score: int = Field(description="In ten-thousandths of a point.")
    matrix_id: str
    matrix_version: int
    valid_from: datetime


class RankingPart(EarlierRanking, Cut):
    """What the account is to us."""

    ratings: Annotated[dict[str, RatingItem], COMMERCIAL] = Field(
        description="By dimension of the value matrix."
    )
    history: list[EarlierRanking] = Field(description="The latest first, this one included.")


class ReasonPart(Body):
    """What has changed a score since the week before."""

    component_id: str | None = Field(description="Null for caps and for another policy.")
    title: str
    difference: int = Field(description="In millionths of a point.")


class HealthPart(Cut):
    """How healthy the account is; points are in millionths."""

    day: date
    score: int | None = Field(description="Null where nothing was measured.")
    band: str | None
    band_title: str | None
    cap: str | None = Field(description="The cap that holds it down.")
    policy_id: str
    policy_version: int
    score_before: int | None = Field(description="Seven days before; null where there was none.")
    change: int | None
    reasons: list[ReasonPart] = Field(description="The three that changed it most.")


class ContactPart(Body):
    """One contact in the order in which the reporting line is read from the top."""

    contact_id: str
    name: Annotated[PersonName, PERSONAL]
    title: Annotated[PersonName, PERSONAL]
    department: str | None
    role: str | None = Field(description="In the customer's decision chain.")
    influence: Annotated[int | None, PERSONAL]
    sentiment: Annotated[int | None, PERSONAL]
    level: int = Field(description="0 at the top, 1 for who reports to one of these, and so on.")
    reports_to: str | None
    known_by: int = Field(description="How many of our people know them.")
    strength: Annotated[int | None, PERSONAL] = Field(
        description="Of the strongest of these relationships."
    )
    best_known_to: str | None = Field(description="The employee whose relationship that is.")


class CoveragePart(Body):
    """Whether we know whom we must."""

    complete: bool
    minimum: dict[str, int]
    missing: dict[str, int] = Field(description="How many more of each role it takes.")


class PeoplePart(Cut):
    """Whom we know there."""

    count: int
    decision_makers: list[str] = Field(
        description="The contacts who decide, pay for it, sponsor it or speak for us."
    )
    contacts: list[ContactPart]
    coverage: CoveragePart | None = Field(description="Null where no policy is in force.")


class PolicyPart(Body):
    """The version of a policy that was in force."""

    region_id: str
    version: int


class DepthPart(Cut):
    """How deep the relationship is; null where no depth policy is in force."""

    policy: PolicyPart | None
    level: str | None
    points: int | None
    interactions: int | None = Field(description="How many the points rest on.")
    contacts: int = Field(description="How many contacts took part in them.")


class KindCount(Body):
    """The interactions of one kind."""

    kind: str
    count: int
    last_at: datetime


class InteractionPart(Body):
    """One interaction."""

    interaction_id: str
    kind: str
    subject: str
    occurred_at: datetime
    rating: Annotated[int | None, PERSONAL]
    feedback: Annotated[PersonName, PERSONAL]
    contact_ids: list[str]
    employee_ids: list[str]


class FollowUpPart(Body):
    """Something promised and not done yet."""

    interaction_id: str
    follow_up_id: str
    text: str
    owner_id: str
    due_on: date
    overdue: bool


class FollowUpsPart(Cut):
    """What is still to be done."""

    open: int
    overdue: int
    first_due: list[FollowUpPart]


class InteractionsPart(Cut):
    """What we did together."""

    count: int
    rating_centi: int | None = Field(description="The mean rating in hundredths; null: none.")
    kinds: list[KindCount]
    latest: list[InteractionPart]
    follow_ups: FollowUpsPart
