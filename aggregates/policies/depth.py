"""A region's depth policy: drafted in versions, each put in force from a day on."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.refusals import Invalid, NotFound, WrongState
from events.policies.depth import (
    DepthLevel,
    DepthPolicy,
    DepthPolicyActivated,
    DepthPolicyDrafted,
    DepthPolicyEvent,
    EffectiveKind,
)

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class Versions:
    """What was drafted, version 1 first, and what was put in force, in that order."""

    drafts: tuple[DepthPolicy, ...] = ()
    activations: tuple[tuple[date, int], ...] = ()
    """The day from which (inclusive), and the version."""


# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(versions: Versions, event: DepthPolicyEvent) -> Versions:
    """The versions after ``event``."""
    match event:
        case DepthPolicyDrafted():
            return replace(versions, drafts=(*versions.drafts, event.document))
        case DepthPolicyActivated():
            activation = (event.effective_on, event.version)
            return replace(versions, activations=(*versions.activations, activation))
        case unknown:
            assert_never(unknown)


DEPTH_POLICY: Final[Decider[Versions, DepthPolicyEvent]] = Decider(
    "depth_policy", Versions(), evolve
)

# --- decisions: one verb each; facts or a refusal ----------------------------


def in_force(versions: Versions, on: date) -> DepthPolicy | None:
    """The document that holds on the day ``on``; ``None`` where none was ever activated.

    The last one activated for that day or an earlier one; before the first of those days, the
    one that came first, which holds from the beginning of time (design.md section 6).
    """
    if not versions.activations:
        return None
    effective = [version for day, version in versions.activations if day <= on]
    version = effective[-1] if effective else versions.activations[0][1]
    return versions.drafts[version - 1]


def draft(
    versions: Versions, *, region_id: str, document: DepthPolicy
) -> tuple[DepthPolicyEvent, ...]:
    """Write down the next version; nothing when the last draft says the same.

    Raises:
        Invalid: ``kind-twice``, ``rating-twice``, ``level-twice``; ``levels-out-of-order``, where
            they do not begin at 0 and rise; ``decay-out-of-order``, where a step does not come
            later than the one before it, or keeps more.
    """
    if versions.drafts and versions.drafts[-1] == document:
        return ()
    _once((one.kind for one in document.kind_points), "kind-twice", "document.kind_points")
    _once((one.kind for one in document.effective), "kind-twice", "document.effective")
    ratings = (str(one.rating) for one in document.rating_points)
    _once(ratings, "rating-twice", "document.rating_points")
    _check_levels(document.contact_levels, "document.contact_levels")
    _check_levels(document.account_levels, "document.account_levels")
    _check_decay(document)
    version = len(versions.drafts) + 1
    return (DepthPolicyDrafted(region_id=region_id, version=version, document=document),)


def _once(ids: Iterable[str], rule: str, field: str) -> None:
    twice = sorted(found for found, times in Counter(ids).items() if times > 1)
    if twice:
        raise Invalid(rule, f"{twice[0]} is named twice", field=field)


def _check_levels(levels: tuple[DepthLevel, ...], field: str) -> None:
    _once((one.level_id for one in levels), "level-twice", field)
    edges = [one.from_points for one in levels]
    if edges[0] != 0 or any(upper <= lower for lower, upper in pairwise(edges)):
        raise Invalid(
            "levels-out-of-order", "the first level begins at 0, each next one higher", field=field
        )


def _check_decay(document: DepthPolicy) -> None:
    for before, after in pairwise(document.decay):
        if after.from_days <= before.from_days or after.keeps_bp > before.keeps_bp:
            raise Invalid(
                "decay-out-of-order",
                "a step comes later than the one before it and keeps no more",
                field="document.decay",
            )


def activate(
    versions: Versions,
    *,
    region_id: str,
    version: int,
    effective_on: date,
    above: DepthPolicy | None,
) -> tuple[DepthPolicyEvent, ...]:
    """Put ``version`` in force from ``effective_on`` on; nothing when it is in force from that day.

    ``above`` is the policy of the regions above that holds on that day, where there is one.

    Raises:
        NotFound: ``unknown-version``.
        Invalid: ``weaker-than-parent``: something would be effective that is not above.
        WrongState: ``later-version-in-force``: a later day has a version already.
    """
    if not 1 <= version <= len(versions.drafts):
        raise NotFound("unknown-version", f"there is no version {version}", field="version")
    if dict(versions.activations).get(effective_on) == version:
        return ()
    if any(day > effective_on for day, _ in versions.activations):
        raise WrongState(
            "later-version-in-force", "a version is in force from a later day", field="effective_on"
        )
    if above is not None:
        _check_not_weaker(versions.drafts[version - 1], above)
    return (DepthPolicyActivated(region_id=region_id, version=version, effective_on=effective_on),)


def _check_not_weaker(document: DepthPolicy, above: DepthPolicy) -> None:
    there = {one.kind: one for one in above.effective}
    for one in document.effective:
        if one.kind not in there or not _as_strict(one, there[one.kind]):
            raise Invalid(
                "weaker-than-parent",
                f"the policy above does not count every such {one.kind} as effective",
                field="version",
            )


def _as_strict(one: EffectiveKind, above: EffectiveKind) -> bool:
    """Whether all that is effective under ``one`` is effective under ``above``."""
    if above.minutes_min is None and above.rating_min is None:
        return True
    if one.minutes_min is None and one.rating_min is None:
        return False
    return all(
        bound is None or (bound_above is not None and bound >= bound_above)
        for bound, bound_above in (
            (one.minutes_min, above.minutes_min),
            (one.rating_min, above.rating_min),
        )
    )
