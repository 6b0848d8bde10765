"""The fields that a form gives one record beyond its own: set, checked as a whole, cleared."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, assert_never

from aggregates.decider import Decider
from aggregates.policies.effective_form import CORE, EffectiveForm
from aggregates.policies.form_check import wrong_fields
from aggregates.refusals import Invalid, WrongState
from events.policies.form import FieldClass, FieldValue, RecordType
from events.work.record_fields import (
    FieldSet,
    RecordFieldsEvent,
    RecordFieldsSet,
    RecordPersonalFieldSet,
)

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class RecordFields:
    """What the fields hold; of those about a person only that they hold something."""

    held: Mapping[str, FieldSet] = field(default_factory=dict)
    """By name; none that holds nothing."""
    personal: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The record the fields belong to."""

    record_type: RecordType
    record_id: str
    region_id: str | None
    account_id: str | None
    core: Mapping[str, Any]
    """What its own fields hold, by name; those that hold something."""


# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(fields: RecordFields, event: RecordFieldsEvent) -> RecordFields:
    """The fields after ``event``."""
    match event:
        case RecordFieldsSet():
            told = {one.name: one for one in event.fields}
            held = {**fields.held, **told}
            return RecordFields(
                {name: one for name, one in held.items() if one.value is not None},
                fields.personal - told.keys(),
            )
        case RecordPersonalFieldSet(name=name, value=None):
            return replace(fields, personal=fields.personal - {name})
        case RecordPersonalFieldSet(name=name):
            held = {other: one for other, one in fields.held.items() if other != name}
            return RecordFields(held, fields.personal | {name})
        case unknown:
            assert_never(unknown)


RECORD_FIELDS: Final[Decider[RecordFields, RecordFieldsEvent]] = Decider(
    "record_fields", RecordFields(), evolve
)


def fields_id(record_type: RecordType, record_id: str) -> str:
    """The identity of the fields of a record; a type has no dot."""
    return f"{record_type}.{record_id}"


# --- decisions: one verb each; facts or a refusal ----------------------------


def set_fields(
    fields: RecordFields,
    *,
    record: Record,
    given: Mapping[str, FieldValue | None],
    form: EffectiveForm,
) -> tuple[RecordFieldsEvent, ...]:
    """Have the fields in ``given`` hold these values, ``None`` for nothing; the others stay.

    Nothing when they hold just these. Whether a personal one holds the same cannot be told: it is
    sealed, so it is set again. What was recorded under an earlier form and is in the form no more
    stays as it is, and can only be cleared.

    Raises:
        Invalid: ``form-not-met``, with each field that is not as ``form`` wants it once all of
            this is set, required ones that are still missing included.
    """
    changed = {name: value for name, value in given.items() if _changes(fields, name, value, form)}
    if not changed and given.keys().isdisjoint(CORE[record.record_type]):
        return ()
    wrong = dict(_wrong(fields, record, given, form))
    if wrong:
        raise Invalid(
            "form-not-met",
            "some fields are not as the form wants them",
            wrong={f"fields.{path}": detail for path, detail in wrong.items()},
        )
    told = tuple(
        FieldSet(name=name, field_class=_class(fields, name, form), value=value)
        for name, value in changed.items()
        if not _is_personal(fields, name, value, form)
    )
    plain = {one.name for one in told}
    return (
        *((RecordFieldsSet(**_named(record), fields=told),) if told else ()),
        *(
            RecordPersonalFieldSet(**_named(record), name=name, value=value)
            for name, value in changed.items()
            if name not in plain
        ),
    )


def check_complete(fields: RecordFields, *, record: Record, form: EffectiveForm) -> None:
    """Let pass a record that is as ``form`` wants it, its own fields included.

    Raises:
        WrongState: ``form-not-complete``, with each field that is missing or not as wanted.
    """
    wrong = dict(
        wrong_fields(
            form,
            {**_current(fields, record.record_type, form), **record.core},
            required=form.required - fields.personal,
        )
    )
    if wrong:
        raise WrongState(
            "form-not-complete",
            f"set first: {', '.join(wrong)}",
            wrong={f"fields.{path}": detail for path, detail in wrong.items()},
        )


def _changes(
    fields: RecordFields, name: str, value: FieldValue | None, form: EffectiveForm
) -> bool:
    """Whether the field comes to hold something else; a personal one that is set always does."""
    if value is None:
        return name in fields.held or name in fields.personal
    if _is_personal(fields, name, value, form):
        return True
    held = fields.held.get(name)
    # A truth is no number, though Python finds that 1 is True.
    return held is None or (type(held.value), held.value) != (type(value), value)


def _is_personal(
    fields: RecordFields, name: str, value: FieldValue | None, form: EffectiveForm
) -> bool:
    """Whether what is told of a field is sealed; what is cleared is cleared where it was held."""
    if value is None:
        return name in fields.personal
    return name in form.properties and _class(fields, name, form) == "personal"


def _class(fields: RecordFields, name: str, form: EffectiveForm) -> FieldClass:
    """As the form has it; for a field that it has no more, as it was set."""
    if name in form.properties:
        found: FieldClass = form.properties[name]["x-field-class"]
        return found
    return fields.held[name].field_class


def _wrong(
    fields: RecordFields,
    record: Record,
    given: Mapping[str, FieldValue | None],
    form: EffectiveForm,
) -> Iterator[tuple[str, str]]:
    core = CORE[record.record_type]
    for name, value in given.items():
        if name in core:
            yield name, "it is the record's own: its own commands change it"
        elif value is not None and name in form.absent:
            yield name, "it is not used here"
        elif value is not None and name not in form.properties:
            yield name, "the form has no such field"
    result = {**_current(fields, record.record_type, form), **given}
    kept = fields.personal - given.keys()
    yield from wrong_fields(
        form,
        {name: value for name, value in result.items() if value is not None and name not in core},
        required=form.required - kept - core.keys(),
    )


def _current(
    fields: RecordFields, record_type: RecordType, form: EffectiveForm
) -> dict[str, FieldValue]:
    """The values of the fields that the form has and the record itself has not."""
    own = CORE[record_type]
    return {
        name: one.value
        for name, one in fields.held.items()
        if one.value is not None and name in form.properties and name not in own
    }


def _named(record: Record) -> dict[str, Any]:
    return {
        "record_type": record.record_type,
        "record_id": record.record_id,
        "account_id": record.account_id,
    }
