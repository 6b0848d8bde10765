"""How deep we stand with a customer: its people as a tree, who of ours knows them, who is missing.

A merged contact stands under the one who answers for it, together with what was recorded for it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from projections.coverage import Coverage, coverage, strictest
from projections.people import ContactRow, RelationshipRow
from readmodels.accounts import account
from readmodels.moment import VALID, Moment
from readmodels.policies import InForce, policies_in_force

READS: Final = ("organization", "accounts", "people", "policies")
"""The read models it rests on."""


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """One of our people who knows the contact."""

    relationship: RelationshipRow
    name: Any
    """The employee's name, sealed; ``None`` where there was no such employee."""
    employed: bool
    """Whether the employee worked here then."""


@dataclass(frozen=True, slots=True)
class Placed:
    """One contact at their place in the tree."""

    contact: ContactRow
    level: int
    """0 for who reports to nobody on the map."""
    reports_to: str | None
    """Who is right above them on the map."""
    answers_for: tuple[str, ...]
    """The contacts merged into this one, in order of their ids."""
    known_by: tuple[Acquaintance, ...]
    """The strongest first."""


@dataclass(frozen=True, slots=True)
class RelationshipMap:
    """The people of one customer, superiors before those who report to them."""

    people: tuple[Placed, ...]
    coverage: Coverage | None
    """``None`` where no policy is in force."""
    policies: tuple[InForce, ...]
    """What coverage rests on: the policy of the region and those of the regions above."""


_PEOPLE: Final = SQL(
    """
    WITH RECURSIVE mine (id) AS (
        SELECT contact_id FROM contact
        WHERE account_id = %(account)s AND merged_into IS NULL AND active AND {valid}
        UNION SELECT contact_id FROM contact JOIN mine ON merged_into = id WHERE {valid})
    SELECT contact.* FROM contact JOIN mine ON contact_id = id WHERE {valid}
    ORDER BY contact_id"""
).format(valid=VALID)
_RELATIONSHIPS: Final = SQL(
    "SELECT * FROM relationship WHERE contact_id = ANY(%(ids)s) AND active AND {}"
    " ORDER BY strength DESC, relationship_id"
).format(VALID)
_EMPLOYEES: Final = SQL(
    "SELECT employee_id, name, active FROM employee WHERE employee_id = ANY(%(ids)s) AND {}"
).format(VALID)


def relationship_map(
    connection: Connection[Any], moment: Moment, account_id: str, *, today: date
) -> RelationshipMap | None:
    """The map of the account as of ``moment``; ``None`` when there was no such account.

    Policies are those in force on ``today``, the day that is asked about. Who has left or was
    erased is not on the map. Asked for inside :func:`readmodels.reading.reading`.
    """
    found = account(connection, moment, account_id)
    if found is None:
        return None
    with connection.cursor(row_factory=args_row(ContactRow)) as cursor:
        rows = cursor.execute(_PEOPLE, {**moment.parameters, "account": account_id}).fetchall()
    people = arranged(rows, _acquaintances(connection, moment, [row.contact_id for row in rows]))
    holding = policies_in_force(connection, moment, "coverage_policy", today)
    policies = sorted(holding.rows(found.region_id), key=lambda row: row.policy_id)
    roles = [placed.contact.role for placed in people if placed.contact.role is not None]
    minimum = strictest(
        {one["role"]: one["contacts"] for one in policy.document["minimum"]} for policy in policies
    )
    return RelationshipMap(people, coverage(minimum, roles) if policies else None, tuple(policies))


def arranged(
    rows: Iterable[ContactRow], known_by: Iterable[Acquaintance] = ()
) -> tuple[Placed, ...]:
    """The contacts of one account as a tree, in the order in which it is read from the top.

    ``rows`` are who answers, and all those merged into them. Side by side stand the more
    influential first. Where superior and contact are not on the map together, the contact stands
    at the top. Days told in another order than they were recorded can make a circle of the past;
    it is cut, so that everybody stands on the map once.
    """
    by_id = {row.contact_id: row for row in rows}
    answering = {one: _answering(by_id, one) for one in by_id}
    acquaintances: dict[str, list[Acquaintance]] = {}
    for one in known_by:
        acquaintances.setdefault(answering[one.relationship.contact_id], []).append(one)
    return tuple(
        Placed(
            by_id[one],
            level,
            above,
            tuple(other for other in by_id if other != one and answering[other] == one),
            tuple(acquaintances.get(one, ())),
        )
        for one, level, above in _from_the_top(by_id, answering)
    )


def _answering(by_id: Mapping[str, ContactRow], contact_id: str) -> str:
    while (into := by_id[contact_id].merged_into) is not None:
        contact_id = into
    return contact_id


def _from_the_top(
    by_id: Mapping[str, ContactRow], answering: Mapping[str, str]
) -> Iterator[tuple[str, int, str | None]]:
    """Who answers, each once, with their level and who is right above them."""
    order = sorted(
        (one for one in by_id if answering[one] == one),
        key=lambda one: (-(by_id[one].influence or 0), one),
    )
    above = {one: answering.get(by_id[one].reports_to or "") for one in order}
    below: dict[str | None, list[str]] = {}
    for one in order:
        below.setdefault(above[one], []).append(one)
    placed: set[str] = set()
    for top in [*below.get(None, ()), *order]:
        waiting: list[tuple[str, int, str | None]] = []
        if top not in placed:
            waiting.append((_top(top, above), 0, None))
        while waiting:
            one, level, superior = waiting.pop()
            if one in placed:
                continue
            placed.add(one)
            yield one, level, superior
            waiting.extend((lower, level + 1, one) for lower in reversed(below.get(one, ())))


def _top(contact_id: str, above: Mapping[str, str | None]) -> str:
    """Who stands above all that stand above ``contact_id``; in a circle, whoever is met again."""
    met: set[str] = set()
    while contact_id not in met and (superior := above[contact_id]) is not None:
        met.add(contact_id)
        contact_id = superior
    return contact_id


def _acquaintances(
    connection: Connection[Any], moment: Moment, contacts: list[str]
) -> tuple[Acquaintance, ...]:
    with connection.cursor(row_factory=args_row(RelationshipRow)) as cursor:
        values = {**moment.parameters, "ids": contacts}
        rows = cursor.execute(_RELATIONSHIPS, values).fetchall()
    values = {**moment.parameters, "ids": [row.employee_id for row in rows]}
    employees = {one: rest for one, *rest in connection.execute(_EMPLOYEES, values)}
    return tuple(Acquaintance(row, *employees.get(row.employee_id, (None, False))) for row in rows)
