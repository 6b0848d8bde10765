"""Whether a schema still accepts everything an older one accepted."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

Schema = Mapping[str, Any]

_LOWER: Final = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_UPPER: Final = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_FOLLOWED: Final = frozenset(
    {"$defs", "additionalProperties", "anyOf", "const", "enum", "items", "properties", "required"}
    | {"type"}
)
_WORDS_ONLY: Final = frozenset({"$id", "$schema", "default", "description", "examples", "title"})
"""Keywords that say something to a reader and accept or refuse nothing."""


def breaks(old: Schema, new: Schema) -> tuple[str, ...]:
    """Why a payload that ``old`` accepts may be refused by ``new``; empty when none can be.

    A field that was removed or added as required, a narrower type, a value less, a tighter bound
    and another pattern each break it. Where it cannot tell, it says that it breaks.
    """
    return tuple(_breaks(_Side(old, old), _Side(new, new), ""))


class _Side:
    """A part of a schema, references followed, and the whole it is a part of."""

    def __init__(self, whole: Schema, part: Schema) -> None:
        self.whole = whole
        self.part = dict(part)
        while "$ref" in self.part:
            target = whole["$defs"][self.part.pop("$ref").removeprefix("#/$defs/")]
            self.part = {**self.part, **target}

    def at(self, part: Schema) -> "_Side":
        return _Side(self.whole, part)

    def choices(self) -> list["_Side"]:
        """What ``anyOf`` lets choose from, each with what stands beside it; else itself."""
        beside = {key: value for key, value in self.part.items() if key != "anyOf"}
        found = self.part.get("anyOf", [{}])
        return [self.at({**beside, **self.at(choice).part}) for choice in found]


def _breaks(old: _Side, new: _Side, path: str) -> Iterator[str]:
    if "anyOf" in old.part or "anyOf" in new.part:
        yield from _fewer_choices(old, new, path)
        return
    where = path or "the fact"
    yield from (f"{where}: {reason}" for reason in _narrower(old.part, new.part))
    yield from _fields(old, new, path)
    if "items" in new.part:
        items = new.at(new.part["items"])
        yield from _breaks(old.at(old.part.get("items", {})), items, f"{path}[]")


def _fewer_choices(old: _Side, new: _Side, path: str) -> Iterator[str]:
    for choice in old.choices():
        reasons = [list(_breaks(choice, other, path)) for other in new.choices()]
        if all(reasons):
            yield min(reasons, key=len)[0]


def _fields(old: _Side, new: _Side, path: str) -> Iterator[str]:
    before, after = old.part.get("properties", {}), new.part.get("properties", {})
    yield from (f"{path}.{name}: removed" for name in before if name not in after)
    required = set(new.part.get("required", ())) - set(old.part.get("required", ()))
    yield from (f"{path}.{name}: required now" for name in sorted(required))
    if new.part.get("additionalProperties", True) not in (
        True,
        old.part.get("additionalProperties", True),
    ):
        yield f"{path or 'the fact'}: fields of any other name are refused now"
    for name in before.keys() & after.keys():
        yield from _breaks(old.at(before[name]), new.at(after[name]), f"{path}.{name}")


def _narrower(old: Schema, new: Schema) -> Iterator[str]:
    if "type" in new and not _types(old) <= _types(new):
        yield f"the type was {old.get('type', 'any')} and is {new['type']}"
    if lost := [value for value in _values(old) if _values(new) and value not in _values(new)]:
        yield f"no longer {', '.join(map(str, lost))}"
    if _values(new) and not _values(old):
        yield "only certain values now"
    yield from (
        f"{bound} is tighter" for bound in _LOWER if bound in new and _above(new, old, bound)
    )
    yield from (
        f"{bound} is tighter" for bound in _UPPER if bound in new and _above(old, new, bound)
    )
    rest = new.keys() - _FOLLOWED - _WORDS_ONLY - {*_LOWER, *_UPPER}
    yield from (f"{key} is another" for key in sorted(rest) if old.get(key) != new[key])


def _above(one: Schema, other: Schema, bound: str) -> bool:
    """Whether the bound of ``one`` lies above that of ``other``, or one of them has none."""
    return bound not in one or bound not in other or bool(one[bound] > other[bound])


def _types(schema: Schema) -> set[str]:
    found = schema.get("type", "any")
    names = {found} if isinstance(found, str) else set(found)
    return names | {"integer"} if "number" in names else names


def _values(schema: Schema) -> list[Any]:
    return [schema["const"]] if "const" in schema else list(schema.get("enum", ()))
