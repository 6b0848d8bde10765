"""What SQL says of who has what to do is what folding every stream says, whatever happened."""

from contextlib import suppress
from datetime import date, timedelta
from random import Random
from typing import Any, Final

import pytest

from aggregates.refusals import Refusal
from aggregates.work.task import TASK, Open, Task, Unopened, existing
from commands.accounts.account import ReassignPortfolio
from commands.organization.employee import RecordEmployeeLeft
from events.event import Event
from events.recorded import Envelope
from readmodels import portfolio, tasks
from readmodels.moment import Moment
from readmodels.portal.open_work import open_work
from runtime.portfolios import FIELDS
from tests.commands.holdings import held
from tests.commands.leaving import ALERT, GIVING, TEAM, busy
from tests.commands.memory_store import MemoryEventStore
from tests.examples.cast import ANN, BEA, NOON
from tests.readmodels.conftest import Told

pytestmark = pytest.mark.postgres

BEGIN: Final = NOON - timedelta(days=40)
SEEDS: Final = (1, 2, 3)
TODAY: Final = date(2026, 3, 2)


def history(seed: int) -> list[tuple[Envelope, Event]]:
    """Things given to somebody, a day apart; then Bea leaves and Ann takes over what she had."""
    chance = Random(seed)
    office = busy()
    for day in range(40):
        command = chance.choice(GIVING)(chance.choice(TEAM))
        with suppress(Refusal):
            office.ask(command, occurred_at=BEGIN + timedelta(days=day))
    office.ask(RecordEmployeeLeft(employee_id=BEA))
    office.ask(ReassignPortfolio(from_id=BEA, to_id=ANN))
    assert isinstance(office.store, MemoryEventStore)
    envelopes = [envelope for _, envelope in office.store.rows]
    events = [event for _, event in office.store.told()]
    return list(zip(envelopes, events, strict=True))


Story = tuple[Told, list[tuple[Envelope, Event]]]


@pytest.fixture(params=SEEDS)
def told(request: pytest.FixtureRequest, tell: Told) -> Story:
    facts = history(request.param)
    tell.tell(
        *(
            (envelope.occurred_at.replace(tzinfo=None).isoformat(), envelope.stream, event)
            for envelope, event in facts
        )
    )
    return tell, facts


def moments(told: Story) -> list[tuple[Moment, list[tuple[str, Event]]]]:
    """Times in the history, each with what had happened, or was known, by then."""
    tell, facts = told
    found = [(Moment(), len(facts))]
    for day in range(0, 42, 6):
        before = BEGIN + timedelta(days=day, hours=1)
        count = sum(envelope.occurred_at < before for envelope, _ in facts)
        found.append((Moment(valid_before=before), count))
    found += [
        (Moment(known_at=tell.recorded_at(position)), position)
        for position in range(len(facts) - 35, len(facts), 6)
    ]
    streams = [(envelope.stream, event) for envelope, event in facts]
    return [(moment, streams[:count]) for moment, count in found]


def test_kam_32_a_portfolio_is_what_folding_every_stream_finds(told: Story) -> None:
    expected, seen = [], []
    with told[0].asked() as (connection, _):
        for moment, happened in moments(told):
            for person in TEAM:
                rows = portfolio.portfolio(connection, moment, person, limit=500) or ()
                found: dict[str, set[str]] = {}
                for row in rows:
                    found.setdefault(FIELDS[row.kind], set()).add(row.record_id)
                seen.append(found)
                expected.append({f: set(ids) for f, ids in held(happened, person).items()})
    assert seen == expected
    assert any(expected)


def test_kam_32_all_that_is_listed_for_a_hand_over_is_the_portfolio(told: Story) -> None:
    with told[0].asked() as (connection, _):
        for person in TEAM:
            rows = portfolio.portfolio(connection, Moment(), person, limit=500)
            assert rows is not None
            listed = portfolio.records(connection, person)
            assert {(row.kind, row.record_id) for row in rows} == {
                (kind, one) for kind, ids in listed.items() for one in ids
            }
        assert portfolio.records(connection, BEA) == {}


def folded(happened: list[tuple[str, Event]], task_id: str) -> Task:
    facts: list[Any] = [event for stream, event in happened if stream == f"task-{task_id}"]
    return TASK.fold(facts)


def test_kam_30_a_task_has_one_owner_at_any_time(told: Story) -> None:
    """As of any time, as known at any time: one row, one owner, and in one person's work."""
    some = False
    with told[0].asked() as (connection, _):
        for moment, happened in moments(told):
            states = {one: folded(happened, one) for one in (ALERT, "t1", "t2", "t3")}
            owners = {
                one: existing(state).owner_id
                for one, state in states.items()
                if not isinstance(state, Unopened)
            }
            rows = tasks.tasks(connection, moment)
            assert [(row.task_id, row.owner_id) for row in rows] == sorted(owners.items())
            for one, owner in owners.items():
                assert tasks.owners(connection, moment, one)[-1].owner_id == owner
            given = [
                (item.record_id, person)
                for person in TEAM
                for item in open_work(connection, moment, employee_id=person, today=TODAY)
                if item.kind == "task"
            ]
            waiting = [one for one, state in states.items() if isinstance(state, Open)]
            assert sorted(given) == [(one, owners[one]) for one in waiting]
            some = some or bool(given)
    assert some
