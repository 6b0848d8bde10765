"""A-01: row security, the policies and a reference model agree about everybody and everything."""

from dataclasses import replace
from itertools import product
from random import Random
from typing import Any, Final

import psycopg
import pytest
from cedarpy import validate_policies
from psycopg.sql import SQL, Identifier

from api.access.decisions import POLICIES, SCHEMA, SEEING, decide, decided, seen_fields
from projections.access import BRANCH, PARTY, PLACE, PLACED, SEAT, STAFF
from projections.account_links import ACCOUNT_LINK
from projections.account_plans import ACCOUNT_PLAN
from projections.accounts import ACCOUNT
from projections.alerts import ALERT
from projections.approvals import APPROVAL
from projections.contracts import CONTRACT
from projections.funnel import OPPORTUNITY
from projections.people import CONTACT
from projections.tasks import TASK
from readmodels.access import (
    GUARDED,
    NOWHERE,
    Grant,
    Resource,
    Surroundings,
    surroundings,
    surroundings_of_teams,
)
from readmodels.reading import narrow, reading
from readmodels.scope import COMPANY, NOTHING, Scope
from readmodels.tables import whole
from tests.access.ledgers import told
from tests.access.reference import sees
from tests.access.world import TODAY, World, made

SEEDS: Final = (1, 2, 3)
DECISIONS_MIN: Final = 50_000
"""How many decisions are compared at least, over all worlds."""

_PLACED: Final = {
    "account": ACCOUNT,
    "account_link": ACCOUNT_LINK,
    "account_plan": ACCOUNT_PLAN,
    "alert": ALERT,
    "approval": APPROVAL,
    "contact": CONTACT,
    "contract": CONTRACT,
    "opportunity": OPPORTUNITY,
    "task": TASK,
}


def everything(connection: psycopg.Connection[Any], ledger: str) -> Surroundings:
    """The whole company, as the projection has it."""
    with connection.transaction():
        places, branches, staff, seats, parties = (
            tuple(whole(connection, f"{ledger}_access_1", table))
            for table in (PLACE, BRANCH, STAFF, SEAT, PARTY)
        )
    return Surroundings((), places, branches, staff, seats, parties, ())


def held(world: World, me: str) -> tuple[Grant, ...]:
    return tuple(
        Grant(one.region, one.account, one.level)
        for one in world.grants.values()
        if one.employee == me and not one.revoked and one.until >= TODAY
    )


def listed(connection: psycopg.Connection[Any]) -> set[str]:
    """The records with a place of their own that are to be seen."""
    found = set()
    for kind, table in _PLACED.items():
        query = SQL("SELECT DISTINCT {} FROM {}").format(
            Identifier(table.key[0]), Identifier(table.name)
        )
        found |= {f"{kind}-{one}" for (one,) in connection.execute(query).fetchall()}
    return found


def audited(world: World, scope: Scope, seen: set[str], actor: str, stream: str) -> bool:
    """Whether the reference sees a fact on ``stream``; ``seen`` are the records it sees."""
    kind, _, identity = stream.partition("-")
    if kind in PLACED:
        return stream in seen
    if kind == "account_team":
        return f"account-{identity}" in seen
    if kind == "customer_goal":
        return f"account-{world.goals[identity]}" in seen
    return actor == f"employee-{scope.employee_id}"


def compared(url: str, ledger: str, world: World) -> int:
    """How many decisions were compared; everybody's about everything, all of them equal."""
    count = 0
    with told(url, ledger, world) as connection:
        company = everything(connection, ledger)
        records = [place.record for place in company.places]
        assert set(records) == set(world.places)
        for me in world.people:
            for manages in (False, True):
                scope = Scope("manager" if manages else "rep", me, TODAY)
                expected = {one for one in records if sees(world, me, one, manages=manages)}
                around = Surroundings(**{**_fields(company), "grants": held(world, me)})
                assert _allowed(scope, around, records) == expected
                with reading(connection, scope):
                    assert listed(connection) == expected
                    goals = connection.execute("SELECT goal_id FROM customer_goal").fetchall()
                    facts = connection.execute("SELECT actor, record FROM audit").fetchall()
                assert {one for (one,) in goals} == {
                    goal
                    for goal, account in world.goals.items()
                    if f"account-{account}" in expected
                }
                assert sorted(facts) == sorted(
                    (actor, stream)
                    for actor, stream, _ in world.told
                    if audited(world, scope, expected, actor, stream)
                )
                count += len(records) + len(world.goals) + len(world.told)
    return count


