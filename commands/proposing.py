"""How a version of a policy is put up for approval, whatever the policy says.

A policy that is approved has a `Subject` of its own like anything else. Its record holds all its
versions, so what is approved is named by both: ``emea.2`` is the second version of emea's.
"""

from aggregates.organization import employee
from aggregates.organization.employee import EMPLOYEE
from commands.approving import Subject, put_up
from commands.look import Decided, Look
from commands.organization.region import regions_from
from events.event import Event


def version_id(identity: str, version: int) -> str:
    """What a version of the policy ``identity`` is called where it is approved."""
    return f"{identity}.{version}"


def version_named(subject_id: str) -> tuple[str, int]:
    """The identity of the policy and the version that :func:`version_id` made it of."""
    identity, _, version = subject_id.rpartition(".")
    return identity, int(version)


def put_version_up(
    look: Look,
    subject: Subject,
    subject_id: str,
    *,
    region_id: str | None,
    approval_id: str,
    requester_id: str,
    facts: tuple[Event, ...],
) -> Decided:
    """Ask for the approval of a version under the routes of the policy's region and those above.

    A policy of the whole group has no region. The routes of the topmost region above whoever asks
    apply, which in a tree with one root is the group.
    """
    return put_up(
        look,
        subject,
        subject_id,
        approval_id=approval_id,
        requester_id=requester_id,
        region_id=region_id or _topmost(look, requester_id),
        facts=facts,
    )


def _topmost(look: Look, employee_id: str) -> str:
    found = employee.active(look(EMPLOYEE, employee_id), field="requester_id")
    return regions_from(look, found.region_id, field="region_id")[-1]
