"""Who asks: an API key and what it stands for."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from api.ports import Access, KeyFact
from api.problems import Problem

_SCHEME: Final = "bearer "
_PREFIX: Final = "kl_"
_KEY_LENGTH_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Principal:
    """A key that works."""

    key: KeyFact

    @property
    def actor(self) -> str:
        """Whose act it is: the employee's the key acts for, else the key's own."""
        if self.key.employee_id is not None:
            return f"employee-{self.key.employee_id}"
        return f"api_key-{self.key.key_id}"


async def authenticate(
    headers: Mapping[str, str], access: Access, now: datetime, *, fresh: bool
) -> Principal:
    """Who sent a request with these headers.

    Raises:
        Problem: ``unauthenticated``, for a key that is missing, unknown, wrong, expired or revoked;
            the answer is the same for all of them.
    """
    given = headers.get("authorization", "")
    token = given[len(_SCHEME) :].strip()
    if given[: len(_SCHEME)].lower() == _SCHEME and token.startswith(_PREFIX):
        key_id, _, secret = token[:_KEY_LENGTH_MAX].removeprefix(_PREFIX).rpartition("_")
        key = await access.live_key(key_id, now, fresh=fresh) if key_id else None
        digest = hashlib.sha256(secret.encode()).hexdigest()
        # Compared even where there is no key, so that time does not tell which ids exist.
        expected = key.secret_sha256 if key else digest[::-1]
        if hmac.compare_digest(digest, expected) and key is not None:
            return Principal(key)
    raise Problem(
        "unauthenticated",
        "unauthenticated",
        "send Authorization: Bearer with an API key that is in force",
        headers={"WWW-Authenticate": 'Bearer realm="keyledger"'},
    )
