"""What follows from facts that rules notice: alerts, once for each cause."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from psycopg import Connection
from psycopg_pool import ConnectionPool

from aggregates.policies.condition import holds
from aggregates.refusals import Refusal
from aggregates.work.alert import alert_id
from commands.carry_out import Desk, carry_out
from commands.work.alert import RaiseAlert
from events.organization.calendar import DayClosed
from events.recorded import Recorded
from events.work.approval import SubjectFact
from projections.policies import PolicyInForceRow
from readmodels.alert_accounts import AlertAccount, accounts_of, managers_of
from readmodels.alert_causes import FOUND, LOOKED_AT, READS
from readmodels.alert_looking import Candidate, Looked
from readmodels.alert_rules import rules_in_force
from readmodels.alerts import raised
from readmodels.moment import EVER, Moment, end_of
from readmodels.reading import reading
from readmodels.scope import COMPANY
from replay.ports import LogSource
from runtime.reaction import Cursor, follow, read_models_reach, system_context

ALERTER: Final = "when_a_rule_notices_raise_alert"


@dataclass(frozen=True, slots=True)
class Alerter:
    """Raises an alert where a rule in force notices a fact, or what a day that is over leaves.

    It begins at the head of the log, and passes over what was imported. A cause is looked at as it
    was known when its fact was recorded, whatever has been recorded since; looked at again it
    gives the same alerts, each with the same id.
    """

    desk: Desk
    pool: ConnectionPool[Any]
    source: LogSource
    ledger: str
    zone: ZoneInfo
    clock: Callable[[], datetime]

    def run(self, stop: threading.Event) -> None:
        """Follow the log until ``stop``; the cursor moves only after the alerts are there."""
        cursor = Cursor(self.pool, ALERTER)
        looked_at = partial(self._looked_at, stop)
        follow(self.source, cursor, cursor.begin_at_head(), looked_at, stop)

    async def react_to(self, recorded: Recorded[Any]) -> int:
        """Raise what the fact is a cause of; returns how many alerts. None for an imported one.

        The read models of :data:`readmodels.alert_causes.READS` have folded it. What is refused by
        now is passed over.
        """
        if type(recorded.event) not in LOOKED_AT or recorded.envelope.imported:
            return 0
        with self.pool.connection() as connection, reading(connection, COMPANY):
            noticed = list(self._noticed(connection, recorded))
        count = 0
        for command in noticed:
            what = f"raise-alert {command.rule_id} {command.account_id} {command.cause}"
            context = system_context(
                self.ledger, self.zone, self.clock(), what, cause=recorded.envelope
            )
            with suppress(Refusal):
                receipt = await carry_out(self.desk, command, context)
                count += 0 if receipt.repeated or not receipt.events else 1
        return count

    def _looked_at(self, stop: threading.Event, recorded: Recorded[Any]) -> bool:
        """Whether the fact has been reacted to, and not ``stop`` come before it could be."""
        if type(recorded.event) in LOOKED_AT and not recorded.envelope.imported:
            if not read_models_reach(self.pool, READS, recorded.envelope.position, stop):
                return False
            asyncio.run(self.react_to(recorded))
        return True

    def _noticed(
        self, connection: Connection[Any], recorded: Recorded[Any]
    ) -> Iterator[RaiseAlert]:
        looked = self._looked(connection, recorded)
        causes = [name for name, cause in FOUND.items() if type(recorded.event) in cause.on]
        rules = rules_in_force(connection, looked.moment, looked.day, causes=causes)
        asked = [(rule.document["cause"], rule.document.get("window_days")) for rule in rules]
        for name, window_days in dict.fromkeys(asked):
            about = replace(looked, window_days=window_days)
            candidates = FOUND[name].find(about)
            accounts = accounts_of(
                connection, looked.moment, [found.account_id for found in candidates]
            )
            for rule, what in zip(rules, asked, strict=True):
                if what == (name, window_days):
                    yield from self._under(rule, about, candidates, accounts)

    def _under(
        self,
        rule: PolicyInForceRow,
        looked: Looked,
        candidates: Sequence[Candidate],
        accounts: Mapping[str, AlertAccount],
    ) -> Iterator[RaiseAlert]:
        """What one rule notices among ``candidates``, but for what it has noticed before."""
        met = _met(rule, candidates, accounts)
        if FOUND[rule.document["cause"]].stretch:
            met = _since_it_began(rule, looked, met, accounts)
        by_id = {
            alert_id(rule.policy_id, one.found.account_id, one.found.key): one
            for one in met.values()
        }
        known = raised(looked.connection, list(by_id))
        for found, facts in (one for identity, one in by_id.items() if identity not in known):
            yield RaiseAlert(
                rule_id=rule.policy_id,
                account_id=found.account_id,
                cause=found.key,
                caused_on=looked.day,
                events=(*found.events, looked.recorded.envelope.event_id),
                facts=tuple(SubjectFact(name=name, value=facts[name]) for name in sorted(facts)),
                manager_ids=managers_of(looked.connection, looked.moment, found.account_id),
            )

    def _looked(self, connection: Connection[Any], recorded: Recorded[Any]) -> Looked:
        known_at = recorded.envelope.recorded_at
        day: date
        if isinstance(recorded.event, DayClosed):
            day = recorded.event.day
            moment = Moment(end_of(day, self.zone), known_at)
        else:
            day = recorded.envelope.occurred_at.astimezone(self.zone).date()
            moment = Moment(EVER, known_at)
        return Looked(connection, recorded, moment, day, self.zone)


class _Noticed(NamedTuple):
    """A candidate for which a rule's condition holds, and what the condition saw."""

    found: Candidate
    facts: Mapping[str, Any]


_Met = Mapping[tuple[str, str], _Noticed]
"""By account and key."""


def _met(
    rule: PolicyInForceRow, candidates: Sequence[Candidate], accounts: Mapping[str, AlertAccount]
) -> _Met:
    """Those that are for the rule, and for which its condition holds."""
    region_id, when = rule.document["region_id"], rule.document["when"]
    met = {}
    for found in candidates:
        account = accounts.get(found.account_id)
        if account is None or region_id not in {None, *account.region_ids}:
            continue
        facts = {
            **found.facts,
            "account_class": account.account_class,
            "sector": account.sector,
        }
        if holds(when, facts):
            met[found.account_id, found.key] = _Noticed(found, facts)
    return met


def _since_it_began(
    rule: PolicyInForceRow, looked: Looked, met: _Met, accounts: Mapping[str, AlertAccount]
) -> _Met:
    """The same with the first day of the stretch in their keys: a stretch raises one alert.

    It goes back as long as the condition holds at the close of the day before.
    """
    find = FOUND[rule.document["cause"]].find
    first_day = dict.fromkeys(met, looked.day)
    day, going_on = looked.day, set(met)
    while going_on:
        day -= timedelta(days=1)
        about = looked.earlier(day, sorted({account_id for account_id, _ in going_on}))
        going_on &= _met(rule, find(about), accounts).keys()
        first_day.update(dict.fromkeys(going_on, day))
    return {
        where: _Noticed(
            one.found._replace(key=f"{one.found.key} since {first_day[where]}".strip()), one.facts
        )
        for where, one in met.items()
    }
