"""Forms of the group and of two regions, and what records hold under them."""

from datetime import date
from typing import Any, Final

from events.policies.form import Form, FormActivated, FormDrafted, FormField
from events.work.record_fields import FieldSet, RecordFieldsSet, RecordPersonalFieldSet
from tests.examples.cast import UMA


def field(kind: str = "string", **keywords: Any) -> FormField:
    """A property of this type, with JSON Schema's own names for its keywords."""
    given = {"type": kind, "title": "A field", "x-field-class": "commercial", **keywords}
    return FormField.model_validate(given, strict=False)


def form(*required: str, absent: tuple[str, ...] = (), **properties: FormField) -> Form:
    """A form with these properties."""
    return Form(title="A form", properties=properties, required=required, absent=absent)


GROUP_FORM: Final = form(
    tax_id=field(pattern="^[A-Z0-9]+$", maxLength=20),
    segment=field(enum=["industry", "retail", "public"]),
    credit_days=field("integer", minimum=0, maximum=90, **{"x-field-class": "approval"}),
)
"""Three fields of accounts, none of them required."""

EMEA_FORM: Final = form(
    "tax_id",
    "sector",
    tax_id=field(pattern="^[A-Z]{2}", minLength=4),
    languages=field("array", items={"type": "string", "maxLength": 2}, uniqueItems=True),
)
"""In Europe a tax id is required, and the sector every account may have."""

APAC_FORM: Final = form(absent=("tax_id",))
"""In Asia there is no tax id."""

CONTACT_FORM: Final = form(
    salutation=field(**{"x-field-class": "personal"}),
    newsletter=field("boolean", **{"x-field-class": "public"}),
)

FORM_WRITTEN: Final = FormDrafted(
    region_id="emea", record_type="account", version=1, document=EMEA_FORM
)
FORM_IN_FORCE: Final = FormActivated(
    region_id="emea", record_type="account", version=1, effective_on=date(2026, 1, 1)
)


def held(name: str, value: Any, field_class: Any = "commercial") -> FieldSet:
    """A field and what it holds."""
    return FieldSet(name=name, field_class=field_class, value=value)


FIELDS_SET: Final = RecordFieldsSet(
    record_type="account",
    record_id="acme",
    account_id="acme",
    fields=(held("tax_id", "DE811"), held("languages", ("de", "fr"))),
)
FIELD_CLEARED: Final = RecordFieldsSet(
    record_type="account", record_id="acme", account_id="acme", fields=(held("languages", None),)
)
SALUTATION: Final = RecordPersonalFieldSet(
    record_type="contact", record_id=UMA, account_id="acme", name="salutation", value="Professor"
)
NEWSLETTER: Final = RecordFieldsSet(
    record_type="contact",
    record_id=UMA,
    account_id="acme",
    fields=(held("newsletter", True, "public"),),
)
