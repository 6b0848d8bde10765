"""The read doors of joint projects."""

from typing import Any, Final

from starlette.responses import Response

from api.openapi import of_list, of_one
from api.pages import as_json, as_page
from api.planning_answers import (
    JointProjectAnswer,
    JointProjectDetail,
    JointProjectItem,
    JointProjectsPage,
    ProjectMember,
    ProjectMilestone,
    ProjectStatusChange,
)
from api.problems import Problem
from api.questions import AskedOfList, AskedOfOne, asking, questions
from events.values import Id
from readmodels import joint_projects
from readmodels.joint_projects import ProjectSelection, ProjectState, StatusChange

ROUTER: Final = questions()


@ROUTER.get("/joint-projects", **of_list(JointProjectsPage))
def get_joint_projects(
    *,
    account: Id | None = None,
    plan: Id | None = None,
    state: ProjectState | None = None,
    question: AskedOfList,
) -> Response:
    """Joint projects one by one, as they were."""
    with asking(question, joint_projects.READS) as asked:
        rows = joint_projects.joint_projects(
            asked.connection,
            asked.moment,
            selection=ProjectSelection(account=account, plan=plan, state=state),
            after=question.after,
            limit=question.limit,
        )
        following = question.following(rows, lambda row: row.project_id)
    return as_page(
        JointProjectsPage,
        [JointProjectItem.model_validate(row._asdict()) for row in rows],
        asked,
        question,
        following=following,
    )


@ROUTER.get("/joint-projects/{project_id}", **of_one(JointProjectAnswer))
def get_joint_project(project_id: Id, question: AskedOfOne) -> Response:
    """One joint project: milestones, members of both parties, and how it went."""
    with asking(question, joint_projects.READS) as asked:
        moment = asked.moment
        row = joint_projects.joint_project(asked.connection, moment, project_id)
        if row is None:
            raise Problem("not-found", "unknown-project", "there is no such joint project")
        history = joint_projects.status_history(asked.connection, moment, project_id)
    answer = JointProjectAnswer(**asked.freshness, item=_detail(row, history))
    return as_json(answer, asked, version=row.version)


def _detail(row: Any, history: tuple[StatusChange, ...]) -> JointProjectDetail:
    given = row._asdict()
    members = [(*key.split("/"), duty) for key, duty in sorted(row.members.items())]
    return JointProjectDetail(
        **{name: given[name] for name in JointProjectItem.model_fields},
        milestones=[
            ProjectMilestone(milestone_id=milestone_id, **one)
            for milestone_id, one in sorted(row.milestones.items())
        ],
        members=[
            ProjectMember(party=party, person_id=person_id, duty=duty)
            for party, person_id, duty in members
        ],
        status_history=[
            ProjectStatusChange(state=one.state, reason=one.reason, since=one.since)
            for one in history
        ],
    )
