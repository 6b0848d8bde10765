"""One HTTP request, as far as a command door reads it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope

from api.problems import Problem
from api.requests import KEY_LENGTH_MAX

_KEY: Final = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")
_IF_MATCH: Final = re.compile(r'"?(\d{1,18})"?')


@dataclass(frozen=True, slots=True)
class Received:
    """A request whose body has not been read yet."""

    method: str
    path: str
    headers: Mapping[str, str]
    """By their names in lower case; of one that was sent twice, the first."""
    correlation_id: str
    told: dict[str, Any]
    """What the line about this request will say besides."""
    receive: Receive

    @classmethod
    def of(cls, scope: Scope, receive: Receive) -> "Received":
        """The request that the server hands over."""
        headers = {
            name.decode("latin-1"): value.decode("latin-1")
            for name, value in reversed(scope["headers"])
        }
        state = scope["state"]
        correlation_id, told = state["correlation_id"], state["told"]
        return cls(scope["method"], scope["path"], headers, correlation_id, told, receive)

    def expect_post(self) -> None:
        """Refuse any other method.

        Raises:
            Problem: ``method-not-allowed``.
        """
        if self.method != "POST":
            raise Problem(
                "method-not-allowed", "method-not-allowed", "send POST", headers={"Allow": "POST"}
            )

    def expect(self, *kinds: str) -> None:
        """Refuse a body that is said to be of another kind; parameters do not count.

        Raises:
            Problem: ``unsupported-media-type``.
        """
        kind, _, parameters = self.headers.get("content-type", "").partition(";")
        charset = parameters.strip().lower().removeprefix("charset=").strip('"')
        if kind.strip().lower() not in kinds or charset not in {"", "utf-8"}:
            raise Problem("unsupported-media-type", "unsupported-media-type", f"send {kinds[-1]}")

    @property
    def idempotency_key(self) -> str:
        """What tells a repeat from a new request.

        Raises:
            Problem: ``malformed``.
        """
        key = self.headers.get("idempotency-key")
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

    @property
    def if_match(self) -> int | None:
        """The version the record must have; ``None``: any.

        Raises:
            Problem: ``malformed``.
        """
        stated = self.headers.get("if-match")
        if stated is None:
            return None
        found = _IF_MATCH.fullmatch(stated.strip())
        if found is None:
            raise Problem("malformed", "if-match-malformed", 'If-Match is one version, such as "3"')
        return int(found.group(1))

    async def body(self, limit: int) -> bytes:
        """The whole body, of which no more than ``limit`` bytes are ever held.

        Raises:
            Problem: ``too-large``.
            ClientDisconnect: who asked has gone.
        """
        body, more = b"", True
        while more:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > limit:
                raise Problem("too-large", "body-too-large", f"a body holds up to {limit} bytes")
        return body
