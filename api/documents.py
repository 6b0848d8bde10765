"""What a reader of answers and facts looks up: what a problem means, how a fact is written.

These doors need no key.
"""

from html import escape
from typing import Final

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from api.openapi import problem_responses
from api.problems import KINDS, Problem
from events.schemas import FOLDER

SCHEMA: Final = "application/schema+json"

_PAGE: Final = """<!doctype html><html lang="en"><title>{title}</title>
<h1>{title}</h1><p>Status {status}. {remedy}</p></html>"""

ROUTER: Final = APIRouter(tags=["documents"])


@ROUTER.get(
    "/problems/{code}",
    response_class=HTMLResponse,
    responses=problem_responses("not-found"),
)
async def get_problem(code: str) -> Response:
    """What a problem of this type means and what to do about it."""
    kind = KINDS.get(code)
    if kind is None:
        raise Problem("not-found", "unknown-problem", "there is no such problem type")
    page = _PAGE.format(title=escape(kind.title), status=kind.status, remedy=escape(kind.remedy))
    return HTMLResponse(page)


_SCHEMAS: Final = {path.name: path.read_bytes() for path in FOLDER.glob("*.json")}


@ROUTER.get(
    "/schemas/{file}",
    responses={
        200: {
            "content": {SCHEMA: {"schema": {"type": "object"}}},
            "description": "The document.",
        },
        **problem_responses("not-found"),
    },
    response_class=Response,
)
async def get_schema(file: str) -> Response:
    """The JSON Schema of a fact, as `dataschema` names it, or `asyncapi.json` for all.

    `scoring_policy.json` is that of the document of a scoring policy.
    """
    if file not in _SCHEMAS:
        raise Problem("not-found", "unknown-schema", "there is no such schema")
    return Response(_SCHEMAS[file], media_type=SCHEMA)
