"""What was stored once is read for ever, and says the same."""

import json
from itertools import groupby
from typing import Any, ClassVar, Final

import pytest
from pydantic import ValidationError

from events.catalogue import EVENTS
from events.codec import UnknownEvent, decode, encode
from events.event import Event
from events.upcasters import STEPS, Payload
from events.values import Currency, Id
from tests.events.golden_files import GOLDEN, GoldenFile
from tests.examples.histories import EXAMPLES
from tests.examples.sealing import ToySeal


def versions(kind: type[Event]) -> set[str]:
    return {f"{kind.NAME}.v{version}" for version in range(1, kind.VERSION + 1)}


def test_every_version_of_every_fact_has_its_file_and_no_file_is_left_over() -> None:
    wanted = {version for kind in EVENTS.values() for version in versions(kind)}
    assert {str(golden) for golden in GOLDEN} == wanted


SAME: Final = {name: list(found) for name, found in groupby(GOLDEN, lambda golden: golden.name)}


@pytest.mark.parametrize("name", SAME)
def test_all_files_of_one_name_tell_the_same_fact(name: str) -> None:
    """Reading without an error is not enough: an upcaster may invent what nobody said."""
    same = SAME[name]
    facts = [decode(golden.name, golden.version, golden.text.encode()) for golden in same]
    assert all(fact == facts[0] for fact in facts)


@pytest.mark.parametrize("golden", GOLDEN, ids=str)
def test_a_fact_that_is_written_again_is_what_it_was(golden: GoldenFile) -> None:
    if golden.version != EVENTS[golden.name].VERSION:
        return
    fact = decode(golden.name, golden.version, golden.text.encode())
    again = encode(fact, "elsewhere-1/1", ToySeal().seal)
    assert json.loads(again) == golden.payload
    assert decode(golden.name, golden.version, again) == fact


def test_every_fact_has_an_example() -> None:
    assert set(EXAMPLES) == set(EVENTS)


def test_every_older_version_has_its_step_and_no_step_is_left_over() -> None:
    wanted = {
        (kind.NAME, version) for kind in EVENTS.values() for version in range(1, kind.VERSION)
    }
    assert set(STEPS) == wanted


# --- the way of a changed fact, walked with one that is not in the catalogue --


class LampSold(Event):
    """Version 1 had whole units of a currency nobody named; version 2 has both."""

    NAME: ClassVar[str] = "lamp.sold"
    VERSION: ClassVar[int] = 3

    lamp_id: Id
    price_minor: int
    currency: Currency


PLANTED: Final = {LampSold.NAME: LampSold}
OLDEST: Final = b'{"lamp_id":"l1","price":12}'
OLD: Final = b'{"lamp_id":"l1","price_minor":1200}'
NEWEST: Final = b'{"lamp_id":"l1","price_minor":1200,"currency":"USD"}'


def in_minor_units(payload: Payload) -> Payload:
    return {"lamp_id": payload["lamp_id"], "price_minor": payload["price"] * 100}


def in_dollars(payload: Payload) -> Payload:
    return {**payload, "currency": "USD"}


def in_euros(payload: Payload) -> Payload:
    return {**payload, "currency": "EUR"}


RIGHT: Final = {(LampSold.NAME, 1): in_minor_units, (LampSold.NAME, 2): in_dollars}


@pytest.mark.parametrize(("schema", "payload"), [(1, OLDEST), (2, OLD), (3, NEWEST)])
def test_an_old_fact_is_read_in_its_newest_shape(schema: int, payload: bytes) -> None:
    fact = decode("lamp.sold", schema, payload, events=PLANTED, steps=RIGHT)
    assert fact == LampSold(lamp_id="l1", price_minor=12_00, currency="USD")


def test_a_step_that_invents_something_tells_another_fact() -> None:
    """What the second rule for golden files is for: this one reads without any error."""
    wrong: dict[tuple[str, int], Any] = {**RIGHT, (LampSold.NAME, 2): in_euros}
    newest = decode("lamp.sold", 3, NEWEST, events=PLANTED, steps=wrong)
    assert decode("lamp.sold", 1, OLDEST, events=PLANTED, steps=wrong) != newest


def test_a_missing_step_is_loud() -> None:
    with pytest.raises(KeyError):
        decode("lamp.sold", 1, OLDEST, events=PLANTED, steps={(LampSold.NAME, 1): in_minor_units})


def test_an_old_payload_under_the_newest_version_is_not_such_a_fact() -> None:
    with pytest.raises(ValidationError):
        decode("lamp.sold", 3, OLD, events=PLANTED, steps=RIGHT)


@pytest.mark.parametrize(("name", "schema"), [("lamp.sold", 1), ("product.listed", 2)])
def test_a_name_or_version_of_a_later_release_is_said(name: str, schema: int) -> None:
    with pytest.raises(UnknownEvent, match=f"{name} version {schema}"):
        decode(name, schema, b"{}")
