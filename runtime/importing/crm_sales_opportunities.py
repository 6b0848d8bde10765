"""Imports the CRM Sales Opportunities data set: four CSV files, driven in through commands."""

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from runtime.importing import crm_commands as commands
from runtime.importing.crm_commands import History, Person, Placed
from runtime.importing.crm_source import R, Source, first_and_last, read_source, steps
from runtime.importing.driving import (
    Answer,
    CommandClient,
    CommandLine,
    DoorClosed,
    Progress,
    Record,
    drive,
)
from runtime.importing.mapping import COLUMNS, Mapping, read_mapping
from runtime.importing.reading import Line, RowRejected
from runtime.importing.rows import (
    Account,
    Agent,
    Deal,
    Product,
)
from runtime.importing.tally import Summary, Tally, write_rejects

_TEAMS, _PRODUCTS, _ACCOUNTS, _PIPELINE = COLUMNS
_STREAM_OF_A_PERSON: Final = "employee-"


def import_crm(
    directory: Path,
    *,
    client: CommandClient,
    mapping_path: Path | None,
    rejects_path: Path,
    progress: Progress,
) -> Summary:
    """Import the files in ``directory``; a run after another one records nothing new.

    ``mapping_path`` of ``None`` takes the mapping that comes with keyledger. Rows that cannot be
    imported are written to ``rejects_path`` with their line number and the code of the rule.

    Raises:
        SourceUnreadable: a file or the mapping cannot be read; nothing was imported.
        DoorClosed: the server did not answer, or refused what everything rests on. Run it again:
            it goes on where it was.
    """
    tally = Tally()
    # Written at once, so that a place where nothing can be written shows before the import.
    write_rejects(rejects_path, ())
    mapping = read_mapping(mapping_path)
    source = read_source(directory, mapping, tally)
    history = History(mapping, *first_and_last(source.deals))
    run = _Run(client, history, tally, progress, steps(source))
    try:
        agents = run.structure(source.agents)
        people = run.people(agents)
        products = run.products(source.products)
        accounts = run.accounts(source.accounts)
        run.deals(source.deals, agents, people, products, accounts)
    finally:
        write_rejects(rejects_path, tally.summary().rejects)
    return tally.summary()


@dataclass(frozen=True, slots=True)
class Imported:
    """A source that is in the ledger, and the ids its people have there."""

    mapping: Mapping
    source: Source
    people: Map[str, str]
    """Managers and agents by name."""
    since: date
    """When the source begins."""


def imported(directory: Path, *, client: CommandClient) -> Imported:
    """What an import of ``directory`` with the mapping of keyledger brought in.

    Its people are hired once more, which answers who they are and records nothing.

    Raises:
        SourceUnreadable, DoorClosed: as :func:`import_crm`.
    """
    tally, mapping = Tally(), read_mapping(None)
    source = read_source(directory, mapping, tally)
    history = History(mapping, *first_and_last(source.deals))
    run = _Run(client, history, tally, lambda _, __: None, 0)
    return Imported(mapping, source, run.people(source.agents), history.first_on)


