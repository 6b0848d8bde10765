"""Facts to bytes and back: strict when born, sealed when stored, erased on request."""

import json
from datetime import UTC, date, datetime
from typing import Any, ClassVar, Final

import pytest
from pydantic import ValidationError

from events.catalogue import EVENTS, by_name
from events.codec import decode, encode, unsealed
from events.event import Event
from events.organization.api_key import ApiKeyIssued
from events.organization.employee import EmployeeHired
from events.personal import Erased, Personal, Sealed, is_sealed
from events.values import Money, PersonId
from tests.examples.cast import ANN, BEA
from tests.examples.histories import EXAMPLES, HIRED, HISTORIES, ISSUED, LISTED, History
from tests.examples.sealing import DoesNotOpen, ToySeal

EVENT_ID: Final = f"employee-{ANN}/1"


class GuestArrived(Event):
    """A person who may leave no name; only the tests know it."""

    NAME: ClassVar[str] = "guest.arrived"
    PERSON: ClassVar[str | None] = "guest_id"

    guest_id: PersonId
    name: Personal[str | None]


class GuestSeen(Event):
    """A name, and nobody it belongs to."""

    NAME: ClassVar[str] = "guest.seen"

    guest_id: PersonId
    name: Personal[str]


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_fact_is_read_as_it_was_written(name: str) -> None:
    toy, fact = ToySeal(), EXAMPLES[name]
    stored = encode(fact, "x-1/1", toy.seal)
    read = decode(fact.NAME, fact.VERSION, stored)
    plain = unsealed(read.wire(), toy.unseal)
    assert type(fact).model_validate(plain, strict=False) == fact


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_written_is_one_line_of_json_with_the_fields_in_their_order(name: str) -> None:
    stored = encode(EXAMPLES[name], "x-1/1", ToySeal().seal)
    assert list(json.loads(stored)) == list(EVENTS[name].model_fields)
    assert b"\n" not in stored


