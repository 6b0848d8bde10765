"""The doors of alerts and their rules, and of the notices that wait for somebody."""

from collections.abc import Collection
from typing import Annotated, Any, Final

from fastapi import Query
from starlette.responses import Response

from api.alert_answers import (
    AlertAnswer,
    AlertHappening,
    AlertItem,
    AlertRuleItem,
    AlertRulesPage,
    AlertsPage,
    EventPart,
    NoticeAlert,
    NoticeItem,
    NoticesPage,
    RulePart,
)
from api.openapi import of_list, of_one
from api.pages import as_json, as_page
from api.problems import Problem
from api.questions import AskedOfList, AskedOfOne, asking, questions
from commands.policies.alert_rule import causes
from events.values import Id, PersonId
from readmodels import alert_rules, alerts, notices
from readmodels.alerts import AlertSelection, AlertSeverity, AlertState

ROUTER: Final = questions()

_TOLD: Final = frozenset(AlertItem.model_fields)
_TOLD_OF_NOTICE: Final = frozenset(NoticeAlert.model_fields)


@ROUTER.get("/alerts", **of_list(AlertsPage))
def get_alerts(
    *,
    account: Id | None = None,
    owner: PersonId | None = None,
    rule: Id | None = None,
    cause: Id | None = None,
    severity: AlertSeverity | None = None,
    state: AlertState | None = None,
    region: Id | None = None,
    overdue: Annotated[bool, Query(description="Only those due before the day.")] = False,
    question: AskedOfList,
) -> Response:
    """Alerts one by one, as they were: what was noticed, who is accountable, what is suggested."""
    with asking(question, alerts.READS) as asked:
        rows = alerts.alerts(
            asked.connection,
            asked.moment,
            selection=AlertSelection(
                account=account,
                owner=owner,
                rule=rule,
                cause=cause,
                severity=severity,
                state=state,
                region=region,
                overdue_on=question.day if overdue else None,
            ),
            after=question.after,
            limit=question.limit,
        )
    following = question.following(rows, lambda row: row.alert_id)
    items = [_item(row) for row in rows]
    return as_page(AlertsPage, items, asked, question, following=following)


@ROUTER.get("/alerts/{alert_id}", **of_one(AlertAnswer))
def get_alert(alert_id: Id, question: AskedOfOne) -> Response:
    """One alert as it was: the rule it came from, the facts behind it, and what became of it."""
    with asking(question, alerts.READS) as asked:
        row = alerts.alert(asked.connection, asked.moment, alert_id)
        if row is None:
            raise Problem("not-found", "unknown-alert", "there is no such alert")
        found = alerts.explanation(asked.connection, asked.moment, row)
    rule = {name: found.rule[name] for name in ("name", "when", "due_days", "region_id")}
    answer = AlertAnswer(
        **asked.freshness,
        item=_item(row),
        rule=RulePart(rule_id=row.rule_id, version=row.rule_version, **rule),
        events=[EventPart(**one._asdict()) for one in found.events],
        causation_id=row.causation_id,
        history=[
            AlertHappening(
                version=one.version,
                happened=one.happened,
                state=one.state,
                owner_id=one.owner_id,
                employee_id=one.employee_id,
                occurred_at=one.valid_from,
                recorded_at=one.known_from,
            )
            for one in found.history
        ],
    )
    return as_json(answer, asked, version=row.version)


@ROUTER.get("/alert-rules", **of_list(AlertRulesPage))
def get_alert_rules(*, cause: Id | None = None, question: AskedOfList) -> Response:
    """Alert rules as they were written last, and which version held; and what causes there are."""
    with asking(question, alert_rules.READS) as asked:
        rows = alert_rules.rules(
            asked.connection,
            asked.moment,
            cause=cause,
            after=question.after,
            limit=question.limit,
        )
        holding = alert_rules.rules_in_force(asked.connection, asked.moment, question.day)
    in_force = {row.policy_id: row.draft for row in holding}
    items = [
        AlertRuleItem(
            rule_id=row.policy_id,
            cause=row.document["cause"],
            version=row.draft,
            document=row.document,
            in_force=in_force.get(row.policy_id),
        )
        for row in rows
    ]
    following = question.following(rows, lambda row: row.policy_id)
    beside = {"causes": {name: dict(facts) for name, facts in causes().items()}}
    return as_page(AlertRulesPage, items, asked, question, following=following, beside=beside)


@ROUTER.get("/notices", **of_list(NoticesPage))
def get_notices(
    *,
    employee_id: Annotated[
        PersonId | None, Query(description="Default: whom the key acts for.")
    ] = None,
    read: bool | None = None,
    question: AskedOfList,
) -> Response:
    """What somebody is to know, what is suggested, and whether they have read it."""
    person = employee_id or question.reader.principal.key.employee_id
    if person is None:
        raise Problem("invalid", "person-missing", "the key acts for no employee; name one")
    with asking(question, (*notices.READS, "alerts")) as asked:
        rows = notices.notices(
            asked.connection,
            asked.moment,
            employee=person,
            read=read,
            after=question.after,
            limit=question.limit,
        )
        about = [row.subject_id for row in rows if row.subject_kind == "alert"]
        known = alerts.alerts_by_id(asked.connection, asked.moment, about)
    following = question.following(rows, lambda row: row.notice_id)
    items = [NoticeItem(**row._asdict(), alert=_about(known.get(row.subject_id))) for row in rows]
    beside = {"employee_id": person}
    return as_page(NoticesPage, items, asked, question, following=following, beside=beside)


def _item(row: Any) -> AlertItem:
    """A row as an answer tells it."""
    return AlertItem.model_validate(_told(row, _TOLD))


def _about(row: Any) -> NoticeAlert | None:
    """A row as a notice about it tells it."""
    return None if row is None else NoticeAlert.model_validate(_told(row, _TOLD_OF_NOTICE))


def _told(row: Any, names: Collection[str]) -> dict[str, Any]:
    told = {name: value for name, value in row._asdict().items() if name in names}
    return told | {"actions": row.actions["actions"]}
