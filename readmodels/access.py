"""What a decision about one record rests on: where it lies, and what the one who asks has to it."""

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Identifier

from projections.access import BranchRow, PartyRow, PlaceRow, SeatRow, StaffRow
from projections.catalogue import PROJECTIONS
from projections.projection import ByAccount, ByRecord, Table
from readmodels.scope import Scope


@dataclass(frozen=True, slots=True)
class Resource:
    """A record that a question or a command names."""

    table: Table
    """Where it is kept."""
    identity: str


@dataclass(frozen=True, slots=True)
class Grant:
    """What the one who asks may see beyond their own today: a region or an account."""

    region_id: str | None
    account_id: str | None
    level: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The part of the company that decides about some records, as things stand now."""

    ends: tuple[str, ...]
    """The places that have to be seen, such as ``account-acme``: for a link, both its accounts."""
    places: tuple[PlaceRow, ...]
    """Those records, and the accounts they belong to."""
    branches: tuple[BranchRow, ...]
    """Their regions and all above."""
    staff: tuple[StaffRow, ...]
    """The employee who asks, the owners of the places, and all these report to."""
    seats: tuple[SeatRow, ...]
    """The teams of the accounts."""
    parties: tuple[PartyRow, ...]
    """Who is named to decide about the records."""
    grants: tuple[Grant, ...]
    """Those of the one who asks that hold today."""


NOWHERE: Final = Surroundings((), (), (), (), (), (), ())
"""The surroundings of what lies nowhere."""

KINDS: Final = MappingProxyType(
    {
        table.name: table
        for projection in PROJECTIONS
        for table in projection.tables
        if isinstance(table.guard, ByAccount | ByRecord) and "version" in table.row._fields
    }
)
"""The tables of records in versions that not everybody sees, by the kind of record they keep."""

GUARDED: Final = MappingProxyType({table.key[0]: table for table in KINDS.values()})
"""The same tables by the field that names a record; those of one field lead to the same place."""

_BELONGS_TO: Final = SQL("SELECT {} FROM {} WHERE {} = %s ORDER BY version DESC LIMIT 1")
_SERVED: Final = """
    SELECT DISTINCT 'account-' || account_id FROM access_seat
    WHERE employee_id = %(employee)s AND role IN ('solution_architect', 'delivery_expert')"""
_SURROUNDINGS: Final = """
    WITH RECURSIVE
    asked AS (SELECT * FROM access_place WHERE record = ANY (%(records)s)),
    wanted (record) AS MATERIALIZED (
        SELECT unnest(ARRAY[record, 'account-' || account_id, 'account-' || other_id]) FROM asked),
    place AS (SELECT DISTINCT access_place.* FROM wanted JOIN access_place USING (record)),
    branch AS (
        SELECT access_branch.* FROM access_branch JOIN place USING (region_id)
        UNION SELECT above.* FROM branch JOIN access_branch AS above
            ON above.region_id = branch.parent_id),
    staff AS (
        SELECT access_staff.* FROM access_staff
        WHERE employee_id = %(employee)s OR employee_id IN (SELECT owner_id FROM place)
        UNION SELECT above.* FROM staff JOIN access_staff AS above
            ON above.employee_id = staff.manager_id)
    SELECT
        (SELECT jsonb_agg(place) FROM place),
        (SELECT jsonb_agg(branch) FROM branch),
        (SELECT jsonb_agg(staff) FROM staff),
        (SELECT jsonb_agg(access_seat) FROM access_seat
            WHERE account_id IN (SELECT account_id FROM place WHERE kind = 'account')),
        (SELECT jsonb_agg(access_party) FROM access_party WHERE record = ANY (%(records)s)),
        (SELECT jsonb_agg(held) FROM (
            SELECT region_id, account_id, level FROM access_grant
            WHERE employee_id = %(employee)s AND valid_to IS NULL AND NOT revoked
                AND until_on >= %(today)s) AS held)"""


def surroundings(connection: Connection[Any], scope: Scope, resource: Resource) -> Surroundings:
    """What decides about ``resource`` for the one who asks; nowhere, when there is no such record.

    Asked for inside :func:`readmodels.reading.reading`.
    """
    record = _place(connection, resource)
    if record is None:
        return NOWHERE
    around = _around(connection, scope, (record,))
    asked = next((place for place in around.places if place.record == record), None)
    if asked is None:
        return NOWHERE
    if asked.other_id is None:
        return around
    ends = (f"account-{asked.account_id}", f"account-{asked.other_id}")
    return replace(around, ends=ends)


def surroundings_of_teams(connection: Connection[Any], scope: Scope) -> Surroundings:
    """What decides about the accounts in whose teams the one who asks serves in a role of a trade.

    Asked for inside :func:`readmodels.reading.reading`.
    """
    found = connection.execute(_SERVED, scope.settings, prepare=True).fetchall()
    return _around(connection, scope, tuple(row[0] for row in found)) if found else NOWHERE


def _around(connection: Connection[Any], scope: Scope, records: tuple[str, ...]) -> Surroundings:
    values = {"records": list(records), **scope.settings}
    with connection.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(_SURROUNDINGS, values, prepare=True).fetchone()
    assert found is not None
    kinds: tuple[type[Any], ...] = (PlaceRow, BranchRow, StaffRow, SeatRow, PartyRow, Grant)
    rows = (
        tuple(kind(**one) for one in part or ()) for kind, part in zip(kinds, found, strict=True)
    )
    return Surroundings(records, *rows)


def _place(connection: Connection[Any], resource: Resource) -> str | None:
    """The record with a place of its own that says where ``resource`` lies."""
    table, guard = resource.table, resource.table.guard
    assert isinstance(guard, ByAccount | ByRecord)
    kind = guard.kind if isinstance(guard, ByRecord) else "account"
    if guard.column == table.key[0]:
        return f"{kind}-{resource.identity}"
    column, name, key = map(Identifier, (guard.column, table.name, table.key[0]))
    query = _BELONGS_TO.format(column, name, key)
    row = connection.execute(query, [resource.identity]).fetchone()
    return None if row is None else f"{kind}-{row[0]}"
