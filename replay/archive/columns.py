"""JSON Schema to columns: what a payload is in Parquet, and the payload made of it again."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

import polars as pl

Schema = Mapping[str, Any]
Definitions = Mapping[str, Schema]

INSTANT: Final = pl.Datetime("us", "UTC")

_INT64: Final = range(-(2**63), 2**63)
_NULL: Final = {"type": "null"}
_JSON: Final = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Column:
    """How one kind of JSON value stands in Parquet; every column may be null.

    What does not fit becomes null: the payload made again then differs, and is kept as it was.
    """

    dtype: Any
    """The type, as Polars has it."""
    stored: Callable[[Any], Any]
    """A JSON value to the column's."""
    told: Callable[[Any], Any]
    """The column's value to JSON."""


@dataclass(frozen=True, slots=True)
class Record:
    """The fields of an object, in order of declaration."""

    columns: Mapping[str, Column]
    required: frozenset[str]
    """A field that is not among them is left out where it is null."""

    def stored(self, value: Any) -> dict[str, Any] | None:
        """The values of its columns; ``None`` for what is no object."""
        if not isinstance(value, dict):
            return None
        return {name: column.stored(value.get(name)) for name, column in self.columns.items()}

    def told(self, values: Mapping[str, Any] | None) -> dict[str, Any] | None:
        """The object; names among ``values`` that are no field of it are not looked at."""
        if values is None:
            return None
        return {
            name: column.told(values[name])
            for name, column in self.columns.items()
            if name in self.required or values[name] is not None
        }


def json_bytes(value: Any) -> bytes:
    """``value`` as payloads are written: no blanks, keys in their order, UTF-8."""
    return _JSON.encode(value).encode()


def _same(value: Any) -> Any:
    return value


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _whole(value: Any) -> int | None:
    return value if type(value) is int and value in _INT64 else None


def _truth(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return None if moment.tzinfo is None else moment.astimezone(UTC)


def _told_day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _told_moment(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat().removesuffix("+00:00") + "Z"


def _any(value: Any) -> str | None:
    return None if value is None else _JSON.encode(value)


def _told_any(value: str | None) -> Any:
    return None if value is None else json.loads(value)


_TEXT: Final = Column(pl.String(), _text, _same)
_ANYTHING: Final = Column(pl.String(), _any, _told_any)
_STRINGS: Final = {
    "date": Column(pl.Date(), _day, _told_day),
    "date-time": Column(INSTANT, _moment, _told_moment),
}
_PLAIN: Final = {
    "integer": Column(pl.Int64(), _whole, _same),
    "boolean": Column(pl.Boolean(), _truth, _same),
}


def record(schema: Schema, definitions: Definitions, within: Sequence[str] = ()) -> Record:
    """The columns of an object with named properties."""
    columns = {
        name: column(inner, definitions, within) for name, inner in schema["properties"].items()
    }
    return Record(columns, frozenset(schema.get("required", ())))


def column(schema: Schema, definitions: Definitions, within: Sequence[str] = ()) -> Column:
    """The column for values of ``schema``; JSON as text for what has no fixed shape.

    Without a fixed shape are an object with names of its own choice, a choice between scalars,
    and what holds itself. A choice between objects is one record with the fields of all.
    """
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    if name:
        again = name in within
        return _ANYTHING if again else column(definitions[name], definitions, (*within, name))
    if "anyOf" in schema:
        return _choice([one for one in schema["anyOf"] if one != _NULL], definitions, within)
    match schema.get("type"):
        case "string":
            return _STRINGS.get(schema.get("format", ""), _TEXT)
        case "array" if "items" in schema:
            return _listed(column(schema["items"], definitions, within))
        case "object" if _closed(schema):
            return _struct(record(schema, definitions, within))
        case kind:
            return _PLAIN.get(str(kind), _ANYTHING)


def _closed(schema: Schema) -> bool:
    return bool(schema.get("properties")) and schema.get("additionalProperties") is False


def _listed(inner: Column) -> Column:
    def stored(value: Any) -> list[Any] | None:
        return [inner.stored(one) for one in value] if isinstance(value, list) else None

    def told(value: list[Any] | None) -> list[Any] | None:
        return None if value is None else [inner.told(one) for one in value]

    return Column(pl.List(inner.dtype), stored, told)


def _struct(fields: Record) -> Column:
    dtype = pl.Struct({name: one.dtype for name, one in fields.columns.items()})
    return Column(dtype, fields.stored, fields.told)


def _choice(choices: Sequence[Schema], definitions: Definitions, within: Sequence[str]) -> Column:
    if len(choices) == 1:
        return column(choices[0], definitions, within)
    names = [str(one.get("$ref", "")).rpartition("/")[2] for one in choices]
    if not all(name and name not in within and _closed(definitions[name]) for name in names):
        return _ANYTHING
    records = [record(definitions[name], definitions, (*within, name)) for name in names]
    columns: dict[str, Column] = {}
    for one in records:
        for name, found in one.columns.items():
            if columns.setdefault(name, found).dtype != found.dtype:
                return _ANYTHING
    everything = _struct(Record(columns, frozenset()))

    def told(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
        """The first of the choices that has a place for every field that is there."""
        if values is None:
            return None
        there = {name for name, value in values.items() if value is not None}
        fitting = (one for one in records if there <= one.columns.keys())
        return next(fitting, records[0]).told(values)

    return Column(everything.dtype, everything.stored, told)
