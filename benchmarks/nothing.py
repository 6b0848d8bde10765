"""An API that does nothing: the same server and framework, answering an empty command."""

import json
import socket
from typing import Any

import uvicorn
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

_ANSWER = b'{"stream":"","version":0,"position":0,"events":[],"repeated":false}'


def app() -> Any:
    """Two doors where keyledger has its own; a batch is told apart line by line, no more."""
    nothing = FastAPI()

    @nothing.post("/v1/commands/list-product")
    async def one(request: Request) -> Response:
        await request.body()
        return Response(_ANSWER, media_type="application/json")

    @nothing.post("/v1/commands")
    async def many(request: Request) -> Response:
        lines = [json.loads(line) for line in (await request.body()).splitlines()]
        return Response(len(lines) * (_ANSWER + b"\n"), media_type="application/x-ndjson")

    return nothing


def bare() -> Any:
    """The same without a framework: what the server alone costs."""

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        while (await receive()).get("more_body"):
            """The rest of the body."""
        length = b"%d" % len(_ANSWER)
        headers = [(b"content-type", b"application/json"), (b"content-length", length)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": _ANSWER})

    return answer


def serve(port: int, framework: bool) -> None:
    """Serve as `keyledger serve` does, until killed."""
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", port))
        config = uvicorn.Config(
            app() if framework else bare(),
            loop="uvloop",
            http="httptools",
            ws="none",
            lifespan="off",
            access_log=False,
            log_config=None,
            proxy_headers=False,
            server_header=False,
        )
        uvicorn.Server(config).run(sockets=[door])
