"""A region's account lifecycle: drafted in versions, each put in force from a day on."""

from datetime import date
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.policies.versions import Versions, named_once
from aggregates.refusals import Invalid
from events.policies.account_lifecycle import (
    AccountLifecycle,
    AccountLifecycleActivated,
    AccountLifecycleDrafted,
    AccountLifecycleEvent,
)

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(
    versions: Versions[AccountLifecycle], event: AccountLifecycleEvent
) -> Versions[AccountLifecycle]:
    """The versions after ``event``."""
    match event:
        case AccountLifecycleDrafted():
            return versions.drafted(event.document)
        case AccountLifecycleActivated():
            return versions.activated(event.version, event.effective_on)
        case unknown:
            assert_never(unknown)


ACCOUNT_LIFECYCLE: Final[Decider[Versions[AccountLifecycle], AccountLifecycleEvent]] = Decider(
    "account_lifecycle", Versions(), evolve
)

# --- decisions: one verb each; facts or a refusal ----------------------------


def place_of(lifecycle: AccountLifecycle, stage: str) -> int:
    """The place of ``stage`` in the lifecycle, 0 for the first; -1 where it does not have it."""
    stages = [found.stage_id for found in lifecycle.stages]
    return stages.index(stage) if stage in stages else -1


def draft(
    versions: Versions[AccountLifecycle], *, region_id: str, document: AccountLifecycle
) -> tuple[AccountLifecycleEvent, ...]:
    """Write down the next version; nothing when the last draft says the same.

    Raises:
        Invalid: ``lifecycle-stage-twice``, or ``check-twice`` when any stage names a check that it
            or another names too.
    """
    if versions.drafts and versions.drafts[-1] == document:
        return ()
    stages = [stage.stage_id for stage in document.stages]
    named_once(stages, "lifecycle-stage-twice", "document.stages")
    checks = [check for stage in document.stages for check in stage.checks]
    named_once(checks, "check-twice", "document.stages")
    version = len(versions.drafts) + 1
    return (AccountLifecycleDrafted(region_id=region_id, version=version, document=document),)


def activate(
    versions: Versions[AccountLifecycle],
    *,
    region_id: str,
    version: int,
    effective_on: date,
    above: AccountLifecycle | None,
) -> tuple[AccountLifecycleEvent, ...]:
    """Put ``version`` in force from ``effective_on`` on; nothing when it is in force from that day.

    ``above`` is the lifecycle of the regions above that holds on that day, where there is one.

    Raises:
        NotFound: ``unknown-version``.
        Invalid: ``weaker-than-parent``: a stage of ``above`` is missing or out of order, or asks
            for less there.
        WrongState: ``later-version-in-force``.
    """
    if versions.is_in_force_from(version, effective_on):
        return ()
    if above is not None:
        _check_not_weaker(versions.drafts[version - 1], above)
    return (
        AccountLifecycleActivated(region_id=region_id, version=version, effective_on=effective_on),
    )


def _check_not_weaker(document: AccountLifecycle, above: AccountLifecycle) -> None:
    stages = iter(document.stages)
    for wanted in above.stages:
        found = next((stage for stage in stages if stage.stage_id == wanted.stage_id), None)
        if found is None:
            raise Invalid(
                "weaker-than-parent",
                f"the lifecycle above has the stage {wanted.stage_id} here, in this order",
                field="version",
            )
        missing = [check for check in wanted.checks if check not in found.checks]
        if missing:
            raise Invalid(
                "weaker-than-parent",
                f"the lifecycle above asks for {', '.join(missing)} at {wanted.stage_id}",
                field="version",
            )
