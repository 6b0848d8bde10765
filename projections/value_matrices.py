"""By what accounts are ranked: the value matrix of each region and of the group, at every time."""

from datetime import datetime
from typing import Any, Final, NamedTuple, assert_never, get_args

from events.policies.place import place_of
from events.policies.value_matrix import (
    ValueMatrixActivated,
    ValueMatrixApproved,
    ValueMatrixDrafted,
    ValueMatrixEvent,
    ValueMatrixProposed,
    ValueMatrixRejected,
    ValueMatrixSuperseded,
)
from events.recorded import Recorded
from projections.history import begin, interval, row_before, succeed
from projections.projection import ForEverybody, Key, Projection, Rows, Table


class ValueMatrixRow(NamedTuple):
    """One matrix as it was from ``valid_from`` (inclusive) to ``valid_to`` (exclusive)."""

    matrix_id: str
    """The region's id, or ``*`` for the one of the whole group."""
    version: int
    """Of the record; the versions of the policy are in ``versions``."""
    region_id: str | None
    versions: dict[str, Any]
    """By number: state, document, who drafted and proposed it, the request for its approval, who
    approved it where that was not by request, and from when it holds."""
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


VALUE_MATRIX: Final = Table(
    "value_matrix", ValueMatrixRow, guard=ForEverybody(), key=("matrix_id", "version")
)


def keys(recorded: Recorded[ValueMatrixEvent]) -> tuple[Key, ...]:
    """The row of the version before."""
    return row_before(VALUE_MATRIX, place_of(recorded.event.region_id), recorded)


def evolve(rows: Rows, recorded: Recorded[ValueMatrixEvent]) -> Rows:
    """The matrix as it was, closed, and as it is from now on."""
    event = recorded.event
    changes: dict[str, Any]
    match event:
        case ValueMatrixDrafted():
            return _drafted(rows, event, recorded)
        case ValueMatrixProposed(proposed_by=person, approval_id=approval_id):
            changes = {"state": "proposed", "proposed_by": person, "approval_id": approval_id}
        case ValueMatrixApproved(approved_by=person):
            changes = {"state": "approved", "approved_by": person}
        case ValueMatrixRejected(sent_back=sent_back):
            changes = {"state": "drafted" if sent_back else "rejected"}
        case ValueMatrixActivated(effective_on=day):
            changes = {"state": "activated", "effective_on": day.isoformat()}
        case ValueMatrixSuperseded(superseded_on=day):
            changes = {"state": "superseded", "superseded_on": day.isoformat()}
        case unknown:
            assert_never(unknown)
    (last,) = rows.values()
    number = str(event.version)
    changed = {**last.versions, number: {**last.versions[number], **changes}}
    return succeed(rows, recorded, {"versions": changed})


def _drafted(rows: Rows, event: ValueMatrixDrafted, recorded: Recorded[ValueMatrixEvent]) -> Rows:
    version = {
        "state": "drafted",
        "document": event.document.model_dump(mode="json"),
        "drafted_by": event.drafted_by,
        "proposed_by": None,
        "approval_id": None,
        "approved_by": None,
        "effective_on": None,
        "superseded_on": None,
    }
    if rows:
        (last,) = rows.values()
        changes = {"versions": {**last.versions, str(event.version): version}}
        return succeed(rows, recorded, changes)
    row = ValueMatrixRow(
        place_of(event.region_id),
        recorded.envelope.version,
        event.region_id,
        {str(event.version): version},
        *interval(recorded),
    )
    return begin(VALUE_MATRIX, row)


VALUE_MATRICES: Final = Projection(
    name="value_matrices",
    version=2,
    tables=(VALUE_MATRIX,),
    subscribes=frozenset(get_args(ValueMatrixEvent)),
    keys=keys,
    evolve=evolve,
)
