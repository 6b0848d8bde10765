"""Alerts, notices, competitors, trainings and white space as commands: what must exist, and who."""

from datetime import date, timedelta
from typing import Any, Final

import pytest

from aggregates.refusals import NotAllowed, Refusal
from aggregates.work.alert import alert_id
from commands.accounts.account import RegisterAccount
from commands.accounts.competitor import RecordCompetitor, RecordCompetitorLeft
from commands.command import Command
from commands.organization.employee import RecordEmployeeLeft
from commands.organization.employee_training import RecordTraining, RevokeTraining
from commands.pipeline.product import RetireProduct
from commands.policies.alert_rule import ActivateAlertRule, DraftAlertRule
from commands.policies.white_space import ActivateWhiteSpacePolicy, DraftWhiteSpacePolicy
from commands.work.alert import AcknowledgeAlert, RaiseAlert, ReassignAlert, ResolveAlert
from commands.work.notice import MarkNoticeRead
from commands.work.task import CompleteTask
from events.policies.alert_rule import AlertRule
from events.policies.white_space import Recommendation
from events.work.alert import AlertRaised
from events.work.notice import NoticeSent
from events.work.task import TaskOpened, TaskRule, TaskSubject
from tests.commands.company import LONG_AGO, OPEN, company
from tests.commands.office import Office
from tests.examples.cast import ANN, BEA, CARL, DORA, NOON
from tests.examples.warnings import OFFER, RULE, SEEN, action

NONE: Final = "99999999-9999-4999-8999-999999999999"
TODAY: Final = NOON.date()
BOTH: Final = ("account_manager", "regional_manager")
ANNS: Final = RegisterAccount(account_id="anns", name="Ann's", owner_id=ANN)
DORAS: Final = RegisterAccount(account_id="free", name="Free", region_id="dach")
WHEREVER: Final = RULE.model_copy(update={"region_id": None})
RAISE: Final = RaiseAlert(
    rule_id="r1",
    account_id="anns",
    cause="contact-1/9",
    caused_on=TODAY,
    events=("contact-1/9",),
    facts=SEEN,
    manager_ids=(BEA,),
)
ALERT: Final = alert_id("r1", "anns", "contact-1/9")


def ruled(rule: AlertRule = RULE, *more: Command) -> Office:
    """A company with accounts of Ann's and of nobody's, and a rule in force."""
    return company(
        ANNS,
        DORAS,
        DraftAlertRule(rule_id="r1", document=rule),
        ActivateAlertRule(rule_id="r1", version=1, effective_on=date(2026, 1, 1)),
        *more,
    )


def raised(office: Office, **other: Any) -> AlertRaised:
    """What is raised when this is asked for."""
    command = RAISE.model_copy(update=other)
    office.ask(command)
    identity = alert_id("r1", command.account_id, command.cause)
    (fact,) = office.facts(f"alert-{identity}")
    assert isinstance(fact, AlertRaised)
    return fact


def refusal(office: Office, command: Command) -> Refusal:
    with pytest.raises(Refusal) as refused:
        office.ask(command)
    return refused.value


def test_an_alert_says_its_rule_its_cause_and_what_to_do() -> None:
    """KAM-20, KAM-21."""
    office = ruled()
    fact = raised(office)
    assert (fact.rule_id, fact.rule_version, fact.cause) == ("r1", 1, "contact_left")
    assert (fact.events, fact.actions) == (("contact-1/9",), RULE.actions)
    assert fact.due_on == TODAY + timedelta(days=RULE.due_days)
    assert office.policies(f"alert-{ALERT}") == {"alert_rule-r1": 1}


def test_the_account_manager_is_accountable_and_both_managers_have_a_notice() -> None:
    office = ruled()
    receipt = office.ask(RAISE)
    fact = raised(office)
    assert (fact.owner_id, fact.notified_ids) == (ANN, (ANN, BEA))
    told = [office.facts(ref.event_id.partition("/")[0]) for ref in receipt.events[2:]]
    assert [one.employee_id for (one,) in told if isinstance(one, NoticeSent)] == [ANN, BEA]
    assert office.ask(RAISE).events == ()


def test_an_alert_is_a_task_of_whoever_is_accountable() -> None:
    """KAM-21: its first suggestion, due when the alert is, by the rule it came from."""
    office = ruled()
    fact = raised(office)
    (opened,) = office.facts(f"task-{ALERT}")
    assert isinstance(opened, TaskOpened)
    assert (opened.owner_id, opened.due_on, opened.title) == (
        ANN,
        fact.due_on,
        RULE.actions[0].text,
    )
    assert opened.rule == TaskRule(rule_id="r1", version=1)
    assert opened.subject == TaskSubject(kind="alert", record_id=ALERT)


