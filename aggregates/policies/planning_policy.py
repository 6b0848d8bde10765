"""A region's planning policy: drafted in versions, each put in force from a day on."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.refusals import Invalid, NotFound, WrongState
from events.planning.plan_content import Aim
from events.policies.planning_policy import (
    PlanningPolicy,
    PlanningPolicyActivated,
    PlanningPolicyDrafted,
    PlanningPolicyEvent,
)

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class Versions:
    """What was drafted, version 1 first, and what was put in force, in that order."""

    drafts: tuple[PlanningPolicy, ...] = ()
    activations: tuple[tuple[date, int], ...] = ()
    """The day from which (inclusive), and the version."""


# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(versions: Versions, event: PlanningPolicyEvent) -> Versions:
    """The versions after ``event``."""
    match event:
        case PlanningPolicyDrafted():
            return replace(versions, drafts=(*versions.drafts, event.document))
        case PlanningPolicyActivated():
            activation = (event.effective_on, event.version)
            return replace(versions, activations=(*versions.activations, activation))
        case unknown:
            assert_never(unknown)


PLANNING_POLICY: Final[Decider[Versions, PlanningPolicyEvent]] = Decider(
    "planning_policy", Versions(), evolve
)

# --- decisions: one verb each; facts or a refusal ----------------------------


def in_force(versions: Versions, on: date) -> tuple[int, PlanningPolicy] | None:
    """The version and document that hold on the day ``on``; ``None`` where none was ever activated.

    The last one activated for that day or an earlier one; before the first of those days, the
    one that came first, which holds from the beginning of time (design.md section 6).
    """
    if not versions.activations:
        return None
    effective = [version for day, version in versions.activations if day <= on]
    version = effective[-1] if effective else versions.activations[0][1]
    return version, versions.drafts[version - 1]


def fiscal_year(policy: PlanningPolicy, year: int) -> tuple[date, date]:
    """The first and the last day of the fiscal year ``year``, both inclusive."""
    following = date(year + 1, policy.fiscal_start_month, 1)
    return date(year, policy.fiscal_start_month, 1), following - timedelta(days=1)


def required_metrics(policy: PlanningPolicy, aim: Aim) -> tuple[str, ...]:
    """The metrics that a plan with this aim has a target for; none where the policy names none."""
    return next((rule.metrics for rule in policy.aims if rule.aim == aim), ())


def draft(
    versions: Versions, *, region_id: str, document: PlanningPolicy
) -> tuple[PlanningPolicyEvent, ...]:
    """Write down the next version; nothing when the last draft says the same.

    Raises:
        Invalid: ``aim-twice``, when the document names an aim twice.
    """
    if versions.drafts and versions.drafts[-1] == document:
        return ()
    if len({rule.aim for rule in document.aims}) < len(document.aims):
        raise Invalid("aim-twice", "an aim is named twice", field="document.aims")
    version = len(versions.drafts) + 1
    return (PlanningPolicyDrafted(region_id=region_id, version=version, document=document),)


def activate(
    versions: Versions,
    *,
    region_id: str,
    version: int,
    effective_on: date,
    above: PlanningPolicy | None,
) -> tuple[PlanningPolicyEvent, ...]:
    """Put ``version`` in force from ``effective_on`` on; nothing when it is in force from that day.

    ``above`` is the policy of the regions above that holds on that day, where there is one. A
    region may begin its fiscal year in another month.

    Raises:
        NotFound: ``unknown-version``.
        Invalid: ``weaker-than-parent``: a metric that ``above`` demands for an aim is missing.
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
    for rule in above.aims if above is not None else ():
        here = required_metrics(versions.drafts[version - 1], rule.aim)
        missing = [metric for metric in rule.metrics if metric not in here]
        if missing:
            raise Invalid(
                "weaker-than-parent",
                f"the policy above demands {missing[0]} for {rule.aim}",
                field="version",
            )
    return (
        PlanningPolicyActivated(region_id=region_id, version=version, effective_on=effective_on),
    )
