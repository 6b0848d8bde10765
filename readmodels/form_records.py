"""The records that forms are about: what they hold of their own, and what forms have added."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL, Composed

from readmodels.interactions import KNOWN
from readmodels.moment import VALID, Moment

READS: Final = (
    "organization",
    "accounts",
    "people",
    "interactions",
    "funnel",
    "contracts",
    "account_plans",
    "policies",
    "record_fields",
)
"""The read models it rests on."""


class FormRecord(NamedTuple):
    """One record as it was."""

    record_id: str
    account_id: str | None
    region_id: str | None
    """The region whose form holds for it."""
    going_on: bool
    """Whether it can still move on; what is over is not asked for anything."""
    core: dict[str, Any]
    """Its own fields that a form may require; those that hold something."""
    version: int
    """Of the fields that forms have added; 0 where none was ever set."""
    fields: dict[str, Any]
    """What forms have added, by name: ``field_class`` and ``value``, sealed where personal."""


_SOURCES: Final[Mapping[str, SQL]] = MappingProxyType(
    {
        "account": SQL(
            """
            SELECT account_id AS record_id, account_id, region_id, true AS going_on,
                jsonb_build_object('sector', sector, 'country', country,
                    'founded_year', founded_year, 'employees', employees,
                    'revenue_minor', revenue_minor, 'revenue_currency', revenue_currency,
                    'parent_id', parent_id, 'owner_id', owner_id) AS core
            FROM account WHERE {valid}"""
        ),
        "contact": SQL(
            """
            SELECT contact_id AS record_id, account_id,
                (SELECT region_id FROM account_then WHERE account_id = contact.account_id)
                    AS region_id,
                active AND NOT erased AND merged_into IS NULL AS going_on,
                jsonb_build_object('role', role, 'influence', influence, 'sentiment', sentiment,
                    'reports_to', reports_to) AS core
            FROM contact WHERE {valid}"""
        ),
        "interaction": SQL(
            """
            SELECT interaction_id AS record_id, account_id,
                (SELECT region_id FROM account_then WHERE account_id = interaction.account_id)
                    AS region_id,
                NOT withdrawn AS going_on,
                jsonb_build_object('kind', kind, 'subject', subject, 'minutes', minutes,
                    'rating', rating) AS core
            FROM interaction WHERE {known}"""
        ),
        "opportunity": SQL(
            """
            SELECT opportunity_id AS record_id, account_id, region_id, state = 'open' AS going_on,
                jsonb_build_object('account_id', account_id, 'product_id', product_id,
                    'amount_minor', amount_minor, 'currency', currency) AS core
            FROM opportunity WHERE {valid}"""
        ),
        "contract": SQL(
            """
            SELECT contract_id AS record_id, account_id, region_id, state <> 'approved' AS going_on,
                jsonb_build_object('amount_minor', amount_minor, 'currency', currency,
                    'discount_bps', discount_bps) AS core
            FROM contract WHERE {valid}"""
        ),
        "account_plan": SQL(
            """
            SELECT plan_id AS record_id, account_id, region_id, state <> 'closed' AS going_on,
                jsonb_build_object('fiscal_year', fiscal_year) AS core
            FROM account_plan WHERE {valid}"""
        ),
    }
)
_RECORDS: Final = SQL(
    """
    WITH account_then AS (SELECT account_id, region_id FROM account WHERE {valid}),
    found AS ({source}),
    filled AS (
        SELECT record_id, version, fields FROM record_fields
        WHERE record_type = %(record_type)s AND {valid})
    SELECT record_id, account_id, region_id, going_on, jsonb_strip_nulls(core),
        coalesce(version, 0), coalesce(fields, '{{}}')
    FROM found LEFT JOIN filled USING (record_id)
    WHERE %(record)s::text IS NULL OR record_id = %(record)s ORDER BY record_id"""
)


def _query(source: SQL) -> Composed:
    return _RECORDS.format(valid=VALID, source=source.format(valid=VALID, known=KNOWN))


_QUERIES: Final = {record_type: _query(source) for record_type, source in _SOURCES.items()}


def form_records(
    connection: Connection[Any], moment: Moment, record_type: str
) -> tuple[FormRecord, ...]:
    """Every record of a type as of ``moment``, in order of their ids; often empty."""
    return _found(connection, moment, record_type, None)


def form_record(
    connection: Connection[Any], moment: Moment, record_type: str, record_id: str
) -> FormRecord | None:
    """The record as of ``moment``; ``None`` when there was none."""
    return next(iter(_found(connection, moment, record_type, record_id)), None)


def _found(
    connection: Connection[Any], moment: Moment, record_type: str, record_id: str | None
) -> tuple[FormRecord, ...]:
    values = {**moment.parameters, "record_type": record_type, "record": record_id}
    with connection.cursor(row_factory=args_row(FormRecord)) as cursor:
        return tuple(cursor.execute(_QUERIES[record_type], values))
