"""The command doors: one for each command, and one for many at once."""

import asyncio
from typing import Any, Final

from pydantic_core import to_json
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.access.acts import check_acts
from api.access.scopes import scope_of
from api.batch import Line, carry_out_lines
from api.ports import Doors
from api.problems import ANSWERS, Problem, problem_of
from api.received import Received
from api.requests import COMMANDS, Asked, asked, context_of, namespace
from api.security import Principal, authenticate
from commands.carry_out import carry_out
from commands.ports import Receipt

BODY_BYTES_MAX: Final = 256 * 2**10
BATCH_BYTES_MAX: Final = 8 * 2**20

_MANY: Final = "/v1/commands"
_ONE: Final = "/v1/commands/"
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
            answer = await self._many(Received.of(scope, receive))
        elif path.startswith(_ONE):
            answer = await self._one(Received.of(scope, receive), path.removeprefix(_ONE))
        else:
            await self._otherwise(scope, receive, send)
            return
        await answer(scope, receive, send)

    async def _one(self, request: Received, name: str) -> Response:
        """``POST /v1/commands/{name}``: carry out one command."""
        try:
            request.expect_post()
            principal = await self._principal(request)
            _expect_command(name)
            request.expect(*_JSON)
            key, if_match = request.idempotency_key, request.if_match
            wanted = asked(name, await request.body(BODY_BYTES_MAX), key, if_match)
            receipt = await self._carry_out(principal, wanted, request.correlation_id, request.told)
        except Problem as problem:
            return problem.response(request.path, request.correlation_id)
        except ANSWERS as answer:
            return problem_of(answer).response(request.path, request.correlation_id)
        return Response(
            to_json(told(receipt)),
            media_type="application/json",
            headers={"ETag": f'"{receipt.version}"'},
        )

    async def _many(self, request: Received) -> Response:
        """``POST /v1/commands``: carry out every line; one answer a line, in order."""
        correlation_id = request.correlation_id
        try:
            request.expect_post()
            principal = await self._principal(request)
            request.expect(_NDJSON)
            body = await request.body(BATCH_BYTES_MAX)
        except Problem as problem:
            return problem.response(request.path, correlation_id)

        def refuse(problem: Problem) -> dict[str, Any]:
            return _refused(problem, request.path, correlation_id)

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

        request.told["actor"] = principal.actor
        answers = await carry_out_lines(body, carry, refuse)
        text = b"".join(
            to_json({"line": number, **answer}) + b"\n"
            for number, answer in enumerate(answers, start=1)
        )
        return Response(text, media_type=_NDJSON)

    async def _principal(self, request: Received) -> Principal:
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
        scope = scope_of(principal, context.today)
        if scope.breadth != "company":
            await asyncio.to_thread(check_acts, self._doors.pool, scope, wanted.command)
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


def _expect_command(name: str) -> None:
    if name not in COMMANDS:
        raise Problem("not-found", "unknown-command", f"there is no command {name}")
