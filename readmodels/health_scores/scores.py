"""Scores of a day, of one account or of many: from signals and the policy that holds for each."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import polars as pl
from psycopg import Connection
from psycopg.rows import dict_row
from psycopg.sql import SQL

from events.policies import scoring
from events.policies.place import GROUP
from events.policies.scoring import Band, Cap, ScoringPolicy
from projections.scoring.holding import parsed
from projections.scoring.plan import Plan
from projections.scoring.score import score
from readmodels import policies
from readmodels.moment import EVER, Moment, end_of
from readmodels.policies import PoliciesInForce
from readmodels.signals import signal_frame

KIND: Final = "scoring_policy"
Component = scoring.Component
"""One thing that a score is made of."""

MOST: Final = scoring.FULL
"""The highest score, in millionths of a point."""

READS: Final = ("organization", "accounts", "account_classes", "policies", "signals")
"""The read models it rests on."""

FIRST_DAY: Final = date(22, 1, 1)
LAST_DAY: Final = date(9998, 12, 31)
"""Windows reach back into the calendar: a day before this one means this one."""

WEEK: Final = timedelta(days=7)
"""How much earlier the day is that a score is compared with, unless another is named."""

_OPEN: Final = SQL("SELECT * FROM health_score WHERE day = %(day)s AND NOT closed")

Measured = Mapping[str, int | None]
"""What a component measures and is worth: ``raw``, ``points``, ``weight``, ``contribution``."""


@dataclass(frozen=True, slots=True)
class OnDay:
    """The end of a day, as known at a time."""

    day: date
    known_at: datetime
    zone: ZoneInfo
    """The ledger's."""

    @property
    def moment(self) -> Moment:
        """What was true at the end of the day."""
        return Moment(end_of(self.day, self.zone), self.known_at)

    @property
    def known(self) -> datetime | None:
        """For the scorer: ``None`` for all that is known."""
        return None if self.known_at == EVER else self.known_at


def on_day(day: date, like: OnDay) -> OnDay:
    """Another day as known at the same time, or the nearest whose windows the calendar has."""
    return OnDay(min(max(day, FIRST_DAY), LAST_DAY), like.known_at, like.zone)


class Version(NamedTuple):
    """A version of a scoring policy."""

    policy_id: str
    """The region it is for; ``*``: the whole group."""
    version: int
    effective_on: str | None
    """The day from which it holds; ``None`` where it is asked for and does not."""
    document: ScoringPolicy

    @property
    def key(self) -> tuple[str, int]:
        """What tells it from all others."""
        return self.policy_id, self.version


class Score(NamedTuple):
    """The score of an account at the end of a day; points are in millionths."""

    account_id: str
    day: date
    made_by: Version
    score: int | None
    """``None`` where no component has a measure."""
    uncapped: int | None
    band_id: str | None
    cap_id: str | None
    """The cap that holds it down."""
    groups: Measured
    components: Mapping[str, Measured]
    alerts: Mapping[str, bool]

    @property
    def band(self) -> Band | None:
        """The band it lies in."""
        bands = self.made_by.document.bands
        return next((one for one in bands if one.band_id == self.band_id), None)

    @property
    def cap(self) -> Cap | None:
        """The cap that holds it down."""
        caps = self.made_by.document.caps
        return next((one for one in caps if one.cap_id == self.cap_id), None)


def in_force(connection: Connection[Any], on: OnDay) -> PoliciesInForce:
    """The scoring policies that hold on the day, and the regions as they lay."""
    return policies.policies_in_force(connection, on.moment, KIND, on.day)


def nearest(holding: PoliciesInForce, region_id: str | None) -> Version | None:
    """The version that holds in a region: its own, else of the nearest above, else the group's."""
    row = holding.nearest(region_id)
    if row is None:
        return None
    return Version(row.region_id or GROUP, row.draft, row.effective_on, _document(row.document))


def version(connection: Connection[Any], on: OnDay, policy_id: str, number: int) -> Version | None:
    """A version as it was written down, in force or not; ``None`` when there was none."""
    known = Moment(known_at=on.known_at)
    row = policies.draft(connection, known, KIND, policy_id, number)
    return None if row is None else Version(policy_id, number, None, _document(row.document))


def version_for(
    connection: Connection[Any], on: OnDay, region_id: str | None, place: str | None, number: int
) -> Version | None:
    """Version ``number`` of the policy of ``place``, else of the one that holds in the region."""
    holding = nearest(in_force(connection, on), region_id)
    policy_id = place or (GROUP if holding is None else holding.policy_id)
    if holding is not None and holding.key == (policy_id, number):
        return holding
    return version(connection, on, policy_id, number)


