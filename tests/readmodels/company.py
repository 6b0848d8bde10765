"""The small company: two regions, Ann and Bea, two products, and what they sell."""

from typing import Final

from events.accounts.account import AccountRegistered
from events.organization.employee import EmployeeHired, EmployeeManagerChanged
from events.organization.region import RegionMoved, RegionOpened
from events.pipeline.opportunity import (
    OpportunityAdvanced,
    OpportunityLost,
    OpportunityOpened,
    OpportunityReopened,
    OpportunityWon,
)
from events.pipeline.product import ProductListed
from tests.examples.cast import ANN, BEA, CARL, eur, usd
from tests.readmodels.conftest import Fact


def hired(employee: str, name: str, manager: str | None) -> EmployeeHired:
    return EmployeeHired(
        employee_id=employee, name=name, region_id="north", manager_id=manager, roles=("sales_rep",)
    )


def opened(number: int, owner: str, region: str, account: str | None) -> OpportunityOpened:
    return OpportunityOpened(
        opportunity_id=f"o{number}",
        account_id=account,
        product_id="p",
        owner_id=owner,
        region_id=region,
        stage="lead",
        engaged=False,
        amount=None,
    )


def engaged(number: int, account: str | None) -> OpportunityAdvanced:
    return OpportunityAdvanced(
        opportunity_id=f"o{number}",
        account_id=account,
        from_stage="lead",
        to_stage="offer",
        engaged=True,
    )


COMPANY: Final[tuple[Fact, ...]] = (
    ("2017-01-01", "region-group", RegionOpened(region_id="group", name="Group", parent_id=None)),
    (
        "2017-01-01",
        "region-north",
        RegionOpened(region_id="north", name="North", parent_id="group"),
    ),
    ("2017-01-01", "region-south", RegionOpened(region_id="south", name="South", parent_id=None)),
    ("2017-01-01", f"employee-{CARL}", hired(CARL, "Carl", None)),
    ("2017-01-01", f"employee-{ANN}", hired(ANN, "Ann", CARL)),
    ("2017-01-01", f"employee-{BEA}", hired(BEA, "Bea", CARL)),
    (
        "2017-01-01",
        "product-p",
        ProductListed(product_id="p", name="P", series=None, list_price=usd(1)),
    ),
    (
        "2017-01-01",
        "account-acme",
        AccountRegistered(
            account_id="acme",
            name="Acme",
            sector="retail",
            country=None,
            founded_year=None,
            employees=None,
            revenue=None,
            parent_id=None,
            owner_id=None,
            region_id=None,
        ),
    ),
)

SALES: Final[tuple[Fact, ...]] = (
    # o1: Ann, North, Acme: engaged on 1 February, won on 11 February for 100.00 USD: 10 days.
    ("2017-01-10", "opportunity-o1", opened(1, ANN, "north", "acme")),
    ("2017-02-01T08:00", "opportunity-o1", engaged(1, "acme")),
    (
        "2017-02-11T20:00",
        "opportunity-o1",
        OpportunityWon(opportunity_id="o1", account_id="acme", amount=usd(100_00)),
    ),
    # o2: Bea, South, no account: engaged 1 March, won 21 March for 50.00 EUR: 20 days.
    ("2017-02-20", "opportunity-o2", opened(2, BEA, "south", None)),
    ("2017-03-01", "opportunity-o2", engaged(2, None)),
    (
        "2017-03-21",
        "opportunity-o2",
        OpportunityWon(opportunity_id="o2", account_id=None, amount=eur(50_00)),
    ),
    # o3: Ann, North, Acme: lost on 5 April, reopened on 1 May.
    ("2017-03-01", "opportunity-o3", opened(3, ANN, "north", "acme")),
    (
        "2017-04-05",
        "opportunity-o3",
        OpportunityLost(opportunity_id="o3", account_id="acme", reason="price"),
    ),
    (
        "2017-05-01",
        "opportunity-o3",
        OpportunityReopened(opportunity_id="o3", account_id="acme"),
    ),
    # o4: Bea, South, no account: open.
    ("2017-05-02", "opportunity-o4", opened(4, BEA, "south", None)),
)

SOUTH_MOVES: Final[Fact] = (
    "2017-06-01",
    "region-south",
    RegionMoved(region_id="south", parent_id="group"),
)
ANN_LEADS_BEA: Final[Fact] = (
    "2017-06-01",
    f"employee-{BEA}",
    EmployeeManagerChanged(employee_id=BEA, manager_id=ANN),
)
