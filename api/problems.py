"""The only table from a refusal to a status: RFC 9457 problem details."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.responses import Response

from aggregates.refusals import Invalid, NotAllowed, NotFound, Refusal, WrongState
from commands.carry_out import CommandIdReused, VersionConflict
from commands.ports import ReadModelBehind, StoreUnavailable

MEDIA_TYPE: Final = "application/problem+json"
RETRY_AFTER_S: Final = 1


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: its status, its fixed title and what to do about it."""

    status: int
    title: str
    remedy: str


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "malformed": Kind(400, "The request cannot be read", "Mend it as the detail says."),
        "unauthenticated": Kind(
            401, "No valid API key", "Send Authorization: Bearer with a key that is in force."
        ),
        "not-allowed": Kind(403, "Not allowed", "Ask somebody with the role the detail names."),
        "not-found": Kind(404, "Not found", "Check the id; what may not be seen is not found."),
        "method-not-allowed": Kind(405, "Method not allowed", "See Allow for what is."),
        "not-acceptable": Kind(406, "Not acceptable", "Accept one of the types that are offered."),
        "wrong-state": Kind(409, "Not in this state", "Look at the record as it stands now."),
        "version-stale": Kind(
            412, "The record has changed", "Read it again and decide on the version it has now."
        ),
        "too-large": Kind(413, "Too large", "Send less at once."),
        "unsupported-media-type": Kind(415, "Unsupported media type", "Send what is asked for."),
        "invalid": Kind(422, "Invalid", "Mend the field that is named; a rule says no to it."),
        "invalid-body": Kind(422, "Invalid fields", "Mend each field that is named in errors."),
        "key-reused": Kind(
            422, "Idempotency key reused", "Use another Idempotency-Key for another request."
        ),
        "internal": Kind(500, "Internal error", "Report it with the correlation id."),
        "busy": Kind(503, "Busy", "Send the same request again with the same key."),
        "read-model-behind": Kind(
            503, "Read model behind", "Ask again in a moment, or without Min-Position."
        ),
        "store-unavailable": Kind(
            503, "Store unavailable", "Send the same request again with the same key."
        ),
    }
)
"""Every problem type there is, by the last part of its URI."""


class FieldProblem(BaseModel):
    """What is wrong with one field."""

    model_config = ConfigDict(extra="forbid")

    pointer: str = Field(description="JSON Pointer to the field, or the parameter's name.")
    detail: str


class ProblemBody(BaseModel):
    """RFC 9457 problem details; ``rule`` is the stable id of the rule that said no."""

    model_config = ConfigDict(extra="forbid")

    type: str
    title: str
    status: int
    detail: str
    instance: str
    rule: str
    correlation_id: str
    errors: list[FieldProblem] = Field(default_factory=list)


class Problem(Exception):  # noqa: N818 - an answer, not an error
    """A problem of the kind ``code``."""

    def __init__(
        self,
        code: str,
        rule: str,
        detail: str,
        errors: Sequence[Mapping[str, str]] = (),
        *,
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.rule = rule
        self.detail = detail
        self.errors = errors
        self.headers = headers

    @property
    def status(self) -> int:
        """Its HTTP status."""
        return KINDS[self.code].status

    def body(self, instance: str, correlation_id: str) -> dict[str, Any]:
        """The problem document of the request to ``instance``."""
        body: dict[str, Any] = {
            "type": f"/problems/{self.code}",
            "title": KINDS[self.code].title,
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
            "rule": self.rule,
            "correlation_id": correlation_id,
        }
        if self.errors:
            body["errors"] = list(self.errors)
        return body

    def response(self, instance: str, correlation_id: str) -> Response:
        """The answer to the request to ``instance``."""
        headers = dict(self.headers)
        if self.status == KINDS["busy"].status:
            headers.setdefault("Retry-After", str(RETRY_AFTER_S))
        return Response(
            json.dumps(self.body(instance, correlation_id)).encode(),
            status_code=self.status,
            media_type=MEDIA_TYPE,
            headers=headers,
        )


_REFUSALS: Final[tuple[tuple[type[Refusal], str], ...]] = (
    (NotFound, "not-found"),
    (NotAllowed, "not-allowed"),
    (WrongState, "wrong-state"),
    (Invalid, "invalid"),
)

ANSWERS: Final = (Refusal, VersionConflict, CommandIdReused, ReadModelBehind, StoreUnavailable)
"""What :func:`problem_of` has an answer for."""


def problem_of(answer: Exception) -> Problem:
    """The problem that tells of ``answer``, one of :data:`ANSWERS`."""
    match answer:
        case Refusal():
            code = next(code for kind, code in _REFUSALS if isinstance(answer, kind))
            wrong = answer.wrong or ({answer.field: answer.detail} if answer.field else {})
            errors = tuple(
                {"pointer": pointer(field.split(".")), "detail": detail}
                for field, detail in wrong.items()
            )
            return Problem(code, answer.rule, answer.detail, errors)
        case VersionConflict(stated=None):
            return Problem("busy", "busy", "others write to the same records; send it again")
        case VersionConflict():
            return Problem(
                "version-stale",
                "version-stale",
                str(answer),
                headers={"ETag": f'"{answer.actual}"'},
            )
        case CommandIdReused():
            return Problem("key-reused", "key-reused", str(answer))
        case ReadModelBehind():
            return Problem("read-model-behind", "read-model-behind", str(answer))
        case StoreUnavailable():
            return Problem("store-unavailable", "store-unavailable", str(answer))
        case _:
            raise AssertionError(f"no problem stands for {type(answer).__name__}")


def invalid_body(wrong: ValidationError) -> Problem:
    """The problem of a body or line that is no such command, an entry for each field."""
    found = wrong.errors(include_url=False, include_context=False, include_input=False)
    if found and found[0]["type"] == "json_invalid":
        return Problem("malformed", "malformed-json", found[0]["msg"])
    errors = tuple({"pointer": pointer(one["loc"]), "detail": one["msg"]} for one in found)
    return Problem("invalid-body", "invalid-body", "some fields are not as they must be", errors)


def pointer(path: Sequence[str | int]) -> str:
    """RFC 6901 JSON Pointer to what ``path`` leads to."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)
