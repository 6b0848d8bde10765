"""The doors of approvals: each request, its history, and what waits for whom."""

from typing import Annotated, Any, Final, Literal

from fastapi import Query
from starlette.responses import Response

from api.approval_answers import (
    ApprovalAnswer,
    ApprovalItem,
    ApprovalsPage,
    Happening,
    InboxItem,
    InboxPage,
)
from api.openapi import of_list, of_one
from api.pages import as_json, as_page
from api.problems import Problem
from api.questions import AskedOfList, AskedOfOne, asking, questions
from events.values import Id, PersonId, SubjectId
from readmodels import approvals
from readmodels.approvals import ApprovalSelection

State = Literal["pending", "granted", "rejected", "sent_back", "voided"]

ROUTER: Final = questions("/v1/approvals")


def _fields(row: Any) -> dict[str, Any]:
    """A row as an answer tells it."""
    told = {name: value for name, value in row._asdict().items() if name in _TOLD}
    return told | {
        "steps": row.steps["steps"],
        "delegations": row.delegations["delegations"],
        "author_ids": list(row.author_ids),
        "waiting": list(row.waiting),
    }


_TOLD: Final = frozenset(ApprovalItem.model_fields)


@ROUTER.get("", **of_list(ApprovalsPage))
def get_approvals(
    *,
    subject_kind: Id | None = None,
    subject_id: SubjectId | None = None,
    account: Id | None = None,
    state: State | None = None,
    question: AskedOfList,
) -> Response:
    """Requests for approvals one by one, as they were."""
    with asking(question, approvals.READS) as asked:
        rows = approvals.approvals(
            asked.connection,
            asked.moment,
            selection=ApprovalSelection(
                subject_kind=subject_kind, subject_id=subject_id, account=account, state=state
            ),
            after=question.after,
            limit=question.limit,
        )
    following = question.following(rows, lambda row: row.approval_id)
    items = [ApprovalItem(**_fields(row)) for row in rows]
    return as_page(ApprovalsPage, items, asked, question, following=following)


# Before the door of one request, or it would be one with the id "inbox".
@ROUTER.get("/inbox", **of_list(InboxPage))
def get_approvals_inbox(
    *,
    employee_id: Annotated[
        PersonId | None, Query(description="Default: whom the key acts for.")
    ] = None,
    question: AskedOfList,
) -> Response:
    """What waits for somebody, with the day it is due, and on whose behalf."""
    person = employee_id or question.reader.principal.key.employee_id
    if person is None:
        raise Problem("invalid", "person-missing", "the key acts for no employee; name one")
    with asking(question, approvals.READS) as asked:
        found = approvals.inbox(
            asked.connection,
            asked.moment,
            employee_id=person,
            today=question.day,
            after=question.after,
            limit=question.limit,
        )
    following = question.following(found, lambda one: one.row.approval_id)
    items = [InboxItem(**_fields(one.row), on_behalf_of=one.on_behalf_of) for one in found]
    beside = {"employee_id": person}
    return as_page(InboxPage, items, asked, question, following=following, beside=beside)


@ROUTER.get("/{approval_id}", **of_one(ApprovalAnswer))
def get_approval(approval_id: Id, question: AskedOfOne) -> Response:
    """One request for an approval, as it was, and what became of it until then."""
    with asking(question, approvals.READS) as asked:
        moment = asked.moment
        row = approvals.approval(asked.connection, moment, approval_id)
        if row is None:
            raise Problem("not-found", "unknown-approval", "there is no such approval")
        told = approvals.history(asked.connection, moment, approval_id)
    history = [
        Happening(
            version=one.version,
            happened=one.happened,
            employee_id=one.employee_id,
            state=one.state,
            step=one.step,
            occurred_at=one.valid_from,
            recorded_at=one.known_from,
        )
        for one in told
    ]
    item = ApprovalItem(**_fields(row))
    answer = ApprovalAnswer(**asked.freshness, item=item, history=history)
    return as_json(answer, asked, version=row.version)
