"""What can be asked of value matrices, and which one holds where."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Final

from pydantic import Field

from aggregates.accounts.account_class import Matrix
from aggregates.policies import matrix_approval, value_matrix
from aggregates.policies.value_matrix import VALUE_MATRIX, Matrices
from aggregates.refusals import WrongState
from commands.acting import acting_employee, requester
from commands.approving import Described, Subject
from commands.command import Command, Day
from commands.look import Decided, Look
from commands.organization.region import regions_from
from commands.proposing import put_version_up, version_id, version_named
from events.policies.place import place_of
from events.policies.value_matrix import ValueMatrix
from events.values import Id, PersonId

Version = Annotated[int, Field(ge=1, lt=2**31)]


class DraftValueMatrix(Command):
    """Write down the next version of a region's value matrix, or of the whole group's."""

    region_id: Id | None = None
    document: ValueMatrix


class ProposeValueMatrix(Command):
    """Put a version of a value matrix up for approval, under an id of the caller's.

    For that of the whole group the routes of the topmost region above whoever asks apply. A key
    that acts for no employee names the one who asks.
    """

    region_id: Id | None = None
    version: Version
    approval_id: Id
    requester_id: PersonId | None = None


class ActivateValueMatrix(Command):
    """Put an approved version in force from a day on, for all below that have none."""

    region_id: Id | None = None
    version: Version
    effective_on: Day


def draft_value_matrix(command: DraftValueMatrix, look: Look) -> Decided:
    """Draft it; the region must exist."""
    regions_from(look, command.region_id, field="region_id")
    return look.decide(
        VALUE_MATRIX,
        place_of(command.region_id),
        value_matrix.draft,
        region_id=command.region_id,
        document=command.document,
        drafted_by=acting_employee(look),
    )


def propose_value_matrix(command: ProposeValueMatrix, look: Look) -> Decided:
    """Propose it; whoever asks must work here."""
    requester_id = requester(look, command.requester_id)
    matrix_id = place_of(command.region_id)
    return put_version_up(
        look,
        SUBJECT,
        version_id(matrix_id, command.version),
        region_id=command.region_id,
        approval_id=command.approval_id,
        requester_id=requester_id,
        facts=matrix_approval.propose(
            look(VALUE_MATRIX, matrix_id),
            version=command.version,
            approval_id=command.approval_id,
            proposed_by=requester_id,
        ),
    )


def activate_value_matrix(command: ActivateValueMatrix, look: Look) -> Decided:
    """Activate it; it may tighten or extend what holds above, never weaken it."""
    above = _places(look, command.region_id)[1:]
    inherited = _found(look, above, command.effective_on)
    return look.decide(
        VALUE_MATRIX,
        place_of(command.region_id),
        value_matrix.activate,
        region_id=command.region_id,
        version=command.version,
        effective_on=command.effective_on,
        above=None if inherited is None else inherited.document,
    )


def matrix_for(look: Look, region_id: str | None) -> Matrix:
    """The matrix that holds for ``region_id`` on the business date: its own or the nearest above.

    One that has become weaker than what holds above it gives way to that. The one of the whole
    group is above all regions, and the one of what lies in no region.

    Raises:
        NotFound: ``unknown-region``.
        WrongState: ``no-value-matrix``, where none is in force.
    """
    found = _found(look, _places(look, region_id), look.context.business_date)
    if found is None:
        raise WrongState(
            "no-value-matrix", "neither its regions nor the group have a value matrix in force"
        )
    look.under(VALUE_MATRIX.stream(place_of(found.region_id)), found.version)
    return found


def _places(look: Look, region_id: str | None) -> tuple[str | None, ...]:
    """The region and all above it, nearest first, and at the end the whole group."""
    return *regions_from(look, region_id, field="region_id"), None


def _found(look: Look, places: Sequence[str | None], on: date) -> Matrix | None:
    found = []
    for region_id in places:
        held = look(VALUE_MATRIX, place_of(region_id)).in_force(on)
        if held is not None:
            found.append((Matrix(region_id, held.number, held.document), held.document))
    return value_matrix.strictest(found)


def _described(_: Look, state: Matrices, subject_id: str, __: int) -> Described:
    matrix_id, number = version_named(subject_id)
    version = state.existing(number)
    document = version.document
    return Described(
        account_id=None,
        author_ids=version.author_ids,
        facts={
            "dimensions": len(document.dimensions),
            "is_group": version.region_id is None,
            "key_from": document.key_from,
            "region": matrix_id,
            "strategic_from": document.strategic_from,
            "version": number,
        },
        content={
            "region_id": version.region_id,
            "version": number,
            "document": document.model_dump(mode="json"),
        },
    )


SUBJECT: Final = Subject(
    kind="value_matrix",
    variables={
        "dimensions": "integer",
        "is_group": "truth",
        "key_from": "integer",
        "region": "text",
        "strategic_from": "integer",
        "version": "integer",
    },
    decider=VALUE_MATRIX,
    identity=lambda subject_id: version_named(subject_id)[0],
    describe=_described,
    approve=lambda state, approval_id: matrix_approval.approve(state, approval_id=approval_id),
    reject=lambda state, approval_id, outcome, _: matrix_approval.reject(
        state, approval_id=approval_id, sent_back=outcome == "sent_back"
    ),
)
"""Versions of value matrices, as the approval engine sees them."""
