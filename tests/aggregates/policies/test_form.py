"""Forms: drafted in versions, in force from a day on, never weaker than the ones above."""

from datetime import date
from functools import partial
from typing import Any, Final

import pytest

from aggregates.policies.effective_form import NO_FORM, effective
from aggregates.policies.form import FORM, activate, draft
from aggregates.refusals import Invalid, NotFound, WrongState
from events.policies.form import Form, FormActivated, FormDrafted, RecordType
from tests.examples.forms import (
    APAC_FORM,
    EMEA_FORM,
    FORM_IN_FORCE,
    FORM_WRITTEN,
    GROUP_FORM,
    field,
    form,
)
from tests.given import given

JANUARY: Final = date(2026, 1, 1)
APRIL: Final = date(2026, 4, 1)
draft_emea = partial(draft, region_id="emea", record_type="account")
activate_emea = partial(activate, region_id="emea", record_type="account", above=NO_FORM)


def test_versions_are_drafted_one_after_the_other() -> None:
    """CFG-01."""
    second = FormDrafted(region_id="emea", record_type="account", version=2, document=GROUP_FORM)
    given(FORM).when(draft_emea, document=EMEA_FORM).then(FORM_WRITTEN)
    given(FORM, FORM_WRITTEN).when(draft_emea, document=EMEA_FORM).then()
    given(FORM, FORM_WRITTEN).when(draft_emea, document=GROUP_FORM).then(second)


@pytest.mark.parametrize(
    ("document", "blamed"),
    [
        (form("a", "a", a=field()), "document.required"),
        (form("a", absent=("a",)), "document.absent"),
        (form(absent=("a",), a=field()), "document.absent"),
        (form(absent=("a", "a")), "document.absent"),
    ],
)
def test_a_field_is_required_or_left_out_once_and_never_both(document: Form, blamed: str) -> None:
    given(FORM).when(draft_emea, document=document).then_refused(
        "field-twice", Invalid, field=blamed
    )


@pytest.mark.parametrize(
    ("kind", "keywords", "blamed"),
    [
        ("string", {"minLength": 2, "maxLength": 1}, "maxLength"),
        ("string", {"minimum": 1}, "minimum"),
        ("string", {"items": {"type": "string"}}, "items"),
        ("string", {"pattern": "(a"}, "pattern"),
        ("string", {"pattern": "(?=a)b"}, "pattern"),
        ("string", {"pattern": r"(a)\1"}, "pattern"),
        ("string", {"pattern": "(((a{100}){100}){100})"}, "pattern"),
        ("string", {"enum": ["a", 1]}, "enum"),
        ("integer", {"enum": ["1"]}, "enum"),
        ("integer", {"minimum": -1, "maximum": -2}, "maximum"),
        ("integer", {"format": "date"}, "format"),
        ("boolean", {"enum": ["yes"]}, "enum"),
        ("array", {}, "items"),
        ("array", {"items": {"type": "string", "maximum": 1}}, "items.maximum"),
        ("array", {"items": {"type": "integer"}, "minItems": 2, "maxItems": 1}, "maxItems"),
        ("string", {"x-field-class": "personal"}, "x-field-class"),
    ],
)
def test_a_field_that_cannot_be_is_refused(
    kind: str, keywords: dict[str, Any], blamed: str
) -> None:
    """CFG-01: each with the place in the document; a pattern that may take for ever is one."""
    with pytest.raises(Invalid) as refused:
        draft_emea(FORM.initial, document=form(a=field(kind, **keywords)))
    assert refused.value.rule == "field-malformed"
    assert f"document.properties.a.{blamed}" in refused.value.wrong


@pytest.mark.parametrize(
    ("kind", "keywords"),
    [
        ("string", {"minLength": 1, "maxLength": 1, "pattern": "^(a+)+$", "format": "date"}),
        ("integer", {"minimum": -2, "maximum": -2, "enum": [1, 2]}),
        ("boolean", {}),
        ("array", {"items": {"type": "integer", "minimum": 0}, "minItems": 1, "maxItems": 1}),
    ],
)
def test_a_field_may_say_what_its_type_can_be(kind: str, keywords: dict[str, Any]) -> None:
    (fact,) = draft_emea(FORM.initial, document=form(a=field(kind, **keywords)))
    assert isinstance(fact, FormDrafted)


@pytest.mark.parametrize(
    ("document", "blamed"),
    [
        (form(absent=("sector",)), "document.absent.0"),
        (form(sector=field("integer")), "document.properties.sector.type"),
    ],
)
def test_what_a_record_has_itself_stays_what_it_is(document: Form, blamed: str) -> None:
    with pytest.raises(Invalid) as refused:
        draft_emea(FORM.initial, document=document)
    assert list(refused.value.wrong) == [blamed]


@pytest.mark.parametrize("name", ["role", "sentiment"])
def test_what_a_contact_has_itself_is_not_sealed_by_a_form(name: str) -> None:
    sealed = field("string" if name == "role" else "integer", **{"x-field-class": "personal"})
    personal = Form(title="A form", properties={name: sealed})
    with pytest.raises(Invalid):
        draft(FORM.initial, region_id=None, record_type="contact", document=personal)