def _fields(around: Surroundings) -> dict[str, Any]:
    return {name: getattr(around, name) for name in around.__slots__}


def _allowed(scope: Scope, around: Surroundings, records: list[str]) -> set[str]:
    """As the policies have it; a link is seen by who sees both its ends."""
    single = dict(zip(records, decided(scope, "read", around, records), strict=True))
    for place in around.places:
        if place.other_id is not None:
            ends = (f"account-{place.account_id}", f"account-{place.other_id}")
            single[place.record] = all(single[end] for end in ends)
    return {record for record, allowed in single.items() if allowed}


@pytest.mark.postgres
def test_a_01_rows_policies_and_reference_agree(database_url: str, ledger: str) -> None:
    counts = [compared(database_url, f"{ledger}_{seed}", made(seed)) for seed in SEEDS]
    assert sum(counts) >= DECISIONS_MIN


@pytest.mark.postgres
@pytest.mark.parametrize("action", ["read", "write"])
def test_a_single_record_is_decided_as_in_the_list(
    database_url: str, ledger: str, action: Any
) -> None:
    """From the surroundings of one record, as a door has them, comes what the whole gives."""
    world, random = made(7), Random(7)
    with told(database_url, ledger, world) as connection:
        for _ in range(400):
            me, manages = random.choice(world.people), random.random() < 0.5
            kind, _, identity = (record := random.choice([*world.places])).partition("-")
            scope = Scope("manager" if manages else "rep", me, TODAY)
            with reading(connection, scope):
                around = surroundings(
                    connection, scope, Resource(GUARDED[_PLACED[kind].key[0]], identity)
                )
            expected = sees(world, me, record, manages=manages, level=action)
            assert decide(scope, action, around) == expected, (me, manages, record)


@pytest.mark.postgres
def test_fields_are_seen_as_the_policies_have_it(database_url: str, ledger: str) -> None:
    """What a question finds at once about everybody's fields is what each account gives alone."""
    world = made(5)
    with told(database_url, ledger, world) as connection:
        company = everything(connection, ledger)
        accounts = [place for place in world.places if place.startswith("account-")]
        for me, manages in product(world.people, (False, True)):
            scope = Scope("manager" if manages else "rep", me, TODAY)
            around = replace(company, grants=held(world, me))
            with reading(connection, scope):
                sight = seen_fields(scope, surroundings_of_teams(connection, scope))
            visible = [one for one in accounts if sees(world, me, one, manages=manages)]
            for its, action in SEEING.items():
                answers = decided(scope, action, around, visible)
                assert [its in sight.of(one.removeprefix("account-")) for one in visible] == list(
                    answers
                ), (me, its)


@pytest.mark.postgres
def test_who_sees_the_company_sees_all_and_who_has_no_scope_nothing(
    database_url: str, ledger: str
) -> None:
    world = made(4)
    with told(database_url, ledger, world) as connection:
        with reading(connection, COMPANY):
            assert listed(connection) == set(world.places)
            narrow(connection, NOTHING)
            assert listed(connection) == set()
        with reading(connection, NOTHING):
            assert listed(connection) == set()
            (regions,) = connection.execute("SELECT count(*) FROM access_branch").fetchone() or (0,)
            assert regions == len(world.parent)


def test_nothing_is_decided_about_what_lies_nowhere() -> None:
    assert not decide(Scope("manager", "somebody", TODAY), "read", NOWHERE)


def test_the_policies_are_those_the_schema_allows() -> None:
    checked = validate_policies(POLICIES, SCHEMA)
    assert checked.validation_passed, [str(error) for error in checked.errors]
