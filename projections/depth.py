"""How deep a relationship is: the points of interactions under a policy."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from events.policies.depth import BP_MAX, DepthLevel, DepthPolicy


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
