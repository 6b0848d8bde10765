"""What is noticed about Acme: rules, alerts and notices, a competitor, and what Ann has learnt."""

from datetime import date
from typing import Final

from aggregates.work.alert import alert_id
from events.accounts.account_outcome import AccountOutcomeRecorded, AccountOutcomeWithdrawn
from events.accounts.competitor import CompetitorEntered, CompetitorLeft
from events.organization.employee_training import EmployeeTrainingRecorded, EmployeeTrainingRevoked
from events.policies.alert_rule import AlertRule, AlertRuleActivated, AlertRuleDrafted
from events.policies.suggestion import SuggestedAction
from events.policies.white_space import (
    PeerRule,
    Recommendation,
    WhiteSpacePolicy,
    WhiteSpacePolicyActivated,
    WhiteSpacePolicyDrafted,
)
from events.work.alert import AlertAcknowledged, AlertRaised, AlertReassigned, AlertResolved
from events.work.approval import SubjectFact
from events.work.notice import NoticeRead, NoticeSent
from tests.examples.cast import ANN, BEA, UMA

TRAINED: Final = EmployeeTrainingRecorded(
    training_id="t1",
    employee_id=ANN,
    course_id="key_account_management",
    completed_on=date(2026, 1, 15),
    expires_on=date(2027, 1, 14),
    evidence="https://files.example/ann/certificate.pdf",
)
TRAINING_REVOKED: Final = EmployeeTrainingRevoked(
    training_id="t1", employee_id=ANN, reason="somebody else of that name"
)

COMPETITOR_CAME: Final = CompetitorEntered(
    entry_id="e1",
    account_id="acme",
    opportunity_id="1C1I7A6R",
    competitor="Globex",
    attacks="the service contract of the north plant",
    evidence="their offer lay on the table",
)
COMPETITOR_WENT: Final = CompetitorLeft(
    entry_id="e1", account_id="acme", reason="they could not deliver"
)

CHURNED: Final = AccountOutcomeRecorded(
    outcome_id="x1",
    account_id="acme",
    outcome="churned",
    occurred_on=date(2026, 2, 27),
    contract_id="c1",
    reason="they went to Globex",
)
CHURN_WITHDRAWN: Final = AccountOutcomeWithdrawn(
    outcome_id="x1", account_id="acme", reason="another Acme"
)


def action(kind: str) -> SuggestedAction:
    """Something to be done, such as a ``call``."""
    return SuggestedAction(kind=kind, text=f"Make a {kind}.")


OFFER: Final = WhiteSpacePolicy(
    recommendations=(
        Recommendation(
            recommendation_id="pro-for-strategic",
            product_id="gtx-pro",
            account_class="strategic",
            action=action("demonstration"),
        ),
    ),
    peers=PeerRule(share_from_bp=5_000, peers_from=2, action=action("call")),
    otherwise=action("note"),
)
OFFER_DRAFTED: Final = WhiteSpacePolicyDrafted(region_id="emea", version=1, document=OFFER)
OFFER_ACTIVATED: Final = WhiteSpacePolicyActivated(
    region_id="emea", version=1, effective_on=date(2026, 1, 1)
)

RULE: Final = AlertRule(
    name="A decision maker leaves",
    region_id="emea",
    cause="contact_left",
    when="role in ['decision_maker', 'executive_sponsor'] || influence >= 4",
    severity="high",
    actions=(action("call"),),
    due_days=7,
    notify=("account_manager", "regional_manager"),
)
RULE_DRAFTED: Final = AlertRuleDrafted(rule_id="r1", version=1, document=RULE)
RULE_ACTIVATED: Final = AlertRuleActivated(rule_id="r1", version=1, effective_on=date(2026, 1, 1))

SEEN: Final = (
    SubjectFact(name="account_class", value="none"),
    SubjectFact(name="influence", value=2),
    SubjectFact(name="role", value="decision_maker"),
    SubjectFact(name="sector", value="none"),
    SubjectFact(name="sentiment", value=3),
)
"""What a condition sees of a contact who leaves."""

CAUSE: Final = f"contact-{UMA}/10"
ALERT_ID: Final = alert_id("r1", "acme", CAUSE)
NOTICE_ID: Final = "7d6e0c1f-0000-5000-8000-000000000001"

RAISED: Final = AlertRaised(
    alert_id=ALERT_ID,
    account_id="acme",
    region_id="emea",
    cause="contact_left",
    caused_on=date(2026, 3, 1),
    events=(CAUSE,),
    facts=(
        SubjectFact(name="influence", value=4),
        SubjectFact(name="role", value="decision_maker"),
    ),
    rule_id="r1",
    rule_version=1,
    severity="high",
    actions=RULE.actions,
    due_on=date(2026, 3, 9),
    owner_id=ANN,
    notified_ids=(ANN, BEA),
)
ACKNOWLEDGED: Final = AlertAcknowledged(alert_id=ALERT_ID, account_id="acme", employee_id=ANN)
REASSIGNED: Final = AlertReassigned(alert_id=ALERT_ID, account_id="acme", owner_id=BEA)
RESOLVED: Final = AlertResolved(
    alert_id=ALERT_ID,
    account_id="acme",
    employee_id=BEA,
    outcome="handled",
    how="the successor was met",
)

NOTICED: Final = NoticeSent(
    notice_id=NOTICE_ID,
    employee_id=BEA,
    account_id="acme",
    subject_kind="alert",
    subject_id=ALERT_ID,
)
NOTICE_READ: Final = NoticeRead(notice_id=NOTICE_ID, employee_id=BEA)
