"""What each account has bought of what we sell, what is empty, and what to do about it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final, Literal, NamedTuple

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from events.policies.white_space import WhiteSpacePolicy
from projections.white_space import (
    EmptyCell,
    NextAction,
    Sale,
    next_action,
    sale_of,
    share_bp,
)
from readmodels.moment import REGION_TREE, VALID, Moment
from readmodels.policies import policies_in_force
from readmodels.reading import bounded

READS: Final = (
    "organization",
    "products",
    "accounts",
    "account_classes",
    "funnel",
    "policies",
)
"""The read models it rests on."""

CellState = Literal["owned", "open", "lost", "empty"]
"""Bought; else in the pipeline; else offered in vain; else nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GridSelection:
    """The cells that meet every condition given; without one, all of them."""

    account: str | None = None
    product: str | None = None
    region: str | None = None
    """Of accounts in this region or below it, as the regions lay then."""
    owner: str | None = None
    state: CellState | None = None


WHOLE_GRID: Final = GridSelection()


class _CellRow(NamedTuple):
    account_id: str
    account_name: str
    owner_id: str | None
    region_id: str | None
    account_class: str | None
    sector: str | None
    product_id: str
    product_name: str
    series: str | None
    state: CellState
    amounts: list[Mapping[str, Any]]
    won_on: date | None
    lost_on: date | None
    in_pipeline: int
    owned_series: list[str]
    owns: bool
    peers: int
    buyers: int


@dataclass(frozen=True, slots=True)
class PolicyInForce:
    """The white space policy that held for an account."""

    region_id: str
    """The region that has set it: the account's, or the nearest one above."""
    version: int
    document: WhiteSpacePolicy


@dataclass(frozen=True, slots=True)
class Cell:
    """One product at one account."""

    account_id: str
    account_name: str
    owner_id: str | None
    region_id: str | None
    account_class: str | None
    sector: str | None
    product_id: str
    product_name: str
    series: str | None
    state: CellState
    amounts: Sequence[Mapping[str, Any]]
    """What was won, an entry a currency."""
    won_on: date | None
    """The day it was last won, in the ledger's zone."""
    lost_on: date | None
    in_pipeline: int
    """How many opportunities for it are open."""
    sale: Sale | None
    """What selling it would be; ``None`` where it is owned."""
    peers: int
    """How many other accounts there are in the same sector."""
    buyers: int
    """How many of them own it."""
    buyers_bp: int
    """Their share in basis points, rounded down."""
    policy: PolicyInForce | None
    """``None`` where no region of the account has one."""
    next: NextAction | None
    """What to do about an empty cell; ``None`` for any other, and without a policy."""


_GRID: Final = SQL(
    """
    WITH RECURSIVE {tree},
    product_then AS (SELECT product_id, name, series, listed FROM product WHERE {valid}),
    class_then AS (SELECT account_id, account_class FROM account_class WHERE {valid}),
    account_then AS (SELECT account_id, name, sector, owner_id, region_id FROM account
        WHERE {valid}),
    chance AS (
        SELECT account_id, product_id, state, currency, amount_minor,
            (closed_at AT TIME ZONE ledger.zone)::date AS closed_on
        FROM opportunity CROSS JOIN ledger WHERE {valid} AND account_id IS NOT NULL),
    known AS (
        SELECT account_id, product_id,
            CASE WHEN bool_or(state = 'won') THEN 'owned' WHEN bool_or(state = 'open') THEN 'open'
                ELSE 'lost' END AS state,
            max(closed_on) FILTER (WHERE state = 'won') AS won_on,
            max(closed_on) FILTER (WHERE state = 'lost') AS lost_on,
            count(*) FILTER (WHERE state = 'open') AS in_pipeline
        FROM chance GROUP BY account_id, product_id),
    paid AS (
        SELECT account_id, product_id, currency, sum(amount_minor)::bigint AS minor
        FROM chance WHERE state = 'won' GROUP BY account_id, product_id, currency),
    amounts AS (
        SELECT account_id, product_id, jsonb_agg(
            jsonb_build_object('minor', minor, 'currency', currency) ORDER BY currency) AS amounts
        FROM paid GROUP BY account_id, product_id),
    owned AS (
        SELECT account_id, array_remove(array_agg(DISTINCT series), NULL) AS owned_series
        FROM known LEFT JOIN product_then USING (product_id) WHERE state = 'owned'
        GROUP BY account_id),
    size AS (SELECT sector, count(*) - 1 AS peers FROM account_then GROUP BY sector),
    buying AS (
        SELECT sector, product_id, count(*) AS buyers
        FROM known JOIN account_then USING (account_id) WHERE state = 'owned'
        GROUP BY sector, product_id),
    picked AS (
        SELECT * FROM account_then
        WHERE account_id >= %(account_from)s
            AND (%(account)s::text IS NULL OR account_id = %(account)s)
            AND (%(owner)s::text IS NULL OR owner_id = %(owner)s)
            AND (%(region)s::text IS NULL OR region_id = %(region)s OR region_id IN (
                SELECT region_id FROM within WHERE ancestor_id = %(region)s))
        ORDER BY account_id LIMIT %(accounts)s)
    SELECT picked.account_id, picked.name, owner_id, region_id, account_class, picked.sector,
        product_then.product_id, product_then.name, series, coalesce(known.state, 'empty'),
        coalesce(amounts, '[]'), won_on, lost_on, coalesce(in_pipeline, 0),
        coalesce(owned_series, ARRAY[]::text[]), owned.account_id IS NOT NULL,
        CASE WHEN picked.sector IS NULL THEN 0 ELSE peers END,
        coalesce(buyers, 0) - CASE WHEN known.state = 'owned' AND buyers > 0 THEN 1 ELSE 0 END
    FROM picked CROSS JOIN product_then
        LEFT JOIN known USING (account_id, product_id)
        LEFT JOIN amounts USING (account_id, product_id)
        LEFT JOIN owned USING (account_id) LEFT JOIN class_then USING (account_id)
        LEFT JOIN size ON size.sector = picked.sector
        LEFT JOIN buying ON buying.sector = picked.sector
            AND buying.product_id = product_then.product_id
    WHERE (listed OR known.state IS NOT NULL)
        AND (picked.account_id, product_then.product_id) > (%(account_from)s, %(product_from)s)
        AND (%(product)s::text IS NULL OR product_then.product_id = %(product)s)
        AND (%(state)s::text IS NULL OR coalesce(known.state, 'empty') = %(state)s)
    ORDER BY picked.account_id, product_then.product_id LIMIT %(limit)s"""
).format(tree=REGION_TREE, valid=VALID)


