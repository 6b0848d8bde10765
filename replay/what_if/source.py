"""What a what-if is computed from: one look at a ledger, as of one position."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

import polars as pl

from events.accounts.account_outcome import OutcomeKind
from projections.derivation import Held, schema
from projections.scoring.deciding import CLOSED_DAY, SCORED_ACCOUNT, SCORING_DRAFT
from projections.scoring.holding import Holding
from projections.scoring.plan import SIGNALS

TOLD: Final = pl.Schema({**SIGNALS, "number": pl.Int64(), "ended_at_position": pl.Int64()})
"""Signals with the position of the fact that ends each; null where it goes on counting."""

PLACED: Final = schema(SCORED_ACCOUNT)
"""The regions of accounts: a row for each time one was said."""

Version = tuple[str, int]
"""Of a policy: its place, a region or ``*`` for the whole group, and its number there."""


class Outcome(NamedTuple):
    """What scores are to warn of."""

    account_id: str
    kind: OutcomeKind
    occurred_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Everything a what-if rests on."""

    position: int
    """Of the last fact that is in it."""
    zone: str
    """The ledger's, in which a day is a whole day."""
    signals: pl.LazyFrame
    """:data:`TOLD`, by account: read once for each stretch of accounts, of which only those rows
    are taken into memory."""
    accounts: pl.DataFrame
    """:data:`PLACED`."""
    holding: Holding
    """The policies that were put in force, and the regions."""
    drafted: Mapping[Version, str]
    """Every version of a scoring policy, as JSON."""
    closes: Mapping[date, int] = field(default_factory=dict)
    """The position at which each day was closed."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What accounts are called."""
    outcomes: tuple[Outcome, ...] = ()


def source_of(
    held: Held,
    *,
    position: int,
    signals: pl.LazyFrame,
    names: Mapping[str, str],
    outcomes: tuple[Outcome, ...],
) -> Source:
    """What the rows of the read model `signals` that decide over scores say, at ``position``."""
    drafts = held.frame(SCORING_DRAFT, SCORING_DRAFT.row._fields)
    days = held.frame(CLOSED_DAY, ("day", "position"))
    return Source(
        position=position,
        zone=held.zone,
        signals=signals,
        accounts=held.frame(SCORED_ACCOUNT, SCORED_ACCOUNT.row._fields),
        holding=Holding.of(held),
        drafted={(place, draft): document for place, draft, document in drafts.iter_rows()},
        closes={date.fromisoformat(day): at for day, at in days.iter_rows()},
        names=names,
        outcomes=outcomes,
    )