def scores(
    connection: Connection[Any],
    on: OnDay,
    regions: Mapping[str, str | None],
    *,
    under: Version | None = None,
    all_signals: bool = False,
) -> dict[str, Score]:
    """The scores of the accounts in ``regions``, by account, each under the policy of its region.

    With ``under``, all of them under that version. Where none holds there is no score.
    ``all_signals``: they are all the accounts, or nearly, so that every signal is read at once.
    ``connection`` is inside :func:`readmodels.reading.reading`.
    """
    by_version = _by_version(connection, on, regions, under)
    if not by_version:
        return {}
    since = earliest(on, [one.document for one, _ in by_version])
    ids = None if all_signals else list(regions)
    frame = signal_frame(connection, ids, since=since).lazy()
    return {
        found.account_id: found
        for maker, account_ids in by_version
        for found in scored(frame, maker, on, account_ids)
    }


def _by_version(
    connection: Connection[Any],
    on: OnDay,
    regions: Mapping[str, str | None],
    under: Version | None,
) -> list[tuple[Version, list[str]]]:
    """Which accounts are scored under which version."""
    if under is not None:
        return [(under, list(regions))] if regions else []
    holding = in_force(connection, on)
    of_region = {one: nearest(holding, one) for one in set(regions.values())}
    found: dict[tuple[str, int], tuple[Version, list[str]]] = {}
    for account_id, region_id in regions.items():
        maker = of_region[region_id]
        if maker is not None:
            found.setdefault(maker.key, (maker, []))[1].append(account_id)
    return list(found.values())


def scored(
    signals: pl.LazyFrame, maker: Version, on: OnDay, account_ids: Sequence[str]
) -> Iterator[Score]:
    """The scores of these accounts under one version."""
    accounts = pl.DataFrame({"account_id": account_ids}, schema={"account_id": pl.String()})
    theirs = signals.join(accounts.lazy(), on="account_id", how="semi")
    found = score(
        theirs, maker.document, on.day, on.zone.key, known_at=on.known, accounts=accounts.lazy()
    )
    yield from (told(row, maker) for row in found.collect().iter_rows(named=True))


def told(row: Mapping[str, Any], maker: Version) -> Score:
    """A row of the scorer."""
    policy = maker.document
    return Score(
        row["account_id"],
        row["as_of"],
        maker,
        row["score"],
        row["uncapped"],
        row["band"],
        row["cap"],
        {one.group_id: row[f"group.{one.group_id}"] for one in policy.groups},
        {one.component_id: row[f"component.{one.component_id}"] for one in policy.components},
        {one.alert_id: row[f"alert.{one.alert_id}"] for one in policy.alerts},
    )


def open_scores(
    connection: Connection[Any], on: OnDay, regions: Mapping[str, str | None]
) -> dict[str, Score] | None:
    """The scores of the accounts in ``regions`` as they are kept for the day that is open.

    ``None`` where ``on`` is not the end of that day as it is known now: then they are made. What is
    kept is what would be made, and is there at once.
    """
    if on.known is not None:
        return None
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(_OPEN, {"day": on.day.isoformat()}).fetchall()
    if not rows:
        return None
    holding = in_force(connection, on)
    found = [nearest(holding, one) for one in set(regions.values())]
    makers = {one.key: one for one in found if one is not None}
    wanted = [row for row in rows if row["account_id"] in regions]
    if any((row["policy_id"], row["policy_version"]) not in makers for row in wanted):
        return None
    return {
        row["account_id"]: kept(row, makers[row["policy_id"], row["policy_version"]])
        for row in wanted
    }


def kept(row: Mapping[str, Any], maker: Version) -> Score:
    """A row of the table of scores."""
    parts = row["parts"]
    return Score(
        row["account_id"],
        date.fromisoformat(row["day"]),
        maker,
        row["score"],
        row["uncapped"],
        row["band"],
        row["cap"],
        parts["groups"],
        parts["components"],
        parts["alerts"],
    )


def earliest(on: OnDay, documents: Sequence[ScoringPolicy]) -> datetime:
    """Signals that occurred earlier count under none of ``documents`` on the day."""
    days = max(Plan(one).windows[-1] for one in documents)
    return end_of(on.day - timedelta(days=days), on.zone)


def _document(written: Mapping[str, Any]) -> ScoringPolicy:
    return parsed(json.dumps(written, sort_keys=True))
