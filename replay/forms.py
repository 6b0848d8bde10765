"""What records lack under a form, the one in force or one that is tried; nothing is recorded."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from aggregates.policies.effective_form import CORE, CORE_CLASSES, EffectiveForm, effective
from aggregates.policies.form_check import wrong_fields
from events.policies.form import FieldClass, Form, RecordType

Document = Mapping[str, Any]
"""A ``Form`` as JSON."""


class Filled(Protocol):
    """A record with what it holds."""

    @property
    def record_id(self) -> str:
        """Its id."""

    @property
    def account_id(self) -> str | None:
        """The account it belongs to."""

    @property
    def region_id(self) -> str | None:
        """The region whose form holds for it."""

    @property
    def going_on(self) -> bool:
        """Whether it can still move on."""

    @property
    def core(self) -> Mapping[str, Any]:
        """What its own fields hold."""

    @property
    def fields(self) -> Mapping[str, Any]:
        """What forms have added: ``field_class`` and ``value``, opened."""


class Chains(Protocol):
    """Which forms hold where."""

    def chain(self, region_id: str | None) -> tuple[str, ...]:
        """The places whose forms hold in a region, topmost first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One field of a record, and what it holds."""

    name: str
    title: str | None
    """``None`` for a field that the form does not have any more."""
    field_class: FieldClass
    value: Any
    required: bool
    own: bool
    """Whether every record of the type has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """What a record lacks, or has not as its form wants it."""

    path: str
    """The field, and the place in it, with dots in between."""
    detail: str
    field_class: FieldClass
    """Of the field: what is wrong with it may tell what it holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One record under a form that is tried."""

    record_id: str
    account_id: str | None
    region_id: str | None
    lacks_before: tuple[Lack, ...]
    """What it lacks under the forms in force."""
    lacks_after: tuple[Lack, ...]
    """What it would lack."""


def form_of(documents: Iterable[Document]) -> EffectiveForm:
    """What holds under the forms ``documents``, the topmost first."""
    return effective(Form.model_validate(one, strict=False) for one in documents)


def lacks(record: Filled, record_type: RecordType, form: EffectiveForm) -> tuple[Lack, ...]:
    """What is missing or not as ``form`` wants it; often empty."""
    values = {
        name: one["value"]
        for name, one in record.fields.items()
        # What was erased can be neither read nor asked for.
        if name in form.properties and not isinstance(one["value"], Mapping)
    }
    required = form.required - (record.fields.keys() - values.keys())
    wrong = wrong_fields(form, {**values, **record.core}, required=required)
    return tuple(
        Lack(
            path=path,
            detail=detail,
            field_class=_class_of(path.split(".")[0], record, record_type, form),
        )
        for path, detail in wrong
    )


def held(record: Filled, record_type: RecordType, form: EffectiveForm) -> Iterator[Held]:
    """Each field of ``form``, and of those it does not have any more the ones that hold something.

    In order of their names.
    """
    for name in sorted({*form.properties, *record.fields}):
        schema = form.properties.get(name, {})
        told = record.fields.get(name, {"value": record.core.get(name)})
        yield Held(
            name=name,
            title=schema.get("title"),
            field_class=_class_of(name, record, record_type, form),
            value=told["value"],
            required=name in form.required,
            own=name in CORE[record_type],
        )


def _class_of(
    name: str, record: Filled, record_type: RecordType, form: EffectiveForm
) -> FieldClass:
    """The class of a record's own field, of one the form has, or of one that holds something."""
    if name in CORE[record_type]:
        return CORE_CLASSES.get(name, "public")
    kept = record.fields.get(name, {"field_class": "public"})
    found: FieldClass = form.properties.get(name, {}).get("x-field-class", kept["field_class"])
    return found


def dry_run(
    records: Iterable[Filled],
    document: Document,
    *,
    record_type: RecordType,
    place: str,
    documents: Mapping[str, Document],
    chains: Chains,
) -> Iterator[Tried]:
    """Each record that goes on under ``place``, with what it lacks and what it would lack.

    ``document`` takes the place of the form of ``place``, a region or ``*`` for the whole group;
    ``documents`` are the forms in force by place.
    """
    tried = {**documents, place: document}

    @cache
    def form_in(region_id: str | None) -> tuple[EffectiveForm, EffectiveForm]:
        places = chains.chain(region_id)
        before, after = (
            form_of(known[one] for one in places if one in known) for known in (documents, tried)
        )
        return before, after

    for record in records:
        if not record.going_on or place not in chains.chain(record.region_id):
            continue
        before, after = form_in(record.region_id)
        yield Tried(
            record_id=record.record_id,
            account_id=record.account_id,
            region_id=record.region_id,
            lacks_before=lacks(record, record_type, before),
            lacks_after=lacks(record, record_type, after),
        )
