"""Facts about value matrices: by which dimensions accounts are ranked, for all or per region."""

from datetime import date
from typing import Annotated, ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field

from events.event import Event
from events.values import MINOR_LIMIT, Id, Name, PersonId

WHOLE_BP: Final = 10_000
"""What the weights of a matrix add up to, and one point of a score."""

BAND_MOST: Final = 5
"""Bands go from 1 to this one."""

Edge = Annotated[int, Field(gt=-MINOR_LIMIT, lt=MINOR_LIMIT)]
CutOff = Annotated[int, Field(gt=WHOLE_BP, le=BAND_MOST * WHOLE_BP)]


class Dimension(BaseModel):
    """One thing an account is rated by, in bands from 1 to 5."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    dimension_id: Id
    name: Name
    weight_bp: int = Field(ge=1, le=WHOLE_BP)
    unit: Name | None = None
    """What its amounts count, such as cents of a currency or basis points."""
    lower_edges: Annotated[tuple[Edge, ...], Field(min_length=4, max_length=4)] | None = None
    """Where bands 2, 3, 4 and 5 begin, each edge in the band above it; what is less than the
    first is in band 1. ``None``: somebody rates it, and says why."""


class ValueMatrix(BaseModel):
    """The policy document: dimensions, and from which score on an account is more than ordinary.

    A score is the sum of weight times band, in ten-thousandths of a point: 37,500 is 3.75.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    dimensions: Annotated[tuple[Dimension, ...], Field(min_length=1, max_length=20)]
    key_from: CutOff
    """The least score of a key account (inclusive)."""
    strategic_from: CutOff
    """The least score of a strategic account (inclusive)."""


class ValueMatrixDrafted(Event):
    """A new version has been written down; nothing follows it yet."""

    NAME: ClassVar[str] = "value_matrix.drafted"

    region_id: Id | None
    """``None``: it is the one of the whole group."""
    version: int = Field(ge=1)
    document: ValueMatrix
    drafted_by: PersonId | None
    """The employee who did, or ``None`` for a program."""


class ValueMatrixProposed(Event):
    """A version has been put up for approval."""

    NAME: ClassVar[str] = "value_matrix.proposed"
    VERSION: ClassVar[int] = 2

    region_id: Id | None
    version: int = Field(ge=1)
    proposed_by: PersonId | None
    approval_id: Id | None
    """The request for its approval; ``None`` before version 2, when matrices had none."""


class ValueMatrixApproved(Event):
    """Others than its authors have agreed to a version."""

    NAME: ClassVar[str] = "value_matrix.approved"
    VERSION: ClassVar[int] = 2

    region_id: Id | None
    version: int = Field(ge=1)
    approved_by: PersonId | None
    """Who did before version 2; since then ``None``, for the request says who did."""
    approval_id: Id | None


class ValueMatrixRejected(Event):
    """A version is not agreed to as it stands."""

    NAME: ClassVar[str] = "value_matrix.rejected"

    region_id: Id | None
    version: int = Field(ge=1)
    approval_id: Id
    sent_back: bool
    """Whether it may be put up for approval again."""


class ValueMatrixActivated(Event):
    """A version is in force for classifications from ``effective_on`` (inclusive) on."""

    NAME: ClassVar[str] = "value_matrix.activated"

    region_id: Id | None
    version: int = Field(ge=1)
    effective_on: date


class ValueMatrixSuperseded(Event):
    """Another version has taken the place of this one from ``superseded_on`` (inclusive) on."""

    NAME: ClassVar[str] = "value_matrix.superseded"

    region_id: Id | None
    version: int = Field(ge=1)
    by_version: int = Field(ge=1)
    superseded_on: date


ValueMatrixEvent = (
    ValueMatrixDrafted
    | ValueMatrixProposed
    | ValueMatrixApproved
    | ValueMatrixRejected
    | ValueMatrixActivated
    | ValueMatrixSuperseded
)
