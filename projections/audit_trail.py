"""Who did what, when, and what it changed: one row for every fact there is."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from events.accounts.account_stage import AccountStageMoved
from events.accounts.account_team import AccountTeamMemberReleased
from events.accounts.competitor import CompetitorEntered, CompetitorLeft
from events.accounts.contact import ContactErased, ContactLeft, ContactUnmerged
from events.accounts.customer_goal import (
    CustomerGoalDropped,
    CustomerGoalLinked,
    CustomerGoalStated,
    CustomerGoalUnlinked,
)
from events.accounts.interaction import InteractionLogged, InteractionWithdrawn
from events.accounts.relationship import RelationshipEnded, RelationshipEstablished
from events.accounts.strategic_objective import (
    StrategicObjectiveDropped,
    StrategicObjectiveStated,
)
from events.event import Event
from events.organization.api_key import ApiKeyIssued, ApiKeyRevoked
from events.organization.employee import EmployeeErased, EmployeeHired, EmployeeLeft
from events.organization.employee_training import EmployeeTrainingRecorded, EmployeeTrainingRevoked
from events.pipeline.opportunity import (
    OpportunityAdvanced,
    OpportunityLost,
    OpportunityOpened,
    OpportunityReopened,
    OpportunityWon,
)
from events.pipeline.product import ProductListed, ProductRetired
from events.recorded import Recorded
from events.work.alert import AlertAcknowledged, AlertRaised, AlertReassigned, AlertResolved
from events.work.notice import NoticeRead, NoticeSent
from events.work.record_fields import RecordFieldsSet, RecordPersonalFieldSet
from projections.projection import ByFact, CompanyWide, Key, Projection, Rows, Table


class AuditRow(NamedTuple):
    """One fact: who, what, when, on which record, by which command, and what it changed."""

    position: int
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    name: str
    """The stored name of the fact, such as ``opportunity.won``."""
    record: str
    """The stream it belongs to, such as ``opportunity-1C1I7A6R``."""
    version: int
    """The version of the record it made."""
    account_id: str | None
    """The account the fact belongs to."""
    command_id: str
    correlation_id: str
    causation_id: str | None
    policies: dict[str, int]
    release: str
    imported: bool
    changes: dict[str, Any]
    """Each changed field: ``{"before": ..., "after": ...}``; personal values sealed."""


class RecordRow(NamedTuple):
    """What a record's fields were last said to be, so that the next change has a before."""

    record: str
    version: int
    """The version they were last said at."""
    fields: dict[str, Any]


AUDIT: Final = Table(
    "audit",
    AuditRow,
    guard=ByFact(),
    key=("position",),
    indexes=(
        ("record", "position"),
        ("account_id", "position"),
        ("actor", "position"),
        ("name", "position"),
        ("command_id",),
        ("occurred_at",),
    ),
)
RECORD: Final = Table("audit_record", RecordRow, guard=CompanyWide(), key=("record",))

IMPLIED: Final[Mapping[type[Event], Mapping[str, Any]]] = MappingProxyType(
    {
        ApiKeyIssued: {"revoked": False},
        ApiKeyRevoked: {"revoked": True},
        InteractionLogged: {"withdrawn": False},
        InteractionWithdrawn: {"withdrawn": True},
        EmployeeHired: {"active": True},
        EmployeeLeft: {"active": False},
        EmployeeErased: {"erased": True},
        ContactLeft: {"left": True},
        ContactErased: {"erased": True},
        ContactUnmerged: {"into_id": None},
        RelationshipEstablished: {"ended": False},
        RelationshipEnded: {"ended": True},
        ProductListed: {"listed": True},
        ProductRetired: {"listed": False},
        OpportunityOpened: {"state": "open"},
        OpportunityWon: {"state": "won"},
        OpportunityLost: {"state": "lost"},
        OpportunityReopened: {"state": "open", "reason": None},
        AccountTeamMemberReleased: {"employee_id": None},
        CustomerGoalStated: {"dropped": False},
        CustomerGoalDropped: {"dropped": True},
        CustomerGoalLinked: {"linked": True},
        CustomerGoalUnlinked: {"linked": False},
        StrategicObjectiveStated: {"dropped": False},
        StrategicObjectiveDropped: {"dropped": True},
        CompetitorEntered: {"active": True},
        CompetitorLeft: {"active": False},
        EmployeeTrainingRecorded: {"revoked": False},
        EmployeeTrainingRevoked: {"revoked": True},
        AlertRaised: {"state": "open"},
        AlertAcknowledged: {"state": "acknowledged"},
        AlertReassigned: {"state": "open"},
        AlertResolved: {"state": "resolved"},
        NoticeSent: {"read": False},
        NoticeRead: {"read": True},
    }
)
"""What a fact changes without a field of its own."""

