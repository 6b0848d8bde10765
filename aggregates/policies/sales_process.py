"""A region's sales process: drafted in versions, each put in force from a day on."""

from datetime import date
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.policies.versions import Versions, named_once
from aggregates.refusals import Invalid
from events.policies.sales_process import (
    SalesProcess,
    SalesProcessActivated,
    SalesProcessDrafted,
    SalesProcessEvent,
)

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(versions: Versions[SalesProcess], event: SalesProcessEvent) -> Versions[SalesProcess]:
    """The versions after ``event``."""
    match event:
        case SalesProcessDrafted():
            return versions.drafted(event.document)
        case SalesProcessActivated():
            return versions.activated(event.version, event.effective_on)
        case unknown:
            assert_never(unknown)


SALES_PROCESS: Final[Decider[Versions[SalesProcess], SalesProcessEvent]] = Decider(
    "sales_process", Versions(), evolve
)

# --- decisions: one verb each; facts or a refusal ----------------------------


def place_of(process: SalesProcess, stage: str) -> int:
    """The place of ``stage`` in the process, 0 for the first; -1 where it does not have it."""
    stages = [found.stage_id for found in process.stages]
    return stages.index(stage) if stage in stages else -1


def stage_at(process: SalesProcess, stage: str, *, field: str) -> int:
    """The place of ``stage`` in the process, 0 for the first.

    Raises:
        Invalid: ``unknown-stage``; ``field`` is the field to blame.
    """
    place = place_of(process, stage)
    if place < 0:
        known = ", ".join(found.stage_id for found in process.stages)
        raise Invalid("unknown-stage", f"{stage} is none of the stages {known}", field=field)
    return place


def draft(
    versions: Versions[SalesProcess], *, region_id: str, document: SalesProcess
) -> tuple[SalesProcessEvent, ...]:
    """Write down the next version; nothing when the last draft says the same.

    Raises:
        Invalid: ``stage-twice`` or ``reason-twice``, when the document names one twice.
    """
    if versions.drafts and versions.drafts[-1] == document:
        return ()
    named_once([stage.stage_id for stage in document.stages], "stage-twice", "document.stages")
    named_once(document.loss_reasons, "reason-twice", "document.loss_reasons")
    version = len(versions.drafts) + 1
    return (SalesProcessDrafted(region_id=region_id, version=version, document=document),)


def activate(
    versions: Versions[SalesProcess],
    *,
    region_id: str,
    version: int,
    effective_on: date,
    above: SalesProcess | None,
) -> tuple[SalesProcessEvent, ...]:
    """Put ``version`` in force from ``effective_on`` on; nothing when it is in force from that day.

    ``above`` is the process of the regions above that holds on that day, where there is one.

    Raises:
        NotFound: ``unknown-version``.
        Invalid: ``weaker-than-parent``: a stage of ``above`` is missing or out of order, or stages
            may be skipped that may not be skipped there.
        WrongState: ``later-version-in-force``: a later day has a version already; history that
            was decided under a process is not decided again.
    """
    if versions.is_in_force_from(version, effective_on):
        return ()
    if above is not None:
        _check_not_weaker(versions.drafts[version - 1], above)
    return (SalesProcessActivated(region_id=region_id, version=version, effective_on=effective_on),)


def _check_not_weaker(document: SalesProcess, above: SalesProcess) -> None:
    stages = iter(stage.stage_id for stage in document.stages)
    missing = [stage.stage_id for stage in above.stages if stage.stage_id not in stages]
    if missing:
        raise Invalid(
            "weaker-than-parent",
            f"the process above has the stage {missing[0]} here, in this order",
            field="version",
        )
    if document.may_skip and not above.may_skip:
        raise Invalid(
            "weaker-than-parent", "the process above lets no stage be skipped", field="version"
        )
