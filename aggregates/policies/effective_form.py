"""The form that holds for a record: those of its region and all above, the strictest of each.

What stands above wins. A form below adds and narrows; where it once did otherwise, because one
above was changed later, what is above holds for that field.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from events.policies.form import FieldClass, Form, RecordType

Schema = Mapping[str, Any]
"""A property as JSON Schema."""

CORE: Final[Mapping[RecordType, Mapping[str, str]]] = {
    "account": {
        "sector": "string",
        "country": "string",
        "founded_year": "integer",
        "employees": "integer",
        "revenue_minor": "integer",
        "revenue_currency": "string",
        "parent_id": "string",
        "owner_id": "string",
    },
    "contact": {
        "role": "string",
        "influence": "integer",
        "sentiment": "integer",
        "reports_to": "string",
    },
    "interaction": {
        "kind": "string",
        "subject": "string",
        "minutes": "integer",
        "rating": "integer",
    },
    "opportunity": {
        "account_id": "string",
        "product_id": "string",
        "amount_minor": "integer",
        "currency": "string",
    },
    "contract": {"amount_minor": "integer", "currency": "string", "discount_bps": "integer"},
    "account_plan": {"fiscal_year": "integer"},
}
"""The fields every record of a type has, with their types: a form may require and narrow them."""

CORE_CLASSES: Final[Mapping[str, FieldClass]] = {
    "amount_minor": "commercial",
    "currency": "commercial",
    "discount_bps": "commercial",
    "influence": "personal",
    "sentiment": "personal",
    "rating": "personal",
}
"""The classes of those of them that are not public, whatever a form says."""

RANGES: Final = (("minLength", "maxLength"), ("minimum", "maximum"), ("minItems", "maxItems"))
"""The keywords that bound a value from below, each with the one that does from above."""
_FLOORS: Final = tuple(floor for floor, _ in RANGES)
_CEILINGS: Final = tuple(ceiling for _, ceiling in RANGES)


@dataclass(frozen=True, slots=True)
class EffectiveForm:
    """What a record has to be under a chain of forms."""

    properties: Mapping[str, Schema] = field(default_factory=dict)
    """By name: the fields forms have added, and those of the record's own that they narrow."""
    required: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    """Fields from above that are not used here."""


NO_FORM: Final = EffectiveForm()
"""Nothing is asked for, and no field is there but the record's own."""


def effective(forms: Iterable[Form]) -> EffectiveForm:
    """What holds under ``forms``, the topmost first."""
    found = NO_FORM
    for form in forms:
        found = _below(found, form)
    return found


def _below(above: EffectiveForm, form: Form) -> EffectiveForm:
    absent = above.absent | (frozenset(form.absent) - above.required)
    properties = {name: schema for name, schema in above.properties.items() if name not in absent}
    for name, own in properties_of(form).items():
        if name not in above.absent:
            properties[name] = _stricter(properties[name], own) if name in properties else own
    required = above.required | (frozenset(form.required) - absent)
    return EffectiveForm(properties, required, absent)


def properties_of(form: Form) -> dict[str, Schema]:
    """The properties of ``form`` as JSON Schema, by name."""
    dumped: dict[str, Schema] = form.model_dump(mode="json", by_alias=True)["properties"]
    return dumped


def _stricter(above: Schema, own: Schema) -> Schema:
    """A property under both; of ``own`` nothing that contradicts what is above."""
    if any(above.get(key) != own.get(key) for key in ("type", "x-field-class")):
        return above
    found = {**above, **{key: own[key] for key in ("title", "description") if key in own}}
    found |= {key: max(above.get(key, own[key]), own[key]) for key in _FLOORS if key in own}
    found |= {key: min(above.get(key, own[key]), own[key]) for key in _CEILINGS if key in own}
    for floor, ceiling in RANGES:
        if floor in found and ceiling in found and found[floor] > found[ceiling]:
            found = _with(found, above, floor, ceiling)
    if "enum" in own:
        both = [value for value in above.get("enum", own["enum"]) if value in own["enum"]]
        found["enum"] = both or above["enum"]
    if "format" in own:
        found.setdefault("format", own["format"])
    if own.get("uniqueItems"):
        found["uniqueItems"] = True
    if "items" in own:
        found["items"] = (
            _stricter(above["items"], own["items"]) if "items" in above else own["items"]
        )
    return _with_patterns(found, own)


def _with(found: Schema, above: Schema, *keys: str) -> dict[str, Any]:
    """``found`` with ``keys`` as they are ``above``."""
    kept = {key: value for key, value in found.items() if key not in keys}
    return kept | {key: above[key] for key in keys if key in above}


def _with_patterns(found: dict[str, Any], own: Schema) -> dict[str, Any]:
    """``found`` with the pattern of ``own`` beside its others: a text has to match all of them."""
    patterns = [found["pattern"]] if "pattern" in found else []
    patterns += [part["pattern"] for part in found.get("allOf", [])]
    if "pattern" not in own or own["pattern"] in patterns:
        return found
    if not patterns:
        return found | {"pattern": own["pattern"]}
    return found | {"allOf": [{"pattern": one} for one in (*patterns[1:], own["pattern"])]}


def weaker(above: EffectiveForm, form: Form) -> Iterator[tuple[str, str]]:
    """In what ``form`` would weaken what is ``above``: a field and what is wrong with it."""
    yield from ((name, "is required above") for name in form.absent if name in above.required)
    for name, own in properties_of(form).items():
        if name in above.absent:
            yield name, "is not used here, as a form above says"
        elif name in above.properties:
            yield from ((name, reason) for reason in _weaker(above.properties[name], own))
    yield from (
        (name, "is not used here, as a form above says")
        for name in form.required
        if name in above.absent and name not in form.properties
    )


def _weaker(above: Schema, own: Schema) -> Iterator[str]:
    if own["type"] != above["type"]:
        yield f"is of type {above['type']} above"
        return
    if own.get("x-field-class") != above.get("x-field-class"):
        yield f"is {above['x-field-class']} above"
    yield from (
        f"has {key} {above[key]} above"
        for key in _FLOORS
        if key in own and own[key] < above.get(key, own[key])
    )
    yield from (
        f"has {key} {above[key]} above"
        for key in _CEILINGS
        if key in own and own[key] > above.get(key, own[key])
    )
    for floor, ceiling in RANGES:
        both = {**above, **own}
        if floor in both and ceiling in both and both[floor] > both[ceiling]:
            yield f"leaves no value between {floor} {both[floor]} and {ceiling} {both[ceiling]}"
    yield from _other_values(above, own)
    if "items" in own and "items" in above:
        yield from (
            f"has items each of which {reason}" for reason in _weaker(above["items"], own["items"])
        )


def _other_values(above: Schema, own: Schema) -> Iterator[str]:
    if "enum" in above and (
        more := [one for one in own.get("enum", ()) if one not in above["enum"]]
    ):
        yield f"cannot be {', '.join(map(str, more))} above"
    if "format" in own and own["format"] != above.get("format", own["format"]):
        yield f"is a {above['format']} above"
    if above.get("uniqueItems") and own.get("uniqueItems") is False:
        yield "has no item twice above"
