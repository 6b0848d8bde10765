"""A region's planning policy: drafted in versions, each put in force from a day on."""

from datetime import date, timedelta
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.policies.versions import Versions, named_once
from aggregates.refusals import Invalid
from events.planning.plan_content import Aim
from events.policies.planning_policy import (
    PlanningPolicy,
    PlanningPolicyActivated,
    PlanningPolicyDrafted,
    PlanningPolicyEvent,
)

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(
    versions: Versions[PlanningPolicy], event: PlanningPolicyEvent
) -> Versions[PlanningPolicy]:
    """The versions after ``event``."""
    match event:
        case PlanningPolicyDrafted():
            return versions.drafted(event.document)
        case PlanningPolicyActivated():
            return versions.activated(event.version, event.effective_on)
        case unknown:
            assert_never(unknown)


PLANNING_POLICY: Final[Decider[Versions[PlanningPolicy], PlanningPolicyEvent]] = Decider(
    "planning_policy", Versions(), evolve
)

# --- decisions: one verb each; facts or a refusal ----------------------------


def fiscal_year(policy: PlanningPolicy, year: int) -> tuple[date, date]:
    """The first and the last day of the fiscal year ``year``, both inclusive."""
    following = date(year + 1, policy.fiscal_start_month, 1)
    return date(year, policy.fiscal_start_month, 1), following - timedelta(days=1)


def required_metrics(policy: PlanningPolicy, aim: Aim) -> tuple[str, ...]:
    """The metrics that a plan with this aim has a target for; none where the policy names none."""
    return next((rule.metrics for rule in policy.aims if rule.aim == aim), ())


def draft(
    versions: Versions[PlanningPolicy], *, region_id: str, document: PlanningPolicy
) -> tuple[PlanningPolicyEvent, ...]:
    """Write down the next version; nothing when the last draft says the same.

    Raises:
        Invalid: ``aim-twice``, when the document names an aim twice.
    """
    if versions.drafts and versions.drafts[-1] == document:
        return ()
    named_once([rule.aim for rule in document.aims], "aim-twice", "document.aims")
    version = len(versions.drafts) + 1
    return (PlanningPolicyDrafted(region_id=region_id, version=version, document=document),)


def activate(
    versions: Versions[PlanningPolicy],
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
    if versions.is_in_force_from(version, effective_on):
        return ()
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
