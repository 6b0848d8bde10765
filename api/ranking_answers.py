"""What the doors of metrics, value matrices and account classes answer."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from api.answers import Answer, Body, Page
from api.field_classes import COMMERCIAL


class MetricDefinition(Body):
    """What a number means; public definitions conflict, so it stands beside the number."""

    metric_id: str
    name: str
    formula: str = Field(description="In words, with the rounding where there is one.")
    version: int
    unit: str
    window: Literal["period", "moment", "record"] = Field(
        description="Counted over a period, at the end of a day, or of one record."
    )
    source: str = Field(description="Who defines it so.")


class MetricsAnswer(Body):
    """Every metric there is."""

    items: list[MetricDefinition]


class ConcentrationItem(Body):
    """The concentration of won revenue in one currency, in its minor units."""

    currency: str
    accounts: int = Field(description="Accounts with won revenue.")
    top_accounts: int
    total_minor: Annotated[int, COMMERCIAL]
    top_minor: Annotated[int, COMMERCIAL]
    share_bp: Annotated[int | None, COMMERCIAL] = Field(
        description="In basis points, half up; null without revenue."
    )
    unassigned_minor: Annotated[int, COMMERCIAL] = Field(
        description="Won for no account; it is not in the total."
    )


class ConcentrationAnswer(Answer):
    """How much of the revenue the top accounts bring."""

    metric: MetricDefinition
    top: int = Field(description="Percent of the accounts.")
    items: list[ConcentrationItem] = Field(description="An entry a currency.")


class ExpansionItem(Body):
    """What was sold beyond what customers had, in minor units of one currency."""

    currency: str
    accounts: int = Field(description="Accounts that bought something beyond.")
    up_sell_minor: Annotated[int, COMMERCIAL]
    cross_sell_minor: Annotated[int, COMMERCIAL]
    total_minor: Annotated[int, COMMERCIAL]


class ExpansionAnswer(Answer):
    """Up-sell and cross-sell in a period."""

    metric: MetricDefinition
    first_day: date
    last_day: date
    items: list[ExpansionItem] = Field(description="An entry a currency.")


class RatingItem(Body):
    """The band in one dimension, and what it rests on."""

    amount: int | None = Field(description="In the unit of the dimension; null by hand.")
    evidence: str | None
    band: int


class AccountClassItem(Body):
    """One account and its class, as they were."""

    rank: int = Field(description="1 for the greatest score; equal scores have one rank.")
    account_id: str
    version: int
    name: str | None
    region_id: str | None
    account_class: Literal["strategic", "key", "ordinary"]
    score: int = Field(description="In ten-thousandths of a point: 37500 is 3.75.")
    ratings: Annotated[dict[str, RatingItem], COMMERCIAL] = Field(description="By dimension.")
    matrix_id: str = Field(description="The region whose matrix it was, or * for the group's.")
    matrix_version: int
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


class AccountClassesPage(Page):
    """Classified accounts, the greatest score first."""

    metric: MetricDefinition
    items: list[AccountClassItem]


class AccountClassAnswer(Answer):
    """The class of one account."""

    metric: MetricDefinition
    item: AccountClassItem


class MatrixVersion(Body):
    """One version of a value matrix."""

    state: Literal["drafted", "proposed", "approved", "rejected", "activated", "superseded"]
    document: dict[str, Any]
    drafted_by: str | None
    proposed_by: str | None
    approval_id: str | None = Field(description="The approval it was last proposed for.")
    approved_by: str | None = Field(description="Null where that approval says who did.")
    effective_on: date | None = Field(description="The day from which it was put in force last.")
    superseded_on: date | None


class ValueMatrixItem(Body):
    """One value matrix with all its versions, as it was."""

    matrix_id: str = Field(description="The region's id, or * for the one of the whole group.")
    version: int = Field(description="Of the record.")
    region_id: str | None
    versions: dict[str, MatrixVersion] = Field(description="By number.")
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


class ValueMatricesPage(Page):
    """Value matrices in order of their ids."""

    items: list[ValueMatrixItem]


class ValueMatrixAnswer(Answer):
    """One value matrix."""

    item: ValueMatrixItem


class MoveItem(Body):
    """What one account is, and what it would be."""

    account_id: str
    name: str | None
    class_before: str
    class_after: str | None = Field(description="Null where its measures do not do.")
    score_before: int
    score_after: int | None
    rule: str | None = Field(description="The rule that says no, where one does.")
    detail: str | None


class MoveCount(Body):
    """How many accounts would go from one class to another, or stay."""

    class_before: str
    class_after: str | None
    accounts: int


class DryRunAnswer(Page):
    """Who would move class under a version of a value matrix; nothing is recorded."""

    metric: MetricDefinition
    matrix_id: str
    version: int
    counts: list[MoveCount] = Field(description="Of all accounts the matrix holds for.")
    items: list[MoveItem] = Field(description="Those that would move, the greatest score first.")
