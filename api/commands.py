"""The command doors: one for each command, and one for many at once."""

import re
from typing import Any, Final

from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.batch import Line, carry_out_lines
from api.ports import Doors
from api.problems import ANSWERS, Problem, problem_of
from api.requests import COMMANDS, KEY_LENGTH_MAX, Asked, asked, context_of, namespace
from api.security import Principal, authenticate
from commands.carry_out import carry_out
from commands.ports import Receipt

BODY_BYTES_MAX: Final = 256 * 2**10
BATCH_BYTES_MAX: Final = 8 * 2**20

_MANY: Final = "/v1/commands"
_ONE: Final = "/v1/commands/"
_KEY: Final = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")
_IF_MATCH: Final = re.compile(r'"?(\d{1,18})"?')
# `curl -d` says form data of whatever it sends; the body decides.
_JSON: Final = ("", "application/x-www-form-urlencoded", "application/json")
_NDJSON: Final = "application/x-ndjson"


class CommandDoors:
    """The command endpoints; whatever else is asked goes on to ``otherwise``.

    They are plain functions of a request: nothing stands between them and it.
    """

    def __init__(self, doors: Doors, otherwise: ASGIApp) -> None:
        self._doors = doors
        self._otherwise = otherwise
        self._ids = namespace(doors.ledger)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = scope.get("path", "")
        if path == _MANY:
            answer = await self._many(Request(scope, receive))
        elif path.startswith(_ONE):
            answer = await self._one(Request(scope, receive), path.removeprefix(_ONE))
        else:
            await self._otherwise(scope, receive, send)
            return
        await answer(scope, receive, send)

    async def _one(self, request: Request, name: str) -> Response:
        """``POST /v1/commands/{name}``: carry out one command."""
        correlation_id = request.state.correlation_id
        try:
            _expect_post(request)
            principal = await self._principal(request)
            _expect_command(name)
            _expect(request, *_JSON)
            key, if_match = _idempotency_key(request), _if_match(request)
            wanted = asked(name, await body_of(request, BODY_BYTES_MAX), key, if_match)
            receipt = await self._carry_out(principal, wanted, correlation_id, request.state.told)
        except Problem as problem:
            return problem.response(request.url.path, correlation_id)
        except ANSWERS as answer:
            return problem_of(answer).response(request.url.path, correlation_id)
        return Response(
            to_json(told(receipt)),
            media_type="application/json",
            headers={"ETag": f'"{receipt.version}"'},
        )

    async def _many(self, request: Request) -> Response:
        """``POST /v1/commands``: carry out every line; one answer a line, in order."""
        correlation_id = request.state.correlation_id
        try:
            _expect_post(request)
            principal = await self._principal(request)
            _expect(request, _NDJSON)
            body = await body_of(request, BATCH_BYTES_MAX)
        except Problem as problem:
            return problem.response(request.url.path, correlation_id)

        def refuse(problem: Problem) -> dict[str, Any]:
            return _refused(problem, request.url.path, correlation_id)

        async def carry(line: Line) -> dict[str, Any]:
            try:
                receipt = await self._carry_out(principal, line.asked, correlation_id)
            except ANSWERS as answer:
                return refuse(problem_of(answer))
            except Exception:  # noqa: BLE001 - an edge: what is not answered here is answered nowhere
                # The other lines are under way and get their answers; so does this one.
                self._doors.journal.exception("line_failed", correlation_id=correlation_id)
                return refuse(Problem("internal", "internal", "something went wrong; it is noted"))
            return {"status": 200, **told(receipt)}

        request.state.told["actor"] = principal.actor
        answers = await carry_out_lines(body, carry, refuse)
        text = b"".join(
            to_json({"line": number, **answer}) + b"\n"
            for number, answer in enumerate(answers, start=1)
        )
        return Response(text, media_type=_NDJSON)

    async def _principal(self, request: Request) -> Principal:
        now = self._doors.clock()
        return await authenticate(request.headers, self._doors.access, now, fresh=False)

    async def _carry_out(
        self,
        principal: Principal,
        wanted: Asked,
        correlation_id: str,
        told: dict[str, Any] | None = None,
    ) -> Receipt:
        context = context_of(self._doors, self._ids, principal, wanted, correlation_id)
        if told is not None:
            told.update(actor=context.actor, command=wanted.name, command_id=context.command_id)
        return await carry_out(self._doors.desk, wanted.command, context)


def told(receipt: Receipt) -> dict[str, Any]:
    """A receipt as an answer tells it."""
    return {
        "stream": receipt.stream,
        "version": receipt.version,
        "position": receipt.position,
        "events": [
            {"name": ref.name, "event_id": ref.event_id, "position": ref.position}
            for ref in receipt.events
        ],
        "repeated": receipt.repeated,
    }


def _refused(problem: Problem, instance: str, correlation_id: str) -> dict[str, Any]:
    return {"status": problem.status, "problem": problem.body(instance, correlation_id)}


def _expect_post(request: Request) -> None:
    if request.method != "POST":
        raise Problem(
            "method-not-allowed", "method-not-allowed", "send POST", headers={"Allow": "POST"}
        )


def _expect_command(name: str) -> None:
    if name not in COMMANDS:
        raise Problem("not-found", "unknown-command", f"there is no command {name}")


def _expect(request: Request, *kinds: str) -> None:
    """Refuse a body that is said to be of another kind; parameters do not count."""
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    if kind.strip().lower() not in kinds or charset not in {"", "utf-8"}:
        raise Problem("unsupported-media-type", "unsupported-media-type", f"send {kinds[-1]}")


async def body_of(request: Request, limit: int) -> bytes:
    """The whole body, of which no more than ``limit`` bytes are ever held.

    Raises:
        Problem: ``too-large``.
    """
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise Problem("too-large", "body-too-large", f"a body holds up to {limit} bytes")
    return body


def _idempotency_key(request: Request) -> str:
    key = request.headers.get("idempotency-key")
    if key is None:
        raise Problem(
            "malformed",
            "idempotency-key-missing",
            "send an Idempotency-Key, new for each request and the same for a repeat",
        )
    if len(key) > KEY_LENGTH_MAX or _KEY.fullmatch(key) is None:
        raise Problem(
            "malformed",
            "idempotency-key-malformed",
            f"an Idempotency-Key is 1 to {KEY_LENGTH_MAX} printable ASCII characters",
        )
    return key


def _if_match(request: Request) -> int | None:
    stated = request.headers.get("if-match")
    if stated is None:
        return None
    found = _IF_MATCH.fullmatch(stated.strip())
    if found is None:
        raise Problem("malformed", "if-match-malformed", 'If-Match is one version, such as "3"')
    return int(found.group(1))
