"""What is archived reads back as it was stored, byte for byte, and its columns have types."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

import polars as pl
import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from events.catalogue import EVENTS
from events.codec import UnknownEvent, decode
from events.recorded import envelope_of, leaf_hash
from events.schemas import schema
from replay.archive.columns import INSTANT, Column, column
from replay.archive.datasets import ENVELOPE, DataSet, FactBroken, read_back
from replay.archive.reading import facts_of
from runtime.log.cloudevents import StoredFact
from tests.examples.histories import HIRED
from tests.replay.archives import archived, every_fact, golden_facts, stored_fact

FACTS: Final = every_fact()


def _bytes(fact: Any) -> tuple[Any, ...]:
    return fact.position, fact.name, fact.payload, fact.leaf, fact.leaf_hash


@pytest.mark.parametrize("facts", [FACTS, golden_facts()], ids=["histories", "golden"])
@pytest.mark.parametrize("size", [7, 100_000])
def test_every_fact_there_is_reads_back_as_it_was_stored(
    facts: tuple[StoredFact, ...], size: int
) -> None:
    shelf = archived(facts, size)
    found = [fact for stretch in shelf.manifest.stretches for fact in facts_of(stretch, shelf)]
    assert [_bytes(fact) for fact in found] == [_bytes(fact) for fact in facts]
    for fact, original in zip(found, facts, strict=True):
        envelope = envelope_of(fact.leaf)
        assert envelope == envelope_of(original.leaf)
        decode(fact.name, envelope.schema, fact.payload)


def test_the_columns_alone_give_every_payload_and_every_leaf() -> None:
    """Nothing a command of this release stores is kept as text beside them."""
    shelf = archived(FACTS)
    assert {fact.name for fact in FACTS} == set(EVENTS)
    for octets in shelf.kept.values():
        _, frame = read_back(octets)
        assert frame["_payload"].null_count() == frame.height
        assert frame["_leaf"].null_count() == frame.height


def test_each_version_of_a_fact_is_a_data_set_of_its_own() -> None:
    shelf = archived(golden_facts())
    assert {path.partition("/")[0] for path in shelf.kept} == {
        f"{envelope_of(fact.leaf).name}.v{envelope_of(fact.leaf).schema}" for fact in golden_facts()
    }
    assert len(shelf.kept) == len(golden_facts())


def _frame(name: str) -> pl.DataFrame:
    shelf = archived(FACTS)
    (path,) = (path for path in shelf.kept if path.startswith(f"{name}.v"))
    return read_back(shelf.kept[path])[1]


def test_money_days_and_records_have_columns_of_their_type() -> None:
    money = pl.Struct({"minor": pl.Int64(), "currency": pl.String()})
    assert _frame("product.listed").schema["list_price"] == money
    assert _frame("task.opened").schema["due_on"] == pl.Date()
    facts = pl.List(pl.Struct({"name": pl.String(), "value": pl.String()}))
    assert _frame("approval.requested").schema["facts"] == facts


def test_the_envelope_stands_beside_them() -> None:
    (row,) = _frame("product.listed").head(1).select(list(ENVELOPE)).to_dicts()
    (fact,) = (fact for fact in FACTS if fact.position == row["_position"])
    envelope = envelope_of(fact.leaf)
    assert row["_stream"] == envelope.stream
    assert row["_recorded_at"] == envelope.recorded_at
    assert {one["policy"]: one["version"] for one in row["_policies"]} == envelope.policies
    assert row["_leaf_hash"] == fact.leaf_hash
    assert row["_payload_sha256"].hex() == envelope.payload_sha256


def test_personal_values_stay_sealed() -> None:
    frame = _frame("employee.hired")
    assert frame["name"].struct.field("$enc").to_list() == [1] * frame.height
    assert isinstance(HIRED.name, str)
    assert not any(
        HIRED.name in str(read_back(octets)[1].to_dicts())
        for octets in archived(FACTS).kept.values()
    )


def test_a_file_holds_the_schema_it_was_typed_by() -> None:
    (octets,) = archived([stored_fact(1, "product.listed", 1, b"{}")]).kept.values()
    assert json.loads(read_back(octets)[0].schema) == schema(EVENTS["product.listed"])


def test_the_same_facts_make_the_same_bytes() -> None:
    assert archived(FACTS, 50).kept == archived(FACTS, 50).kept


JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
FIELDS: Final = st.sampled_from(["product_id", "name", "series", "list_price", "other"])
NAMES: Final = st.sampled_from(
    ["product.listed", "approval.requested", "form.drafted", "alert.raised", "employee.hired"]
)


@for_any(NAMES, st.lists(st.dictionaries(FIELDS, JSON) | JSON, min_size=1, max_size=3))
def test_whatever_a_payload_holds_it_reads_back(name: str, payloads: list[Any]) -> None:
    facts = [
        stored_fact(position, name, 1, json.dumps(payload, ensure_ascii=False).encode())
        for position, payload in enumerate(payloads, 1)
    ]
    shelf = archived(facts)
    (stretch,) = shelf.manifest.stretches
    assert [_bytes(one) for one in facts_of(stretch, shelf)] == [_bytes(one) for one in facts]


def test_a_leaf_in_another_form_is_kept_as_it_is() -> None:
    fact = stored_fact(1, "product.listed", 1, b"{}")
    other = fact.leaf.replace(b'","command_id"', b'", "command_id"')
    kept = StoredFact(1, fact.stream, fact.name, fact.payload, other, leaf_hash(other))
    shelf = archived([kept])
    assert [_bytes(one) for one in facts_of(shelf.manifest.stretches[0], shelf)] == [_bytes(kept)]


@pytest.mark.parametrize(
    ("found", "value", "stored"),
    [
        ({"type": "string"}, "x", "x"),
        ({"type": "string"}, 1, None),
        ({"type": "string", "format": "date"}, "2026-02-28", date(2026, 2, 28)),
        ({"type": "string", "format": "date"}, "2026-02-29", None),
        (
            {"type": "string", "format": "date-time"},
            "2026-02-28T12:00:00.5Z",
            datetime(2026, 2, 28, 12, 0, 0, 500_000, tzinfo=UTC),
        ),
        ({"type": "string", "format": "date-time"}, "2026-02-28T12:00:00", None),
        ({"type": "integer"}, 2**63 - 1, 2**63 - 1),
        ({"type": "integer"}, 2**63, None),
        ({"type": "integer"}, True, None),
        ({"type": "boolean"}, True, True),
        ({"type": "boolean"}, 1, None),
        ({"type": "array", "items": {"type": "integer"}}, [1, None, "x"], [1, None, None]),
        ({"type": "object"}, {"b": 1, "a": None}, '{"b":1,"a":null}'),
        ({"anyOf": [{"type": "integer"}, {"type": "string"}]}, "x", '"x"'),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, 7, 7),
    ],
)
def test_a_value_is_stored_where_it_fits_its_type(
    found: dict[str, Any], value: Any, stored: Any
) -> None:
    one = column(found, {})
    assert one.stored(value) == stored
    assert pl.Series([one.stored(value)], dtype=one.dtype, strict=True).to_list() == [stored]


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ("2026-02-28T12:00:00Z", "2026-02-28T12:00:00Z"),
        ("2026-02-28T12:00:00.120000Z", "2026-02-28T12:00:00.120000Z"),
        ("2026-02-28T13:00:00+01:00", "2026-02-28T12:00:00Z"),
    ],
)
def test_an_instant_is_told_as_facts_are_written(moment: str, told: str) -> None:
    one = column({"type": "string", "format": "date-time"}, {})
    assert one.dtype == INSTANT
    assert one.told(one.stored(moment)) == told


def _closed(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


NUMBER: Final = {"type": "integer"}
WORD: Final = {"type": "string"}


def _choice(*records: dict[str, Any]) -> Column:
    names = [f"R{number}" for number in range(len(records))]
    choices = [{"$ref": f"#/$defs/{name}"} for name in names]
    return column({"anyOf": choices}, dict(zip(names, records, strict=True)))


def test_a_choice_between_records_has_the_fields_of_all() -> None:
    one = _choice(_closed(role=WORD, level=NUMBER), _closed(person=WORD))
    assert one.dtype == pl.Struct({"role": pl.String(), "level": pl.Int64(), "person": pl.String()})
    for value in ({"role": "boss", "level": 2}, {"person": "ann"}, None):
        assert one.told(one.stored(value)) == value


def test_a_choice_between_records_that_disagree_is_json() -> None:
    one = _choice(_closed(at=WORD), _closed(at=NUMBER))
    assert one.dtype == pl.String()
    assert one.told(one.stored({"at": 3})) == {"at": 3}


def test_what_holds_itself_is_json_where_it_does() -> None:
    tree = _closed(name=WORD, inner={"type": "array", "items": {"$ref": "#/$defs/Tree"}})
    one = column({"$ref": "#/$defs/Tree"}, {"Tree": tree})
    assert one.dtype == pl.Struct({"name": pl.String(), "inner": pl.List(pl.String())})
    value = {"name": "a", "inner": [{"name": "b", "inner": []}]}
    assert one.told(one.stored(value)) == value


def test_a_fact_of_a_later_release_is_not_archived() -> None:
    with pytest.raises(UnknownEvent, match="version 9"):
        DataSet.of("product.listed", 9)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"payload": b"[]"}, "position 1: the payload does not have its hash"),
        ({"leaf_hash": b"x" * 32}, "position 1: the leaf does not have its hash"),
        ({"position": 2}, "position 2: the leaf belongs to another fact"),
    ],
)
def test_a_fact_that_is_not_what_its_hashes_say_is_not_archived(
    change: dict[str, Any], wrong: str
) -> None:
    fact = stored_fact(1, "product.listed", 1, b"{}")
    with pytest.raises(FactBroken, match=wrong):
        DataSet.of("product.listed", 1).row(replace(fact, **change), envelope_of(fact.leaf))
