"""Which field class each change in the audit trail belongs to, by the fact that tells of it."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Final, cast, get_args

from api.field_classes import FieldClass, Sight
from events.catalogue import EVENTS
from events.personal import personal_fields
from events.values import Money

_BY_RECORD: Final[Mapping[str, FieldClass]] = MappingProxyType(
    {"approval": "approval", "solution_document": "solution", "joint_project": "delivery"}
)
"""All that facts about such a record tell, but the ids of what they are about."""

_BY_FIELD: Final[Mapping[str, FieldClass]] = MappingProxyType(
    {
        "influence": "personal",
        "sentiment": "personal",
        "strength": "personal",
        "rating": "personal",
        "discount_bps": "commercial",
        "facts": "commercial",
    }
)


def seen_changes(row: Any, sight: Sight) -> dict[str, Any]:
    """What the fact of ``row`` has changed, as far as it is seen."""
    seen = sight.of(row.account_id)
    return {
        field: change
        for field, change in row.changes.items()
        if (_own_class(change) or class_of_change(row.name, field)) in seen
    }


def _own_class(change: Mapping[str, Any]) -> FieldClass | None:
    """The class that a field of a form brings along."""
    for value in (change.get("after"), change.get("before")):
        if isinstance(value, dict) and value.keys() == {"field_class", "value"}:
            return cast("FieldClass", value["field_class"])
    return None


@cache
def class_of_change(name: str, field: str) -> FieldClass:
    """The class of what a fact of this stored ``name`` says of ``field``."""
    kind = EVENTS[name]
    if field in personal_fields(kind):
        return "personal"
    if field in kind.model_fields and _holds_money(kind.model_fields[field].annotation):
        return "commercial"
    if field in _BY_FIELD:
        return _BY_FIELD[field]
    return "public" if field.endswith("_id") else _BY_RECORD.get(name.partition(".")[0], "public")


def _holds_money(hint: Any) -> bool:
    if hint is Money:
        return True
    fields = getattr(hint, "model_fields", {}).values()
    inner = [*get_args(hint), *(field.annotation for field in fields)]
    return any(_holds_money(one) for one in inner)
