"""The form of a kind of record in a region: drafted in versions, each in force from a day on.

A form below others adds fields, makes optional ones required and narrows what they may hold. It
may leave out a field of those above that none of them requires. It never weakens what they say:
no field they require goes, no range, list or length becomes wider, no type or class another.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, assert_never

from aggregates.decider import Decider
from aggregates.policies.effective_form import CORE, RANGES, EffectiveForm, properties_of, weaker
from aggregates.policies.form_check import is_pattern
from aggregates.policies.versions import Versions, named_once
from aggregates.refusals import Invalid
from events.policies.form import Form, FormActivated, FormDrafted, FormEvent, RecordType
from events.policies.place import place_of

_KEYWORDS: Final[Mapping[str, frozenset[str]]] = {
    "string": frozenset({"enum", "pattern", "format", "minLength", "maxLength"}),
    "integer": frozenset({"enum", "minimum", "maximum"}),
    "boolean": frozenset(),
    "array": frozenset({"items", "minItems", "maxItems", "uniqueItems"}),
}
_ANY: Final = frozenset({"type", "title", "description", "x-field-class"})

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(versions: Versions[Form], event: FormEvent) -> Versions[Form]:
    """The versions after ``event``."""
    match event:
        case FormDrafted():
            return versions.drafted(event.document)
        case FormActivated():
            return versions.activated(event.version, event.effective_on)
        case unknown:
            assert_never(unknown)


FORM: Final[Decider[Versions[Form], FormEvent]] = Decider("form", Versions(), evolve)


def form_id(region_id: str | None, record_type: RecordType) -> str:
    """The identity of the form of a region, or of the whole group; a type has no dot."""
    return f"{record_type}.{place_of(region_id)}"


# --- decisions: one verb each; facts or a refusal ----------------------------


def draft(
    versions: Versions[Form], *, region_id: str | None, record_type: RecordType, document: Form
) -> tuple[FormEvent, ...]:
    """Write down the next version; nothing when the last draft says the same.

    Raises:
        Invalid: ``field-twice``, for one required or left out twice, or left out and used;
            ``field-malformed``, for one that says what cannot be, such as a range that ends
            before it begins, a pattern that is none, personal data of what is no person, or
            another type for a field the record has itself.
    """
    if versions.drafts and versions.drafts[-1] == document:
        return ()
    named_once(document.required, "field-twice", "document.required")
    left_out = sorted({*document.properties, *document.required}) + list(document.absent)
    named_once(left_out, "field-twice", "document.absent")
    wrong = dict(_malformed(record_type, document))
    if wrong:
        raise Invalid("field-malformed", _sentence(wrong), wrong=_below("document", wrong))
    version = len(versions.drafts) + 1
    return (
        FormDrafted(
            region_id=region_id, record_type=record_type, version=version, document=document
        ),
    )


def activate(
    versions: Versions[Form],
    *,
    region_id: str | None,
    record_type: RecordType,
    version: int,
    effective_on: date,
    above: EffectiveForm,
) -> tuple[FormEvent, ...]:
    """Put ``version`` in force from ``effective_on`` on; nothing when it is in force from that day.

    ``above`` is what holds under the forms above on that day.

    Raises:
        NotFound: ``unknown-version``.
        Invalid: ``weaker-than-parent``; ``unknown-field``, for one that is required or left out
            and that neither the form, a form above nor the record itself has.
        WrongState: ``later-version-in-force``: a later day has a version already.
    """
    if versions.is_in_force_from(version, effective_on):
        return ()
    document = versions.drafts[version - 1]
    weakened = dict(weaker(above, document))
    if weakened:
        raise Invalid("weaker-than-parent", _sentence(weakened), field="version")
    known = {*document.properties, *above.properties, *above.absent, *CORE[record_type]}
    unknown = sorted({*document.required, *document.absent} - known)
    if unknown:
        raise Invalid("unknown-field", f"nobody has defined {', '.join(unknown)}", field="version")
    return (
        FormActivated(
            region_id=region_id,
            record_type=record_type,
            version=version,
            effective_on=effective_on,
        ),
    )


def _malformed(record_type: RecordType, document: Form) -> Iterator[tuple[str, str]]:
    core = CORE[record_type]
    yield from (
        (f"absent.{place}", f"{name} is the record's own")
        for place, name in enumerate(document.absent)
        if name in core
    )
    for name, schema in properties_of(document).items():
        path = f"properties.{name}"
        yield from _malformed_value(path, schema)
        if schema["x-field-class"] == "personal" and record_type != "contact":
            yield f"{path}.x-field-class", "only a contact is a person"
        if schema["type"] != core.get(name, schema["type"]):
            yield f"{path}.type", f"the record's own {name} is of type {core[name]}"
        if name in core and schema["x-field-class"] == "personal":
            yield f"{path}.x-field-class", "the record's own field is not sealed by a form"


def _malformed_value(path: str, schema: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    kind = schema["type"]
    yield from (
        (f"{path}.{key}", f"a value of type {kind} has none")
        for key in schema
        if key not in _KEYWORDS[kind] | _ANY
    )
    yield from (
        (f"{path}.{ceiling}", f"it is less than {floor}")
        for floor, ceiling in RANGES
        if floor in schema and ceiling in schema and schema[floor] > schema[ceiling]
    )
    python_type = int if kind == "integer" else str
    if any(type(value) is not python_type for value in schema.get("enum", ())):
        yield f"{path}.enum", f"its values are of type {kind}"
    if "pattern" in schema and not is_pattern(schema["pattern"]):
        yield f"{path}.pattern", "it cannot be matched in linear time"
    if kind == "array" and "items" not in schema:
        yield f"{path}.items", "an array says what its items are"
    if "items" in schema:
        yield from _malformed_value(f"{path}.items", schema["items"])


def _below(field: str, wrong: Mapping[str, str]) -> dict[str, str]:
    return {f"{field}.{path}": detail for path, detail in wrong.items()}


def _sentence(wrong: Mapping[str, str]) -> str:
    return "; ".join(f"{path}: {detail}" for path, detail in wrong.items())
