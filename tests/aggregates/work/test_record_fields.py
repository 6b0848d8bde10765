"""Fields that forms add: set, checked as a whole, cleared; complete before a record moves on."""

from functools import partial
from typing import Any, Final

import pytest

from aggregates.policies.effective_form import NO_FORM, effective
from aggregates.refusals import Invalid, WrongState
from aggregates.work.record_fields import RECORD_FIELDS, Record, check_complete, set_fields
from tests.examples.cast import UMA
from tests.examples.forms import (
    APAC_FORM,
    CONTACT_FORM,
    EMEA_FORM,
    FIELD_CLEARED,
    FIELDS_SET,
    GROUP_FORM,
    NEWSLETTER,
    SALUTATION,
    field,
    form,
    held,
)
from tests.given import given

EMEA: Final = effective([GROUP_FORM, EMEA_FORM])
APAC: Final = effective([GROUP_FORM, APAC_FORM])
ACME: Final = Record(
    record_type="account",
    record_id="acme",
    region_id="emea",
    account_id="acme",
    core={"sector": "software"},
)
PERSON: Final = Record(
    record_type="contact", record_id=UMA, region_id="emea", account_id="acme", core={}
)
set_acme = partial(set_fields, record=ACME, form=EMEA)
set_person = partial(set_fields, record=PERSON, form=effective([CONTACT_FORM]))
BOTH: Final[dict[str, Any]] = {"tax_id": "DE811", "languages": ("de", "fr")}


def refused(*facts: Any, **asked: Any) -> dict[str, str]:
    """Each field that is not as the form wants it, and what is wrong with it."""
    with pytest.raises(Invalid) as caught:
        set_acme(RECORD_FIELDS.fold(facts), **asked)
    assert caught.value.rule == "form-not-met"
    return dict(caught.value.wrong)


def test_fields_are_set_together_and_stay_until_they_are_cleared() -> None:
    """CFG-01, REG-01."""
    given(RECORD_FIELDS).when(set_acme, given=BOTH).then(FIELDS_SET)
    given(RECORD_FIELDS, FIELDS_SET).when(set_acme, given=BOTH).then()
    given(RECORD_FIELDS, FIELDS_SET).when(set_acme, given={"languages": None}).then(FIELD_CLEARED)
    given(RECORD_FIELDS, FIELDS_SET, FIELD_CLEARED).when(set_acme, given={"languages": None}).then()


def test_only_what_changes_is_told() -> None:
    changed = FIELDS_SET.model_copy(update={"fields": (held("tax_id", "DE812"),)})
    given(RECORD_FIELDS, FIELDS_SET).when(set_acme, given={**BOTH, "tax_id": "DE812"}).then(changed)


def test_the_record_is_checked_as_a_whole_and_each_field_is_named() -> None:
    """REG-01: required ones that are missing included."""
    assert refused(given={"languages": ("deu",), "segment": "farming"}) == {
        "fields.languages.0": "it is longer than 2 characters",
        "fields.segment": 'it is not one of "industry", "retail" or "public"',
        "fields.tax_id": "it is required",
    }
    assert list(refused(FIELDS_SET, given={"tax_id": None})) == ["fields.tax_id"]


@pytest.mark.parametrize(
    ("name", "value"), [("credit_days", -1), ("credit_days", 91), ("credit_days", "9")]
)
def test_a_bound_lies_where_it_says(name: str, value: Any) -> None:
    assert list(refused(FIELDS_SET, given={name: value})) == [f"fields.{name}"]
    for allowed in (0, 90):
        assert len(set_acme(RECORD_FIELDS.fold((FIELDS_SET,)), given={name: allowed})) == 1


def test_a_truth_is_no_number() -> None:
    asked = effective([form(n=field("integer"), b=field("boolean"))])
    one = set_fields(RECORD_FIELDS.initial, record=ACME, form=asked, given={"n": 1, "b": True})
    state = RECORD_FIELDS.fold(one)
    for wrong in ({"n": True}, {"b": 1}):
        with pytest.raises(Invalid):
            set_fields(state, record=ACME, form=asked, given=wrong)


def test_only_fields_of_the_form_are_set_and_not_those_the_record_has_itself() -> None:
    own = "it is the record's own: its own commands change it"
    assert refused(FIELDS_SET, given={"nothing": "x"}) == {
        "fields.nothing": "the form has no such field"
    }
    assert refused(FIELDS_SET, given={"sector": "x"}) == {"fields.sector": own}
    assert refused(FIELDS_SET, given={"sector": None}) == {"fields.sector": own}
    assert set_acme(RECORD_FIELDS.fold((FIELDS_SET,)), given={"nothing": None}) == ()


