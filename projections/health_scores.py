"""Health scores as the days go by: a row for each account and day, under the policy it then had.

A day is open until ``day.closed`` says that it is over; before the first one there are no scores.
The row of the open day is made anew whenever a fact touches the account. That of a closed day is
the score as known when it was closed, and stays: what becomes known later is not in it.

A fact touches the account it tells a signal of or ends one of, and the account whose region it
says. A region that is moved, and a policy that is put in force, touch every account below.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, NamedTuple

import polars as pl

from events.policies.scoring import ScoringPolicy
from projections.derivation import Derived, Held, New, schema
from projections.projection import ByAccount, Table
from projections.scoring.deciding import (
    CLOSED_DAY,
    SCORED_ACCOUNT,
    SCORED_REGION,
    SCORING_IN_FORCE,
    ClosedDayRow,
)
from projections.scoring.holding import Holding, PolicyInForce, parsed
from projections.scoring.plan import Plan
from projections.scoring.score import score
from projections.signal_rows import SIGNAL, SIGNAL_END


class HealthScoreRow(NamedTuple):
    """The score of an account at the end of a day."""

    account_id: str
    day: str
    """ISO 8601."""
    policy_id: str
    """The policy that made it: the region it is for; ``*``: the whole group."""
    policy_version: int
    score: int | None
    """In millionths of a point; ``None`` where nothing was measured."""
    uncapped: int | None
    band: str | None
    cap: str | None
    """The cap that holds it down."""
    closed: bool
    """Whether the day is over; if not, the score is as of now."""
    position: int
    """Of the fact it was computed at: the last that touched the account, or that closed the day."""
    parts: dict[str, Any]
    """``groups`` with their points, ``components`` with ``raw``, ``points``, ``weight`` and
    ``contribution``, ``alerts`` with whether the score is below; each by id."""


HEALTH_SCORE: Final = Table(
    "health_score",
    HealthScoreRow,
    guard=ByAccount(),
    key=("account_id", "day"),
    indexes=(("day",),),
)

_SIGNAL: Final = (
    "account_id",
    "position",
    "number",
    "kind",
    "magnitude",
    "occurred_at",
    "recorded_at",
)
_TOUCHING: Final = frozenset(
    (SIGNAL, SIGNAL_END, CLOSED_DAY, SCORED_ACCOUNT, SCORED_REGION, SCORING_IN_FORCE)
)
"""The tables whose new rows may change a score."""
_LATEST: Final = 2**62
"""Behind every position."""


@dataclass(frozen=True, slots=True)
class _Touched:
    """What facts since the last close have touched, each with the position of the last one."""

    accounts: Mapping[str, int]
    places: Mapping[str, int]
    """Regions, or the whole group: every account below."""


@dataclass(frozen=True, slots=True)
class _Basis:
    """All that scores are made of."""

    zone: str
    holding: Holding
    accounts: pl.DataFrame
    """With the day each row holds from."""
    signals: pl.DataFrame


def derive(held: Held, new: New) -> Iterator[Derived]:
    """The scores of the days that were closed, and those of the open day that were touched."""
    if _TOUCHING.isdisjoint(new):
        return
    holding = Holding.of(held)
    if not holding.policies:
        return
    closed = held.frame(CLOSED_DAY, ClosedDayRow._fields)
    days = [ClosedDayRow._make(row) for row in closed.iter_rows()]
    if not days:
        return
    closes = sorted(new.get(CLOSED_DAY, ()))
    last = max(days)
    touched = _touched(new, last.position)
    if not (closes or touched.accounts or touched.places):
        return
    everybody = bool(closes or touched.places)
    open_day = date.fromisoformat(last.day) + timedelta(days=1)
    first = date.fromisoformat(closes[0].day) if closes else open_day
    basis = _basis(held, holding, first, None if everybody else touched.accounts)
    for close in closes:
        day = date.fromisoformat(close.day)
        placed = _placed(basis, day, close.position)
        rows = _scored(basis, placed, day, close.position).with_columns(
            position=pl.lit(close.position, pl.Int64), closed=pl.lit(value=True)
        )
        yield _instead_of({"day": [close.day]}, rows)
    yield _of_open_day(basis, open_day, touched, last.position if closes else None)


def _touched(new: New, after: int) -> _Touched:
    accounts: dict[str, int] = {}
    places: dict[str, int] = {}

    def touch(found: dict[str, int], name: str, position: int) -> None:
        if position > after:
            found[name] = max(position, found.get(name, 0))

    for row in (*new.get(SIGNAL, ()), *new.get(SCORED_ACCOUNT, ())):
        touch(accounts, row.account_id, row.position)
    for row in new.get(SIGNAL_END, ()):
        touch(accounts, row.account_id, row.ended_at_position)
    for row in new.get(SCORED_REGION, ()):
        touch(places, row.region_id, row.position)
    for row in new.get(SCORING_IN_FORCE, ()):
        touch(places, row.policy_id, row.position)
    return _Touched(accounts, places)


def _basis(
    held: Held, holding: Holding, first: date, account_ids: Collection[str] | None
) -> _Basis:
    """What the scores of these accounts from the day ``first`` on are made of."""
    window = max(Plan(parsed(one.document)).windows[-1] for one in holding.policies)
    # A day more than the window has, for zones in which a day begins before it does in UTC.
    since = datetime.combine(first - timedelta(days=window), time(), UTC)
    signals = held.frame(SIGNAL, _SIGNAL, account_ids=account_ids, since=since)
    columns = ("position", "number", "ended_at_position")
    ends = held.frame(SIGNAL_END, columns, account_ids=account_ids)
    accounts = held.frame(
        SCORED_ACCOUNT, SCORED_ACCOUNT.row._fields, account_ids=account_ids
    ).with_columns(day=_day(held.zone))
    joined = signals.join(ends, on=("position", "number"), how="left")
    return _Basis(held.zone, holding, accounts, joined)


def _day(zone: str) -> pl.Expr:
    return pl.col("occurred_at").dt.convert_time_zone(zone).dt.date()


def _placed(basis: _Basis, day: date, known: int) -> pl.DataFrame:
    """Each account there was at the end of ``day`` with its region, as known at a position."""
    return (
        basis.accounts.filter(pl.col("position") <= known, pl.col("day") <= day)
        .sort("version")
        .group_by("account_id")
        .agg(pl.col("region_id").last())
    )


def _scored(basis: _Basis, placed: pl.DataFrame, day: date, known: int) -> pl.DataFrame:
    """The scores of the accounts that are ``placed``, where a policy holds."""
    of_day = basis.holding.of_day(day, known, basis.zone)
    below: dict[PolicyInForce, list[str | None]] = {}
    for region_id in placed.get_column("region_id").unique():
        policy = of_day.nearest(region_id)
        if policy is not None:
            below.setdefault(policy, []).append(region_id)
    until = pl.col("ended_at_position")
    signals = basis.signals.filter(
        pl.col("position") <= known, until.is_null() | (until > known)
    ).drop("ended_at_position")
    found = [schema(HEALTH_SCORE).to_frame().drop("position", "closed")]
    for policy, region_ids in below.items():
        there = pl.col("region_id").is_in(region_ids, nulls_equal=True)
        accounts = placed.filter(there).select("account_id")
        theirs = signals.join(accounts, on="account_id", how="semi")
        document = parsed(policy.document)
        scores = score(theirs.lazy(), document, day, basis.zone, accounts=accounts.lazy())
        found.append(_rows(scores.collect(), document, day, policy))
    return pl.concat(found)


def _rows(
    scores: pl.DataFrame, document: ScoringPolicy, day: date, policy: PolicyInForce
) -> pl.DataFrame:
    return scores.select(
        "account_id",
        pl.lit(day.isoformat()).alias("day"),
        pl.lit(policy.policy_id).alias("policy_id"),
        pl.lit(policy.draft, pl.Int64).alias("policy_version"),
        pl.col("score", "uncapped").cast(pl.Int64),
        "band",
        "cap",
        pl.struct(
            groups=_by_id("group", [one.group_id for one in document.groups]),
            components=_by_id("component", [one.component_id for one in document.components]),
            alerts=_by_id("alert", [one.alert_id for one in document.alerts]),
        )
        .struct.json_encode()
        .alias("parts"),
    )


def _by_id(prefix: str, ids: list[str]) -> pl.Expr:
    if not ids:
        return pl.lit({}, pl.Struct({}))
    return pl.struct(pl.col(f"{prefix}.{one}").alias(one) for one in ids)


def _of_open_day(basis: _Basis, day: date, touched: _Touched, since: int | None) -> Derived:
    """The rows of the open day: of those touched, or of all where it was opened at ``since``."""
    placed = _placed(basis, day, _LATEST)
    regions = basis.holding.of_day(day, _LATEST, basis.zone)
    by_region = pl.DataFrame(
        [
            (region_id, max(touched.places.get(one, 0) for one in regions.chain(region_id)))
            for region_id in placed.get_column("region_id").unique()
        ],
        schema={"region_id": pl.String, "of_region": pl.Int64},
        orient="row",
    )
    by_account = pl.DataFrame(
        list(touched.accounts.items()),
        schema={"account_id": pl.String, "of_account": pl.Int64},
        orient="row",
    )
    positions = (
        placed.join(by_region, on="region_id", how="left", nulls_equal=True)
        .join(by_account, on="account_id", how="left")
        .with_columns(
            position=pl.max_horizontal("of_region", "of_account", pl.lit(since or 0, pl.Int64))
        )
        .filter(pl.col("position") > 0)
    )
    rows = (
        _scored(basis, positions.select("account_id", "region_id"), day, _LATEST)
        .join(positions.select("account_id", "position"), on="account_id")
        .with_columns(closed=pl.lit(value=False))
    )
    instead_of = {"day": [day.isoformat()]}
    if since is None:
        instead_of["account_id"] = positions.get_column("account_id").to_list()
    return _instead_of(instead_of, rows)


def _instead_of(others: Mapping[str, list[str]], rows: pl.DataFrame) -> Derived:
    return Derived(HEALTH_SCORE, others, rows.select(HEALTH_SCORE.row._fields))
