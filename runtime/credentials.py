"""API keys: made once, shown once, stored only as a hash."""

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from commands.carry_out import Desk, carry_out
from commands.organization.api_key import IssueApiKey
from commands.ports import Context

ADMIN_KEY_ID: Final = "admin"


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key as its owner gets to see it once."""

    key_id: str
    secret: str

    @property
    def text(self) -> str:
        """What goes behind ``Authorization: Bearer``."""
        return f"kl_{self.key_id}_{self.secret}"

    @property
    def secret_sha256(self) -> str:
        """What is stored; the secret has 256 random bits, so a slow hash adds nothing."""
        return hashlib.sha256(self.secret.encode()).hexdigest()


def new_key(key_id: str) -> NewKey:
    """A key with a fresh random secret."""
    return NewKey(key_id, secrets.token_hex(32))


def derived_key(parent: str, key_id: str) -> NewKey:
    """The key ``key_id`` of whoever holds ``parent``: the same every time, and as secret."""
    return NewKey(key_id, hmac.digest(parent.encode(), key_id.encode(), hashlib.sha256).hex())


async def ensure_admin_key(
    desk: Desk, *, ledger: str, zone: ZoneInfo, file: Path, now: datetime
) -> None:
    """Leave the first administrator's key in ``file`` (mode 0600), unless it is there already.

    The file is written before the key is issued: a crash in between leaves a file whose key is
    issued at the next start, never an issued key that nobody can read.
    """
    key = _kept(file)
    command_id = str(uuid5(uuid5(NAMESPACE_URL, ledger), f"system\nissue {key.key_id}"))
    command = IssueApiKey(
        key_id=key.key_id,
        secret_sha256=key.secret_sha256,
        roles=("administrator",),
        label="first administrator",
    )
    day = now.astimezone(zone).date()
    await carry_out(
        desk,
        command,
        Context(
            actor="system",
            key_id=None,
            command_id=command_id,
            request_digest=hashlib.sha256(key.secret_sha256.encode()).digest(),
            now=now,
            today=day,
            occurred_at=now,
            business_date=day,
            correlation_id=command_id,
        ),
    )


def _kept(file: Path) -> NewKey:
    """The key in ``file``; a new one where there is no such file."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        # An earlier file was lost: its key stays valid until revoked, and gets a successor.
        _write_private(file, new_key(f"{ADMIN_KEY_ID}-{secrets.token_hex(4)}").text)
    key_id, _, secret = file.read_text().strip().removeprefix("kl_").rpartition("_")
    return NewKey(key_id, secret)


def _write_private(file: Path, text: str) -> None:
    part = file.with_name(f"{file.name}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as out:
        out.write(text + "\n")
        out.flush()
        os.fsync(handle)
    part.replace(file)
