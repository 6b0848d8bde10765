"""Facts to bytes and back: sealed on the way in, upcast on the way out."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from events.catalogue import EVENTS
from events.event import Event
from events.personal import Erased, Sealed, is_sealed, personal_fields
from events.upcasters import STEPS, Step, upcast


@dataclass(frozen=True, slots=True)
class Binding:
    """What a sealed value is bound to; it opens nowhere else."""

    event: str
    path: str
    schema_version: int
    subject: str


Seal = Callable[[bytes, Binding], Sealed]
"""Plain JSON bytes and their binding to a sealed value."""

Unseal = Callable[[Sequence[Sealed]], Sequence[bytes | None]]
"""Sealed values to plain JSON bytes, in their order; ``None`` where the person's key is gone."""


class UnknownEvent(Exception):  # noqa: N818 - names what was found
    """A stored name and version that this release has no class for."""


@cache
def _personal(kind: type[Event]) -> tuple[str, ...]:
    return personal_fields(kind)


def encode(event: Event, event_id: str, seal: Seal) -> bytes:
    """The payload as it is stored: JSON with every personal field sealed.

    Raises:
        ValueError: a personal field holds a value but the event names no person.
    """
    fields = _personal(type(event))
    if not fields:
        return event.model_dump_json().encode()
    payload = event.wire()
    for path in fields:
        if payload[path] is None or is_sealed(payload[path]):
            continue
        binding = Binding(event_id, path, event.VERSION, _subject(event, path))
        sealed = seal(json.dumps(payload[path]).encode(), binding)
        payload[path] = sealed.model_dump()
    return json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()


def _subject(event: Event, path: str) -> str:
    if event.PERSON is None:
        message = f"{event.NAME} has the personal field {path} but names no person"
        raise ValueError(message)
    return str(getattr(event, event.PERSON))


def decode(
    name: str,
    schema: int,
    payload: bytes,
    *,
    events: Mapping[str, type[Event]] = EVENTS,
    steps: Mapping[tuple[str, int], Step] = STEPS,
) -> Event:
    """The fact in its newest shape, personal fields still sealed.

    Raises:
        UnknownEvent: no class of this name, or a version newer than this release knows.
        KeyError: a step from an older version to the next is missing.
        pydantic.ValidationError: the payload is not such a fact.
    """
    kind = events.get(name)
    if kind is None or schema > kind.VERSION:
        message = f"{name} version {schema} is not known to this release"
        raise UnknownEvent(message)
    if schema == kind.VERSION:
        return kind.model_validate_json(payload, strict=False)
    newest = upcast(name, schema, kind.VERSION, json.loads(payload), steps)
    return kind.model_validate(newest, strict=False)


def unsealed(value: Any, unseal: Unseal) -> Any:
    """``value`` (any JSON) with every sealed value opened, or :class:`Erased` in its place.

    All of them are opened in one go: for a page, ask with all of its items.
    """
    found = [Sealed.model_validate(one) for one in _sealed_in(value)]
    return _with(value, iter(unseal(found))) if found else value


def _sealed_in(value: Any) -> Iterator[Any]:
    if is_sealed(value):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _sealed_in(inner)


def _with(value: Any, plain: Iterator[bytes | None]) -> Any:
    """``value`` with each sealed value replaced, in the order in which they are found."""
    if is_sealed(value):
        opened = next(plain)
        return Erased().model_dump() if opened is None else json.loads(opened)
    if isinstance(value, dict):
        return {key: _with(inner, plain) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with(inner, plain) for inner in value]
    return value
