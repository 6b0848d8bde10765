"""What holds under a chain of forms: of each field the strictest, whoever came last."""

from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregates.policies.effective_form import NO_FORM, EffectiveForm, effective
from aggregates.policies.form_check import wrong_fields
from events.policies.form import Form
from tests.examples.forms import APAC_FORM, EMEA_FORM, GROUP_FORM, field, form


def wrong(found: EffectiveForm, **values: Any) -> list[str]:
    return [path for path, _ in wrong_fields(found, values, required=found.required)]


def test_without_a_form_nothing_is_asked_for() -> None:
    assert effective([]) == NO_FORM
    assert wrong(NO_FORM, anything=1) == []


def test_a_field_is_required_in_one_region_and_absent_in_another() -> None:
    """REG-01."""
    emea, apac = effective([GROUP_FORM, EMEA_FORM]), effective([GROUP_FORM, APAC_FORM])
    assert emea.required == {"tax_id", "sector"}
    assert not apac.required
    assert apac.absent == {"tax_id"}
    assert "tax_id" in emea.properties
    assert "tax_id" not in apac.properties
    assert {"segment", "credit_days"} <= apac.properties.keys()


def test_both_bounds_hold_and_both_patterns() -> None:
    """REG-11."""
    found = effective([GROUP_FORM, EMEA_FORM])
    ok = {"sector": "x"}
    assert wrong(found, tax_id="DE81", **ok) == []
    assert wrong(found, tax_id="DE8", **ok) == ["tax_id"]
    assert wrong(found, tax_id="DE" + "8" * 18, **ok) == []
    assert wrong(found, tax_id="DE" + "8" * 19, **ok) == ["tax_id"]
    assert wrong(found, tax_id="8DE1", **ok) == ["tax_id"]
    assert wrong(found, tax_id="DE-1", **ok) == ["tax_id"]


def test_three_patterns_all_hold_and_one_said_twice_is_one() -> None:
    chain = [form(a=field(pattern=one)) for one in ("a", "b", "c", "b")]
    found = effective(chain)
    assert found.properties["a"]["pattern"] == "a"
    assert found.properties["a"]["allOf"] == [{"pattern": "b"}, {"pattern": "c"}]
    assert wrong(found, a="abc") == []
    assert wrong(found, a="ab") == ["a"]


def test_what_is_wrong_is_told_for_each_field_without_its_value() -> None:
    found = effective(
        [
            form(
                "gone",
                day=field(format="date"),
                link=field(format="uri"),
                yes=field("boolean"),
                several=field("array", items={"type": "integer", "maximum": 3}, maxItems=2),
            )
        ]
    )
    told = dict(
        wrong_fields(
            found,
            {"day": "2026-02-30", "link": "no link", "yes": 1, "several": (1, 4)},
            required=found.required,
        )
    )
    assert told == {
        "day": 'it is not a "date"',
        "gone": "it is required",
        "link": 'it is not a "uri"',
        "several.1": "it is greater than the maximum of 3",
        "yes": 'it is not of type "boolean"',
    }


# --- a form above that was changed later ------------------------------------------


@pytest.mark.parametrize(
    ("above", "below", "holds"),
    [
        (field(maxLength=3), field(minLength=5), {"maxLength": 3}),
        (field(enum=["a", "b"]), field(enum=["c"]), {"enum": ["a", "b"]}),
        (field(enum=["a", "b"]), field(enum=["b", "c"]), {"enum": ["b"]}),
        (field(format="date"), field(format="uri"), {"format": "date"}),
        (
            field("integer", minimum=-9),
            field("integer", maximum=-5),
            {"minimum": -9, "maximum": -5},
        ),
        (field("integer"), field(maxLength=3), {"type": "integer"}),
    ],
)
def test_what_is_above_holds_also_where_it_came_later(
    above: Any, below: Any, holds: dict[str, Any]
) -> None:
    """REG-11: a parent that tightens after its child is not outdone by what the child once said."""
    found = effective([form(a=above), form(a=below)]).properties["a"]
    words = {"title", "x-field-class", "type"} - holds.keys()
    assert {key: value for key, value in found.items() if key not in words} == holds


def test_a_field_left_out_below_is_back_once_it_is_required_above() -> None:
    """REG-11."""
    late = effective([form("a", a=field()), form(absent=("a",))])
    assert late.required == {"a"}
    assert late.properties.keys() == {"a"}
    assert not late.absent


def test_a_field_left_out_above_is_gone_whoever_uses_it_below() -> None:
    late = effective([form(a=field()), form(absent=("a",)), form("a", a=field(minLength=3))])
    assert late.absent == {"a"}
    assert not late.required
    assert not late.properties


# --- whatever two forms say --------------------------------------------------------

NAMES: Final = ("a", "b", "c")
BOUND: Final = st.none() | st.integers(0, 4)


@st.composite
def fields(draw: Any) -> Any:
    kind = draw(st.sampled_from(["string", "integer"]))
    low, high = ("minLength", "maxLength") if kind == "string" else ("minimum", "maximum")
    letters = [str(n) for n in range(4)] if kind == "string" else list(range(4))
    given_ = {
        low: draw(BOUND),
        high: draw(BOUND),
        "enum": draw(st.none() | st.lists(st.sampled_from(letters), min_size=1, unique=True)),
        "pattern": draw(st.none() | st.sampled_from(["0", "1", "^2"]))
        if kind == "string"
        else None,
    }
    return field(kind, **{key: value for key, value in given_.items() if value is not None})


@st.composite
def forms(draw: Any) -> Form:
    names = st.lists(st.sampled_from(NAMES), unique=True)
    properties = {name: draw(fields()) for name in draw(names)}
    required = draw(names)
    absent = [name for name in draw(names) if name not in {*properties, *required}]
    return form(*required, absent=tuple(absent), **properties)


VALUES: Final = st.dictionaries(
    st.sampled_from(NAMES), st.integers(-1, 5) | st.text("0123", max_size=5), max_size=3
)


@settings(max_examples=500)
@given(above=st.lists(forms(), max_size=2), below=forms(), values=VALUES)
def test_a_form_below_never_lets_pass_what_those_above_do_not(
    above: list[Form], below: Form, values: dict[str, Any]
) -> None:
    """REG-11: whatever is not as the forms above want it is not as they and one more want it."""
    group, region = effective(above), effective([*above, below])
    used = {name: value for name, value in values.items() if name not in region.absent}
    assert group.required <= region.required
    assert group.absent <= region.absent
    if wrong(group, **used):
        assert wrong(region, **used)
