"""What fields records have: the forms drafted, and those put in force."""

from datetime import datetime
from typing import Any, Final, NamedTuple, assert_never, get_args

from events.policies.form import FormActivated, FormDrafted, FormEvent
from events.recorded import Recorded
from projections.projection import ForEverybody, Key, Projection, Rows, Table


class FormDraftRow(NamedTuple):
    """One version of a form."""

    form_id: str
    """``<record type>.<region>``, with ``*`` for the whole group."""
    draft: int
    """The version of the policy, 1 for the first."""
    record_type: str
    region_id: str | None
    document: dict[str, Any]
    """A ``Form``."""
    drafted_at: datetime
    known_from: datetime


class FormInForceRow(NamedTuple):
    """One version put in force from a day on."""

    form_id: str
    version: int
    """The version of the stream: what was put in force later has a larger one."""
    draft: int
    record_type: str
    region_id: str | None
    effective_on: str
    """The first day it holds, as ``2026-01-31``."""
    document: dict[str, Any]
    known_from: datetime


FORM_DRAFT: Final = Table(
    "form_draft", FormDraftRow, guard=ForEverybody(), key=("form_id", "draft")
)
FORM_IN_FORCE: Final = Table(
    "form_in_force", FormInForceRow, guard=ForEverybody(), key=("form_id", "version")
)


def _form_id(event: FormEvent) -> str:
    return f"{event.record_type}.{event.region_id or '*'}"


def keys(recorded: Recorded[FormEvent]) -> tuple[Key, ...]:
    """The draft that is put in force."""
    match recorded.event:
        case FormActivated() as event:
            return ((FORM_DRAFT, (_form_id(event), event.version)),)
        case FormDrafted():
            return ()
        case unknown:
            assert_never(unknown)


def evolve(rows: Rows, recorded: Recorded[FormEvent]) -> Rows:
    """The draft, or the draft put in force."""
    envelope = recorded.envelope
    match recorded.event:
        case FormDrafted() as event:
            draft = FormDraftRow(
                _form_id(event),
                event.version,
                event.record_type,
                event.region_id,
                event.document.model_dump(mode="json"),
                envelope.occurred_at,
                envelope.recorded_at,
            )
            return {(FORM_DRAFT, draft[:2]): draft}
        case FormActivated() as event:
            (drafted,) = rows.values()
            row = FormInForceRow(
                drafted.form_id,
                envelope.version,
                event.version,
                event.record_type,
                event.region_id,
                event.effective_on.isoformat(),
                drafted.document,
                envelope.recorded_at,
            )
            return {(FORM_IN_FORCE, row[:2]): row}
        case unknown:
            assert_never(unknown)


FORMS: Final = Projection(
    name="forms",
    version=1,
    tables=(FORM_DRAFT, FORM_IN_FORCE),
    subscribes=frozenset(get_args(FormEvent)),
    keys=keys,
    evolve=evolve,
)
