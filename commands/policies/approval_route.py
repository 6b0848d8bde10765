"""What can be asked of approval routes."""

from typing import Annotated

from pydantic import Field

from aggregates.organization import employee
from aggregates.organization.employee import EMPLOYEE
from aggregates.policies import approval_route
from aggregates.policies.approval_route import APPROVAL_ROUTE, route_id
from commands.approving import DECIDING
from commands.command import Command, Day
from commands.look import Decided, Look
from commands.organization.region import regions_from
from commands.subjects import subject_of
from events.policies.approval_route import ApprovalRoute
from events.values import Id


class DraftApprovalRoute(Command):
    """Write down the next version of a region's route for a kind of subject."""

    region_id: Id
    subject_kind: Id
    document: ApprovalRoute


class ActivateApprovalRoute(Command):
    """Put a version in force from a day on, for what is asked for then in the region and below.

    What was asked for before keeps the versions it was asked for under.
    """

    region_id: Id
    subject_kind: Id
    version: Annotated[int, Field(ge=1, lt=2**31)]
    effective_on: Day


def draft_approval_route(command: DraftApprovalRoute, look: Look) -> Decided:
    """Draft it; region and kind must exist, and whoever it names must work here."""
    regions_from(look, command.region_id, field="region_id")
    for employee_id in approval_route.people_named(command.document):
        employee.active(look(EMPLOYEE, employee_id), field="document.rules")
    return look.decide(
        APPROVAL_ROUTE,
        route_id(command.region_id, command.subject_kind),
        approval_route.draft,
        region_id=command.region_id,
        subject_kind=command.subject_kind,
        document=command.document,
        variables=subject_of(command.subject_kind).variables,
        may_decide=DECIDING,
    )


def activate_approval_route(command: ActivateApprovalRoute, look: Look) -> Decided:
    """Activate it."""
    regions_from(look, command.region_id, field="region_id")
    return look.decide(
        APPROVAL_ROUTE,
        route_id(command.region_id, subject_of(command.subject_kind).kind),
        approval_route.activate,
        region_id=command.region_id,
        subject_kind=command.subject_kind,
        version=command.version,
        effective_on=command.effective_on,
    )
