"""Scores of Acme at the close of days, put into the read model as deriving them would."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from psycopg.sql import SQL, Identifier
from psycopg.types.json import Jsonb

from tests.api.conftest import House
from tests.api.following import follow

_HEALTH: Final = """
    INSERT INTO {}.health_score (account_id, day, policy_id, policy_version, score, uncapped, band,
        cap, closed, position, parts)
    SELECT 'acme', %s, 'emea', %s, %s, %s, %s, NULL, true, n, %s FROM log_head"""
_POLICY: Final = """
    INSERT INTO {}.policy_draft (kind, policy_id, draft, region_id, document, drafted_at,
        known_from)
    SELECT 'scoring_policy', 'emea', %s, 'emea', %s, recorded_at, recorded_at FROM log_head"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    band: str | None = None
    policy_version: int = 1
    alerts: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Close(_Made):
    """How Acme stood when a day was over."""

    score: int | None
    """In hundredths of a point; ``None``: none could be made."""


def closes_at(house: House, day: date, close: Close) -> None:
    """Have Acme stand so at the close of ``day``."""
    score = None if close.score is None else close.score * 10_000
    values = [day.isoformat(), close.policy_version, score, score, close.band]
    _put(house, "signals", _HEALTH, [*values, Jsonb({"alerts": dict(close.alerts)})])


def bands_are(house: House, version: int, **up_to: int) -> None:
    """Have a version of the scoring policy know these bands, the lowest first, up to so many."""
    bands = [{"band_id": name, "up_to": points * 1_000_000} for name, points in up_to.items()]
    _put(house, "policies", _POLICY, [version, Jsonb({"bands": bands})])


def _put(house: House, name: str, statement: Any, values: list[Any]) -> None:
    follow(house)
    with house.system.pool.connection() as connection:
        row = connection.execute(
            "SELECT tables FROM read_model WHERE name = %s AND state = 'current'", [name]
        ).fetchone()
        assert row is not None
        connection.execute(SQL(statement).format(Identifier(row[0])), values)
