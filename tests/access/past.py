"""A history of everything there is, told late and out of order.

Every kind of record has the facts of ``tests/examples``: in two places of a company, one after the
other across records, so that any moment falls into the middle of many lives.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import zip_longest
from random import Random
from typing import Final

from events.event import Event
from events.recorded import Envelope, Recorded
from tests.access import places
from tests.access.places import OTHER, OWN, marked
from tests.examples.cast import BEA
from tests.examples.histories import (
    FOLLOWED_UP,
    FOUND,
    HIRED,
    HISTORIES,
    LOGGED,
    PASSED_ON,
    WON,
)
from tests.examples.surveys import ANSWERED

BEGIN: Final = datetime(2026, 2, 20, 12, tzinfo=UTC)
_STEP: Final = timedelta(hours=7)
"""How long after one fact the next one is recorded."""

_LATE: Final = (0, 0, 1, 26, 26, 24 * 9)
"""How many hours after it occurred a fact may be recorded."""

BEA_THERE: Final = marked(OWN, BEA)
"""Bea, as the examples of one of the places name her."""


def facts() -> list[Recorded[Event]]:
    """The whole history; the same every time."""
    return list(_recorded(_told(), Random(5)))


def _told() -> Iterator[tuple[str, Event]]:
    """The first facts of all records, then the second ones, and so on."""
    streams: dict[str, list[Event]] = defaultdict(list)
    for stream, event in (*_examples(), *_besides()):
        streams[stream].append(event)
    for turn in zip_longest(*streams.values()):
        yield from ((stream, event) for stream, event in zip(streams, turn, strict=True) if event)


def _examples() -> Iterator[tuple[str, Event]]:
    elsewhere = [spot.mark for spot in places.SPOTS if spot not in (OWN, OTHER)]
    for stream, event in places.facts(date(2026, 3, 2), endings=True):
        if not any(mark in stream for mark in elsewhere):
            yield stream, event
    for history in HISTORIES:
        if history.stream.startswith(("employee-", "employee_training-", "access_grant-")):
            yield from ((history.stream, fact) for fact in history.facts)


def _besides() -> Iterator[tuple[str, Event]]:
    """Who approves and is told, what was sold first, what is neither corrected nor withdrawn."""
    yield (
        f"employee-{BEA_THERE}",
        HIRED.model_copy(
            update={"employee_id": BEA_THERE, "region_id": "branch", "roles": ("sales_manager",)}
        ),
    )
    there = {"account_id": marked(OWN, "acme")}
    for sold in (FOUND.model_copy(update={"product_id": "gtx-basic"}), WON):
        yield "opportunity-first", sold.model_copy(update=there | {"opportunity_id": "first"})
    for fact in (LOGGED, PASSED_ON, FOLLOWED_UP):
        update = there | {"interaction_id": "visit-2"}
        yield "interaction-visit-2", fact.model_copy(update=update)
    yield "survey_answer-s3", ANSWERED.model_copy(update=there | {"answer_id": "s3"})


def _recorded(told: Iterable[tuple[str, Event]], random: Random) -> Iterator[Recorded[Event]]:
    last: dict[str, tuple[int, datetime]] = {}
    for position, (stream, event) in enumerate(told, start=1):
        version, before = last.get(stream, (0, datetime.min.replace(tzinfo=UTC)))
        recorded_at = BEGIN + position * _STEP
        late = timedelta(hours=random.choice(_LATE))
        occurred_at = max(before, recorded_at - late)
        last[stream] = version + 1, occurred_at
        envelope = Envelope(
            ledger="main",
            position=position,
            stream=stream,
            version=version + 1,
            name=event.NAME,
            schema=event.VERSION,
            occurred_at=occurred_at,
            recorded_at=recorded_at,
            actor=f"employee-{places.ANN}",
            command_id=f"command-{position}",
            correlation_id="past",
            causation_id=None,
            policies={},
            release="test",
            imported=False,
            payload_sha256="0" * 64,
        )
        yield Recorded(event, envelope)
