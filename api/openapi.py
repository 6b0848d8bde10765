"""The OpenAPI document: command doors from the catalogue, read doors from their signatures."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from api.problems import KINDS, MEDIA_TYPE, ProblemBody
from api.receipts import BatchAnswer, ReceiptBody
from api.requests import COMMANDS, KEY_LENGTH_MAX, LINES, REQUESTS
from api.rules import RULES
from api.tables import CSV, NDJSON
from commands.catalogue import MAY_ISSUE
from replay.what_if.question import Question

_REF: Final = "#/components/schemas/{model}"
_SECURITY: Final[list[dict[str, list[str]]]] = [{"apiKey": []}]

Document = dict[str, Any]


def problem_responses(*codes: str) -> dict[int | str, Document]:
    """The responses of the problems ``codes``, one for each status among them."""
    found: dict[int | str, Document] = {}
    for code in codes:
        kind = KINDS[code]
        told = found.get(kind.status, {}).get("description")
        found[kind.status] = {
            "description": f"{told}; or: {kind.title}" if told else kind.title,
            "content": {MEDIA_TYPE: {"schema": {"$ref": _REF.format(model="ProblemBody")}}},
        }
    return found


PROBLEMS_OF_ONE: Final = problem_responses(
    "unauthenticated", "not-found", "invalid-body", "read-model-behind", "store-unavailable"
)
PROBLEMS_OF_LISTS: Final = problem_responses(
    "malformed",
    "unauthenticated",
    "not-acceptable",
    "invalid-body",
    "read-model-behind",
    "store-unavailable",
)
PROBLEMS_OF_REPLAYS: Final = problem_responses(
    "unauthenticated",
    "not-allowed",
    "not-found",
    "wrong-state",
    "invalid-body",
    "store-unavailable",
)
_PROBLEMS_OF_COMMANDS: Final = problem_responses(
    "malformed",
    "unauthenticated",
    "not-allowed",
    "not-found",
    "wrong-state",
    "version-stale",
    "too-large",
    "unsupported-media-type",
    "invalid",
    "invalid-body",
    "key-reused",
    "busy",
    "read-model-behind",
    "store-unavailable",
)


IDEMPOTENCY_KEY: Final[Document] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "New for each request, the same for a repeat of it.",
    "schema": {
        "type": "string",
        "minLength": 1,
        "maxLength": KEY_LENGTH_MAX,
        "pattern": r"^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$",
    },
}

_OPEN: Final = frozenset({"/v1/health", "/problems/{code}", "/schemas/{file}"})
"""The doors that need no key."""


def in_types(model: type[BaseModel], *kinds: str) -> dict[int | str, Document]:
    """The 200 of a door that answers as JSON like ``model``, and as text of each of ``kinds``."""
    texts = {kind: {"schema": {"type": "string"}} for kind in kinds}
    return {200: {"model": model, "content": texts, "description": "The answer."}}


def of_body(model: type[BaseModel]) -> Document:
    """What a door says besides that reads an ``Idempotency-Key`` and a JSON body like ``model``."""
    schema = {"$ref": _REF.format(model=model.__name__)}
    return {
        "parameters": [IDEMPOTENCY_KEY],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
    }


def of_one(answer: type[BaseModel]) -> Document:
    """What a door that answers one thing as JSON says of itself."""
    return {"response_model": answer, "responses": PROBLEMS_OF_ONE}


def of_list(page: type[BaseModel], *problems: str) -> Document:
    """What a door that answers a list as JSON or CSV says of itself; ``problems`` are its own."""
    responses = PROBLEMS_OF_LISTS | problem_responses(*problems) | in_types(page, CSV)
    return {"response_model": page, "responses": responses}


def document(app: FastAPI) -> Document:
    """The whole OpenAPI document of ``app``."""
    found = get_openapi(
        title="keyledger",
        version=app.version,
        description=app.description,
        routes=app.routes,
    )
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    models: list[type[BaseModel]] = [*REQUESTS.values(), *LINES.values()]
    models += [ReceiptBody, BatchAnswer, ProblemBody, Question]
    _, defined = models_json_schema([(model, "validation") for model in models], ref_template=_REF)
    schemas.update(defined["$defs"])
    schemas["ProblemBody"]["properties"]["rule"]["x-rules"] = dict(RULES)
    found["components"]["securitySchemes"] = {
        "apiKey": {"type": "http", "scheme": "bearer", "description": "kl_<id>_<secret>"}
    }
    for path, item in found["paths"].items():
        if path not in _OPEN:
            for operation in item.values():
                operation["security"] = _SECURITY
    found["paths"].update(
        {f"/v1/commands/{name}": {"post": _door(name)} for name in COMMANDS}
        | {"/v1/commands": {"post": _batch()}}
    )
    return found


def _door(name: str) -> Document:
    kind = COMMANDS[name]
    roles = sorted(MAY_ISSUE[kind])
    return {
        "operationId": name.replace("-", "_"),
        "tags": ["commands"],
        "summary": name.replace("-", " ").capitalize(),
        "description": f"{kind.__doc__}\n\nFor: {', '.join(roles)}.",
        "x-roles": roles,
        "security": _SECURITY,
        "parameters": [IDEMPOTENCY_KEY, *_HEADERS],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"$ref": _REF.format(model=REQUESTS[name].__name__)}}
            },
        },
        "responses": _named(
            {
                200: {
                    "description": "Recorded, or so already; a repeat answers the same.",
                    "headers": {"ETag": {"schema": {"type": "string"}}},
                    "content": {
                        "application/json": {"schema": {"$ref": _REF.format(model="ReceiptBody")}}
                    },
                },
                **_PROBLEMS_OF_COMMANDS,
            }
        ),
    }


def _batch() -> Document:
    lines = [{"$ref": _REF.format(model=line.__name__)} for line in LINES.values()]
    return {
        "operationId": "carry_out_commands",
        "tags": ["commands"],
        "summary": "Many commands",
        "description": (
            "One command a line; one answer a line, in order. A bad line does not stop others. "
            "A line has the fields of the command and beside them `command`, `idempotency_key` and "
            "`if_match` (`x-line`); an answer is a `BatchAnswer`."
        ),
        "x-line": {"oneOf": lines},
        "x-answer": {"$ref": _REF.format(model="BatchAnswer")},
        "security": _SECURITY,
        "requestBody": {"required": True, "content": {NDJSON: {"schema": {"type": "string"}}}},
        "responses": _named(
            {
                200: {
                    "description": "An answer for each line.",
                    "content": {NDJSON: {"schema": {"type": "string"}}},
                },
                **problem_responses(
                    "malformed", "unauthenticated", "too-large", "unsupported-media-type"
                ),
            }
        ),
    }


def _named(responses: dict[int | str, Document]) -> Document:
    return {str(status): response for status, response in responses.items()}


_HEADERS: Final = [
    {
        "name": "If-Match",
        "in": "header",
        "required": False,
        "description": "The version the stream must still have, in quotes.",
        "schema": {"type": "string", "pattern": r'^"[0-9]{1,18}"$'},
    },
    {
        "name": "X-Correlation-Id",
        "in": "header",
        "required": False,
        "description": "What ties together everything done for one reason.",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
    },
]
