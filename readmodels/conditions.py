"""What a question is about: conditions, all of which have to be met."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from psycopg.sql import SQL, Composable, Composed


@dataclass(frozen=True, slots=True)
class Conditions:
    """The base of every selection: its fields are the conditions, ``None`` where none is given."""

    @property
    def conditions(self) -> Mapping[str, Any]:
        """The conditions given, by name."""
        given = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: value for name, value in given if value is not None}


def all_of(clauses: Mapping[str, Composable], given: Iterable[str]) -> Composed:
    """What is true of a row that meets every condition ``given``; true where there is none."""
    return SQL(" AND ").join([SQL("true"), *(clauses[name] for name in given)])


IN_REGION: Final = SQL(
    "(region_id = %(region)s OR region_id IN (SELECT region_id FROM within"
    " WHERE ancestor_id = %(region)s))"
)
"""In a region or one below it, as they lay then; ``within`` is of `readmodels.moment.REGION_TREE`.

A region that is not known then still holds what lies directly in it.
"""
