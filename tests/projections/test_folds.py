"""Every projection folds every fact there is, twice over to the same rows, and leaves no gap."""

from datetime import timedelta
from typing import Any, Final

import pytest

from events.event import Event
from events.organization.employee import EmployeeErased
from events.recorded import Envelope, Recorded
from projections.catalogue import PROJECTIONS
from projections.projection import Key, Projection, fold
from tests.examples.cast import NOON
from tests.examples.histories import HISTORIES
from tests.projections.deriving import derived_rows

_EMPTY: Final[tuple[Any, ...]] = (None, "", {}, ())
IDS: Final = [projection.name for projection in PROJECTIONS]


def _recorded() -> list[Recorded[Event]]:
    told: list[Recorded[Event]] = []
    for history in HISTORIES:
        for version, event in enumerate(history.facts, start=1):
            position = len(told) + 1
            envelope = Envelope(
                ledger="main",
                position=position,
                stream=history.stream,
                version=version,
                name=event.NAME,
                schema=event.VERSION,
                occurred_at=NOON + timedelta(minutes=position),
                recorded_at=NOON + timedelta(hours=position),
                actor="employee-ann",
                command_id=f"command-{position}",
                correlation_id=f"correlation-{position}",
                causation_id="cause",
                policies={"sales_process-group": 1},
                release="1",
                imported=True,
                payload_sha256="0" * 64,
            )
            told.append(Recorded(event, envelope))
    return told


FACTS: Final = _recorded()


def folded(projection: Projection, *, times: int = 1) -> dict[Key, Any]:
    rows: dict[Key, Any] = {}
    for fact in FACTS:
        for _ in range(times):
            fold(projection, rows, fact)
    return rows | derived_rows(projection, rows, "UTC")


@pytest.mark.parametrize("projection", PROJECTIONS, ids=IDS)
def test_a_fact_told_twice_gives_the_same_rows(projection: Projection) -> None:
    rows = folded(projection)
    assert rows
    assert folded(projection, times=2) == rows


@pytest.mark.parametrize("projection", PROJECTIONS, ids=IDS)
def test_no_column_stays_empty(projection: Projection) -> None:
    """A column that no fold fills is a forgotten fold."""
    for table in projection.tables:
        rows = [row for (of, _), row in folded(projection).items() if of is table]
        empty = [
            column
            for column in table.row._fields
            if not any(getattr(row, column) not in _EMPTY for row in rows)
        ]
        assert empty == [], table.name


@pytest.mark.parametrize("projection", PROJECTIONS, ids=IDS)
def test_rows_stand_under_their_own_keys(projection: Projection) -> None:
    for (table, key), row in folded(projection).items():
        assert key == tuple(getattr(row, column) for column in table.key)


@pytest.mark.parametrize("projection", PROJECTIONS, ids=IDS)
def test_a_record_has_one_row_that_is_still_valid(projection: Projection) -> None:
    for table in projection.tables:
        if "valid_to" not in table.row._fields:
            continue
        rows = [row for (of, _), row in folded(projection).items() if of is table]
        identities = {row[0] for row in rows}
        for identity in identities:
            life = sorted((row for row in rows if row[0] == identity), key=lambda row: row.version)
            assert [row.valid_to for row in life[:-1]] == [row.valid_from for row in life[1:]]
            assert life[-1].valid_to is None


def test_the_histories_hold_an_erased_person() -> None:
    """So that every fold has seen one."""
    assert any(isinstance(fact.event, EmployeeErased) for fact in FACTS)
