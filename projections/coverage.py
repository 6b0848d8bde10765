"""Whom we must know at a customer: the coverage policies, and what is missing under one."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple, get_args

from events.policies.coverage import (
    CoveragePolicyActivated,
    CoveragePolicyDrafted,
    CoveragePolicyEvent,
)
from events.recorded import Recorded
from projections.projection import ForEverybody, Key, Projection, Rows, Table

# --- whether enough of each role are known ------------------------------------


@dataclass(frozen=True, slots=True)
class Coverage:
    """How well the decision chain of a customer is covered."""

    minimum: Mapping[str, int]
    """How many contacts of each role must be known."""
    missing: Mapping[str, int]
    """How many more of each role it takes; empty when it is complete."""

    @property
    def complete(self) -> bool:
        """Whether every role has its minimum."""
        return not self.missing


def coverage(minimum: Mapping[str, int], roles: Iterable[str]) -> Coverage:
    """Whether ``roles``, one for each contact, hold each role of ``minimum`` often enough.

    A role the minimum does not name neither helps nor harms; without a minimum all is complete.
    """
    known = Counter(roles)
    missing = {role: least - known[role] for role, least in minimum.items() if known[role] < least}
    return Coverage(dict(minimum), missing)


def strictest(minima: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """What holds under all of ``minima`` at once: of each role the largest, in order of the role.

    A region can only tighten what those above have set, also what they set after it.
    """
    found: dict[str, int] = {}
    for minimum in minima:
        found.update({role: max(least, found.get(role, 0)) for role, least in minimum.items()})
    return dict(sorted(found.items()))


# --- the policies: a row for each draft and each activation --------------------


class CoverageDraftRow(NamedTuple):
    """One version of a region's coverage policy."""

    region_id: str
    draft: int
    """The version of the policy, 1 for the first."""
    minimum: dict[str, int]
    """Role to the number of contacts."""


class CoverageInForceRow(NamedTuple):
    """One version put in force from a day on."""

    region_id: str
    version: int
    """The version of the stream: what was put in force later has a larger one."""
    draft: int
    effective_on: str
    """The first day it holds, as ``2026-01-31``."""
    minimum: dict[str, int]
    known_from: datetime


COVERAGE_DRAFT: Final = Table(
    "coverage_draft", CoverageDraftRow, guard=ForEverybody(), key=("region_id", "draft")
)
COVERAGE_IN_FORCE: Final = Table(
    "coverage_in_force", CoverageInForceRow, guard=ForEverybody(), key=("region_id", "version")
)


def keys(recorded: Recorded[CoveragePolicyEvent]) -> tuple[Key, ...]:
    """The draft that is put in force."""
    match recorded.event:
        case CoveragePolicyActivated(region_id=region_id, version=version):
            return ((COVERAGE_DRAFT, (region_id, version)),)
        case CoveragePolicyDrafted():
            return ()


def evolve(rows: Rows, recorded: Recorded[CoveragePolicyEvent]) -> Rows:
    """The draft, or the draft put in force."""
    event = recorded.event
    row: Any
    match event:
        case CoveragePolicyDrafted():
            minimum: dict[str, int] = {one.role: one.contacts for one in event.document.minimum}
            row = CoverageDraftRow(event.region_id, event.version, minimum)
            return {(COVERAGE_DRAFT, row[:2]): row}
        case CoveragePolicyActivated():
            (drafted,) = rows.values()
            row = CoverageInForceRow(
                event.region_id,
                recorded.envelope.version,
                event.version,
                event.effective_on.isoformat(),
                drafted.minimum,
                recorded.envelope.recorded_at,
            )
            return {(COVERAGE_IN_FORCE, row[:2]): row}


COVERAGE: Final = Projection(
    name="coverage",
    version=1,
    tables=(COVERAGE_DRAFT, COVERAGE_IN_FORCE),
    subscribes=frozenset(get_args(CoveragePolicyEvent)),
    keys=keys,
    evolve=evolve,
)
