"""Text in a fact is an id, a name of a thing, of a certain form, or personal: never just text."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import pytest
from pydantic import BaseModel

from events.catalogue import EVENTS
from events.event import Event
from events.personal import Personal
from events.schemas import schema
from events.values import Id, Name, PersonId, Reason

FORMED = {"pattern", "format", "enum", "const"}
"""Keywords of which a text that is not personal has at least one."""


def unclassified(kind: type[Event]) -> list[str]:
    """Where a fact could hold any text at all; empty for a fact in order.

    What is sealed is left out: there, personal text belongs.
    """
    return list(_free(schema(kind), ""))


def _free(part: Any, path: str) -> Iterator[str]:
    match part:
        case {"type": "string", **rest} if FORMED.isdisjoint(rest):
            yield path
        case Mapping():
            for key, inner in part.items():
                if key != "Sealed":
                    yield from _free(inner, f"{path}/{key}")
        case list():
            for inner in part:
                yield from _free(inner, path)
        case _:
            pass


@pytest.mark.parametrize("kind", EVENTS.values(), ids=list(EVENTS))
def test_no_fact_has_room_for_any_text(kind: type[Event]) -> None:
    assert unclassified(kind) == []


class Remark(BaseModel):
    """A part of a planted fact."""

    words: str


class Remarked(Event):
    """Planted: free text in each place where it could hide."""

    NAME: ClassVar[str] = "thing.remarked"
    PERSON: ClassVar[str | None] = "person_id"

    person_id: PersonId
    thing_id: Id
    thing: Name
    reason: Reason
    said: Personal[str]
    note: str
    perhaps: str | None
    many: tuple[str, ...]
    named: dict[str, str]
    remark: Remark


def test_the_check_itself_catches() -> None:
    """A rule that cannot fail is no rule."""
    assert sorted(unclassified(Remarked)) == [
        "/$defs/Remark/properties/words",
        "/properties/many/items",
        "/properties/named/additionalProperties",
        "/properties/note",
        "/properties/perhaps/anyOf",
    ]
