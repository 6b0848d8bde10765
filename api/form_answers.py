"""What the doors of forms answer."""

from datetime import datetime
from typing import Any

from pydantic import Field

from api.answers import Answer, Body, ErasedName, Page

FieldValue = bool | int | str | list[int | str] | ErasedName | None
"""What a field holds."""


class FormInForcePart(Body):
    """One form of a chain."""

    region_id: str | None = Field(description="Null for the one of the whole group.")
    version: int
    effective_on: str
    title: str


class EffectiveFormItem(Body):
    """What holds for a kind of record in a region."""

    record_type: str
    region_id: str | None
    chain: list[FormInForcePart] = Field(description="The forms it is made of, topmost first.")
    form: dict[str, Any] = Field(description="The strictest of them all: a JSON Schema.")
    absent: list[str] = Field(description="Fields from above that are not used here.")


class FormsAnswer(Answer):
    """What holds in a region, in order of the kinds of records."""

    items: list[EffectiveFormItem]


class FormVersionItem(Body):
    """One version of a form."""

    form_id: str
    version: int
    record_type: str
    region_id: str | None
    document: dict[str, Any]
    drafted_at: datetime
    in_force_from: list[str] = Field(description="The days from which it was put in force.")


class FormVersionsPage(Page):
    """Versions of forms in order of form and version."""

    items: list[FormVersionItem]


class LackPart(Body):
    """A field that is missing, or not as the form wants it."""

    pointer: str = Field(description="JSON Pointer within the fields of the record.")
    detail: str
    field_class: str


class TriedItem(Body):
    """One record that would lack something."""

    record_id: str
    account_id: str | None
    region_id: str | None
    lacks: list[LackPart]
    lacks_already: bool = Field(description="Whether it lacks something under what is in force.")


class FormDryRunPage(Page):
    """The records that would lack something under a version, in order of their ids."""

    form_id: str
    version: int
    records: int = Field(description="How many go on where the form holds.")
    incomplete_before: int
    incomplete_after: int
    items: list[TriedItem]


class FieldItem(Body):
    """One field of a record: of the form, or set under an earlier one."""

    name: str
    title: str | None = Field(description="Null where the form does not have it any more.")
    field_class: str
    value: FieldValue
    required: bool
    own: bool = Field(description="Whether every record of the type has it.")


class RecordFieldsItem(Body):
    """The fields of one record, and the form that holds for it."""

    record_type: str
    record_id: str
    account_id: str | None
    region_id: str | None
    version: int = Field(description="Of the fields; 0 where none was ever set.")
    chain: list[FormInForcePart]
    fields: list[FieldItem]
    lacks: list[LackPart] = Field(description="What is to be set before the record moves on.")


class RecordFieldsAnswer(Answer):
    """The fields of one record as they were."""

    item: RecordFieldsItem
