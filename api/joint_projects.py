"""The read doors of joint projects."""

from typing import Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from api.cursors import cursor, text_after
from api.openapi import PROBLEMS_OF_LISTS, PROBLEMS_OF_ONE, in_types
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
from api.ports import Doors
from api.problems import Problem
from api.questions import Accept, After, AsOf, KnownAt, Limit, MinPosition, Reader, asking
from api.tables import CSV, JSON, wanted
from events.values import Id
from readmodels import joint_projects
from readmodels.joint_projects import ProjectSelection, ProjectState, StatusChange


def joint_projects_router(doors: Doors) -> APIRouter:
    """The read doors on ``doors``; each needs a key that works."""
    router = APIRouter(prefix="/v1", dependencies=[Depends(Reader(doors))])
    _add_list(router, doors)
    _add_one(router, doors)
    return router


def _add_list(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "/joint-projects",
        tags=["questions"],
        response_model=JointProjectsPage,
        responses=PROBLEMS_OF_LISTS | in_types(JointProjectsPage, CSV),
    )
    def get_joint_projects(
        *,
        account: Id | None = None,
        plan: Id | None = None,
        state: ProjectState | None = None,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        limit: Limit = 100,
        cursor_: After = None,
        min_position: MinPosition = None,
        accept: Accept = None,
    ) -> Response:
        """Joint projects one by one, as they were."""
        kind = wanted(accept, (JSON, CSV))
        with asking(doors, joint_projects.READS, min_position) as asked:
            rows = joint_projects.joint_projects(
                asked.connection,
                asked.moment(as_of, known_at),
                selection=ProjectSelection(account=account, plan=plan, state=state),
                after=text_after(cursor_),
                limit=limit,
            )
            following = cursor(rows[-1].project_id) if len(rows) == limit else None
        return as_page(
            JointProjectsPage,
            JointProjectItem,
            [row._asdict() for row in rows],
            asked.freshness,
            kind=kind,
            following=following,
        )


def _add_one(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "/joint-projects/{project_id}",
        tags=["questions"],
        response_model=JointProjectAnswer,
        responses=PROBLEMS_OF_ONE,
    )
    def get_joint_project(
        project_id: Id,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        min_position: MinPosition = None,
    ) -> Response:
        """One joint project: milestones, members of both parties, and how it went."""
        with asking(doors, joint_projects.READS, min_position) as asked:
            moment = asked.moment(as_of, known_at)
            row = joint_projects.joint_project(asked.connection, moment, project_id)
            if row is None:
                raise Problem("not-found", "unknown-project", "there is no such joint project")
            history = joint_projects.status_history(asked.connection, moment, project_id)
        answer = JointProjectAnswer(**asked.freshness, item=_detail(row, history))
        return as_json(answer, version=row.version)


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
