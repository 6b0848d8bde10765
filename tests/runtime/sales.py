"""A store full of sales: accounts, products, and opportunities in every state."""

from collections.abc import Iterator
from uuid import uuid4

from events.accounts.account import AccountRegistered
from events.event import Event
from events.organization.region import RegionMoved, RegionOpened
from events.pipeline.opportunity import (
    OpportunityAdvanced,
    OpportunityAmountChanged,
    OpportunityLost,
    OpportunityOpened,
    OpportunityReopened,
    OpportunityWon,
)
from events.pipeline.product import ProductListed
from runtime.store.entry import Draft, Entry
from tests.examples.cast import ANN, usd
from tests.runtime.store.ledgers import OCCURRED_AT, Ledger


def _company() -> Iterator[tuple[str, list[Event]]]:
    yield (
        "region-north",
        [
            RegionOpened(region_id="north", name="North", parent_id=None),
            RegionMoved(region_id="north", parent_id="group"),
        ],
    )
    yield "region-group", [RegionOpened(region_id="group", name="Group", parent_id=None)]
    listed = ProductListed(product_id="p", name="P", series=None, list_price=usd(100))
    yield "product-p", [listed]
    account = AccountRegistered(
        account_id="acme",
        name="Acme",
        sector="retail",
        country=None,
        founded_year=None,
        employees=None,
        revenue=None,
        parent_id=None,
        owner_id=ANN,
        region_id="north",
    )
    yield "account-acme", [account]


def _life(number: int) -> list[Event]:
    identity, account_id = f"o{number}", "acme" if number % 3 else None
    life: list[Event] = [
        OpportunityOpened(
            opportunity_id=identity,
            account_id=account_id,
            product_id="p",
            owner_id=ANN,
            region_id="north",
            stage="prospecting",
            engaged=False,
            amount=None,
        ),
        OpportunityAdvanced(
            opportunity_id=identity,
            account_id=account_id,
            from_stage="prospecting",
            to_stage="engaging",
            engaged=True,
        ),
        OpportunityAmountChanged(
            opportunity_id=identity, account_id=account_id, amount=usd(number * 100)
        ),
    ]
    if number % 4 == 0:
        life.append(OpportunityLost(opportunity_id=identity, account_id=account_id, reason="price"))
        life.append(OpportunityReopened(opportunity_id=identity, account_id=account_id))
    if number % 2:
        life.append(
            OpportunityWon(opportunity_id=identity, account_id=account_id, amount=usd(number * 100))
        )
    return life


def entries(opportunities: int, first: int = 0) -> list[Entry]:
    """One command for each record, with all that happened to it; the company only with 0."""
    streams = list(_company()) if first == 0 else []
    streams += [
        (f"opportunity-o{number}", _life(number)) for number in range(first, first + opportunities)
    ]
    return [
        Entry(
            command_id=str(uuid4()),
            digest=b"d" * 32,
            stream=stream,
            reads={stream: 0},
            drafts=[
                Draft(
                    stream=stream,
                    version=version,
                    name=event.NAME,
                    schema=event.VERSION,
                    payload=event.model_dump_json().encode(),
                )
                for version, event in enumerate(life, start=1)
            ],
            occurred_at=OCCURRED_AT,
            correlation_id="test",
        )
        for stream, life in streams
    ]


def sell(store: Ledger, opportunities: int, first: int = 0) -> int:
    """Append them, and return the position of the last fact."""
    with store.connect() as connection:
        store.recorder.record(connection, entries(opportunities, first))
    return len(store.events())
