"""What an employee looks after, by folding every stream: what the read models must say, too."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from aggregates.accounts.account import ACCOUNT, Registered
from aggregates.accounts.account_team import ACCOUNT_TEAM, Team
from aggregates.accounts.interaction import INTERACTION, Logged
from aggregates.decider import Decider
from aggregates.pipeline.contract import CONTRACT, Written
from aggregates.pipeline.opportunity import OPPORTUNITY, Pursued
from aggregates.planning.account_plan import ACCOUNT_PLAN, Plan
from aggregates.planning.joint_project import JOINT_PROJECT, Running
from aggregates.planning.plan_action import open_actions
from aggregates.work.alert import ALERT, Raised
from aggregates.work.request import APPROVAL, Requested
from aggregates.work.task import TASK, Open
from events.event import Event
from events.policies.approval_route import NamedEmployee

FIELDS: Final[Mapping[str, tuple[str, Decider[Any, Any]]]] = {
    decider.category: (field, decider)
    for field, decider in (
        ("account_ids", ACCOUNT),
        ("opportunity_ids", OPPORTUNITY),
        ("team_account_ids", ACCOUNT_TEAM),
        ("contract_ids", CONTRACT),
        ("plan_ids", ACCOUNT_PLAN),
        ("project_ids", JOINT_PROJECT),
        ("interaction_ids", INTERACTION),
        ("task_ids", TASK),
        ("alert_ids", ALERT),
        ("approval_ids", APPROVAL),
    )
}


def held(told: Iterable[tuple[str, Event]], employee_id: str) -> dict[str, tuple[str, ...]]:
    """The records in which the employee has something to do after ``told``: streams and facts."""
    streams: dict[str, list[Event]] = defaultdict(list)
    for stream, event in told:
        streams[stream].append(event)
    found: dict[str, tuple[str, ...]] = {}
    for stream in sorted(streams):
        category, _, identity = stream.partition("-")
        if category not in FIELDS:
            continue
        field, decider = FIELDS[category]
        if employee_id in workers(decider.fold(streams[stream])):
            found[field] = (*found.get(field, ()), identity)
    return found


def workers(state: Any) -> set[str | None]:
    """Everybody who has something to do in a record in ``state``; nobody in one that ended."""
    found: set[str | None] = set()
    match state:
        case Registered() | Pursued() | Open() | Written() | Raised(resolved=None):
            found = {state.owner_id}
        case Plan():
            found = {state.owner_id, *(who for _, who in open_actions(state))}
        case Running():
            found = {person for party, person in state.members if party == "ours"}
        case Logged():
            waiting = [one for one in state.follow_ups if one.follow_up_id not in state.done]
            found = {one.owner_id for one in waiting}
        case Requested(ended=None):
            found = _asked(state)
        case Team():
            found = {*state.members.values()}
        case _:
            pass
    return found


def _asked(requested: Requested) -> set[str | None]:
    spent = {
        (one.step, place, one.on_behalf_of or one.employee_id)
        for one in requested.decisions
        for place in one.places
    }
    return {
        one.employee_id
        for number, step in enumerate(requested.steps, start=1)
        if number >= requested.step
        for place, one in enumerate((step.escalate_to, *step.approvers))
        if isinstance(one, NamedEmployee) and (number, place, one.employee_id) not in spent
    }
