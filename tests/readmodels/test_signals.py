"""Signals as they are kept: one page after another, and as a frame, the same whatever the batch."""

from datetime import UTC, date
from typing import Any, Final

import polars as pl
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.sql import SQL, Identifier

from projections.signals import SIGNALS
from readmodels.builds import begin, digest_of, fold_into
from readmodels.moment import Moment
from readmodels.scope import NOTHING
from readmodels.signals import FRAME, counted, place, signal_frame, signals
from runtime.log.store_source import StoreSource
from tests.examples.histories import CORRECTED, LOGGED, WITHDRAWN
from tests.examples.surveys import ANSWER_CORRECTED, ANSWERED, CONTENT
from tests.readmodels.company import COMPANY, SALES
from tests.readmodels.conftest import Fact, Told

pytestmark = pytest.mark.postgres

HEARD: Final[tuple[Fact, ...]] = (
    ("2018-01-10", "interaction-visit-1", LOGGED),
    ("2018-01-11", "survey_answer-s1", ANSWERED),
    ("2018-01-11", "survey_answer-s2", CONTENT),
    (
        "2018-01-12",
        "interaction-visit-1",
        CORRECTED.model_copy(update={"took_place_at": None, "feedback": None}),
    ),
    (
        "2018-01-12",
        "survey_answer-s1",
        ANSWER_CORRECTED.model_copy(update={"answered_at": None, "comment": None}),
    ),
    ("2018-01-13", "interaction-visit-1", WITHDRAWN),
)
FIRST: Final = len(COMPANY) + len(SALES) + 1
"""The position of the first of them."""


@pytest.fixture
def heard(tell: Told) -> Told:
    quiet = {"feedback": None, "feedback_by": None, "comment": None}
    facts = [
        (day, stream, fact.model_copy(update={k: v for k, v in quiet.items() if k in vars(fact)}))
        for day, stream, fact in HEARD
    ]
    tell.tell(*COMPANY, *SALES, *facts)
    return tell


def kinds(heard: Told, position: int | None = None, day: date | None = None) -> str:
    """What counts of Acme, as known when the fact at ``position`` was recorded."""
    with heard.asked() as (connection, stand):
        known_at = None if position is None else heard.recorded_at(position)
        moment = stand.moment(day, known_at)
        rows = signals(connection, moment, "acme")
        frame = counted(signal_frame(connection, ["acme"]), moment)
    assert _told(frame) == sorted(row[1:-1] for row in rows)
    return " ".join(row.kind for row in reversed(rows) if row.position >= FIRST)


def _told(frame: pl.DataFrame) -> list[tuple[Any, ...]]:
    return sorted(frame.select(FRAME.names()[1:-2]).rows())


def test_what_counts_is_told_as_known_then_and_by_the_frame_alike(heard: Told) -> None:
    """A correction takes the place of what was told; a withdrawal ends it, from then on."""
    visit = "interaction_executive_visit"
    assert kinds(heard, FIRST) == f"{visit} interaction_rating"
    assert kinds(heard, FIRST + 4) == f"{visit} csat_answer interaction_rating nps_answer"
    assert kinds(heard) == "csat_answer nps_answer"


def test_what_had_not_occurred_by_a_day_does_not_count(heard: Told) -> None:
    assert kinds(heard, FIRST + 2, date(2018, 1, 10)) == (
        "interaction_executive_visit interaction_rating"
    )
    assert not kinds(heard, FIRST + 2, date(2018, 1, 9))


def test_an_opportunity_that_was_lost_and_pursued_again_is_not_lost(heard: Told) -> None:
    with heard.asked() as (connection, stand):
        frame = signal_frame(connection)
        left = counted(frame, stand.moment())
    ends = frame.filter(pl.col("kind") == "opportunity_lost")
    assert ends["known_to"].drop_nulls().len() == 1
    assert left.filter(pl.col("kind") == "opportunity_lost").height == ends.height - 1


def test_pages_follow_each_other_without_a_gap(heard: Told) -> None:
    seen: list[int] = []
    with heard.asked() as (connection, stand):
        moment = stand.moment(known_at=heard.recorded_at(FIRST + 4))
        whole = [place(row) for row in signals(connection, moment, "acme")]
        while page := signals(connection, moment, "acme", before=seen[-1] if seen else 0, limit=1):
            seen += [place(row) for row in page]
    assert seen == whole
    assert len(whole) > 3


def test_signals_of_a_kind_are_picked(heard: Told) -> None:
    with heard.asked() as (connection, stand):
        (row,) = signals(connection, stand.moment(), "acme", kind="csat_answer")
    assert (row.magnitude, row.event_id) == (4_000_000, "survey_answer-s2/1")


def test_a_frame_has_its_columns_and_instants_to_the_microsecond(heard: Told) -> None:
    with heard.asked() as (connection, _):
        frame = signal_frame(connection)
        rows = connection.execute("SELECT recorded_at FROM signal ORDER BY position, number")
        exact = [row[0] for row in rows]
        none = signal_frame(connection, ["nobody"])
    assert frame.schema == none.schema == FRAME
    assert none.height == 0
    assert frame["recorded_at"].to_list() == [one.astimezone(UTC) for one in exact]


def test_who_sees_no_account_sees_none_of_its_signals(heard: Told) -> None:
    with heard.asked(NOTHING) as (connection, _):
        assert signal_frame(connection).height == 0
        assert signals(connection, Moment(), "acme") == ()


@given(sizes=st.lists(st.integers(1, 9), min_size=1, max_size=30))
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_rows_are_the_same_whatever_the_batch(heard: Told, sizes: list[int]) -> None:
    with (
        psycopg.connect(heard.store.url, autocommit=True) as connection,
        StoreSource(heard.store.url, heard.store.name) as source,
    ):
        connection.execute(SQL("SET search_path TO {}").format(Identifier(heard.store.name)))
        digests = set()
        for batches in (sizes, [1_000]):
            with connection.transaction(force_rollback=True):
                build = begin(connection, SIGNALS, "filling")
                for size in [*batches, 1_000]:
                    facts = source.read(build.position, size, 0)
                    if facts:
                        (build,) = fold_into(connection, [build], facts)
                digests.add(digest_of(connection, build))
    assert len(digests) == 1
