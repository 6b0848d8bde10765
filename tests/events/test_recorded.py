"""The envelope: canonical for every JSON library, hashed as RFC 6962 says."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from events.recorded import Envelope, canonical, envelope_of, instant, leaf, leaf_hash
from tests.examples.cast import ANN, NOON

ENVELOPE: Final = Envelope(
    ledger="main",
    position=7,
    stream="opportunity-1C1I7A6R",
    version=2,
    name="opportunity.advanced",
    schema=1,
    occurred_at=datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
    recorded_at=NOON,
    actor=f"employee-{ANN}",
    command_id="5f2b1a34-9d5c-5c4e-8f2e-000000000001",
    correlation_id="import-2026-03",
    causation_id=None,
    policies={"sales_process-emea": 3},
    release="0.1.0",
    imported=True,
    payload_sha256=hashlib.sha256(b"{}").hexdigest(),
)

LEAF: Final = (
    b'{"actor":"employee-0a9e4f6c-1111-4a4a-8b8b-aaaaaaaaaaaa","causation_id":null,'
    b'"command_id":"5f2b1a34-9d5c-5c4e-8f2e-000000000001","correlation_id":"import-2026-03",'
    b'"event_id":"opportunity-1C1I7A6R/2","imported":true,"ledger":"main",'
    b'"name":"opportunity.advanced","occurred_at":"2026-03-01T09:30:00.000000Z",'
    b'"payload_sha256":"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",'
    b'"policies":{"sales_process-emea":3},"position":7,'
    b'"recorded_at":"2026-03-02T12:00:00.000000Z","release":"0.1.0","schema":1,'
    b'"stream":"opportunity-1C1I7A6R","version":2}'
)

STEADY: Final = settings(deadline=None, derandomize=True)
TEXT: Final = st.text(st.characters(exclude_categories=["Cs"]))
INSTANTS: Final = st.datetimes(
    min_value=datetime(1900, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    timezones=st.timedeltas(timedelta(hours=-14), timedelta(hours=14)).map(timezone),
)
JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="ascii")), inner),
)


def test_the_leaf_is_this_very_text() -> None:
    """Proofs that were given out rest on it: no byte of it may ever change."""
    assert leaf(ENVELOPE) == LEAF


def test_the_leaf_hash_is_the_one_of_rfc_6962() -> None:
    """The first is the hash of the empty leaf that Certificate Transparency publishes."""
    empty = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert leaf_hash(b"").hex() == empty
    assert leaf_hash(LEAF) == hashlib.sha256(b"\x00" + LEAF).digest()
    assert leaf_hash(LEAF).hex() == (
        "b0f32e44744b0035402df1dc21f57c298ccef2141443db00f976af534304c53a"
    )


@STEADY
@given(JSON)
def test_canonical_json_is_what_an_independent_library_makes_of_it(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@STEADY
@given(INSTANTS, INSTANTS, TEXT, TEXT, st.dictionaries(st.from_regex(r"[a-z_-]+"), st.integers(1)))
def test_a_leaf_is_canonical_and_gives_its_envelope_back(
    occurred_at: datetime,
    recorded_at: datetime,
    correlation_id: str,
    release: str,
    policies: dict[str, int],
) -> None:
    envelope = replace(
        ENVELOPE,
        occurred_at=occurred_at,
        recorded_at=recorded_at,
        correlation_id=correlation_id,
        release=release,
        policies={policy: version % 2**31 for policy, version in policies.items()},
    )
    found = leaf(envelope)
    assert envelope_of(found) == envelope
    assert leaf(envelope_of(found)) == found


@STEADY
@given(INSTANTS, INSTANTS)
def test_texts_of_instants_sort_like_the_instants(one: datetime, other: datetime) -> None:
    assert (instant(one) < instant(other)) == (one < other)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [float("-inf")]])
def test_what_json_does_not_have_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical(value)


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"[]",
        b"{}",
        b"null",
        b"\xff",
        LEAF.replace(b'"position":7,', b""),
        LEAF.replace(b'"position"', b'"place"'),
        LEAF.replace(b"2026-03-02T", b"2026-13-02T"),
    ],
)
def test_what_is_no_leaf_is_not_read_as_one(wrong: bytes) -> None:
    with pytest.raises(ValueError):
        envelope_of(wrong)


def test_the_id_of_a_fact_is_its_stream_and_version() -> None:
    assert ENVELOPE.event_id == "opportunity-1C1I7A6R/2"