def test_nobodys_alert_becomes_a_task_when_it_is_given_to_somebody() -> None:
    office = ruled()
    of_nobody = {"account_id": "free", "manager_ids": ()}
    identity = raised(office, **of_nobody).alert_id
    assert office.facts(f"task-{identity}") == []
    office.ask(ReassignAlert(alert_id=identity, owner_id=CARL))
    (opened,) = office.facts(f"task-{identity}")
    assert isinstance(opened, TaskOpened)
    assert opened.owner_id == CARL


@pytest.mark.parametrize(
    ("outcome", "ended"),
    [
        ("handled", "task.completed"),
        ("no_action_needed", "task.cancelled"),
        ("false_alarm", "task.cancelled"),
    ],
)
def test_the_task_goes_with_the_alert(outcome: Any, ended: str) -> None:
    office = ruled()
    raised(office)
    office.ask_all(
        ReassignAlert(alert_id=ALERT, owner_id=BEA),
        ResolveAlert(alert_id=ALERT, employee_id=BEA, outcome=outcome, how="met"),
    )
    told = [fact.NAME for fact in office.facts(f"task-{ALERT}")]
    assert told == ["task.opened", "task.reassigned", ended]


def test_a_task_that_has_ended_stays_so() -> None:
    office = ruled()
    raised(office)
    office.ask_all(
        CompleteTask(task_id=ALERT),
        ReassignAlert(alert_id=ALERT, owner_id=BEA),
        ResolveAlert(alert_id=ALERT, employee_id=BEA, outcome="false_alarm", how="met"),
    )
    told = [fact.NAME for fact in office.facts(f"task-{ALERT}")]
    assert told == ["task.opened", "task.completed"]


@pytest.mark.parametrize(
    ("account", "managers", "owner"),
    [
        ("free", (BEA,), BEA),
        ("free", (DORA, BEA), BEA),  # Dora has left
        ("free", (), None),
        ("anns", (), ANN),
    ],
)
def test_without_an_account_manager_whoever_manages_the_region_is_accountable(
    account: str, managers: tuple[str, ...], owner: str | None
) -> None:
    assert raised(ruled(), account_id=account, manager_ids=managers).owner_id == owner


def test_an_account_manager_who_has_left_is_not_accountable() -> None:
    office = ruled(RULE, RecordEmployeeLeft(employee_id=ANN))
    assert raised(office).owner_id == BEA


@pytest.mark.parametrize(
    ("notify", "told"),
    [((), ()), (("account_manager",), (ANN,)), (("regional_manager",), (BEA,)), (BOTH, (ANN, BEA))],
)
def test_whom_the_rule_names_is_told(notify: Any, told: tuple[str, ...]) -> None:
    rule = RULE.model_copy(update={"notify": notify})
    assert raised(ruled(rule)).notified_ids == told


def test_who_is_both_managers_is_told_once() -> None:
    assert raised(ruled(), manager_ids=(ANN, BEA)).notified_ids == (ANN, BEA)


def test_a_rule_is_in_force_for_its_region_and_below() -> None:
    assert raised(ruled(RULE.model_copy(update={"region_id": "dach"})))
    assert raised(ruled(WHEREVER), account_id="acme")
    far = RULE.model_copy(update={"region_id": "apac"})
    found = refusal(ruled(far), RAISE)
    assert (found.rule, found.field) == ("alert-rule-not-in-force", "rule_id")
    without_region = RAISE.model_copy(update={"account_id": "acme"})
    assert refusal(ruled(), without_region).rule == "alert-rule-not-in-force"


def test_a_rule_that_is_only_drafted_raises_nothing() -> None:
    office = company(ANNS, DraftAlertRule(rule_id="r1", document=RULE))
    assert refusal(office, RAISE).rule == "alert-rule-not-in-force"


def test_the_version_is_the_one_in_force_on_the_day_of_the_cause() -> None:
    stricter = RULE.model_copy(update={"when": "influence > 4", "severity": "low"})
    office = ruled(
        RULE,
        DraftAlertRule(rule_id="r1", document=stricter),
        ActivateAlertRule(rule_id="r1", version=2, effective_on=TODAY),
    )
    assert refusal(office, RAISE).rule == "alert-condition-not-met"
    assert raised(office, caused_on=TODAY - timedelta(days=1)).rule_version == 1


