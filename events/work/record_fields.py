"""Facts about the fields that a form gives a record beyond its own."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from events.event import Event
from events.personal import Personal
from events.policies.form import FieldClass, FieldName, FieldValue, RecordType
from events.values import Id, PersonId


class FieldSet(BaseModel):
    """What one field holds from now on."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: FieldName
    field_class: FieldClass
    """As the form had it at the time."""
    value: FieldValue | None
    """``None``: nothing any more."""


class RecordFieldsSet(Event):
    """Some fields of a record hold something else from now on; those not named stay as they are.

    The versions of the forms they were checked against are the policies of the envelope.
    """

    NAME: ClassVar[str] = "record.fields_set"
    PARTITION: ClassVar[str | None] = "account_id"

    record_type: RecordType
    record_id: Id
    account_id: Id | None
    """The account the record belonged to at the time."""
    fields: Annotated[tuple[FieldSet, ...], Field(min_length=1)]


class RecordPersonalFieldSet(Event):
    """A field about a contact as a person holds something else, or nothing, from now on."""

    NAME: ClassVar[str] = "record.personal_field_set"
    PERSON: ClassVar[str | None] = "record_id"
    PARTITION: ClassVar[str | None] = "account_id"

    record_type: RecordType
    record_id: PersonId
    account_id: Id | None
    name: FieldName
    value: Personal[FieldValue | None]


RecordFieldsEvent = RecordFieldsSet | RecordPersonalFieldSet
