"""What an employee looks after, from the read models: complete up to all that is recorded."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from commands.ports import Portfolio, ReadModelBehind
from readmodels import portfolio
from readmodels.reading import head, reading, wait_for_position
from readmodels.scope import COMPANY
from runtime.store.ledger_pool import LedgerPool

WAIT_S: Final = 3.0
"""How long the read models may take to come up with the log."""

FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "account": "account_ids",
        "opportunity": "opportunity_ids",
        "team_role": "team_account_ids",
        "contract": "contract_ids",
        "plan": "plan_ids",
        "plan_action": "plan_ids",
        "project": "project_ids",
        "follow_up": "interaction_ids",
        "task": "task_ids",
        "alert": "alert_ids",
        "approval": "approval_ids",
    }
)
"""The kind of what is looked after to the field of the command that hands it over."""


@dataclass(frozen=True, slots=True)
class ReadPortfolios:
    """The commands' `Portfolios` on the read models."""

    pool: LedgerPool

    async def held_by(self, employee_id: str) -> Portfolio:
        """All the employee looks after, as far as anything had been recorded when it was asked.

        Raises:
            ReadModelBehind: the read models do not come up with the log in time.
            StoreUnavailable: PostgreSQL could not be reached, or was lost on the way.
        """
        found = await asyncio.to_thread(self._records, employee_id)
        held: dict[str, tuple[str, ...]] = {}
        for kind, ids in sorted(found.items()):
            field = FIELDS[kind]
            held[field] = tuple(dict.fromkeys((*held.get(field, ()), *ids)))
        return held

    def _records(self, employee_id: str) -> Mapping[str, list[str]]:
        with self.pool.connection() as connection:
            if not wait_for_position(connection, portfolio.READS, head(connection), WAIT_S):
                raise ReadModelBehind("what was recorded is not in yet; ask again in a moment")
            with reading(connection, COMPANY):
                return portfolio.records(connection, employee_id)
