"""A year of relationships with accounts there are: the same for the same accounts and last day."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cached_property
from typing import Final, NamedTuple

from runtime.importing.relations.acts import DAYS, Act, Calendar, Script, steps
from runtime.importing.relations.fortunes import Fortune, fortune_of
from runtime.importing.relations.gains import claims, project
from runtime.importing.relations.ground import Ground, KnownAccount
from runtime.importing.relations.learning import learning
from runtime.importing.relations.people import people
from runtime.importing.relations.plans import plans
from runtime.importing.relations.promises import approval_id_of, contracts
from runtime.importing.relations.rules import rules
from runtime.importing.relations.scoring import scoring
from runtime.importing.relations.staff import Staff, hiring, staff_of
from runtime.importing.relations.standing import link, objectives, standing, team
from runtime.importing.relations.together import together
from runtime.importing.relations.turns import outcomes, turns
from runtime.importing.relations.voice import voice
from runtime.importing.relations.watching import watching
from runtime.importing.steps import Step

MADE: Final = {
    "register-contact": "contacts",
    "log-interaction": "interactions",
    "record-survey-answer": "survey answers",
    "draft-account-plan": "plans",
    "draft-contract": "contracts",
    "decide-approval": "decisions on approvals",
    "start-joint-project": "joint projects",
    "claim-value": "value claims",
    "record-account-outcome": "outcomes",
}
"""What to count of it, in a reader's words."""


class Waiting(NamedTuple):
    """An approval that waits for a director, and is not overdue on the last day."""

    account_id: str
    approval_id: str
    key_id: str
    """The key of that director."""


class RelationsYear:
    """The year that ends with ``last_on``; nothing in it asks for a clock or an outside file.

    Who approves does so under a key of their own; ``sha256_of`` says for the id of a key the hash
    of its secret.
    """

    def __init__(
        self, ground: Ground, last_on: date, *, sha256_of: Callable[[str], str], seed: int = 1
    ) -> None:
        self.ground = ground
        self._sha256_of = sha256_of
        self.calendar = Calendar(last_on)
        self._seed = seed

    def steps(self) -> tuple[Step, ...]:
        """Every command, in the order in which the steps are to be carried out."""
        return steps(self._acts(Script(self.ground, self.calendar, self._seed)))

    @cached_property
    def staff(self) -> Staff:
        """Who works for the accounts besides those who manage them."""
        return staff_of(Script(self.ground, self.calendar, self._seed))

    @property
    def waiting(self) -> Waiting:
        """An approval that waits, of the first account there is."""
        account, *_ = self.ground.accounts
        return Waiting(
            account.account_id,
            approval_id_of(account, 2),
            self.staff.by_region[account.region_id].director_key,
        )

    @property
    def falling(self) -> str:
        """An account that thinks less and less of us; the first one where none does."""
        script = Script(self.ground, self.calendar, self._seed)
        accounts = self.ground.accounts
        fates = ((fortune_of(script, number, one), one) for number, one in enumerate(accounts))
        found = (one for fortune, one in fates if fortune.way == "not_renewing")
        return next(found, accounts[0]).account_id

    def _acts(self, script: Script) -> Iterator[Act]:
        staff, accounts = self.staff, self.ground.accounts
        yield from hiring(script, staff, self._sha256_of)
        yield from rules(script, staff)
        yield from scoring(script, staff)
        yield from objectives(script)
        yield from learning(script)
        yield from watching(script)
        for number, account in enumerate(accounts):
            fortune = fortune_of(script, number, account)
            yield from _ours(script, fortune, self._around(script, number, account, fortune))
            yield from outcomes(script, number, account, fortune)
            if number % 12 == 1:
                yield link(script, account, accounts[number - 1])

    def _around(
        self, script: Script, number: int, account: KnownAccount, fortune: Fortune
    ) -> Iterator[Act]:
        staff = self.staff
        colleagues = (account.manager_id, *team(staff, number, account).values())
        yield from standing(script, staff, number, account)
        yield from people(script, number, account, fortune, colleagues)
        yield from together(script, number, account, fortune, colleagues)
        yield from voice(script, number, account, fortune)
        yield from plans(script, staff.by_region[account.region_id], number, account)
        yield from contracts(script, staff, number, account)
        yield from project(script, number, account, fortune, colleagues)
        yield from claims(script, number, account)
        yield from turns(script, number, account, fortune)


def _ours(script: Script, fortune: Fortune, acts: Iterable[Act]) -> Iterator[Act]:
    """Those of ``acts`` that take place while the account is ours."""
    last = DAYS if fortune.lost_on is None else fortune.lost_on
    last_on = script.calendar.day(last).isoformat()
    return (act for act in acts if str(act.line["occurred_at"])[:10] <= last_on)
