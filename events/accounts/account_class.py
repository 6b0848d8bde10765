"""Facts about what an account is to us: strategic, key or ordinary, and what that rests on."""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from events.event import Event
from events.policies.value_matrix import BAND_MOST, WHOLE_BP, Edge
from events.values import Id, Reason

Class = Literal["strategic", "key", "ordinary"]
"""What an account is to us, the greatest first."""

Band = Annotated[int, Field(ge=1, le=BAND_MOST)]


class Measure(BaseModel):
    """What is known of an account in one dimension: an amount, or a band given by hand."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    dimension_id: Id
    amount: Edge | None = None
    """In the unit of the dimension."""
    band: Band | None = None
    """By hand; the evidence says why."""
    evidence: Reason | None = None


class Rating(BaseModel):
    """The band of an account in one dimension, and what it rests on."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    dimension_id: Id
    amount: Edge | None
    """``None`` where the band was given by hand."""
    evidence: Reason | None
    band: Band


class AccountClassified(Event):
    """An account was ranked under a version of a value matrix."""

    NAME: ClassVar[str] = "account.classified"
    PARTITION: ClassVar[str | None] = "account_id"

    account_id: Id
    region_id: Id | None
    """The region of the account at the time."""
    account_class: Class
    score: int = Field(ge=WHOLE_BP, le=BAND_MOST * WHOLE_BP)
    """The sum of weight times band, in ten-thousandths of a point."""
    ratings: Annotated[tuple[Rating, ...], Field(min_length=1, max_length=20)]
    """One for each dimension of the matrix, in its order."""
    matrix_region_id: Id | None
    """Whose matrix it was; ``None`` for the one of the whole group."""
    matrix_version: int = Field(ge=1)


AccountClassEvent = AccountClassified