# --- strict when born, lenient when read --------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"minor": 5.0, "currency": "USD"},
        {"minor": "5", "currency": "USD"},
        {"minor": True, "currency": "USD"},
        {"minor": 2**53, "currency": "USD"},
        {"minor": -(2**53), "currency": "USD"},
        {"minor": 5, "currency": "usd"},
        {"minor": 5, "currency": "USD", "more": 1},
    ],
)
def test_money_is_whole_minor_units_below_the_limit_and_nothing_else(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Money.model_validate(wrong)


@pytest.mark.parametrize("minor", [2**53 - 1, -(2**53) + 1])
def test_money_reaches_up_to_the_limit(minor: int) -> None:
    assert Money(minor=minor, currency="USD").minor == minor


@pytest.mark.parametrize(
    "wrong",
    [
        {"roles": ["sales_rep"]},
        {"expires_at": "2027-01-01T00:00:00Z"},
        {"expires_at": datetime(2027, 1, 1)},  # noqa: DTZ001 - the naive one that is refused
        {"key_id": "k 1"},
        {"key_id": "k1\n"},
        {"key_id": ""},
        {"key_id": "k" * 65},
        {"secret_sha256": "5E" * 32},
        {"more": 1},
    ],
)
def test_a_fact_is_born_with_just_the_types_it_says(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ApiKeyIssued.model_validate({**dict(ISSUED), **wrong})


def test_an_id_may_be_64_characters_long() -> None:
    assert ISSUED.model_copy(update={"key_id": "k" * 64}) == ApiKeyIssued.model_validate(
        {**dict(ISSUED), "key_id": "k" * 64}
    )


def test_json_has_no_dates_so_reading_is_lenient() -> None:
    read = decode("day.closed", 1, b'{"day":"2026-02-28"}')
    assert read == EVENTS["day.closed"].model_validate({"day": date(2026, 2, 28)})


@pytest.mark.parametrize("payload", [b"{}", b'{"day":"2026-02-30"}', b'{"day":"2026-02-28","x":1}'])
def test_a_payload_that_is_no_such_fact_is_not_read(payload: bytes) -> None:
    with pytest.raises(ValidationError):
        decode("day.closed", 1, payload)


@pytest.mark.parametrize("field", ["name", "list_price", "more"])
def test_a_fact_cannot_be_changed(field: str) -> None:
    with pytest.raises(ValidationError):
        setattr(LISTED, field, "GTX Plus")


def test_two_facts_of_one_name_are_a_mistake() -> None:
    with pytest.raises(AssertionError, match=r"two events are named guest\.seen"):
        by_name([GuestSeen, GuestArrived, GuestSeen])


# --- personal values ----------------------------------------------------------


def test_a_personal_value_is_stored_sealed_and_bound_to_where_it_stands() -> None:
    stored = encode(HIRED, EVENT_ID, ToySeal().seal)
    assert b"Ann Archer" not in stored
    sealed = Sealed.model_validate(json.loads(stored)["name"])
    assert (sealed.event, sealed.path, sealed.schema_version) == (EVENT_ID, "name", 1)
    assert sealed.subject == ANN


@pytest.mark.parametrize(
    "moved",
    [
        {"event": f"employee-{ANN}/2"},
        {"path": "nickname"},
        {"schema_version": 2},
        {"subject": BEA},
    ],
)
def test_a_value_that_was_moved_does_not_open(moved: dict[str, Any]) -> None:
    """The keyring's own tests say the same of AES-GCM; this says that the binding reaches it."""
    toy = ToySeal()
    stored = json.loads(encode(HIRED, EVENT_ID, toy.seal))
    stored["name"].update(moved)
    with pytest.raises(DoesNotOpen):
        unsealed(stored, toy.unseal)


def test_values_of_two_persons_that_were_swapped_do_not_open() -> None:
    toy = ToySeal()
    bea = HIRED.model_copy(update={"employee_id": BEA, "name": "Bea Baker"})
    one = json.loads(encode(HIRED, EVENT_ID, toy.seal))
    other = json.loads(encode(bea, f"employee-{BEA}/1", toy.seal))
    one["name"]["text"] = other["name"]["text"]
    with pytest.raises(DoesNotOpen):
        unsealed(one, toy.unseal)


def test_a_sealed_value_is_not_sealed_again() -> None:
    """A fact that was read can be written again, byte for byte."""
    stored = encode(HIRED, EVENT_ID, ToySeal().seal)
    assert encode(decode("employee.hired", 1, stored), "elsewhere-1/1", ToySeal().seal) == stored


def test_an_empty_personal_value_needs_no_key() -> None:
    stored = encode(GuestArrived(guest_id=ANN, name=None), "guest-1/1", ToySeal().seal)
    assert json.loads(stored) == {"guest_id": ANN, "name": None}


def test_a_personal_value_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="has the personal field name but names no person"):
        encode(GuestSeen(guest_id=ANN, name="Gus"), "guest-1/1", ToySeal().seal)


def test_an_erased_person_reads_as_erased_and_others_as_before() -> None:
    toy = ToySeal()
    bea = HIRED.model_copy(update={"employee_id": BEA, "name": "Bea Baker"})
    rows = [
        json.loads(encode(HIRED, EVENT_ID, toy.seal)),
        json.loads(encode(bea, f"employee-{BEA}/1", toy.seal)),
    ]
    toy.erased.add(ANN)
    first, second = (
        EmployeeHired.model_validate(row, strict=False) for row in unsealed(rows, toy.unseal)
    )
    assert first.name == Erased()
    assert second.name == "Bea Baker"


def test_only_a_sealed_value_is_taken_for_one() -> None:
    sealed = json.loads(encode(HIRED, EVENT_ID, ToySeal().seal))["name"]
    assert is_sealed(sealed)
    assert not any(is_sealed(other) for other in ({}, {"$erased": True}, "x", None, [sealed]))


@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history.decider.category)
@pytest.mark.parametrize("erased", [False, True])
def test_every_fold_accepts_what_is_sealed_and_what_is_erased(
    history: History, erased: bool
) -> None:
    toy = ToySeal()
    stored = [
        (fact, decode(fact.NAME, fact.VERSION, encode(fact, f"{history.stream}/{n}", toy.seal)))
        for n, fact in enumerate(history.facts, 1)
    ]
    if erased:
        toy.erased.add(ANN)
        stored = [
            (fact, type(fact).model_validate(unsealed(read.wire(), toy.unseal), strict=False))
            for fact, read in stored
        ]
    facts, read = zip(*stored, strict=True)
    assert history.decider.fold(read) == history.decider.fold(facts)


def test_a_personal_value_may_be_any_json() -> None:
    toy = ToySeal()
    guest = GuestArrived(guest_id=ANN, name='Zoë "Z" \U0001f600')
    stored = encode(guest, "guest-1/1", toy.seal)
    assert unsealed(json.loads(stored), toy.unseal) == guest.wire()


def test_an_instant_is_stored_in_utc() -> None:
    stored = json.loads(encode(ISSUED, "api_key-k1/1", ToySeal().seal))
    assert datetime.fromisoformat(stored["expires_at"]) == datetime(2027, 1, 1, tzinfo=UTC)
