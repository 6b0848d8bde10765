"""What was true as of a day, as far as it was known at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from psycopg.sql import SQL, Composed

EVER: Final = datetime.max.replace(tzinfo=UTC)
"""Later than anything that was or will be recorded."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The two times of a question; by default what is true now, as far as it is known now."""

    valid_before: datetime = EVER
    """What began at this instant or later does not count."""
    known_at: datetime = EVER
    """What was recorded after this instant does not count."""

    @property
    def parameters(self) -> Mapping[str, datetime]:
        """The parameters of :data:`VALID`."""
        return {"valid_before": self.valid_before, "known_at": self.known_at}


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The first instant after ``day`` in ``zone``: a day means the whole of it."""
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


VALID: Final = SQL(
    """known_from <= %(known_at)s AND valid_from < %(valid_before)s
    AND (valid_to IS NULL OR valid_to >= %(valid_before)s OR known_to > %(known_at)s)"""
)
"""Picks the one row of each record that was true, with the parameters of a :class:`Moment`.

A row whose end was not known yet counts as not ended.
"""

REGION_TREE: Final[Composed] = SQL(
    """
    region_then AS (SELECT * FROM region WHERE {valid}),
    within (region_id, ancestor_id) AS (
        SELECT region_id, region_id FROM region_then
        UNION SELECT below.region_id, within.ancestor_id
        FROM within JOIN region_then AS below ON below.parent_id = within.region_id)"""
).format(valid=VALID)
"""Common table expressions: every region as it was, and all that it lies within, itself included.

They need ``WITH RECURSIVE``.
"""
