"""The doors that need no key: how the ledger is, and what a problem means."""

from html import escape
from typing import Final

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from api.answers import HealthAnswer, ReadModelHealth
from api.openapi import problem_responses
from api.ports import Doors
from api.problems import KINDS, Problem
from readmodels import accounts, audit_trail, funnel, opportunities
from readmodels.reading import reading

_ALL: Final = frozenset((*funnel.READS, *opportunities.READS, *accounts.READS, *audit_trail.READS))
"""Every read model that a door answers from."""

_PAGE = """<!doctype html><html lang="en"><title>{title}</title>
<h1>{title}</h1><p>Status {status}. {remedy}</p></html>"""


def open_router(doors: Doors) -> APIRouter:
    """The doors that need no key."""
    router = APIRouter()

    @router.get(
        "/v1/health",
        tags=["operation"],
        response_model=HealthAnswer,
        responses=problem_responses("store-unavailable"),
    )
    def get_health() -> Response:
        """The head of the log and how far each read model has come."""
        with doors.pool.connection() as connection, reading(connection) as stand:
            models = {
                name: ReadModelHealth(position=position, lag=stand.lag(name))
                for name, position in sorted(stand.positions.items())
            }
            answer = HealthAnswer(
                status="ok" if models.keys() >= _ALL else "starting",
                log=doors.log,
                position=stand.head,
                lag=max((model.lag for model in models.values()), default=stand.head),
                read_models=models,
            )
        return Response(answer.model_dump_json(), media_type="application/json")

    @router.get(
        "/problems/{code}",
        tags=["operation"],
        response_class=HTMLResponse,
        responses=problem_responses("not-found"),
    )
    async def get_problem(code: str) -> Response:
        """What a problem of this type means and what to do about it."""
        kind = KINDS.get(code)
        if kind is None:
            raise Problem("not-found", "unknown-problem", "there is no such problem type")
        page = _PAGE.format(
            title=escape(kind.title), status=kind.status, remedy=escape(kind.remedy)
        )
        return HTMLResponse(page)

    return router
