"""What a year of relationships is made up for: accounts, regions, and who manages what."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from runtime.importing.crm_sales_opportunities import Imported
from runtime.importing.driving import CommandLine


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """An account that is registered, with the size it has for us."""

    account_id: str
    name: str
    manager_id: str
    """The employee who is to manage it: one who works here all the year."""
    region_id: str
    revenue_minor: int
    won_minor: int
    """What it has bought so far, in minor units of the ground's currency."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The accounts of one company, and the region all of theirs lie below."""

    root_id: str
    currency: str
    since: date
    """When regions, employees and accounts came into the ledger."""
    accounts: tuple[KnownAccount, ...]

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions the accounts are managed in, in alphabetical order."""
        return tuple(sorted({account.region_id for account in self.accounts}))


def ground_of_lines(
    lines: Iterable[CommandLine], *, root_id: str, currency: str, since: date
) -> Ground:
    """The accounts that ``lines`` register; whoever leaves hands theirs to who sells beside them.

    ``lines`` hire before they register, and open opportunities before they win them.
    """
    regions: dict[str, str] = {}
    accounts: dict[str, CommandLine] = {}
    opened: dict[str, CommandLine] = {}
    amounts: dict[str, int] = {}
    won: Counter[str] = Counter()
    gone: set[str] = set()
    for line in lines:
        match line["command"]:
            case "hire-employee":
                regions[str(line["employee_id"])] = str(line["region_id"])
            case "record-employee-left":
                gone.add(str(line["employee_id"]))
            case "register-account":
                accounts[str(line["account_id"])] = line
            case "open-opportunity":
                opened[str(line["opportunity_id"])] = line
                amounts[str(line["opportunity_id"])] = _minor(line["amount"])
            case "change-opportunity-amount":
                amounts[str(line["opportunity_id"])] = _minor(line["amount"])
            case "win-opportunity":
                deal = str(line["opportunity_id"])
                won[str(opened[deal]["account_id"])] += amounts[deal]
            case _:
                pass
    return Ground(
        root_id,
        currency,
        since,
        tuple(
            KnownAccount(
                account_id,
                str(line["name"]),
                manager_id,
                regions[manager_id],
                _minor(line["revenue"]),
                won[account_id],
            )
            for account_id, line in accounts.items()
            for manager_id in [_staying(str(line["owner_id"]), regions, gone)]
        ),
    )


def _minor(amount: object) -> int:
    assert isinstance(amount, dict)
    return int(amount["minor"])


def _staying(owner_id: str, regions: Mapping[str, str], gone: set[str]) -> str:
    if owner_id not in gone:
        return owner_id
    beside = (one for one, region in regions.items() if region == regions[owner_id])
    return next(one for one in beside if one not in gone)


def ground_of_history(found: Imported) -> Ground:
    """The accounts of an imported history, each managed by whoever won the most deals with it.

    An account nobody has sold to goes to the first agent.
    """
    accounts, agents, people = found.source.accounts, found.source.agents, found.people
    regions = {agent.name: agent.region_id for agent in agents}
    wins: dict[str, Counter[str]] = defaultdict(Counter)
    won: Counter[str] = Counter()
    for deal in found.source.deals:
        if deal.account is not None and deal.meaning == "won":
            wins[deal.account][deal.agent] += 1
            won[deal.account] += deal.amount_minor or 0
    nobody = Counter({agents[0].name: 1})
    managed = {
        account.name: min((wins[account.name] or nobody).items(), key=lambda one: (-one[1], one[0]))
        for account in accounts
    }
    return Ground(
        found.mapping.root_region.region_id,
        found.mapping.currency,
        found.since,
        tuple(
            KnownAccount(
                account.account_id,
                account.name,
                people[managed[account.name][0]],
                regions[managed[account.name][0]],
                account.revenue_minor or 0,
                won[account.name],
            )
            for account in accounts
        ),
    )
