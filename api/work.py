"""The doors of tasks, and of all that one person has to do."""

from datetime import date
from typing import Any, Final

from starlette.responses import Response

from api.openapi import of_list, of_one
from api.pages import as_json, as_page
from api.problems import Problem
from api.questions import AskedOfList, AskedOfOne, ListQuestion, asking, questions
from api.work_answers import (
    MilestoneEntry,
    PlanProgressItem,
    ProjectProgressItem,
    RecentDocumentItem,
    RecentInteractionItem,
    TaskAnswer,
    TaskDetail,
    TaskItem,
    TaskOwner,
    TasksPage,
    WorkCountItem,
    WorkEntry,
    WorkPage,
)
from events.values import Id, PersonId
from readmodels import portfolio, tasks
from readmodels.portal import around, open_work
from readmodels.portal.around import Around
from readmodels.portal.open_work import WorkKind, WorkSelection
from readmodels.tasks import TaskSelection, TaskState

ROUTER: Final = questions()

_READS: Final = tuple(dict.fromkeys((*open_work.READS, *around.READS)))


@ROUTER.get("/tasks", **of_list(TasksPage))
def get_tasks(
    *,
    owner: PersonId | None = None,
    account: Id | None = None,
    state: TaskState | None = None,
    rule: Id | None = None,
    due_to: date | None = None,
    question: AskedOfList,
) -> Response:
    """Tasks one by one, as they were."""
    selection = TaskSelection(owner=owner, account=account, state=state, rule=rule, due_to=due_to)
    with asking(question, tasks.READS) as asked:
        rows = tasks.tasks(
            asked.connection,
            asked.moment,
            selection=selection,
            after=question.after,
            limit=question.limit,
        )
    items = [TaskItem.model_validate(_fields(row, question.day)) for row in rows]
    following = question.following(rows, lambda row: row.task_id)
    return as_page(TasksPage, items, asked, question, following=following)


@ROUTER.get("/tasks/{task_id}", **of_one(TaskAnswer))
def get_task(task_id: Id, question: AskedOfOne) -> Response:
    """One task, as it was, and who answered for it until then."""
    with asking(question, tasks.READS) as asked:
        row = tasks.task(asked.connection, asked.moment, task_id)
        if row is None:
            raise Problem("not-found", "unknown-task", "there is no such task")
        told = tasks.owners(asked.connection, asked.moment, task_id)
    owners = [TaskOwner(**one._asdict()) for one in told]
    item = TaskDetail.model_validate({**_fields(row, question.day), "owners": owners})
    return as_json(TaskAnswer(**asked.freshness, item=item), asked, version=row.version)


@ROUTER.get("/employees/{employee_id}/work", **of_list(WorkPage, "not-found"))
def get_work_of_employee(
    *,
    employee_id: PersonId,
    kind: WorkKind | None = None,
    account: Id | None = None,
    due_to: date | None = None,
    question: AskedOfList,
) -> Response:
    """What an employee had to do across all accounts, and what went on at theirs."""
    selection = WorkSelection(kind=kind, account=account, due_to=due_to)
    return _work(employee_id, selection, question)


@ROUTER.get("/work", **of_list(WorkPage, "not-found"))
def get_work(
    *,
    kind: WorkKind | None = None,
    account: Id | None = None,
    due_to: date | None = None,
    question: AskedOfList,
) -> Response:
    """What the employee the key acts for had to do, and what went on at their accounts."""
    person = question.reader.principal.key.employee_id
    if person is None:
        raise Problem("invalid", "person-missing", "the key acts for no employee")
    selection = WorkSelection(kind=kind, account=account, due_to=due_to)
    return _work(person, selection, question)


def _work(employee_id: str, selection: WorkSelection, question: ListQuestion) -> Response:
    asks: dict[str, Any] = {
        "employee_id": employee_id,
        "today": question.day,
        "selection": selection,
    }
    with asking(question, _READS) as asked:
        connection, moment = asked.connection, asked.moment
        if not portfolio.exists(connection, moment, employee_id):
            raise Problem("not-found", "unknown-employee", "there is no such employee")
        rows = open_work.open_work(
            connection, moment, **asks, after=question.after, limit=question.limit
        )
        counts = open_work.counts(connection, moment, **asks)
        near = around.around(connection, moment, employee_id=employee_id, account=selection.account)
    beside = {
        "employee_id": employee_id,
        "counts": [WorkCountItem(**one._asdict()) for one in counts],
        **_around(near),
    }
    items = [_entry(row) for row in rows]
    following = question.following(rows, lambda row: row.place)
    return as_page(WorkPage, items, asked, question, following=following, beside=beside)


def _entry(row: Any) -> WorkEntry:
    entry = MilestoneEntry if row.kind == "milestone" else WorkEntry
    return entry.model_validate({name: getattr(row, name) for name in WorkEntry.model_fields})


def _fields(row: Any, today: date) -> dict[str, Any]:
    overdue = row.state == "open" and date.fromisoformat(row.due_on) < today
    return {**row._asdict(), "overdue": overdue}


def _around(near: Around) -> dict[str, Any]:
    return {
        "plans": [PlanProgressItem.model_validate(one._asdict()) for one in near.plans],
        "projects": [ProjectProgressItem.model_validate(one._asdict()) for one in near.projects],
        "interactions": [RecentInteractionItem(**one._asdict()) for one in near.interactions],
        "documents": [
            RecentDocumentItem(
                document_id=one.document_id,
                account_id=one.account_id,
                revision=one.revision,
                title=one.title,
                uri=one.uri,
                published_at=one.valid_from,
            )
            for one in near.documents
        ],
    }
