"""What can be asked of alerts; keyledger itself raises them."""

from datetime import timedelta
from uuid import UUID, uuid5

from aggregates.accounts import account
from aggregates.accounts.account import ACCOUNT
from aggregates.organization import employee
from aggregates.organization.employee import EMPLOYEE, Active
from aggregates.policies.alert_rule import ALERT_RULE, CAUSES
from aggregates.refusals import WrongState
from aggregates.work import alert, notice, task
from aggregates.work.alert import ALERT, alert_id
from aggregates.work.notice import NOTICE
from aggregates.work.task import TASK, Open, Unopened
from commands.acting import person_asking
from commands.command import Command, Day
from commands.look import Decided, Look
from commands.organization.region import regions_from
from commands.ports import Write
from events.policies.alert_rule import AlertRule
from events.values import Id, Name, PersonId, Reason
from events.work.alert import AlertRaised, AlertResolved, EventId, Outcome
from events.work.approval import SubjectFact
from events.work.notice import NoticeSent
from events.work.task import TaskOpened, TaskRule, TaskSubject


class RaiseAlert(Command):
    """Raise what a rule has noticed about an account; only keyledger itself asks for it."""

    rule_id: Id
    account_id: Id
    cause: Name
    """What names the fact, or the stretch of time, that was noticed: one alert for each."""
    caused_on: Day
    events: tuple[EventId, ...]
    facts: tuple[SubjectFact, ...]
    manager_ids: tuple[PersonId, ...]
    """Who manages sales in the account's region, or the nearest above that has anybody."""


class AcknowledgeAlert(Command):
    """Take up an alert one is accountable for; a program of its own names the employee."""

    alert_id: Id
    employee_id: PersonId | None = None


class ReassignAlert(Command):
    """Have another employee be accountable for an alert."""

    alert_id: Id
    owner_id: PersonId


class ResolveAlert(Command):
    """Say how an alert one is accountable for ended; a program of its own names the employee."""

    alert_id: Id
    employee_id: PersonId | None = None
    outcome: Outcome
    how: Reason


def raise_alert(command: RaiseAlert, look: Look) -> Decided:
    """Raise it under the version in force on the day of the cause, with a notice for whom it names.

    The account manager is accountable, and has a task of it; where there is none, the first who
    manages the region.
    """
    found = account.existing(look(ACCOUNT, command.account_id), field="account_id")
    version, rule = _in_force(command, look, found.region_id)
    assert {one.name for one in command.facts} == CAUSES[rule.cause].keys(), rule.cause
    look.under(ALERT_RULE.stream(command.rule_id), version)
    managers = _working(look, *command.manager_ids)
    owners = _working(look, found.owner_id) or managers
    told = {"account_manager": owners[:1], "regional_manager": managers}
    notified = tuple(dict.fromkeys(one for kind in rule.notify for one in told[kind]))
    identity = alert_id(command.rule_id, command.account_id, command.cause)
    fact = AlertRaised(
        alert_id=identity,
        account_id=command.account_id,
        region_id=found.region_id,
        cause=rule.cause,
        caused_on=command.caused_on,
        events=command.events,
        facts=command.facts,
        rule_id=command.rule_id,
        rule_version=version,
        severity=rule.severity,
        actions=rule.actions,
        due_on=look.context.today + timedelta(days=rule.due_days),
        owner_id=owners[0] if owners else None,
        notified_ids=notified,
    )
    raised = look.begin(ALERT, identity, alert.raise_alert, fact=fact, when=rule.when)
    if not raised.writes:
        return raised
    opened = () if fact.owner_id is None else _opened(look, fact, fact.owner_id)
    return Decided(raised.stream, (*raised.writes, *opened, *_notices(look, fact)))


def acknowledge_alert(command: AcknowledgeAlert, look: Look) -> Decided:
    """Acknowledge it."""
    employee_id = person_asking(look, command.employee_id, field="employee_id")
    return look.decide(ALERT, command.alert_id, alert.acknowledge, employee_id=employee_id)


def reassign_alert(command: ReassignAlert, look: Look) -> Decided:
    """Reassign it, and its task while that is open; the new owner must work here."""
    employee.active(look(EMPLOYEE, command.owner_id), field="owner_id")
    decided = look.decide(ALERT, command.alert_id, alert.reassign, owner_id=command.owner_id)
    if not decided.writes:
        return decided
    match look(TASK, command.alert_id):
        case Open():
            given = look.decide(TASK, command.alert_id, task.reassign, owner_id=command.owner_id)
            return Decided(decided.stream, (*decided.writes, *given.writes))
        case Unopened():
            fact = alert.existing(look(ALERT, command.alert_id))
            opened = _opened(look, fact, command.owner_id)
            return Decided(decided.stream, (*decided.writes, *opened))
        case _:
            return decided


def resolve_alert(command: ResolveAlert, look: Look) -> Decided:
    """Resolve it, and with it its task: done where something was done about the alert."""
    fact = AlertResolved(
        alert_id=command.alert_id,
        account_id=alert.existing(look(ALERT, command.alert_id)).account_id,
        employee_id=person_asking(look, command.employee_id, field="employee_id"),
        outcome=command.outcome,
        how=command.how,
    )
    decided = look.decide(ALERT, command.alert_id, alert.resolve, fact=fact)
    if not decided.writes or not isinstance(look(TASK, command.alert_id), Open):
        return decided
    if command.outcome == "handled":
        ended = look.decide(TASK, command.alert_id, task.complete)
    else:
        ended = look.decide(TASK, command.alert_id, task.cancel, reason=command.how)
    return Decided(decided.stream, (*decided.writes, *ended.writes))


def _opened(look: Look, fact: AlertRaised, owner_id: str) -> tuple[Write, ...]:
    """The task of an alert, under the same id: its first suggestion, done by the day it is due."""
    opened = TaskOpened(
        task_id=fact.alert_id,
        title=fact.actions[0].text,
        account_id=fact.account_id,
        subject=TaskSubject(kind="alert", record_id=fact.alert_id),
        owner_id=owner_id,
        due_on=fact.due_on,
        opened_by=None,
        rule=TaskRule(rule_id=fact.rule_id, version=fact.rule_version),
    )
    return look.begin(TASK, fact.alert_id, task.open_task, fact=opened).writes


def _in_force(command: RaiseAlert, look: Look, region_id: str | None) -> tuple[int, AlertRule]:
    in_force = look(ALERT_RULE, command.rule_id).in_force(command.caused_on)
    if in_force is not None:
        of = in_force[1].region_id
        if of is None or of in regions_from(look, region_id, field="account_id"):
            return in_force
    raise WrongState("alert-rule-not-in-force", "no version holds for the account", field="rule_id")


def _working(look: Look, *employee_ids: str | None) -> tuple[str, ...]:
    """Those who work here."""
    return tuple(
        one for one in employee_ids if one is not None and isinstance(look(EMPLOYEE, one), Active)
    )


def _notices(look: Look, fact: AlertRaised) -> tuple[Write, ...]:
    facts = [
        NoticeSent(
            notice_id=str(uuid5(UUID(fact.alert_id), employee_id)),
            employee_id=employee_id,
            account_id=fact.account_id,
            subject_kind="alert",
            subject_id=fact.alert_id,
        )
        for employee_id in fact.notified_ids
    ]
    return tuple(
        write
        for sent in facts
        for write in look.begin(NOTICE, sent.notice_id, notice.send, fact=sent).writes
    )