def test_what_a_region_leaves_out_is_not_set_there() -> None:
    """REG-01: required in Europe, absent in Asia."""
    with pytest.raises(Invalid) as caught:
        set_acme(RECORD_FIELDS.initial, given={"tax_id": "DE811"}, form=APAC)
    assert caught.value.wrong == {"fields.tax_id": "it is not used here"}
    assert len(set_acme(RECORD_FIELDS.initial, given={"segment": "retail"}, form=APAC)) == 1


def test_what_an_earlier_form_had_stays_and_can_only_be_cleared() -> None:
    """CFG-01: a form that is changed makes nothing recorded wrong."""
    later = effective([form(segment=field())])
    state = RECORD_FIELDS.fold((FIELDS_SET,))
    assert len(set_acme(state, given={"segment": "x"}, form=later)) == 1
    (cleared,) = set_acme(state, given={"tax_id": None}, form=later)
    assert cleared == FIELDS_SET.model_copy(update={"fields": (held("tax_id", None),)})
    with pytest.raises(Invalid):
        set_acme(state, given={"tax_id": "DE9999"}, form=later)


def test_what_is_personal_is_a_fact_of_its_own_and_set_again_whatever_it_was() -> None:
    told: dict[str, Any] = {"salutation": "Professor", "newsletter": True}
    assert set_person(RECORD_FIELDS.initial, given=told) == (NEWSLETTER, SALUTATION)
    state = RECORD_FIELDS.fold((NEWSLETTER, SALUTATION))
    assert set_person(state, given=told) == (SALUTATION,)
    assert state.held == {"newsletter": NEWSLETTER.fields[0]}
    assert state.personal == {"salutation"}


def test_what_is_personal_is_cleared_also_where_the_form_has_it_no_more() -> None:
    cleared = SALUTATION.model_copy(update={"value": None})
    for asked in (effective([CONTACT_FORM]), NO_FORM):
        given(RECORD_FIELDS, SALUTATION).when(
            set_fields, record=PERSON, form=asked, given={"salutation": None}
        ).then(cleared)
    assert RECORD_FIELDS.fold((SALUTATION, cleared)) == RECORD_FIELDS.initial


def test_a_personal_value_counts_as_there_though_nobody_sees_it() -> None:
    asked = effective([CONTACT_FORM, form("salutation")])
    with pytest.raises(Invalid) as caught:
        set_fields(RECORD_FIELDS.initial, record=PERSON, form=asked, given={"newsletter": True})
    assert caught.value.wrong == {"fields.salutation": "it is required"}
    known = RECORD_FIELDS.fold((SALUTATION,))
    assert len(set_fields(known, record=PERSON, form=asked, given={"newsletter": True})) == 1
    check_complete(known, record=PERSON, form=asked)
    with pytest.raises(Invalid):
        set_fields(known, record=PERSON, form=asked, given={"salutation": None})


def test_a_field_that_has_become_personal_is_held_in_one_place() -> None:
    plain = FIELDS_SET.model_copy(update={"fields": (held("salutation", "Dr"),)})
    assert RECORD_FIELDS.fold((plain, SALUTATION)) == RECORD_FIELDS.fold((SALUTATION,))
    assert RECORD_FIELDS.fold((SALUTATION, plain)) == RECORD_FIELDS.fold((plain,))


def incomplete(*facts: Any, core: dict[str, Any]) -> list[str]:
    record = Record(
        record_type="account", record_id="acme", region_id="emea", account_id="acme", core=core
    )
    with pytest.raises(WrongState) as caught:
        check_complete(RECORD_FIELDS.fold(facts), record=record, form=EMEA)
    assert caught.value.rule == "form-not-complete"
    return list(caught.value.wrong)


def test_a_record_is_complete_with_its_own_fields_and_those_of_the_form() -> None:
    """REG-01: Europe requires a tax id, and a sector, which every account may have."""
    assert incomplete(core={}) == ["fields.sector", "fields.tax_id"]
    assert incomplete(core={"sector": "software"}) == ["fields.tax_id"]
    assert incomplete(FIELDS_SET, core={}) == ["fields.sector"]
    check_complete(RECORD_FIELDS.fold((FIELDS_SET,)), record=ACME, form=EMEA)
