"""The four files of the CRM data set, checked and typed row by row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol, TypeVar

from runtime.importing.mapping import COLUMNS, Mapping, put_right
from runtime.importing.reading import Line, RowRejected, SourceUnreadable, Table, read_table
from runtime.importing.rows import (
    Account,
    Agent,
    Deal,
    Product,
    account_of,
    agent_of,
    deal_of,
    product_of,
)
from runtime.importing.tally import Tally

_TEAMS, _PRODUCTS, _ACCOUNTS, _PIPELINE = COLUMNS


class Row(Protocol):
    """A row that was read: it knows where it stands."""

    @property
    def line(self) -> Line:
        """Where it stands."""


R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Source:
    """The four files, checked and typed row by row."""

    agents: tuple[Agent, ...]
    products: tuple[Product, ...]
    accounts: tuple[Account, ...]
    deals: tuple[Deal, ...]


def read_source(directory: Path, mapping: Mapping, tally: Tally) -> Source:
    """The rows of the files in ``directory``; those that cannot be read are told to ``tally``.

    Raises:
        SourceUnreadable: a file as a whole cannot be read.
    """

    def table(file: str) -> Table:
        found, corrections = put_right(mapping, read_table(directory / file, COLUMNS[file]))
        tally.rows[file] = len(found.lines) + len(found.rejects)
        tally.corrections.extend(corrections)
        tally.rejects.extend(found.rejects)
        return found

    tables = {file: table(file) for file in COLUMNS}
    return Source(
        _rows(tables[_TEAMS], agent_of, tally),
        _rows(tables[_PRODUCTS], lambda line: product_of(line, mapping), tally),
        _rows(tables[_ACCOUNTS], lambda line: account_of(line, mapping), tally),
        _rows(tables[_PIPELINE], lambda line: deal_of(line, mapping), tally),
    )


def _rows(table: Table, read: Callable[[Line], R], tally: Tally) -> tuple[R, ...]:
    found = []
    for line in table.lines:
        try:
            found.append(read(line))
        except RowRejected as rejected:
            tally.reject(line, rejected)
    return tuple(found)


def first_and_last(deals: Sequence[Deal]) -> tuple[date, date]:
    """The first and the last date the source gives.

    Raises:
        SourceUnreadable: it gives none.
    """
    dates = [day for deal in deals for day in (deal.engaged_on, deal.closed_on) if day]
    if not dates:
        raise SourceUnreadable(f"{_PIPELINE} has no row with a date: nothing says when it was")
    return min(dates), max(dates)


def steps(source: Source) -> int:
    """How many records there are to drive: rows, managers, regions, and what they rest on."""
    managers = {agent.manager for agent in source.agents if agent.manager}
    regions = {agent.region_id for agent in source.agents}
    rows = (source.agents, source.products, source.accounts, source.deals)
    return 2 + len(regions) + len(managers) + sum(len(one) for one in rows)
