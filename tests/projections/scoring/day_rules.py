"""What the rows of scores have to be: worked out fact after fact and account after account.

By the plain rules of policies, and by a score made by hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

from aggregates.policies.scoring import SCORING_POLICY
from events.accounts.account import AccountOwnerChanged, AccountRegistered
from events.organization.calendar import DayClosed
from events.organization.region import RegionMoved, RegionOpened
from events.policies.place import GROUP, place_of
from events.policies.scoring import ScoringPolicyActivated
from events.recorded import Recorded
from projections.health_scores import HealthScoreRow
from projections.projection import Key, fold
from projections.signal_rows import SIGNAL, SIGNAL_END
from projections.signals import SIGNALS
from tests.projections.scoring.days import ACCOUNTS, Told
from tests.projections.scoring.fold import Fold

Scores = dict[tuple[str, str], HealthScoreRow]
"""By account and day."""


@dataclass
class _Known:
    """What is known after some of the facts."""

    told: Sequence[Recorded[Any]]
    zone: ZoneInfo
    rows: dict[Key, Any]

    def region(self, account_id: str, day: date) -> tuple[str | None] | None:
        """The region at the end of a day, in a tuple; ``None``: it was no account yet."""
        found = [
            (one.event.region_id,)
            for one in self.told
            if isinstance(one.event, AccountRegistered | AccountOwnerChanged)
            and one.event.account_id == account_id
            and self._by(one, day)
        ]
        return found[-1] if found else None

    def places(self, region_id: str | None, day: date) -> list[str]:
        """The region and all above it, the nearest first, and then the group."""
        found: list[str] = []
        while region_id is not None and region_id not in found:
            found.append(region_id)
            moves = [
                one.event.parent_id
                for one in self.told
                if isinstance(one.event, RegionOpened | RegionMoved)
                and one.event.region_id == region_id
                and self._by(one, day)
            ]
            region_id = moves[-1] if moves else None
        return [*found, GROUP]

    def score(self, account_id: str, day: date) -> dict[str, Any] | None:
        """What the row says of the account, but for when it was made; ``None``: nothing."""
        region = self.region(account_id, day)
        if region is None:
            return None
        for place in self.places(region[0], day):
            stream = f"scoring_policy-{place}"
            facts = [one.event for one in self.told if one.envelope.stream == stream]
            if in_force := SCORING_POLICY.fold(facts).in_force(day):
                by_hand = Fold(in_force.document, day, self.zone.key)
                by_hand.tell(self.signals(account_id))
                return _told_of(by_hand.of(account_id), place, in_force.number)
        return None

    def signals(self, account_id: str) -> list[dict[str, Any]]:
        """Those that count."""
        ends = {key for (table, key) in self.rows if table is SIGNAL_END}
        return [
            row._asdict()
            for (table, key), row in self.rows.items()
            if table is SIGNAL and key not in ends and row.account_id == account_id
        ]

    def _by(self, one: Recorded[Any], day: date) -> bool:
        return one.envelope.occurred_at.astimezone(self.zone).date() <= day

    def touches(self, written: Sequence[Any], account_id: str, day: date) -> bool:
        """Whether the last fact touches the account."""
        region = self.region(account_id, day)
        above = [] if region is None else self.places(region[0], day)
        match self.told[-1].event:
            case AccountRegistered() | AccountOwnerChanged() as event:
                return event.account_id == account_id
            case RegionOpened() | RegionMoved() as event:
                return event.region_id in above
            case ScoringPolicyActivated() as event:
                return place_of(event.region_id) in above
            case _:
                return any(row.account_id == account_id for row in written)


def _told_of(score: dict[str, Any], place: str, version: int) -> dict[str, Any]:
    def parts(prefix: str) -> dict[str, Any]:
        return {
            name.removeprefix(prefix): value
            for name, value in score.items()
            if name.startswith(prefix)
        }

    return {
        "policy_id": place,
        "policy_version": version,
        **{name: score[name] for name in ("score", "uncapped", "band", "cap")},
        "parts": {
            "groups": parts("group."),
            "components": parts("component."),
            "alerts": parts("alert."),
        },
    }


def expected(told: Told, zone: str) -> Scores:
    """The rows of scores after all facts, by account and day."""
    found: Scores = {}
    rows: dict[Key, Any] = {}
    closed: date | None = None
    for one in told:
        before = set(rows)
        fold(SIGNALS, rows, one)
        written = [
            row for key, row in rows.items() if key not in before and key[0] in {SIGNAL, SIGNAL_END}
        ]
        known = _Known(told[: one.envelope.position], ZoneInfo(zone), rows)
        if isinstance(one.event, DayClosed):
            closed = one.event.day
            for account_id, day in product(ACCOUNTS, (closed, closed + timedelta(days=1))):
                _write(found, known, account_id, day, closed=day == closed)
        elif closed is not None:
            _follow(found, known, written, closed + timedelta(days=1))
    return found


def _follow(found: Scores, known: _Known, written: Sequence[Any], day: date) -> None:
    """The rows of the open day after one more fact; what it does not touch is as it was."""
    for account_id in ACCOUNTS:
        if known.touches(written, account_id, day):
            _write(found, known, account_id, day, closed=False)
            continue
        row, score = found.get((account_id, day.isoformat())), known.score(account_id, day)
        assert score == (
            None if row is None else {name: getattr(row, name) for name in score or {}}
        )


def _write(found: Scores, known: _Known, account_id: str, day: date, *, closed: bool) -> None:
    score, name = known.score(account_id, day), day.isoformat()
    found.pop((account_id, name), None)
    if score is not None:
        found[account_id, name] = HealthScoreRow(
            account_id=account_id, day=name, closed=closed, position=len(known.told), **score
        )
