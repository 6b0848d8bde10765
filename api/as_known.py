"""Answers as known at a time: where a record went on after it, they tell no end."""

from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel

from readmodels.moment import EVER

Part = TypeVar("Part", bound=BaseModel)


def as_known(answer: Part, known_at: datetime) -> Part:
    """``answer`` without the ends in it that became known after ``known_at``.

    A part tells with ``known_to`` when its end became known, and with ``valid_to`` what it is.
    """
    if known_at == EVER:
        return answer
    known: Part = _known(answer, known_at)
    return known


def _known(value: Any, known_at: datetime) -> Any:
    match value:
        case BaseModel():
            return value.model_copy(update=_changes(value, known_at))
        case list():
            return [_known(one, known_at) for one in value]
        case _:
            return value


def _changes(part: BaseModel, known_at: datetime) -> dict[str, Any]:
    told = {name: getattr(part, name) for name in type(part).model_fields}
    changes = {
        name: _known(value, known_at)
        for name, value in told.items()
        if isinstance(value, BaseModel | list)
    }
    known_to = told.get("known_to")
    if known_to is not None and known_to > known_at:
        changes |= dict.fromkeys({"known_to", "valid_to"} & told.keys())
    return changes
