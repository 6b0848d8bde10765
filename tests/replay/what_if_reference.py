"""A what-if as somebody would work it out by hand: account after account, day after day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from aggregates.policies.versions import Versions
from events.policies.place import GROUP
from events.policies.scoring import ScoringPolicy
from replay.what_if.question import Candidate, Question
from replay.what_if.source import Source
from tests.projections.scoring.fold import Fold, nearest

Made = Mapping[str, Any] | None
"""A score by hand, with the policy that made it; ``None`` where none did."""


@dataclass
class Day:
    """An account on a day that is compared."""

    account_id: str
    day: date
    region_id: str | None
    active: Made
    candidate: Made


@dataclass
class ByHand:
    """One question to one ledger."""

    source: Source
    question: Question
    signals: list[dict[str, Any]] = field(init=False)

    def __post_init__(self) -> None:
        self.signals = self.source.signals.collect().to_dicts()

    def days(self, candidate: Candidate) -> list[Day]:
        found = []
        policy = candidate.document or self._document(candidate.place, candidate.version or 0)
        for account_id in sorted(set(self.source.accounts["account_id"])):
            if self.question.accounts is not None and account_id not in self.question.accounts:
                continue
            day = self.question.first
            while day <= self.question.last:
                found += self._day(account_id, day, candidate, policy)
                day += timedelta(days=1)
        return found

    def _day(
        self, account_id: str, day: date, candidate: Candidate, policy: ScoringPolicy
    ) -> list[Day]:
        closes = self.source.closes if self.question.known == "at_close" else {}
        known = closes.get(day, 10**9)
        accounts = self._then(self.source.accounts.to_dicts(), "account_id", day, known)
        if account_id not in accounts:
            return []
        rows = [row._asdict() for row in self.source.holding.regions]
        regions = self._then(rows, "region_id", day, known)
        place, above = accounts[account_id]["region_id"], []
        region_id = place
        while place is not None and place not in above:
            above.append(place)
            place = regions.get(place, {}).get("parent_id")
        above.append(GROUP)
        held = {one: self._held(one, day, known) for one in above}
        having = [one for one in above if held[one] is not None or one == candidate.place]
        if having[:1] != [candidate.place]:
            return []
        active = None
        in_force = next(((one, held[one]) for one in above if held[one] is not None), None)
        if in_force is not None:
            document = self._document(in_force[0], in_force[1] or 0)
            active = {**self._score(account_id, day, document, known), "policy": in_force}
        theirs = {**self._score(account_id, day, policy, known), "policy": "theirs"}
        return [Day(account_id, day, region_id, active, theirs)]

    def _then(
        self, rows: list[dict[str, Any]], key: str, day: date, known: int
    ) -> dict[str, dict[str, Any]]:
        """The last of each record's rows that was known and true, by its ``key``."""
        zone = ZoneInfo(self.source.zone)
        return {
            row[key]: row
            for row in sorted(rows, key=lambda row: row["version"])
            if row["position"] <= known and row["occurred_at"].astimezone(zone).date() <= day
        }

    def _held(self, place: str, day: date, known: int) -> int | None:
        mine = sorted(
            (one.version, date.fromisoformat(one.effective_on), one.draft)
            for one in self.source.holding.policies
            if one.policy_id == place and one.position <= known
        )
        versions = Versions(
            drafts=tuple(range(1, 10)),
            activations=tuple((effective_on, draft) for _, effective_on, draft in mine),
        )
        found = versions.in_force(day)
        return None if found is None else found[0]

    def _document(self, place: str, version: int) -> ScoringPolicy:
        return ScoringPolicy.model_validate_json(self.source.drafted[place, version])

    def _score(
        self, account_id: str, day: date, policy: ScoringPolicy, known: int
    ) -> dict[str, Any]:
        fold = Fold(policy, day, self.source.zone)
        fold.tell(
            {**signal, "known_to": None}
            for signal in self.signals
            if signal["position"] <= known and (signal["ended_at_position"] or 10**10) > known
        )
        found = fold.of(account_id)
        edges = {band.band_id: band.above for band in policy.bands}
        below = {name.removeprefix("alert.") for name, told in found.items() if told is True}
        return {**found, "edge": edges.get(found["band"]), "alerts": below}


def alerts(days: list[Day], side: str) -> list[tuple[str, date, str | None]]:
    """Who would have been noticed, day after day."""
    scores = {(one.account_id, one.day): getattr(one, side) for one in days}
    found: list[tuple[str, date, str | None]] = []
    for (account_id, day), now in scores.items():
        before = scores.get((account_id, day - timedelta(days=1)))
        if now is None:
            continue
        seen = set() if before is None else before["alerts"]
        found += [(account_id, day, one) for one in now["alerts"] - seen]
        if before is None or before["policy"] != now["policy"]:
            continue
        if None not in (before["edge"], now["edge"]) and now["edge"] < before["edge"]:
            found.append((account_id, day, None))
    return sorted(found, key=lambda one: (one[0], one[1], one[2] or ""))


def mean(values: list[int]) -> int | None:
    return nearest(Fraction(sum(values), len(values))) if values else None
