"""Facts about forms: which fields a kind of record has beyond its own, for all or per region."""

from datetime import date
from typing import Annotated, ClassVar, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from events.event import Event
from events.values import MINOR_LIMIT, Id, Name, Reason

RecordType = Literal["account", "contact", "interaction", "opportunity", "contract", "account_plan"]
"""The kinds of records that have forms."""

FieldName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$", strict=True)]
"""What a field is called: in snake case, so that it is a column name anywhere."""

FieldClass = Literal["public", "commercial", "personal", "approval"]
"""Who may see a field: access is decided by it."""

WholeNumber = Annotated[int, Field(gt=-MINOR_LIMIT, lt=MINOR_LIMIT, strict=True)]
Text = Annotated[
    str, StringConstraints(min_length=1, max_length=4000, pattern=r"^[^\x00]*$", strict=True)
]
FieldValue = (
    Annotated[bool, Field(strict=True)]
    | WholeNumber
    | Text
    | Annotated[tuple[WholeNumber | Text, ...], Field(max_length=100)]
)
"""What a field holds; its form says which of these."""

Length = Annotated[int, Field(ge=0, le=4000)]
Pattern = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[^\x00]*$")]
Choices = Annotated[tuple[WholeNumber | Text, ...], Field(min_length=1, max_length=200)]

FIELDS_MAX: Final = 100
"""The most fields a form adds or narrows."""


def _not_given(value: object) -> bool:
    return value is None


class FormKeywords(BaseModel):
    """What a value has to be: JSON Schema 2020-12, as much of it as a form may say."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        alias_generator=to_camel,
        serialize_by_alias=True,
    )

    enum: Choices | None = Field(None, exclude_if=_not_given)
    pattern: Pattern | None = Field(None, exclude_if=_not_given)
    """Found anywhere in the text unless it has anchors; without look-around and back-references,
    so that matching takes time in proportion to the text."""
    format: Literal["date", "uri"] | None = Field(None, exclude_if=_not_given)
    min_length: Length | None = Field(None, exclude_if=_not_given)
    max_length: Length | None = Field(None, exclude_if=_not_given)
    minimum: WholeNumber | None = Field(None, exclude_if=_not_given)
    maximum: WholeNumber | None = Field(None, exclude_if=_not_given)


class FormItem(FormKeywords):
    """What each item of a list has to be."""

    type: Literal["string", "integer"]


class FormField(FormKeywords):
    """One field of a form: a JSON Schema property with a title and a class."""

    type: Literal["string", "integer", "boolean", "array"]
    title: Name
    description: Reason | None = Field(None, exclude_if=_not_given)
    field_class: FieldClass = Field(alias="x-field-class")
    items: FormItem | None = Field(None, exclude_if=_not_given)
    min_items: Annotated[int, Field(ge=0, le=100)] | None = Field(None, exclude_if=_not_given)
    max_items: Annotated[int, Field(ge=0, le=100)] | None = Field(None, exclude_if=_not_given)
    unique_items: bool | None = Field(None, exclude_if=_not_given)


class Form(BaseModel):
    """The policy document: a JSON Schema of what a region adds to the forms above, or narrows.

    What it does not mention stays as it is above.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    title: Name
    type: Literal["object"] = "object"
    properties: Annotated[dict[FieldName, FormField], Field(max_length=FIELDS_MAX)] = {}
    """Fields of its own, and others narrowed: those of the forms above, those every record has."""
    required: Annotated[tuple[FieldName, ...], Field(max_length=2 * FIELDS_MAX)] = ()
    absent: Annotated[tuple[FieldName, ...], Field(max_length=2 * FIELDS_MAX)] = ()
    """Fields of the forms above that are not used here: only those nobody above requires."""


class FormDrafted(Event):
    """A new version of a form has been written down; nothing follows it yet."""

    NAME: ClassVar[str] = "form.drafted"

    region_id: Id | None
    """``None``: it is the one of the whole group."""
    record_type: RecordType
    version: int = Field(ge=1)
    document: Form


class FormActivated(Event):
    """A version is in force for what is asked for from ``effective_on`` (inclusive) on."""

    NAME: ClassVar[str] = "form.activated"

    region_id: Id | None
    record_type: RecordType
    version: int = Field(ge=1)
    effective_on: date


FormEvent = FormDrafted | FormActivated