def white_space(
    connection: Connection[Any],
    moment: Moment,
    on: date,
    *,
    selection: GridSelection = WHOLE_GRID,
    after: str = "",
    limit: int = 100,
) -> tuple[Cell, ...]:
    """Up to ``limit`` cells as of ``moment``, whose day is ``on``; by account, then by product.

    The columns are the products that were on the list, and others an account had anything of.
    ``after`` is the :func:`place` of the cell before the page. Often empty; asked for inside
    :func:`readmodels.reading.reading`.
    """
    account_from, _, product_from = after.partition(" ")
    # Each account has a cell for every product on the list: so many accounts fill a page.
    may_lack_cells = selection.product is not None or selection.state is not None
    values = {
        **moment.parameters,
        "account": selection.account,
        "product": selection.product,
        "region": selection.region,
        "owner": selection.owner,
        "state": selection.state,
        "account_from": account_from,
        "product_from": product_from,
        "accounts": None if may_lack_cells else bounded(limit) + 1,
        "limit": bounded(limit),
    }
    with connection.cursor(row_factory=args_row(_CellRow)) as cursor:
        rows = cursor.execute(_GRID, values).fetchall()
    policy_of = _policies(connection, moment, on)
    return tuple(_cell(row, policy_of(row.region_id)) for row in rows)


def place(cell: Cell) -> str:
    """Where ``cell`` stands in the grid."""
    return f"{cell.account_id} {cell.product_id}"


def _cell(row: _CellRow, policy: PolicyInForce | None) -> Cell:
    found = None
    if row.state == "empty" and policy is not None:
        empty = EmptyCell(
            product_id=row.product_id,
            account_class=row.account_class,
            sector=row.sector,
            peers=row.peers,
            buyers=row.buyers,
        )
        found = next_action(empty, policy.document)
    told = {
        name: value for name, value in row._asdict().items() if name not in {"owned_series", "owns"}
    }
    return Cell(
        **told,
        sale=None if row.state == "owned" else sale_of(row.series, row.owned_series, row.owns),
        buyers_bp=share_bp(row.buyers, row.peers),
        policy=policy,
        next=found,
    )


def _policies(
    connection: Connection[Any], moment: Moment, on: date
) -> Callable[[str | None], PolicyInForce | None]:
    """What says which policy holds for the accounts of a region."""
    holding = policies_in_force(connection, moment, "white_space_policy", on)

    @cache
    def nearest(region_id: str | None) -> PolicyInForce | None:
        row = holding.nearest(region_id)
        if row is None:
            return None
        document = WhiteSpacePolicy.model_validate_json(json.dumps(row.document))
        return PolicyInForce(row.policy_id, row.draft, document)

    return nearest
