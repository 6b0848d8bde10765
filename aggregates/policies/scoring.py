"""A scoring policy: drafted in versions, proposed, approved by others, in force from a day on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Final, Self, assert_never

from aggregates.decider import Decider
from aggregates.policies.approved_versions import ApprovedVersions, Status, Version
from aggregates.policies.versions import named_once
from aggregates.refusals import Invalid
from events.policies.scoring import (
    FULL,
    Component,
    DryRun,
    Line,
    ScoringPolicy,
    ScoringPolicyActivated,
    ScoringPolicyApproved,
    ScoringPolicyDrafted,
    ScoringPolicyEvent,
    ScoringPolicyProposed,
    ScoringPolicyRejected,
    ScoringPolicySuperseded,
    Share,
    Steps,
)
from events.signal_kinds import SIGNAL_KINDS


@dataclass(frozen=True, slots=True)
class Policies(ApprovedVersions[ScoringPolicy]):
    """The versions of one policy, and what they were put up with."""

    dry_runs: tuple[tuple[str, DryRun], ...] = ()
    """By the approval that was asked for."""

    def dry_run_of(self, version: Version[ScoringPolicy]) -> DryRun | None:
        """What the version was last put up with."""
        return dict(self.dry_runs).get(version.approval_id or "")

    def put_up(self, fact: ScoringPolicyProposed) -> Self:
        """These, with the version that ``fact`` is about put up for its approval."""
        found = self.moved(fact.version, "proposed", fact.approval_id)
        if fact.dry_run is None:
            return found
        return replace(found, dry_runs=(*found.dry_runs, (fact.approval_id, fact.dry_run)))


# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(versions: Policies, event: ScoringPolicyEvent) -> Policies:
    """The versions after ``event``."""
    match event:
        case ScoringPolicyDrafted():
            return versions.drafted(event.region_id, event.document, event.drafted_by)
        case ScoringPolicyProposed():
            return versions.put_up(event)
        case ScoringPolicyApproved():
            return versions.moved(event.version, "approved", event.approval_id)
        case ScoringPolicyRejected():
            status: Status = "drafted" if event.sent_back else "rejected"
            return versions.moved(event.version, status, event.approval_id)
        case ScoringPolicyActivated():
            return versions.activated(event.version, event.effective_on)
        case ScoringPolicySuperseded():
            return versions  # the activation that is recorded with it says so already
        case unknown:
            assert_never(unknown)


SCORING_POLICY: Final[Decider[Policies, ScoringPolicyEvent]] = Decider(
    "scoring_policy", Policies(), evolve
)

# --- decisions: one verb each; facts or a refusal ----------------------------


def draft(
    versions: Policies, *, region_id: str | None, document: ScoringPolicy, drafted_by: str | None
) -> tuple[ScoringPolicyEvent, ...]:
    """Write down the next version; nothing when the last draft says the same.

    Raises:
        Invalid: what :func:`check` raises.
    """
    if versions.drafts and versions.drafts[-1].document == document:
        return ()
    check(document)
    version = len(versions.drafts) + 1
    return (
        ScoringPolicyDrafted(
            region_id=region_id, version=version, document=document, drafted_by=drafted_by
        ),
    )


def activate(
    versions: Policies, *, version: int, effective_on: date
) -> tuple[ScoringPolicyEvent, ...]:
    """Put ``version`` in force from ``effective_on`` on; nothing when it is in force from that day.

    What was in force until then is superseded.

    Raises:
        NotFound: ``unknown-version``.
        WrongState: ``version-not-approved``; ``later-version-in-force``.
    """
    found = versions.to_activate(version, effective_on)
    if found is None:
        return ()
    activated = ScoringPolicyActivated(
        region_id=found.region_id, version=version, effective_on=effective_on
    )
    before = versions.in_force(effective_on)
    if before is None or before.number == version:
        return (activated,)
    superseded = ScoringPolicySuperseded(
        region_id=found.region_id,
        version=before.number,
        by_version=version,
        superseded_on=effective_on,
    )
    return activated, superseded


# --- what a document must be -------------------------------------------------


def check(document: ScoringPolicy) -> None:
    """Refuse a document that contradicts itself.

    Raises:
        Invalid: ``component-twice``, ``group-twice``, ``band-twice``, ``cap-twice``,
            ``alert-twice``, ``signal-kind-twice``; ``unknown-signal-kind``; ``unknown-group`` of a
            component; ``group-without-component``; ``weights-do-not-add-up`` to what the policy
            says; ``bands-overlap``, ``bands-leave-a-gap``, also where the first does not begin at
            0 or the last does not end at 100; ``steps-overlap``, ``steps-leave-a-gap``;
            ``points-out-of-order``, where a raw value is not above the one before;
            ``kinds-not-in-whole``, where a share is not of a part.
    """
    _check_groups(document)
    named_once([cap.cap_id for cap in document.caps], "cap-twice", "document.caps")
    named_once([one.alert_id for one in document.alerts], "alert-twice", "document.alerts")
    for place, cap in enumerate(document.caps):
        _check_kinds(cap.kinds, f"document.caps.{place}.kinds")
    for place, component in enumerate(document.components):
        _check_component(component, f"document.components.{place}")
    named_once([band.band_id for band in document.bands], "band-twice", "document.bands")
    _check_joined(
        [(band.above, band.up_to) for band in document.bands],
        (0, FULL),
        "bands-overlap",
        "bands-leave-a-gap",
        "document.bands",
    )


def _check_groups(document: ScoringPolicy) -> None:
    groups = [group.group_id for group in document.groups]
    components = document.components
    named_once(groups, "group-twice", "document.groups")
    named_once([one.component_id for one in components], "component-twice", "document.components")
    used = {component.group_id for component in components}
    if strange := sorted(used - set(groups)):
        raise Invalid(
            "unknown-group", f"there is no group {strange[0]}", field="document.components"
        )
    if empty := sorted(set(groups) - used):
        raise Invalid(
            "group-without-component", f"{empty[0]} has no component", field="document.groups"
        )
    check_weights([group.weight for group in document.groups], document.weights_add_up_to)


def check_weights(weights: Sequence[int], add_up_to: int | None) -> None:
    """Refuse weights of groups that do not add up to what the policy says they must, if it does.

    Raises:
        Invalid: ``weights-do-not-add-up``.
    """
    total = sum(weights)
    if add_up_to is not None and total != add_up_to:
        raise Invalid(
            "weights-do-not-add-up",
            f"the weights of the groups add up to {total} instead of {add_up_to}",
            field="document.groups",
        )


def _check_component(component: Component, field: str) -> None:
    _check_kinds(component.kinds, f"{field}.kinds")
    if isinstance(component.measure, Share):
        whole = component.measure.of_kinds
        _check_kinds(whole, f"{field}.measure.of_kinds")
        if outside := sorted(set(component.kinds) - set(whole)):
            raise Invalid(
                "kinds-not-in-whole",
                f"{outside[0]} is not among the kinds it is a share of",
                field=f"{field}.measure.of_kinds",
            )
    match component.mapping:
        case Line(points=points):
            if any(one.raw >= other.raw for one, other in pairwise(points)):
                raise Invalid(
                    "points-out-of-order",
                    f"each raw value of {component.component_id} lies above the one before",
                    field=f"{field}.mapping.points",
                )
        case Steps(steps=steps):
            edges = [(step.above, step.up_to) for step in steps]
            _check_joined(
                edges,
                (None, None),
                "steps-overlap",
                "steps-leave-a-gap",
                f"{field}.mapping.steps",
            )
        case unknown:
            assert_never(unknown)


def _check_kinds(kinds: Sequence[str], field: str) -> None:
    named_once(kinds, "signal-kind-twice", field)
    if strange := sorted(set(kinds) - set(SIGNAL_KINDS)):
        raise Invalid("unknown-signal-kind", f"there is no kind {strange[0]}", field=field)


Edge = int | None


def _check_joined(
    edges: Sequence[tuple[Edge, Edge]], whole: tuple[Edge, Edge], overlap: str, gap: str, field: str
) -> None:
    """Refuse what does not lie end to end from the beginning of ``whole`` to its end."""
    backwards = any(
        lower is not None and upper is not None and lower >= upper for lower, upper in edges
    )
    joints = [(upper, lower) for (_, upper), (lower, _) in pairwise(edges)]
    if backwards or any(upper is None or lower is None or lower < upper for upper, lower in joints):
        raise Invalid(overlap, "each begins where the one before ends", field=field)
    outside = edges[0][0] != whole[0] or edges[-1][1] != whole[1]
    if outside or any(upper != lower for upper, lower in joints):
        raise Invalid(gap, "they leave something out", field=field)
