"""What the read doors answer: every answer says how far its read models had come."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler
from pydantic_core import CoreSchema

from api.field_classes import COMMERCIAL, class_of, is_marked
from events.values import Money


class Body(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """The schema, in which a field that is not for everybody is not required."""
        found = handler.resolve_ref_schema(handler(schema))
        for name, field in cls.model_fields.items():
            key = field.alias or name
            if is_marked(field):
                found["properties"][key]["x-field-class"] = class_of(field)
                found["required"] = [one for one in found.get("required", ()) if one != key]
        return found


class ErasedName(Body):
    """Stands where a person's name can never be read again."""

    erased: bool = Field(alias="$erased", default=True)


PersonName = str | ErasedName | None
"""A person's name; ``null`` where there is no such person."""


class Answer(Body):
    """What every answer says besides what was asked."""

    position: int = Field(description="The position of the log up to which this answer holds.")
    lag: int = Field(description="How many facts the log was ahead of it.")


class Page(Answer):
    """A page of a longer list."""

    next: str | None = Field(description="The cursor of the next page; null on the last one.")


class FunnelGroup(Body):
    """The opportunities of one group."""

    group: dict[str, str | None] = Field(description="What they have in common, by dimension.")
    names: dict[str, PersonName] = Field(description="The names of what group names by id.")
    count: int
    open: int
    won: int
    lost: int
    amounts: Annotated[list[Money], COMMERCIAL] = Field(
        description="What the won ones brought, an entry a currency."
    )
    win_rate_bp: int | None = Field(
        description="Won of those won or lost, in basis points, half up; null when none is closed."
    )
    days_mean: float | None = Field(
        description="From the day the engaged stage was reached to the day it was won."
    )
    days_median: float | None


class FunnelAnswer(Page):
    """The funnel. By region each group holds what lies in the region and below it."""

    total: FunnelGroup = Field(description="Everything selected, each opportunity once.")
    groups: list[FunnelGroup]


class OpportunityItem(Body):
    """One opportunity as it was."""

    opportunity_id: str
    version: int
    account_id: str | None
    product_id: str
    owner_id: str
    region_id: str
    stage: str
    state: str
    amount_minor: Annotated[int | None, COMMERCIAL]
    currency: Annotated[str | None, COMMERCIAL]
    loss_reason: Annotated[str | None, COMMERCIAL]
    opened_at: datetime
    engaged_at: datetime | None
    closed_at: datetime | None
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


class OpportunitiesPage(Page):
    """Opportunities in order of their ids."""

    items: list[OpportunityItem]


class OpportunityAnswer(Answer):
    """One opportunity."""

    item: OpportunityItem


class AccountItem(Body):
    """One account as it was."""

    account_id: str
    version: int
    name: str
    sector: str | None
    country: str | None
    founded_year: int | None
    employees: int | None
    revenue_minor: int | None
    revenue_currency: str | None
    parent_id: str | None
    owner_id: str | None
    region_id: str | None
    account_class: str | None = Field(description="Strategic, key, ordinary; null: not ranked.")
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


class AccountsPage(Page):
    """Accounts in order of their ids."""

    items: list[AccountItem]


class Change(Body):
    """What a field was and what it became; personal values opened, or marked as erased."""

    before: Any = None
    after: Any = None


class AuditItem(Body):
    """One fact: who, what, when, on which record, by which command, and what it changed."""

    position: int
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    name: str
    record: str
    version: int
    account_id: str | None
    command_id: str
    correlation_id: str
    causation_id: str | None
    policies: dict[str, int]
    release: str
    imported: bool
    changes: dict[str, Change]


class AuditPage(Page):
    """Facts in order of position."""

    items: list[AuditItem]


class ReadModelHealth(Body):
    """How far one read model has come."""

    position: int
    lag: int


class HealthAnswer(Body):
    """How the ledger is."""

    status: Annotated[str, Field(description="``ok``, or ``starting`` until all are built.")]
    log: str = Field(description="What the read models follow: kafka or store.")
    position: int = Field(description="The position of the last fact recorded.")
    lag: int = Field(description="How many facts the slowest read model is behind.")
    read_models: dict[str, ReadModelHealth]
