"""Which fields of an answer are for whom: each belongs to a class, most of them to the public one.

A field of a class that the reader may not see is left out of the answer, in JSON and in CSV alike:
it is not null, which would say something else. Classes are marks on the fields of answers::

    amount_minor: Annotated[int | None, COMMERCIAL]
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, Literal, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

FieldClass = Literal["public", "commercial", "personal", "approval", "solution", "delivery"]
"""What a field is about: nothing secret, the money we make, persons at customers, who decided what,
how we mean to solve a customer's problem, how we deliver."""

CLASSES: Final[frozenset[FieldClass]] = frozenset(get_args(FieldClass))


@dataclass(frozen=True, slots=True)
class Sight:
    """Which classes somebody sees of the fields of what they may read."""

    elsewhere: frozenset[FieldClass]
    """Of every account that is not named in ``by_account``."""
    by_account: Mapping[str, frozenset[FieldClass]] = field(default_factory=dict)

    def of(self, account_id: str | None) -> frozenset[FieldClass]:
        """The classes seen of an account's fields; of no account: those seen of every account."""
        if account_id is None:
            return self.elsewhere.intersection(*self.by_account.values())
        return self.by_account.get(account_id, self.elsewhere)


EVERYTHING: Final = Sight(CLASSES)

Exclusion = dict[Any, Any]
"""What pydantic takes as ``exclude``."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Marks a field of an answer as belonging to a class."""

    of: FieldClass


COMMERCIAL: Final = Mark("commercial")
PERSONAL: Final = Mark("personal")
APPROVAL: Final = Mark("approval")
SOLUTION: Final = Mark("solution")
DELIVERY: Final = Mark("delivery")
SOMETIMES: Final = Mark("public")
"""Of a field that is of another class in some parts, which have a model of their own."""


def is_marked(info: FieldInfo) -> bool:
    """Whether a field may be left out."""
    return any(isinstance(mark, Mark) for mark in info.metadata)


def class_of(info: FieldInfo) -> FieldClass:
    """The class of a field; public without a mark."""
    return next((mark.of for mark in info.metadata if isinstance(mark, Mark)), "public")


def left_out(answer: BaseModel, sight: Sight) -> Exclusion:
    """What ``answer`` leaves out for a reader; often empty.

    A part with an ``account_id`` is about that account, and so is what lies in it; what tells of
    one record is about that record's. A part that names a ``field_class`` is whole of that class.
    """
    return {} if sight.of(None) == CLASSES else _left_out(answer, sight, None)


def _left_out(part: BaseModel, sight: Sight, account_id: str | None) -> Exclusion:
    account_id = _account_of(part) or account_id
    classes = sight.of(account_id)
    found: Exclusion = {}
    for name, its in _classes(type(part)):
        if its not in classes:
            found[name] = True
        elif inner := _left_out_of(getattr(part, name), sight, account_id):
            found[name] = inner
    return found


def _left_out_of(value: Any, sight: Sight, account_id: str | None) -> Exclusion:
    parts: Iterable[tuple[Any, Any]]
    match value:
        case BaseModel():
            return _left_out(value, sight, account_id)
        case list():
            parts = enumerate(value)
        case dict():
            parts = value.items()
        case _:
            return {}
    found = ((key, _left_out_part(one, sight, account_id)) for key, one in parts)
    return {key: inner for key, inner in found if inner}


def _left_out_part(part: Any, sight: Sight, account_id: str | None) -> Exclusion | bool:
    its = getattr(part, "field_class", "public")
    return its not in sight.of(account_id) or _left_out_of(part, sight, account_id)


def _account_of(part: BaseModel) -> str | None:
    return getattr(getattr(part, "item", part), "account_id", None)


@cache
def _classes(model: type[BaseModel]) -> tuple[tuple[str, FieldClass], ...]:
    return tuple((name, class_of(info)) for name, info in model.model_fields.items())