def test_whoever_is_accountable_takes_an_alert_up_and_resolves_it() -> None:
    office = ruled()
    raised(office)
    resolve = ResolveAlert(alert_id=ALERT, employee_id=BEA, outcome="handled", how="met")
    take_up = AcknowledgeAlert(alert_id=ALERT, employee_id=BEA)
    for command in (take_up, resolve):
        assert isinstance(refusal(office, command), NotAllowed)
    office.ask_all(ReassignAlert(alert_id=ALERT, owner_id=BEA), take_up, resolve)
    told = [fact.NAME for fact in office.facts(f"alert-{ALERT}")]
    assert told == ["alert.raised", "alert.reassigned", "alert.acknowledged", "alert.resolved"]


@pytest.mark.parametrize(
    ("command", "rule", "field"),
    [
        (ReassignAlert(alert_id=ALERT, owner_id=NONE), "unknown-employee", "owner_id"),
        (ReassignAlert(alert_id=ALERT, owner_id=DORA), "employee-not-active", "owner_id"),
        (AcknowledgeAlert(alert_id=ALERT), "person-missing", "employee_id"),
        (
            ResolveAlert(alert_id="none", employee_id=ANN, outcome="handled", how="met"),
            "unknown-alert",
            "alert_id",
        ),
        (MarkNoticeRead(notice_id="none", employee_id=ANN), "unknown-notice", "notice_id"),
        (MarkNoticeRead(notice_id="none"), "person-missing", "employee_id"),
        (RAISE.model_copy(update={"account_id": "none"}), "unknown-account", "account_id"),
    ],
)
def test_what_an_alert_names_exists(command: Command, rule: str, field: str) -> None:
    office = ruled()
    raised(office)
    found = refusal(office, command)
    assert (found.rule, found.field) == (rule, field)


def test_the_region_of_a_rule_exists() -> None:
    nowhere = RULE.model_copy(update={"region_id": "none"})
    found = refusal(company(), DraftAlertRule(rule_id="r1", document=nowhere))
    assert (found.rule, found.field) == ("unknown-region", "document.region_id")


ENTER: Final = RecordCompetitor(
    entry_id="e1", account_id="acme", competitor="Globex", attacks="the service contract"
)


@pytest.mark.parametrize(
    ("other", "rule", "field"),
    [
        ({"account_id": "none"}, "unknown-account", "account_id"),
        ({"opportunity_id": "none"}, "unknown-opportunity", "opportunity_id"),
        ({"account_id": "anns", "opportunity_id": "o1"}, "other-account", "opportunity_id"),
    ],
)
def test_what_a_competitor_attacks_exists(other: dict[str, str], rule: str, field: str) -> None:
    office = company(ANNS, OPEN)
    found = refusal(office, ENTER.model_copy(update=other))
    assert (found.rule, found.field) == (rule, field)
    office.ask_all(
        ENTER.model_copy(update={"opportunity_id": "o1"}),
        RecordCompetitorLeft(entry_id="e1", reason="gave up"),
    )


def test_a_training_is_that_of_somebody_who_works_here_or_did() -> None:
    """KAM-27."""
    trained = RecordTraining(
        training_id="t1", employee_id=DORA, course_id="c1", completed_on=LONG_AGO.date()
    )
    office = company(trained, RevokeTraining(training_id="t1", reason="was not there"))
    assert len(office.facts("employee_training-t1")) == 2
    unknown = trained.model_copy(update={"training_id": "t2", "employee_id": NONE})
    assert refusal(office, unknown).field == "employee_id"


def test_a_recommended_product_is_on_the_list() -> None:
    offered = Recommendation(recommendation_id="one", product_id="gtx", action=action("call"))
    document = OFFER.model_copy(update={"recommendations": (offered,)})
    draft = DraftWhiteSpacePolicy(region_id="emea", document=document)
    office = company(draft)
    office.ask(RetireProduct(product_id="gtx"))
    again = document.model_copy(update={"peers": None})
    found = refusal(office, draft.model_copy(update={"document": again}))
    assert (found.rule, found.field) == ("product-retired", "document.recommendations")


@pytest.mark.parametrize(
    "command",
    [
        DraftWhiteSpacePolicy(
            region_id="none", document=OFFER.model_copy(update={"recommendations": ()})
        ),
        ActivateWhiteSpacePolicy(region_id="none", version=1, effective_on=TODAY),
    ],
)
def test_the_region_of_a_policy_exists(command: Command) -> None:
    found = refusal(company(), command)
    assert (found.rule, found.field) == ("unknown-region", "region_id")


def test_somebody_far_away_may_be_made_accountable() -> None:
    office = ruled()
    raised(office)
    assert office.ask(ReassignAlert(alert_id=ALERT, owner_id=CARL)).version == 2