RENAMED: Final[Mapping[type[Event], Mapping[str, str]]] = MappingProxyType(
    {
        OpportunityAdvanced: {"to_stage": "stage"},
        AccountStageMoved: {"to_stage": "stage"},
    }
)
"""A fact's name for a field, where it is not the record's."""

SPREAD: Final[Mapping[type[Event], Callable[[Mapping[str, Any]], dict[str, Any]]]] = (
    MappingProxyType(
        {
            RecordFieldsSet: lambda told: {
                f"fields.{one['name']}": {"field_class": one["field_class"], "value": one["value"]}
                for one in told["fields"]
            },
            RecordPersonalFieldSet: lambda told: {
                f"fields.{told['name']}": {"field_class": "personal", "value": told["value"]}
            },
        }
    )
)
"""Facts that tell of fields a form has added: each of these is a field of the record."""

HIDDEN: Final = frozenset({"from_stage", "secret_sha256"})
"""What says nothing new, or is nobody's business."""


def keys(recorded: Recorded[Event]) -> tuple[Key, ...]:
    """What the record's fields were; nothing before its first fact."""
    envelope = recorded.envelope
    return () if envelope.version == 1 else ((RECORD, (envelope.stream,)),)


def evolve(rows: Rows, recorded: Recorded[Event]) -> Rows:
    """A row for the fact, and the record's fields after it."""
    envelope = recorded.envelope
    last = next(iter(rows.values()), None)
    if last is not None and last.version >= envelope.version:
        return {}  # told before; what it changed is no longer to be seen
    before: Mapping[str, Any] = last.fields if last else {}
    after = said(recorded.event)
    changes = {
        field: {"before": before.get(field), "after": value}
        for field, value in after.items()
        if before.get(field) != value
    }
    row = AuditRow(
        envelope.position,
        envelope.occurred_at,
        envelope.recorded_at,
        envelope.actor,
        envelope.name,
        envelope.stream,
        envelope.version,
        _account_of(recorded.event),
        envelope.command_id,
        envelope.correlation_id,
        envelope.causation_id,
        dict(envelope.policies),
        envelope.release,
        envelope.imported,
        changes,
    )
    return {
        (AUDIT, (envelope.position,)): row,
        (RECORD, (envelope.stream,)): RecordRow(
            envelope.stream, envelope.version, {**before, **after}
        ),
    }


def _account_of(event: Event) -> str | None:
    return event.__dict__["account_id"] if event.PARTITION == "account_id" else None


def said(event: Event) -> dict[str, Any]:
    """The fields of a record as a fact tells them, as JSON values."""
    names, implied = _names(type(event))
    told: Mapping[str, Any] = event.__dict__
    if not all(type(value) in _PLAIN for value in told.values()):
        told = event.model_dump(mode="json", by_alias=True)
    spread = SPREAD.get(type(event))
    if spread is not None:
        return spread(told)
    return {name: told[field] for field, name in names} | implied


_PLAIN: Final = frozenset({str, int, bool, type(None)})
"""The types of values that are JSON as they stand: most facts hold nothing else."""


@cache
def _names(kind: type[Event]) -> tuple[tuple[tuple[str, str], ...], dict[str, Any]]:
    """Each field of ``kind`` that is shown, with the record's name for it; and what is implied."""
    renamed = RENAMED.get(kind, {})
    shown = [field for field in kind.model_fields if field not in HIDDEN]
    return tuple((field, renamed.get(field, field)) for field in shown), dict(IMPLIED.get(kind, {}))


AUDIT_TRAIL: Final = Projection(
    name="audit_trail",
    version=4,
    tables=(AUDIT, RECORD),
    subscribes=None,
    keys=keys,
    evolve=evolve,
)
