"""Whose eyes a question is asked with: what row security goes by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

READS: Final = ("access", "access_grants")
"""The read models that row security rests on, except for who sees the whole company."""

Breadth = Literal["company", "manager", "rep", "nothing"]
"""``company``: every row. ``manager``: what lies below them and what is theirs. ``rep``: what is
theirs. ``nothing``: what everybody sees, and no more."""


@dataclass(frozen=True, slots=True)
class Scope:
    """How far somebody sees on a day."""

    breadth: Breadth
    employee_id: str = ""
    """Who asks; empty where it is no employee."""
    today: date = date.min
    """The day on which grants have to hold."""
    roles: frozenset[str] = frozenset()
    """Of the key; where it sees the whole company they say which fields of it."""

    @property
    def settings(self) -> Mapping[str, str]:
        """What row security finds set, without the prefix ``keyledger.``."""
        return {
            "scope": self.breadth,
            "employee": self.employee_id,
            "today": self.today.isoformat(),
        }


COMPANY: Final = Scope("company")
"""Sees every row."""

NOTHING: Final = Scope("nothing")
"""Sees what everybody sees, and no more."""