@dataclass(slots=True)
class _Run:
    """One import under way."""

    client: CommandClient
    history: History
    tally: Tally
    progress: Progress
    steps: int
    done: int = field(default=0)

    def structure(self, agents: Sequence[Agent]) -> tuple[Agent, ...]:
        """The regions and the sales process; returns the agents whose office is one of them."""
        offices = {agent.region_id: agent.line.cells["regional_office"] for agent in agents}
        self._must(commands.root_region(self.history))
        refused: dict[str, RowRejected] = {}
        for region_id, office in offices.items():
            line = commands.office_region(self.history, region_id, office)
            (answer,) = self.client.carry_out([line])
            if answer.refused:
                refused[region_id] = _rejected("open-region", answer)
            self._tell(1)
        self._must(*commands.sales_process(self.history))
        return self._without(agents, lambda agent: refused.get(agent.region_id))

    def _without(
        self, agents: Sequence[Agent], why: Callable[[Agent], RowRejected | None]
    ) -> tuple[Agent, ...]:
        """The agents for whom there is no reason to reject them; the others are told."""
        kept = []
        for agent in agents:
            rejected = why(agent)
            if rejected is None:
                kept.append(agent)
            else:
                self.tally.reject(agent.line, rejected)
        return tuple(kept)

    def people(self, agents: Sequence[Agent]) -> Map[str, str]:
        """The ids of managers and agents by name; managers first, in the office of their agents."""
        roles = self.history.mapping.roles
        offices: dict[str, str] = {}
        for agent in agents:
            if agent.manager:
                offices.setdefault(agent.manager, agent.region_id)
        managers = [
            Person(name, region_id, None, (roles.manager,)) for name, region_id in offices.items()
        ]
        # Who manages and sells as well is hired once, and their own row is counted with that.
        own = {agent.name: agent for agent in agents}
        ids, refused = self._hire([(person, own.get(person.name)) for person in managers])
        kept = self._without(
            [agent for agent in agents if agent.name not in offices],
            lambda agent: refused.get(agent.manager or ""),
        )
        team = [
            (Person(a.name, a.region_id, ids.get(a.manager or ""), (roles.agent,)), a) for a in kept
        ]
        return {**ids, **self._hire(team)[0]}

    def _hire(
        self, people: Sequence[tuple[Person, Agent | None]]
    ) -> tuple[dict[str, str], dict[str, RowRejected]]:
        """The ids of those who are hired now, and why the others are not, by name."""
        records = [Record(one, commands.hired(self.history, one[0])) for one in people]
        ids: dict[str, str] = {}
        refused: dict[str, RowRejected] = {}
        for outcome in drive(self.client, records, self._tell):
            person, agent = outcome.record.origin
            refusal = outcome.refusal
            if refusal is None:
                ids[person.name] = str(outcome.answers[0].stream).removeprefix(_STREAM_OF_A_PERSON)
            else:
                refused[person.name] = _rejected(*refusal)
            if agent is not None:
                self._count(agent.line, refused.get(person.name), repeated=outcome.repeated)
        return ids, refused

    def products(self, products: Sequence[Product]) -> Map[str, str]:
        """The ids of the products by name."""
        taken = self._drive(products, lambda product: commands.listed(self.history, product))
        return {product.name: product.product_id for product in taken}

    def accounts(self, accounts: Sequence[Account]) -> Map[str, str]:
        """The ids of the accounts by name; parent companies come before their subsidiaries."""
        ids: dict[str, str] = {}
        waiting = list(accounts)
        while waiting:
            names = {account.name for account in waiting}
            ready = [account for account in waiting if account.parent not in names]
            for account in () if ready else waiting:
                self.tally.reject(
                    account.line, RowRejected("account-cycle", "its parents form a circle")
                )
            taken = self._drive(self._with_parent(ready, ids), self._registered(ids))
            ids.update({account.name: account.account_id for account in taken})
            waiting = [account for account in waiting if ready and account not in ready]
        return ids

    def _with_parent(self, accounts: Iterable[Account], ids: Map[str, str]) -> list[Account]:
        found = []
        for account in accounts:
            if account.parent is None or account.parent in ids:
                found.append(account)
            else:
                detail = f"the parent {account.parent} is not among the accounts imported"
                self.tally.reject(account.line, RowRejected("unknown-parent", detail))
        return found

    def _registered(self, ids: Map[str, str]) -> Callable[[Account], tuple[CommandLine, ...]]:
        return lambda account: commands.registered(
            self.history, account, ids[account.parent] if account.parent else None
        )

    def deals(
        self,
        deals: Sequence[Deal],
        agents: Sequence[Agent],
        people: Map[str, str],
        products: Map[str, str],
        accounts: Map[str, str],
    ) -> None:
        """The opportunities, each where its agent, product and account are known."""
        regions = {agent.name: agent.region_id for agent in agents if agent.name in people}
        placed: dict[int, Placed] = {}
        for deal in deals:
            try:
                placed[deal.line.number] = Placed(
                    _known(products, deal.product, "product"),
                    _known(people, deal.agent, "agent"),
                    _known(regions, deal.agent, "agent"),
                    _known(accounts, deal.account, "account") if deal.account else None,
                )
            except RowRejected as rejected:
                self.tally.reject(deal.line, rejected)
        taken = self._drive(
            [deal for deal in deals if deal.line.number in placed],
            lambda deal: commands.pursued(self.history, deal, placed[deal.line.number]),
        )
        self.tally.without_account = sum(deal.account is None for deal in taken)

    def _drive(self, rows: Sequence[R], lines: Callable[[R], tuple[CommandLine, ...]]) -> list[R]:
        """The rows of ``rows`` that are in the ledger now."""
        taken = []
        for outcome in drive(self.client, [Record(row, lines(row)) for row in rows], self._tell):
            row, refusal = outcome.record.origin, outcome.refusal
            if refusal is None:
                taken.append(row)
                self._count(row.line, None, repeated=outcome.repeated)
            else:
                self._count(row.line, _rejected(*refusal), repeated=False)
        return taken

    def _count(self, line: Line, rejected: RowRejected | None, *, repeated: bool) -> None:
        if rejected is None:
            self.tally.accept(line, repeated=repeated)
        else:
            self.tally.reject(line, rejected)

    def _must(self, *lines: CommandLine) -> None:
        for answer in self.client.carry_out(lines):
            if answer.refused:
                raise DoorClosed(f"what the import rests on was refused: {answer.detail}")
        self._tell(1)

    def _tell(self, records: int) -> None:
        self.done += records
        self.progress(self.done, self.steps)


def _rejected(command: str, answer: Answer) -> RowRejected:
    return RowRejected(answer.rule or "refused", f"{command}: {answer.detail}")


def _known(ids: Map[str, str], name: str, what: str) -> str:
    if name not in ids:
        raise RowRejected(f"unknown-{what}", f"the {what} {name} is not among those imported")
    return ids[name]
