"""What the contracts of one account come to together, so that a split does not hide their size."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from aggregates.decider import Decider
from events.pipeline.commitment import CommitmentEntered, CommitmentEvent
from events.values import Money

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class Commitments:
    """What each contract of the account was last put up for approval for."""

    entered: Mapping[str, CommitmentEntered] = field(default_factory=lambda: MappingProxyType({}))


# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(commitments: Commitments, event: CommitmentEvent) -> Commitments:
    """The commitments after ``event``."""
    return Commitments(MappingProxyType({**commitments.entered, event.contract_id: event}))


COMMITMENT: Final[Decider[Commitments, CommitmentEvent]] = Decider(
    "commitment", Commitments(), evolve
)

# --- decisions: one verb each; facts or a refusal ----------------------------


def others(
    commitments: Commitments, *, besides: str, currency: str, window_days: int, on: date
) -> tuple[CommitmentEntered, ...]:
    """Those of other contracts than ``besides`` that were entered in the days before ``on``.

    A window of one day is the day ``on`` alone; what was entered later, out of order, counts too.
    """
    first = on - timedelta(days=max(0, window_days - 1))
    return tuple(
        entered
        for entered in commitments.entered.values()
        if entered.contract_id != besides
        and entered.amount.currency == currency
        and window_days > 0
        and entered.on >= first
    )


def enter(
    commitments: Commitments, *, account_id: str, contract_id: str, amount: Money, on: date
) -> tuple[CommitmentEvent, ...]:
    """Enter a contract that is put up for approval; nothing when it was entered just so."""
    fact = CommitmentEntered(account_id=account_id, contract_id=contract_id, amount=amount, on=on)
    return () if commitments.entered.get(contract_id) == fact else (fact,)
