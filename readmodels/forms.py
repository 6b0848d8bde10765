"""Which fields records have where: forms in their versions, and what holds in a region."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Final, NamedTuple

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from events.policies.form import RecordType
from projections.forms import FormDraftRow, FormInForceRow
from readmodels.moment import VALID, Moment
from readmodels.reading import bounded

READS: Final = ("organization", "forms")
"""The read models it rests on."""

FormedType = RecordType
"""The kinds of records that have forms."""

InForce = FormInForceRow
"""One form of a chain."""

GROUP: Final = "*"
"""In the place of a region: the whole group."""

_IN_FORCE: Final = (
    "SELECT * FROM form_in_force WHERE known_from <= %(known_at)s"
    " AND record_type = %(record_type)s ORDER BY form_id, version"
)
_PARENTS: Final = SQL("SELECT region_id, parent_id FROM region WHERE {}").format(VALID)
_DRAFTED: Final = SQL("known_from <= %(known_at)s AND drafted_at < %(valid_before)s")
_DRAFT: Final = SQL(
    "SELECT * FROM form_draft WHERE form_id = %(form)s AND draft = %(draft)s AND {}"
).format(_DRAFTED)
_VERSIONS: Final = SQL(
    """
    SELECT form_id, draft AS version, record_type, region_id, document, drafted_at, (
        SELECT coalesce(array_agg(DISTINCT effective_on ORDER BY effective_on), '{{}}')
        FROM form_in_force AS activated
        WHERE activated.form_id = form_draft.form_id AND activated.draft = form_draft.draft
            AND activated.known_from <= %(known_at)s
    ) AS in_force_from
    FROM form_draft WHERE {drafted}
        AND (%(region)s::text IS NULL OR coalesce(region_id, '*') = %(region)s)
        AND (%(record_type)s::text IS NULL OR record_type = %(record_type)s)
    ORDER BY form_id, draft OFFSET %(skip)s LIMIT %(limit)s"""
).format(drafted=_DRAFTED)


class FormVersion(NamedTuple):
    """One version of a form, and the days from which it was put in force."""

    form_id: str
    version: int
    record_type: str
    region_id: str | None
    document: dict[str, Any]
    drafted_at: Any
    in_force_from: list[str]


@dataclass(frozen=True, slots=True)
class FormsInForce:
    """The forms of a kind of record that hold on a day, by region; ``*`` is the whole group."""

    by_place: Mapping[str, FormInForceRow]
    parents: Mapping[str, str | None]
    """The region tree."""

    def chain(self, region_id: str | None) -> tuple[str, ...]:
        """The places whose forms hold in a region, topmost first, whether they have one or not."""
        places: list[str] = []
        # Two late corrections together could make a circle in the past.
        while region_id is not None and region_id not in places:
            places.append(region_id)
            region_id = self.parents.get(region_id)
        return GROUP, *reversed(places)

    def rows(self, region_id: str | None) -> tuple[FormInForceRow, ...]:
        """The forms that hold in a region, topmost first; often empty."""
        return tuple(
            self.by_place[place] for place in self.chain(region_id) if place in self.by_place
        )


def forms_in_force(
    connection: Connection[Any], moment: Moment, record_type: str, on: date
) -> FormsInForce:
    """The forms of a kind of record that hold on the day ``on``, as far as they were known.

    The first version of each holds from the beginning of time.
    """
    values = {**moment.parameters, "record_type": record_type}
    with connection.cursor(row_factory=args_row(FormInForceRow)) as cursor:
        rows = cursor.execute(_IN_FORCE, values).fetchall()
    parents = dict(connection.execute(_PARENTS, moment.parameters).fetchall())
    return FormsInForce({row.region_id or GROUP: row for row in _holding(rows, on)}, parents)


def _holding(rows: list[FormInForceRow], on: date) -> Iterator[FormInForceRow]:
    for _, activated in groupby(rows, lambda row: row.form_id):
        first, *later = activated
        reached = [row for row in (first, *later) if row.effective_on <= on.isoformat()]
        yield reached[-1] if reached else first


def form_draft(
    connection: Connection[Any], moment: Moment, form_id: str, version: int
) -> FormDraftRow | None:
    """The version of a form as of ``moment``; ``None`` when there was none."""
    values = {**moment.parameters, "form": form_id, "draft": version}
    with connection.cursor(row_factory=args_row(FormDraftRow)) as cursor:
        return cursor.execute(_DRAFT, values).fetchone()


def form_versions(
    connection: Connection[Any],
    moment: Moment,
    *,
    region: str | None = None,
    record_type: str | None = None,
    skip: int = 0,
    limit: int = 100,
) -> tuple[FormVersion, ...]:
    """Up to ``limit`` versions of forms as of ``moment``, in order of form and version.

    ``region`` is ``*`` for the forms of the whole group. Often empty.
    """
    values = {
        **moment.parameters,
        "region": region,
        "record_type": record_type,
        "skip": skip,
        "limit": bounded(limit),
    }
    with connection.cursor(row_factory=args_row(FormVersion)) as cursor:
        return tuple(cursor.execute(_VERSIONS, values))
