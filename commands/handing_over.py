"""Handing over: every kind of record in which an employee may have something to do, a line each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from aggregates.accounts import portfolio
from aggregates.accounts.account import ACCOUNT, Account
from aggregates.accounts.account_team import ACCOUNT_TEAM, Team
from aggregates.accounts.interaction import INTERACTION
from aggregates.decider import Decider
from aggregates.pipeline.contract import CONTRACT
from aggregates.pipeline.opportunity import OPPORTUNITY, Opportunity
from aggregates.planning.account_plan import ACCOUNT_PLAN
from aggregates.planning.joint_project import JOINT_PROJECT
from aggregates.refusals import Invalid, Refusal, WrongState
from aggregates.work import hand_over
from aggregates.work.alert import ALERT
from aggregates.work.request import APPROVAL
from aggregates.work.task import TASK
from commands.look import Look
from commands.ports import Portfolio, Write
from events.event import Event

HANDED_OVER_MAX: Final = 500
"""How many records one command hands over at most."""


@dataclass(frozen=True, slots=True)
class HandOver:
    """From whom to whom; ``region_id`` is that of the accounts and opportunities from now on."""

    from_id: str
    to_id: str
    region_id: str

    @property
    def people(self) -> dict[str, str]:
        """From whom to whom."""
        return {"from_id": self.from_id, "to_id": self.to_id}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record."""

    decider: Decider[Any, Any]
    verb: Callable[[Any, str, HandOver], tuple[Event, ...]]
    """What hands over the record of this id."""


def _work(decider: Decider[Any, Any], verb: Callable[..., tuple[Event, ...]]) -> Kind:
    return Kind(decider, lambda state, _, given: verb(state, **given.people))


def _account(state: Account, account_id: str, given: HandOver) -> tuple[Event, ...]:
    return portfolio.hand_over_account(
        state, account_id=account_id, region_id=given.region_id, **given.people
    )


def _opportunity(state: Opportunity, opportunity_id: str, given: HandOver) -> tuple[Event, ...]:
    return portfolio.hand_over_opportunity(
        state, opportunity_id=opportunity_id, region_id=given.region_id, **given.people
    )


def _roles(state: Team, account_id: str, given: HandOver) -> tuple[Event, ...]:
    return portfolio.hand_over_roles(state, account_id=account_id, **given.people)


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "account_ids": Kind(ACCOUNT, _account),
        "opportunity_ids": Kind(OPPORTUNITY, _opportunity),
        "team_account_ids": Kind(ACCOUNT_TEAM, _roles),
        "contract_ids": _work(CONTRACT, hand_over.hand_over_contract),
        "plan_ids": _work(ACCOUNT_PLAN, hand_over.hand_over_plan),
        "project_ids": _work(JOINT_PROJECT, hand_over.hand_over_project),
        "interaction_ids": _work(INTERACTION, hand_over.hand_over_follow_ups),
        "task_ids": _work(TASK, hand_over.hand_over_task),
        "alert_ids": _work(ALERT, hand_over.hand_over_alert),
        "approval_ids": _work(APPROVAL, hand_over.hand_over_approval),
    }
)
"""By the field of the command, in the order in which they are handed over."""

GONE: Final = frozenset(
    {
        "alert-resolved",
        "approval-ended",
        "interaction-withdrawn",
        "not-in-portfolio",
        "opportunity-closed",
        "plan-closed",
        "project-closed",
        "task-ended",
    }
)
"""Why a record is nobody's to hand over any more, or somebody else's."""


def named(look: Look, ids: Portfolio, given: HandOver) -> tuple[Write, ...]:
    """What hands over the records that are named: all of them, or a refusal that says which not."""
    return tuple(
        write for field, one in _looked_at(look, ids) for write in _decided(look, field, one, given)
    )


def everything(look: Look, given: HandOver) -> tuple[Write, ...]:
    """What hands over all that ``given.from_id`` has.

    What has ended or changed hands since it was listed is passed over: it is not theirs any more.

    Raises:
        Invalid: ``portfolio-too-large``: more than can be handed over at once.
    """
    held = look.portfolio(given.from_id)
    count = sum(map(len, held.values()))
    if count > HANDED_OVER_MAX:
        raise Invalid(
            "portfolio-too-large",
            f"it holds {count} records; name up to {HANDED_OVER_MAX} at a time",
            field="from_id",
        )
    return tuple(
        write
        for field, one in _looked_at(look, held)
        for write in _if_still_theirs(look, field, one, given)
    )


def _looked_at(look: Look, ids: Portfolio) -> list[tuple[str, str]]:
    """Each record once, with its field, when all have been looked at.

    A handler begins anew with every stream that is not in memory: what is dear comes after.
    """
    found = [(field, one) for field in KINDS for one in dict.fromkeys(ids.get(field, ()))]
    for field, one in found:
        look(KINDS[field].decider, one)
    return found


def _decided(look: Look, field: str, one: str, given: HandOver) -> tuple[Write, ...]:
    """What hands over ``one``; a refusal says which record it is about, and in which field."""
    kind = KINDS[field]
    try:
        return look.decide(kind.decider, one, kind.verb, one, given).writes
    except Refusal as refused:
        raise type(refused)(refused.rule, f"{one}: {refused.detail}", field=field) from refused


def _if_still_theirs(look: Look, field: str, one: str, given: HandOver) -> tuple[Write, ...]:
    try:
        return _decided(look, field, one, given)
    except WrongState as refused:
        if refused.rule not in GONE:
            raise
        return ()
