"""A region's depth policy: drafted in versions, each put in force from a day on."""

from datetime import date
from itertools import pairwise
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.policies.versions import Versions, named_once
from aggregates.refusals import Invalid
from events.policies.depth import (
    DepthLevel,
    DepthPolicy,
    DepthPolicyActivated,
    DepthPolicyDrafted,
    DepthPolicyEvent,
    EffectiveKind,
)

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(versions: Versions[DepthPolicy], event: DepthPolicyEvent) -> Versions[DepthPolicy]:
    """The versions after ``event``."""
    match event:
        case DepthPolicyDrafted():
            return versions.drafted(event.document)
        case DepthPolicyActivated():
            return versions.activated(event.version, event.effective_on)
        case unknown:
            assert_never(unknown)


DEPTH_POLICY: Final[Decider[Versions[DepthPolicy], DepthPolicyEvent]] = Decider(
    "depth_policy", Versions(), evolve
)

# --- decisions: one verb each; facts or a refusal ----------------------------


def draft(
    versions: Versions[DepthPolicy], *, region_id: str, document: DepthPolicy
) -> tuple[DepthPolicyEvent, ...]:
    """Write down the next version; nothing when the last draft says the same.

    Raises:
        Invalid: ``kind-twice``, ``rating-twice``, ``level-twice``; ``levels-out-of-order``, where
            they do not begin at 0 and rise; ``decay-out-of-order``, where a step does not come
            later than the one before it, or keeps more.
    """
    if versions.drafts and versions.drafts[-1] == document:
        return ()
    named_once([one.kind for one in document.kind_points], "kind-twice", "document.kind_points")
    named_once([one.kind for one in document.effective], "kind-twice", "document.effective")
    ratings = [str(one.rating) for one in document.rating_points]
    named_once(ratings, "rating-twice", "document.rating_points")
    _check_levels(document.contact_levels, "document.contact_levels")
    _check_levels(document.account_levels, "document.account_levels")
    _check_decay(document)
    version = len(versions.drafts) + 1
    return (DepthPolicyDrafted(region_id=region_id, version=version, document=document),)


def _check_levels(levels: tuple[DepthLevel, ...], field: str) -> None:
    named_once([one.level_id for one in levels], "level-twice", field)
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
    versions: Versions[DepthPolicy],
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
    if versions.is_in_force_from(version, effective_on):
        return ()
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
