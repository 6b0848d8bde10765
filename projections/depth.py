"""How deep a relationship is: the points of interactions under a policy, and the policies."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple, get_args

from events.policies.depth import (
    BP_MAX,
    DepthLevel,
    DepthPolicy,
    DepthPolicyActivated,
    DepthPolicyDrafted,
    DepthPolicyEvent,
)
from events.recorded import Recorded
from projections.projection import ForEverybody, Key, Projection, Rows, Table

# --- what interactions are worth ------------------------------------------------


@dataclass(frozen=True, slots=True)
class Touch:
    """An interaction, as far as depth and frequency rest on it."""

    interaction_id: str
    kind: str
    on: date
    """The day it took place, in the ledger's zone."""
    minutes: int | None
    rating: int | None
    contact_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Depth:
    """How deep a relationship is, and what that rests on."""

    points: int
    level: str
    interaction_ids: tuple[str, ...]
    """The interactions within the window, in the order given."""


def depth(
    touches: Iterable[Touch], policy: DepthPolicy, levels: tuple[DepthLevel, ...], as_of: date
) -> Depth:
    """The depth that ``touches`` make on the day ``as_of``; at least 0 points.

    In integers throughout: points times basis points are added up and rounded once, half up.
    """
    counted = [one for one in touches if 0 <= (as_of - one.on).days < policy.window_days]
    total = sum(_weighted(one, policy, (as_of - one.on).days) for one in counted)
    points = max(0, (2 * total + BP_MAX) // (2 * BP_MAX))
    level = [one.level_id for one in levels if one.from_points <= points][-1]
    return Depth(points, level, tuple(one.interaction_id for one in counted))


def _weighted(touch: Touch, policy: DepthPolicy, age_days: int) -> int:
    kinds = {one.kind: one.points for one in policy.kind_points}
    ratings = {one.rating: one.points for one in policy.rating_points}
    keeps = [step.keeps_bp for step in policy.decay if step.from_days <= age_days]
    worth = kinds.get(touch.kind, 0) + ratings.get(touch.rating or 0, 0)  # type: ignore[call-overload]
    return int(worth) * (keeps[-1] if keeps else BP_MAX)


def effective(touch: Touch, policy: DepthPolicy) -> bool:
    """Whether the policy counts the interaction as effective: its kind, and one of its bounds."""
    for one in policy.effective:
        if one.kind != touch.kind:
            continue
        if one.minutes_min is None and one.rating_min is None:
            return True
        return (one.minutes_min is not None and (touch.minutes or 0) >= one.minutes_min) or (
            one.rating_min is not None and (touch.rating or 0) >= one.rating_min
        )
    return False


def per_30_days_centi(count: int, days: int) -> int:
    """``count`` in ``days`` (at least 1) as hundredths per 30 days, half up."""
    return (2 * 3_000 * count + days) // (2 * days)


# --- the policies: a row for each draft and each activation ----------------------


class DepthDraftRow(NamedTuple):
    """One version of a region's depth policy."""

    region_id: str
    draft: int
    """The version of the policy, 1 for the first."""
    document: dict[str, Any]


class DepthInForceRow(NamedTuple):
    """One version put in force from a day on."""

    region_id: str
    version: int
    """The version of the stream: what was put in force later has a larger one."""
    draft: int
    effective_on: str
    """The first day it holds, as ``2026-01-31``."""
    document: dict[str, Any]
    known_from: datetime


DEPTH_DRAFT: Final = Table(
    "depth_draft", DepthDraftRow, guard=ForEverybody(), key=("region_id", "draft")
)
DEPTH_IN_FORCE: Final = Table(
    "depth_in_force", DepthInForceRow, guard=ForEverybody(), key=("region_id", "version")
)


def keys(recorded: Recorded[DepthPolicyEvent]) -> tuple[Key, ...]:
    """The draft that is put in force."""
    match recorded.event:
        case DepthPolicyActivated(region_id=region_id, version=version):
            return ((DEPTH_DRAFT, (region_id, version)),)
        case DepthPolicyDrafted():
            return ()


def evolve(rows: Rows, recorded: Recorded[DepthPolicyEvent]) -> Rows:
    """The draft, or the draft put in force."""
    event = recorded.event
    row: Any
    match event:
        case DepthPolicyDrafted():
            document = event.document.model_dump(mode="json")
            row = DepthDraftRow(event.region_id, event.version, document)
            return {(DEPTH_DRAFT, row[:2]): row}
        case DepthPolicyActivated():
            (drafted,) = rows.values()
            row = DepthInForceRow(
                event.region_id,
                recorded.envelope.version,
                event.version,
                event.effective_on.isoformat(),
                drafted.document,
                recorded.envelope.recorded_at,
            )
            return {(DEPTH_IN_FORCE, row[:2]): row}


DEPTH: Final = Projection(
    name="depth",
    version=1,
    tables=(DEPTH_DRAFT, DEPTH_IN_FORCE),
    subscribes=frozenset(get_args(DepthPolicyEvent)),
    keys=keys,
    evolve=evolve,
)
