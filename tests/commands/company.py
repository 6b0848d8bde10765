"""A small company to ask things of: a tree of regions, people, an account, products, processes."""

from datetime import UTC, date, datetime
from typing import Final

from commands.accounts.account import RegisterAccount
from commands.command import Command
from commands.organization.employee import HireEmployee, RecordEmployeeLeft
from commands.organization.region import OpenRegion
from commands.pipeline.opportunity import OpenOpportunity
from commands.pipeline.product import ListProduct
from commands.policies.sales_process import ActivateSalesProcess, DraftSalesProcess
from commands.roles import Role
from tests.commands.office import Office
from tests.examples.cast import ANN, BEA, CARL, DORA, STRICT, usd

LONG_AGO: Final = datetime(2015, 1, 1, tzinfo=UTC)


def hired(employee: str, name: str, region: str, *, role: Role = "sales_rep") -> HireEmployee:
    """Hire somebody who reports to nobody."""
    return HireEmployee(employee_id=employee, name=name, region_id=region, roles=(role,))


REGIONS: Final = (
    OpenRegion(region_id="world", name="World"),
    OpenRegion(region_id="emea", name="Europe", parent_id="world"),
    OpenRegion(region_id="dach", name="Central Europe", parent_id="emea"),
    OpenRegion(region_id="apac", name="Asia", parent_id="world"),
)
PEOPLE: Final = (
    hired(ANN, "Ann Archer", "dach"),
    hired(BEA, "Bea Baker", "emea", role="sales_manager"),
    hired(CARL, "Carl Cox", "apac"),
    hired(DORA, "Dora Dunn", "dach"),
    RecordEmployeeLeft(employee_id=DORA),
)
THINGS: Final = (
    RegisterAccount(account_id="acme", name="Acme"),
    ListProduct(product_id="gtx", name="GTX", list_price=usd(55_00)),
)
WORLDWIDE: Final = (
    DraftSalesProcess(region_id="world", document=STRICT),
    ActivateSalesProcess(region_id="world", version=1, effective_on=date(2026, 1, 1)),
)

OPEN: Final = OpenOpportunity(
    opportunity_id="o1", account_id="acme", product_id="gtx", owner_id=ANN, amount=usd(100_00)
)


def company(*more: Command, process: bool = True) -> Office:
    """The company as of long ago, with a worldwide sales process, and ``more`` besides."""
    office = Office()
    for command in (*REGIONS, *PEOPLE, *THINGS, *(WORLDWIDE if process else ()), *more):
        office.ask(command, occurred_at=LONG_AGO)
    return office
