"""What records hold in the fields that forms gave them, at every time."""

from datetime import datetime
from typing import Any, Final, NamedTuple, assert_never, get_args

from events.recorded import Recorded
from events.work.record_fields import (
    RecordFieldsEvent,
    RecordFieldsSet,
    RecordPersonalFieldSet,
)
from projections.history import begin, interval, row_before, succeed
from projections.projection import ByKind, Key, Projection, Rows, Table


class RecordFieldsRow(NamedTuple):
    """The fields of a record as they were from ``valid_from`` (inclusive) to ``valid_to``."""

    fields_id: str
    """``<record type>.<record>``."""
    version: int
    record_type: str
    record_id: str
    account_id: str | None
    """The account the record belonged to when they were last set."""
    fields: dict[str, Any]
    """By name: ``field_class`` and ``value``, which is sealed where the class is ``personal``."""
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


RECORD_FIELDS: Final = Table(
    "record_fields",
    RecordFieldsRow,
    guard=ByKind("record_type", "record_id"),
    key=("fields_id", "version"),
    indexes=(("account_id",), ("record_type", "record_id")),
)


def _fields_id(event: RecordFieldsEvent) -> str:
    return f"{event.record_type}.{event.record_id}"


def keys(recorded: Recorded[RecordFieldsEvent]) -> tuple[Key, ...]:
    """The row of the version before."""
    return row_before(RECORD_FIELDS, _fields_id(recorded.event), recorded)


def evolve(rows: Rows, recorded: Recorded[RecordFieldsEvent]) -> Rows:
    """The fields as they were, closed, and as they are from now on."""
    event = recorded.event
    told = _told(event)
    if not rows:
        row = RecordFieldsRow(
            _fields_id(event),
            recorded.envelope.version,
            event.record_type,
            event.record_id,
            event.account_id,
            _held(told),
            *interval(recorded),
        )
        return begin(RECORD_FIELDS, row)
    (last,) = rows.values()
    changes = {"account_id": event.account_id, "fields": _held({**last.fields, **told})}
    return succeed(rows, recorded, changes)


def _told(event: RecordFieldsEvent) -> dict[str, Any]:
    match event:
        case RecordFieldsSet():
            return {one.name: one.model_dump(mode="json", exclude={"name"}) for one in event.fields}
        case RecordPersonalFieldSet():
            value = event.model_dump(mode="json", by_alias=True, include={"value"})
            return {event.name: {"field_class": "personal", **value}}
        case unknown:
            assert_never(unknown)


def _held(fields: dict[str, Any]) -> dict[str, Any]:
    """Without those that hold nothing."""
    return {name: one for name, one in fields.items() if one["value"] is not None}


CUSTOM_FIELDS: Final = Projection(
    name="record_fields",
    version=1,
    tables=(RECORD_FIELDS,),
    subscribes=frozenset(get_args(RecordFieldsEvent)),
    keys=keys,
    evolve=evolve,
)