def test_personal_fields_are_those_of_a_contact() -> None:
    personal = form(a=field(**{"x-field-class": "personal"}))
    ask = partial(draft, FORM.initial, region_id=None, document=personal)
    assert len(ask(record_type="contact")) == 1
    others: tuple[RecordType, ...] = ("account", "interaction", "opportunity", "contract")
    for record_type in (*others, "account_plan"):
        with pytest.raises(Invalid):
            ask(record_type=record_type)


def test_a_version_is_put_in_force_once() -> None:
    asked = partial(activate_emea, version=1, effective_on=JANUARY)
    given(FORM, FORM_WRITTEN).when(asked).then(FORM_IN_FORCE)
    given(FORM, FORM_WRITTEN, FORM_IN_FORCE).when(asked).then()


def test_what_was_decided_under_a_form_is_not_decided_again() -> None:
    later = FormActivated(region_id="emea", record_type="account", version=1, effective_on=APRIL)
    known = given(FORM, FORM_WRITTEN, later)
    known.when(activate_emea, version=1, effective_on=date(2026, 3, 31)).then_refused(
        "later-version-in-force", WrongState, field="effective_on"
    )
    known.when(activate_emea, version=2, effective_on=APRIL).then_refused(
        "unknown-version", NotFound, field="version"
    )


LIST: Final = field("array", items={"type": "string", "maxLength": 5}, minItems=1, maxItems=3)
ABOVE: Final = effective(
    [
        form(
            "must",
            "sector",
            absent=("gone",),
            must=field(),
            text=field(minLength=2, maxLength=5, format="date", enum=["ab", "cd"]),
            number=field("integer", minimum=1, maximum=9),
            unique=field("array", items={"type": "string"}, uniqueItems=True),
            several=LIST,
            sector=field(enum=["software", "retail"]),
        )
    ]
)


@pytest.mark.parametrize(
    ("document", "weaker"),
    [
        (form(), False),
        (form("text", "number", "several"), False),
        (form(text=field(minLength=2, maxLength=5)), False),
        (form(text=field(minLength=1)), True),
        (form(text=field(maxLength=6)), True),
        (form(text=field(minLength=5)), False),
        (form(text=field(minLength=6)), True),
        (form(text=field(maxLength=2)), False),
        (form(text=field(maxLength=1)), True),
        (form(text=field(enum=["ab"])), False),
        (form(text=field(enum=["ab", "ef"])), True),
        (form(text=field(format="uri")), True),
        (form(text=field(pattern="^a")), False),
        (form(text=field("integer")), True),
        (form(text=field(**{"x-field-class": "public"})), True),
        (form(number=field("integer", minimum=1, maximum=9)), False),
        (form(number=field("integer", minimum=0)), True),
        (form(number=field("integer", maximum=10)), True),
        (form(unique=field("array", items={"type": "string"})), False),
        (form(unique=field("array", items={"type": "string"}, uniqueItems=False)), True),
        (form(several=field("array", items={"type": "string", "maxLength": 5})), False),
        (form(several=field("array", items={"type": "string", "maxLength": 6})), True),
        (form(several=field("array", items={"type": "integer"})), True),
        (form(several=field("array", items={"type": "string"}, minItems=0)), True),
        (form(several=field("array", items={"type": "string"}, maxItems=4)), True),
        (form(sector=field(enum=["software"])), False),
        (form(sector=field(enum=["software", "farming"])), True),
        (form(absent=("text",)), False),
        (form(absent=("must",)), True),
        (form(gone=field()), True),
        (form("gone"), True),
        (form(added=field()), False),
    ],
)
def test_a_region_tightens_and_extends_and_never_weakens(document: Form, weaker: bool) -> None:
    """REG-11: whatever it says of a field is at least as strict as what is above."""
    drafted = FormDrafted(region_id="emea", record_type="account", version=1, document=document)
    asked = given(FORM, drafted).when(activate_emea, version=1, effective_on=JANUARY, above=ABOVE)
    if weaker:
        asked.then_refused("weaker-than-parent", Invalid, field="version")
    else:
        asked.then(FORM_IN_FORCE)


@pytest.mark.parametrize("document", [APAC_FORM, form("tax_id")])
def test_a_field_is_required_or_left_out_where_somebody_has_it(document: Form) -> None:
    drafted = FormDrafted(region_id="emea", record_type="account", version=1, document=document)
    asked = partial(activate_emea, version=1, effective_on=JANUARY)
    given(FORM, drafted).when(asked).then_refused("unknown-field", Invalid, field="version")
    given(FORM, drafted).when(asked, above=effective([GROUP_FORM])).then(FORM_IN_FORCE)


def test_a_record_has_its_own_fields_without_a_form_saying_so() -> None:
    drafted = FormDrafted(
        region_id="emea", record_type="account", version=1, document=form("sector", "owner_id")
    )
    given(FORM, drafted).when(activate_emea, version=1, effective_on=JANUARY).then(FORM_IN_FORCE)
