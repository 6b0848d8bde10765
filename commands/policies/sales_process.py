"""What can be asked of sales processes, and which one holds where."""

from typing import Annotated

from pydantic import Field

from aggregates.policies import sales_process
from aggregates.policies.sales_process import SALES_PROCESS
from aggregates.refusals import WrongState
from commands.command import Command, Day
from commands.inherited import nearest
from commands.look import Decided, Look
from commands.organization.region import regions_from
from events.policies.sales_process import SalesProcess
from events.values import Id


class DraftSalesProcess(Command):
    """Write down the next version of a region's sales process; nothing follows it yet."""

    region_id: Id
    document: SalesProcess


class ActivateSalesProcess(Command):
    """Put a version in force from a day on, for the region and all below that have none."""

    region_id: Id
    version: Annotated[int, Field(ge=1, lt=2**31)]
    effective_on: Day


def draft_sales_process(command: DraftSalesProcess, look: Look) -> Decided:
    """Draft it; the region must exist."""
    regions_from(look, command.region_id, field="region_id")
    return look.decide(
        SALES_PROCESS,
        command.region_id,
        sales_process.draft,
        region_id=command.region_id,
        document=command.document,
    )


def activate_sales_process(command: ActivateSalesProcess, look: Look) -> Decided:
    """Activate it; it may tighten what the regions above have in force, never weaken it."""
    _, *above = regions_from(look, command.region_id, field="region_id")
    inherited = nearest(look, SALES_PROCESS, above, command.effective_on)
    return look.decide(
        SALES_PROCESS,
        command.region_id,
        sales_process.activate,
        region_id=command.region_id,
        version=command.version,
        effective_on=command.effective_on,
        above=None if inherited is None else inherited[2],
    )


def process_for(look: Look, region_id: str) -> SalesProcess:
    """The process in force for ``region_id`` on the business date: its own or the nearest above.

    Raises:
        NotFound: ``unknown-region``.
        WrongState: ``no-sales-process``, where neither it nor a region above has one.
    """
    regions = regions_from(look, region_id, field="region_id")
    found = nearest(look, SALES_PROCESS, regions, look.context.business_date)
    if found is None:
        raise WrongState(
            "no-sales-process",
            f"neither {region_id} nor a region above it has a sales process in force",
            field="region_id",
        )
    owner, version, document = found
    look.under(SALES_PROCESS.stream(owner), version)
    return document
