"""Whom we know at a customer: each contact, and each relationship with one, at every time."""

from datetime import datetime
from typing import Any, Final, NamedTuple, get_args

from events.accounts.contact import (
    ContactAbsorbed,
    ContactAssessed,
    ContactDetailsChanged,
    ContactErased,
    ContactEvent,
    ContactLeft,
    ContactMerged,
    ContactMoved,
    ContactRegistered,
    ContactReleased,
    ContactReportsToChanged,
    ContactRoleChanged,
    ContactUnmerged,
)
from events.accounts.relationship import (
    RelationshipEnded,
    RelationshipEstablished,
    RelationshipEvent,
    RelationshipStrengthChanged,
)
from events.recorded import Recorded
from projections.history import begin, interval, row_before, succeed
from projections.projection import ByRecord, Key, Projection, Rows, Table


class ContactRow(NamedTuple):
    """One contact as they were from ``valid_from`` (inclusive) to ``valid_to`` (exclusive)."""

    contact_id: str
    version: int
    account_id: str
    name: dict[str, Any]
    """Sealed, as are e-mail, phone and title; who may read them opens them for an answer."""
    email: dict[str, Any] | None
    phone: dict[str, Any] | None
    title: dict[str, Any] | None
    department: str | None
    role: str | None
    """In the customer's decision chain."""
    influence: int | None
    sentiment: int | None
    reports_to: str | None
    """As it was recorded: whoever it names may have been merged, moved or left since."""
    merged_into: str | None
    """Who answers for them; ``None`` while they do themselves."""
    active: bool
    """Whether they work at the customer."""
    erased: bool
    """Whether who they are can never be read again."""
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


class RelationshipRow(NamedTuple):
    """One relationship as it was from ``valid_from`` (inclusive) to ``valid_to`` (exclusive)."""

    relationship_id: str
    """``<employee>-<contact>``."""
    version: int
    employee_id: str
    contact_id: str
    """As it was recorded: the contact may have been merged since."""
    strength: int
    active: bool
    """Whether it goes on."""
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


CONTACT: Final = Table(
    "contact",
    ContactRow,
    guard=ByRecord("contact", "contact_id"),
    key=("contact_id", "version"),
    indexes=(("account_id",), ("merged_into",)),
)
RELATIONSHIP: Final = Table(
    "relationship",
    RelationshipRow,
    guard=ByRecord("contact", "contact_id"),
    key=("relationship_id", "version"),
    indexes=(("contact_id",), ("employee_id",)),
)

_SEALED: Final = {"name", "email", "phone", "title"}


def keys(recorded: Recorded[ContactEvent | RelationshipEvent]) -> tuple[Key, ...]:
    """The row of the version before."""
    match recorded.event:
        case (
            RelationshipEstablished() | RelationshipStrengthChanged() | RelationshipEnded() as event
        ):
            return row_before(RELATIONSHIP, _pair(event), recorded)
        case event:
            return row_before(CONTACT, event.contact_id, recorded)


def evolve(rows: Rows, recorded: Recorded[ContactEvent | RelationshipEvent]) -> Rows:
    """The contact or relationship as it was, closed, and as it is from now on."""
    event = recorded.event
    changes: dict[str, Any]
    match event:
        case ContactRegistered():
            return begin(CONTACT, _registered(event, recorded))
        case RelationshipEstablished() if recorded.envelope.version == 1:
            return begin(RELATIONSHIP, _established(event, recorded))
        case RelationshipEstablished(strength=strength):
            changes = {"strength": strength, "active": True}
        case RelationshipStrengthChanged(strength=strength):
            changes = {"strength": strength}
        case RelationshipEnded():
            changes = {"active": False}
        case _:
            changes = _changes(event)
    return succeed(rows, recorded, changes)


def _changes(event: ContactEvent) -> dict[str, Any]:
    match event:
        case ContactDetailsChanged():
            return {**_sealed(event), "department": event.department}
        case ContactRoleChanged():
            return {"role": event.role}
        case ContactAssessed():
            return {"influence": event.influence, "sentiment": event.sentiment}
        case ContactReportsToChanged():
            return {"reports_to": event.reports_to}
        case ContactMoved():
            return {"account_id": event.account_id, "active": True, **_LEFT_BEHIND}
        case _:
            return _changes_of_state(event)


_LEFT_BEHIND: Final = {"role": None, "influence": None, "reports_to": None}


def _changes_of_state(event: ContactEvent) -> dict[str, Any]:
    match event:
        case ContactLeft():
            return {"active": False}
        case ContactErased():
            return {"active": False, "erased": True}
        case ContactMerged():
            return {"merged_into": event.into_id}
        case ContactUnmerged():
            return {"merged_into": None}
        case _:
            # The other side of a merge: who answers for whom stands in the row of the merged one.
            assert isinstance(event, ContactAbsorbed | ContactReleased)
            return {}


def _sealed(event: ContactRegistered | ContactDetailsChanged) -> dict[str, Any]:
    return event.model_dump(mode="json", by_alias=True, include=_SEALED)


def _registered(event: ContactRegistered, recorded: Recorded[Any]) -> ContactRow:
    return ContactRow(
        contact_id=event.contact_id,
        version=recorded.envelope.version,
        account_id=event.account_id,
        **_sealed(event),
        department=event.department,
        role=None,
        influence=None,
        sentiment=None,
        reports_to=None,
        merged_into=None,
        active=True,
        erased=False,
        valid_from=recorded.envelope.occurred_at,
        valid_to=None,
        known_from=recorded.envelope.recorded_at,
        known_to=None,
    )


def _established(event: RelationshipEstablished, recorded: Recorded[Any]) -> RelationshipRow:
    return RelationshipRow(
        _pair(event),
        recorded.envelope.version,
        event.employee_id,
        event.contact_id,
        event.strength,
        True,
        *interval(recorded),
    )


def _pair(event: RelationshipEvent) -> str:
    return f"{event.employee_id}-{event.contact_id}"


PEOPLE: Final = Projection(
    name="people",
    version=1,
    tables=(CONTACT, RELATIONSHIP),
    subscribes=frozenset((*get_args(ContactEvent), *get_args(RelationshipEvent))),
    keys=keys,
    evolve=evolve,
)
