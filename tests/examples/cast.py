"""Who and what the examples are about: Ann sells, Bea leads, Carl is new, Dora has gone.

Uma, Vic, Wim and Xia work for customers.
"""

from datetime import UTC, datetime
from typing import Final

from events.policies.account_lifecycle import AccountLifecycle, LifecycleStage
from events.policies.sales_process import SalesProcess, Stage
from events.policies.value_matrix import Dimension, ValueMatrix
from events.values import Money

ANN: Final = "0a9e4f6c-1111-4a4a-8b8b-aaaaaaaaaaaa"
BEA: Final = "1b8d5e7b-2222-4b4b-9c9c-bbbbbbbbbbbb"
CARL: Final = "2c7c6d8a-3333-4c4c-8d8d-cccccccccccc"
DORA: Final = "3d6b7c99-4444-4d4d-9e9e-dddddddddddd"

UMA: Final = "4e5a8d88-5555-4e4e-8a8a-eeeeeeeeeeee"
VIC: Final = "5f4b9e77-6666-4f4f-9b9b-ffffffffffff"
WIM: Final = "603caf66-7777-4a4a-8c8c-000000000000"
XIA: Final = "712dba55-8888-4b4b-9d9d-111111111111"

NOON: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
"""The present of most examples: a Monday."""


def usd(minor: int) -> Money:
    """An amount in US cents: ``usd(1_250_00)`` are 1,250 dollars."""
    return Money(minor=minor, currency="USD")


def eur(minor: int) -> Money:
    """An amount in euro cents."""
    return Money(minor=minor, currency="EUR")


def process(*stages: str, may_skip: bool = False, reasons: str = "price timing") -> SalesProcess:
    """A sales process with these stages; from the second on, the customer is engaged."""
    return SalesProcess(
        stages=tuple(
            Stage(stage_id=stage, name=stage.title(), engaged=place > 0)
            for place, stage in enumerate(stages)
        ),
        may_skip=may_skip,
        loss_reasons=tuple(reasons.split()),
    )


STRICT: Final = process("prospecting", "engaging", "offered")
"""Every stage has to be passed."""

LOOSE: Final = process("prospecting", "engaging", "offered", may_skip=True)
"""Stages may be passed over."""


def lifecycle(**stages: str) -> AccountLifecycle:
    """A lifecycle with these stages, each with the checks that are made before it is left."""
    return AccountLifecycle(
        stages=tuple(
            LifecycleStage(stage_id=stage, name=stage.title(), checks=tuple(checks.split()))
            for stage, checks in stages.items()
        )
    )


FOUR_STAGES: Final = lifecycle(
    identification="market_intelligence background_check needs_interview",
    penetration="value_proposition",
    lock_in="",
    ecosystem="",
)
"""The lifecycle of most examples."""


def dimension(dimension_id: str, weight_bp: int, *edges: int, unit: str | None = None) -> Dimension:
    """A dimension with these edges, or one that is rated by hand where there are none."""
    return Dimension(
        dimension_id=dimension_id,
        name=dimension_id.replace("_", " ").capitalize(),
        weight_bp=weight_bp,
        unit=unit,
        lower_edges=edges or None,
    )


def matrix(
    *dimensions: Dimension, key_from: int = 25_000, strategic_from: int = 37_500
) -> ValueMatrix:
    """A value matrix with these dimensions."""
    return ValueMatrix(dimensions=dimensions, key_from=key_from, strategic_from=strategic_from)


PURCHASE: Final = dimension("purchase", 2_000, 100, 200, 300, 400, unit="thousand EUR a year")
PROFIT: Final = dimension("profit", 2_500, 500, 1_500, 2_500, 4_000, unit="basis points")
INFLUENCE: Final = dimension("influence", 1_500)
INNOVATION: Final = dimension("innovation", 2_000)
FIT: Final = dimension("fit", 2_000)
FIVE: Final = matrix(PURCHASE, PROFIT, INFLUENCE, INNOVATION, FIT)
"""The five dimensions of KAM-02, two of them in bands by amount."""
