"""Which changes of a schema may refuse what was stored before: each kind planted once."""

from typing import Any, Final

import pytest

from events.catalogue import EVENTS
from events.compatibility import breaks
from events.event import Event
from events.schemas import schema

Schema = dict[str, Any]

TEXT: Final[Schema] = {"type": "string", "minLength": 1, "maxLength": 9, "pattern": "^a*$"}
NUMBER: Final[Schema] = {"type": "integer", "minimum": 0, "exclusiveMaximum": 10}
LIST: Final[Schema] = {"type": "array", "minItems": 1, "maxItems": 3, "items": TEXT}
CHOICE: Final[Schema] = {"anyOf": [NUMBER, {"type": "null"}]}
COLOUR: Final[Schema] = {"enum": ["red", "green"]}
OTHER_TEXT: Final[Schema] = {**TEXT, "pattern": "^b*$"}


def fact(field: Schema) -> Schema:
    return {
        "type": "object",
        "properties": {"field": field},
        "required": ["field"],
        "additionalProperties": False,
    }


def without(part: Schema, key: str) -> Schema:
    return {name: value for name, value in part.items() if name != key}


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (TEXT, {**TEXT, "minLength": 2}, ".field: minLength is tighter"),
        (TEXT, {**TEXT, "maxLength": 8}, ".field: maxLength is tighter"),
        (without(TEXT, "maxLength"), TEXT, ".field: maxLength is tighter"),
        (TEXT, OTHER_TEXT, ".field: pattern is another"),
        (without(TEXT, "pattern"), TEXT, ".field: pattern is another"),
        (TEXT, {**TEXT, "format": "date"}, ".field: format is another"),
        (NUMBER, {**NUMBER, "minimum": 1}, ".field: minimum is tighter"),
        (NUMBER, {**NUMBER, "exclusiveMaximum": 9}, ".field: exclusiveMaximum is tighter"),
        (NUMBER, TEXT, ".field: the type was integer and is string"),
        ({"type": "number"}, {"type": "integer"}, ".field: the type was number and is integer"),
        ({}, {"type": "string"}, ".field: the type was any and is string"),
        (CHOICE, NUMBER, ".field: the type was null and is integer"),
        (CHOICE, {"anyOf": [NUMBER, TEXT]}, ".field: the type was null and is integer"),
        (COLOUR, {"enum": ["red"]}, ".field: no longer green"),
        (COLOUR, {"const": "green"}, ".field: no longer red"),
        ({}, COLOUR, ".field: only certain values now"),
        (LIST, {**LIST, "maxItems": 2}, ".field: maxItems is tighter"),
        (LIST, {**LIST, "items": OTHER_TEXT}, ".field[]: pattern is another"),
        (LIST, {**LIST, "uniqueItems": True}, ".field: uniqueItems is another"),
        (without(LIST, "items"), LIST, ".field[]: the type was any and is string"),
    ],
)
def test_a_narrower_field_breaks(old: Schema, new: Schema, reason: str) -> None:
    assert reason in breaks(fact(old), fact(new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (TEXT, {**TEXT, "minLength": 0, "maxLength": 10}),
        (TEXT, without(TEXT, "pattern")),
        (TEXT, {**TEXT, "description": "What it is called.", "title": "Name"}),
        (NUMBER, {**NUMBER, "type": "number", "exclusiveMaximum": 11}),
        (NUMBER, CHOICE),
        (CHOICE, {"anyOf": [{"type": "null"}, TEXT, NUMBER]}),
        (COLOUR, {"enum": ["red", "green", "blue"]}),
        (COLOUR, {}),
        (LIST, {**LIST, "minItems": 0, "items": without(TEXT, "pattern")}),
    ],
)
def test_a_wider_field_breaks_nothing(old: Schema, new: Schema) -> None:
    assert breaks(fact(old), fact(new)) == ()


def test_a_field_that_is_gone_breaks() -> None:
    assert breaks(fact(TEXT), {**fact(TEXT), "properties": {}, "required": []}) == (
        ".field: removed",
    )


def test_a_field_that_must_be_there_now_breaks() -> None:
    old = fact(TEXT)
    more = {"properties": {"field": TEXT, "more": TEXT}}
    assert breaks(old, {**old, **more, "required": ["field", "more"]}) == (".more: required now",)
    assert breaks(old, {**old, **more}) == ()
    assert breaks({**old, "required": []}, old) == (".field: required now",)


def test_refusing_other_fields_breaks() -> None:
    old = {**fact(TEXT), "additionalProperties": True}
    assert breaks(old, fact(TEXT)) == ("the fact: fields of any other name are refused now",)
    assert breaks(fact(TEXT), old) == ()


def test_what_a_reference_leads_to_is_compared() -> None:
    def referring(part: Schema) -> Schema:
        return {**fact({"$ref": "#/$defs/Part", "description": "x"}), "$defs": {"Part": part}}

    assert breaks(referring(fact(TEXT)), referring(fact(OTHER_TEXT))) == (
        ".field.field: pattern is another",
    )
    assert breaks(referring(TEXT), fact(TEXT)) == ()


@pytest.mark.parametrize("kind", EVENTS.values(), ids=list(EVENTS))
def test_a_schema_does_not_break_itself(kind: type[Event]) -> None:
    assert breaks(schema(kind), schema(kind)) == ()


@pytest.mark.parametrize("kind", EVENTS.values(), ids=list(EVENTS))
def test_no_field_of_any_fact_can_go_unseen(kind: type[Event]) -> None:
    whole = schema(kind)
    for field in whole["properties"]:
        smaller = {**whole, "properties": without(whole["properties"], field)}
        assert breaks(whole, smaller) == (f".{field}: removed",)
