"""Which scoring policy holds in a region on a day, as known at a position."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Self
from zoneinfo import ZoneInfo

from events.policies.scoring import ScoringPolicy
from projections.derivation import Held
from projections.places import chain
from projections.scoring.deciding import SCORED_REGION, SCORING_IN_FORCE, ScoredRegionRow


@lru_cache(64)
def parsed(document: str) -> ScoringPolicy:
    """The policy that a document of JSON says."""
    return ScoringPolicy.model_validate_json(document)


@dataclass(frozen=True, slots=True)
class PolicyInForce:
    """A version that was put in force."""

    policy_id: str
    version: int
    draft: int
    effective_on: str
    document: str
    """JSON."""
    position: int


@dataclass(frozen=True, slots=True)
class OfDay:
    """The policies that hold on a day, by place, and the regions as they lay."""

    by_place: Mapping[str, PolicyInForce]
    parents: Mapping[str, str | None]

    def chain(self, region_id: str | None) -> tuple[str, ...]:
        """The places whose policies hold in a region, topmost first."""
        return chain(self.parents, region_id)

    def nearest(self, region_id: str | None) -> PolicyInForce | None:
        """That of the region, else of the nearest above it that has one, else of the group."""
        places = reversed(self.chain(region_id))
        return next((self.by_place[one] for one in places if one in self.by_place), None)


@dataclass(frozen=True, slots=True)
class Holding:
    """Every version that was ever put in force, and every place a region ever had."""

    policies: tuple[PolicyInForce, ...]
    regions: tuple[ScoredRegionRow, ...]
    """In the order of their versions."""

    @classmethod
    def of(cls, held: Held) -> Self:
        """What is held; nothing while no version was ever put in force."""
        in_force = held.frame(SCORING_IN_FORCE, SCORING_IN_FORCE.row._fields)
        if in_force.is_empty():
            return cls((), ())
        regions = held.frame(SCORED_REGION, SCORED_REGION.row._fields).sort("version")
        return cls(
            tuple(PolicyInForce(*row) for row in in_force.iter_rows()),
            tuple(map(ScoredRegionRow._make, regions.iter_rows())),
        )

    def of_day(self, day: date, known: int, zone: str) -> OfDay:
        """What holds at the end of ``day``, as known at the position ``known``.

        The first version of a policy holds from the beginning of time; a version may be put in
        force for days that are over.
        """
        by_place: dict[str, PolicyInForce] = {}
        for one in sorted(self.policies, key=lambda one: one.version):
            if one.position > known:
                continue
            if one.effective_on <= day.isoformat():
                by_place[one.policy_id] = one
            else:
                by_place.setdefault(one.policy_id, one)
        local = ZoneInfo(zone)
        parents = {
            one.region_id: one.parent_id
            for one in self.regions
            if one.position <= known and one.occurred_at.astimezone(local).date() <= day
        }
        return OfDay(by_place, parents)
