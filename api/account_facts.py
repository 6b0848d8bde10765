"""The part of the whole account that tells of the facts behind it."""

from datetime import datetime

from pydantic import Field

from api.account_parts import Cut
from api.answers import Body


class FactPart(Body):
    """A fact that belongs to the account; what it changed is told by the audit trail."""

    position: int
    name: str
    record: str
    version: int
    occurred_at: datetime
    recorded_at: datetime
    actor: str


class FactsPart(Cut):
    """The facts that explain how the account stands."""

    count: int
    latest: list[FactPart] = Field(description="Those recorded last, the last one first.")
