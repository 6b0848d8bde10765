"""What a request asks for: a command, when it was true, and a digest that tells it from others."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from types import MappingProxyType
from typing import Annotated, Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import BaseModel, Field, ValidationError, create_model

from aggregates.refusals import Invalid
from api.ports import Doors
from api.problems import Problem, invalid_body
from api.security import Principal
from commands.catalogue import HANDLERS, MAY_ISSUE
from commands.command import Command, Day, Instant, command_name
from commands.ports import Context

DEPTH_MAX: Final = 32
"""How deeply values may lie in values."""

KEY_LENGTH_MAX: Final = 200

COMMANDS: Final[Mapping[str, type[Command]]] = MappingProxyType(
    {command_name(kind): kind for kind in HANDLERS if MAY_ISSUE[kind]}
)
"""The commands that have a door: those that somebody may issue."""

_STRING: Final = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_BRACKET: Final = re.compile(rb"[\[{\]}]")

IdempotencyKey = Annotated[str, Field(pattern=r"^[\x21-\x7e]([\x20-\x7e]{0,198}[\x21-\x7e])?$")]
"""Printable ASCII, 1 to 200 characters, no space at either end."""

OccurredAt = Annotated[
    Instant | Day | None,
    Field(
        description="When it was true, not in the future: an instant with a zone, or a date, which "
        "means the first instant of that day in the ledger's zone. Left out: now."
    ),
]
Imported = Annotated[bool, Field(description="Whether this is history from another system.")]


def _request(kind: type[Command]) -> type[BaseModel]:
    return create_model(
        f"{kind.__name__}Request",
        __base__=kind,
        __doc__=kind.__doc__,
        occurred_at=(OccurredAt, None),
        imported=(Imported, False),
    )


def _line(kind: type[Command]) -> type[BaseModel]:
    return create_model(
        f"{kind.__name__}Line",
        __base__=REQUESTS[command_name(kind)],
        __doc__=kind.__doc__,
        command=(str, ...),
        idempotency_key=(IdempotencyKey, ...),
        if_match=(Annotated[int, Field(ge=0)] | None, None),
    )


REQUESTS: Final = MappingProxyType({name: _request(kind) for name, kind in COMMANDS.items()})
"""The body of each command's own door: its fields, ``occurred_at`` and ``imported``."""

LINES: Final = MappingProxyType({name: _line(kind) for name, kind in COMMANDS.items()})
"""A line of a batch: a body with ``command``, ``idempotency_key`` and ``if_match`` beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request, read."""

    name: str
    command: Command
    occurred_at: datetime | date | None
    imported: bool
    digest: bytes
    idempotency_key: str
    if_match: int | None


def asked(name: str, body: bytes, idempotency_key: str, if_match: int | None) -> Asked:
    """What the body of the door of ``name`` asks for.

    Raises:
        Problem: ``malformed`` or ``invalid-body``.
    """
    request = _validated(REQUESTS[name], body)
    return _asked(name, request, idempotency_key, if_match)


def asked_in_line(name: str, line: bytes) -> Asked:
    """What a line of a batch asks for.

    Raises:
        Problem: ``malformed`` or ``invalid-body``.
    """
    request: Any = _validated(LINES[name], line)
    return _asked(name, request, request.idempotency_key, request.if_match)


def _validated(model: type[BaseModel], body: bytes) -> BaseModel:
    if too_deep(body):
        raise Problem("malformed", "too-deep", f"values lie in values more than {DEPTH_MAX} deep")
    try:
        # Models are strict: "5" is no number and 1 is no truth.
        return model.model_validate_json(body)
    except ValidationError as wrong:
        raise invalid_body(wrong) from wrong


def _asked(name: str, request: Any, idempotency_key: str, if_match: int | None) -> Asked:
    kind = COMMANDS[name]
    fields = {field: getattr(request, field) for field in kind.model_fields}
    # As it was sent: a field that a later release adds must not make a repeat another request.
    content = request.model_dump_json(
        exclude={"command", "idempotency_key", "if_match"}, exclude_unset=True
    )
    return Asked(
        name=name,
        # Validated a moment ago, as a subclass; the handlers are found by the class itself.
        command=kind.model_construct(**fields),
        occurred_at=request.occurred_at,
        imported=request.imported,
        digest=hashlib.sha256(f"{name}\n{content}".encode()).digest(),
        idempotency_key=idempotency_key,
        if_match=if_match,
    )


def too_deep(body: bytes) -> bool:
    """Whether values lie in values more than ``DEPTH_MAX`` deep."""
    if body.count(b"[") + body.count(b"{") <= DEPTH_MAX:
        return False
    depth = 0
    for bracket in _BRACKET.findall(_STRING.sub(b"", body)):
        depth += 1 if bracket in b"[{" else -1
        if depth > DEPTH_MAX:
            return True
    return False


def namespace(ledger: str) -> UUID:
    """The namespace of the ids of a ledger's commands."""
    return uuid5(NAMESPACE_URL, ledger)


def context_of(
    doors: Doors, ids: UUID, principal: Principal, request: Asked, correlation_id: str
) -> Context:
    """The context in which ``request`` is carried out.

    The command id is made of ledger, actor and idempotency key: a repeat has the same one.

    Raises:
        Invalid: ``occurred-in-the-future``.
    """
    now = doors.clock()
    occurred_at = _instant(request.occurred_at, now, doors)
    if occurred_at > now:
        raise Invalid(
            "occurred-in-the-future",
            "nothing can be recorded before it has happened",
            field="occurred_at",
        )
    today = now.astimezone(doors.zone).date()
    return Context(
        actor=principal.actor,
        key_id=principal.key.key_id,
        command_id=str(uuid5(ids, f"{principal.actor}\n{request.idempotency_key}")),
        request_digest=request.digest,
        now=now,
        today=today,
        occurred_at=occurred_at,
        business_date=today if occurred_at is now else occurred_at.astimezone(doors.zone).date(),
        correlation_id=correlation_id,
        imported=request.imported,
        expected_version=request.if_match,
    )


def _instant(given: datetime | date | None, now: datetime, doors: Doors) -> datetime:
    if given is None:
        return now
    try:
        if isinstance(given, datetime):
            return given.astimezone(UTC)
        return datetime.combine(given, time(), doors.zone).astimezone(UTC)
    except OverflowError as wrong:
        raise Invalid(
            "occurred-out-of-range", "the calendar does not reach that far", field="occurred_at"
        ) from wrong
