"""Puts the doors together."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from api.account_360 import account_360_router
from api.account_classes import account_classes_router
from api.account_lists import account_lists_router
from api.approvals import approvals_router
from api.audit import audit_router
from api.commands import CommandDoors
from api.contracts import contracts_router
from api.depth import depth_router
from api.documents import documents_router
from api.edge import Edge
from api.health import health_router
from api.interactions import interactions_router
from api.joint_projects import joint_projects_router
from api.metrics import metrics_router
from api.openapi import document
from api.people import people_router
from api.plans import plans_router
from api.ports import Doors
from api.problems import ANSWERS, Problem, problem_of
from api.reads import read_router
from api.value_claims import value_claims_router
from api.value_matrices import value_matrices_router

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
    for router in (
        health_router(doors),
        documents_router(),
        read_router(doors),
        account_360_router(doors),
        account_lists_router(doors),
        people_router(doors),
        interactions_router(doors),
        depth_router(doors),
        audit_router(doors),
        plans_router(doors),
        joint_projects_router(doors),
        value_claims_router(doors),
        metrics_router(doors),
        account_classes_router(doors),
        value_matrices_router(doors),
        contracts_router(doors),
        approvals_router(doors),
    ):
        app.include_router(router)
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
