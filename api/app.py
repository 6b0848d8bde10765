"""Puts the doors together."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from api import (
    access_grants,
    account_360,
    account_classes,
    account_lists,
    account_outcomes,
    alerts,
    approvals,
    audit,
    competitors,
    contracts,
    depth,
    documents,
    employee_trainings,
    forms,
    health,
    health_portfolio,
    health_scores,
    interactions,
    joint_projects,
    metrics,
    people,
    plans,
    policies,
    reads,
    regions,
    replays,
    signals,
    surveys,
    value_claims,
    value_matrices,
    webhooks,
    white_space,
    work,
)
from api.commands import CommandDoors
from api.edge import Edge
from api.openapi import document
from api.ports import Doors
from api.problems import ANSWERS, Problem, problem_of

AREAS: Final = (
    health,
    documents,
    reads,
    account_360,
    account_lists,
    people,
    interactions,
    depth,
    audit,
    plans,
    joint_projects,
    value_claims,
    metrics,
    account_classes,
    value_matrices,
    work,
    contracts,
    approvals,
    policies,
    forms,
    regions,
    employee_trainings,
    competitors,
    white_space,
    alerts,
    webhooks,
    surveys,
    account_outcomes,
    signals,
    health_scores,
    health_portfolio,
    access_grants,
    replays,
)
"""Every file of doors but those of commands."""

VERSION: Final = "1"
_DESCRIPTION: Final = (
    "Commands are `POST /v1/commands/<name>`; questions are nouns. Every refusal is a problem "
    "document (RFC 9457) whose `rule` is the stable id of the rule that said no."
)
_BY_STATUS: Final = {404: "not-found", 405: "method-not-allowed"}


class _Api(FastAPI):
    """FastAPI, with a document that knows the command doors as well."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document, made once."""
        if not self.openapi_schema:
            self.openapi_schema = document(self)
        return self.openapi_schema


def create_app(doors: Doors) -> ASGIApp:
    """The whole API on ``doors``."""
    app = _Api(title="keyledger", version=VERSION, description=_DESCRIPTION, redoc_url=None)
    app.state.doors = doors
    for area in AREAS:
        app.include_router(area.ROUTER)
    _add_problems(app)
    # Commands go past the framework: they are read and validated by their doors alone.
    return Edge(CommandDoors(doors, app), doors)


def _add_problems(app: FastAPI) -> None:
    @app.exception_handler(Problem)
    async def tell_problem(request: Request, problem: Problem) -> Response:
        return problem.response(request.url.path, request.state.correlation_id)

    @app.exception_handler(RequestValidationError)
    async def tell_invalid(request: Request, wrong: RequestValidationError) -> Response:
        errors = tuple(
            {"pointer": str(one["loc"][-1]), "detail": str(one["msg"])} for one in wrong.errors()
        )
        problem = Problem(
            "invalid-body", "invalid-parameter", "some parameters are not as they must be", errors
        )
        return problem.response(request.url.path, request.state.correlation_id)

    @app.exception_handler(HTTPException)
    async def tell_http(request: Request, wrong: HTTPException) -> Response:
        code = _BY_STATUS.get(wrong.status_code, "malformed")
        problem = Problem(code, code, str(wrong.detail), headers=wrong.headers or {})
        return problem.response(request.url.path, request.state.correlation_id)

    async def tell_answer(request: Request, answer: Exception) -> Response:
        return problem_of(answer).response(request.url.path, request.state.correlation_id)

    for kind in ANSWERS:
        app.add_exception_handler(kind, tell_answer)
