"""The outermost layer: a correlation id for each request, one log line, and no bare 500."""

import re
import time
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.ports import Doors
from api.problems import Problem

_CORRELATION_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Edge:
    """Plain ASGI: it costs a request next to nothing and passes every chunk on as it comes."""

    def __init__(self, app: ASGIApp, doors: Doors) -> None:
        self._app = app
        self._doors = doors
        self._log = doors.journal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        correlation_id = self._correlation_id(scope)
        told: dict[str, str] = {}
        scope.setdefault("state", {}).update(correlation_id=correlation_id, told=told)
        started, status = time.perf_counter(), 0

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"].append((b"x-correlation-id", correlation_id.encode()))
            await send(message)

        try:
            await self._app(scope, receive, note)
        except Exception:
            self._log.exception("request_failed", correlation_id=correlation_id)
            if status:
                raise
            problem = Problem("internal", "internal", "something went wrong; it has been noted")
            await problem.response(scope["path"], correlation_id)(scope, receive, note)
        self._log.info(
            "request",
            method=scope["method"],
            path=scope["path"],
            status=status,
            ms=round((time.perf_counter() - started) * 1e3, 2),
            correlation_id=correlation_id,
            **told,
        )

    def _correlation_id(self, scope: Scope) -> str:
        for name, value in scope["headers"]:
            if name == b"x-correlation-id":
                given = value.decode("latin-1")
                if _CORRELATION_ID.fullmatch(given):
                    return str(given)
        return self._doors.new_id()
