"""The form of Standard Webhooks: secrets, and the headers that let a receiver trust a message."""

import base64
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from events.recorded import canonical


@dataclass(frozen=True, slots=True)
class WebhookSecrets:
    """The secrets of all webhooks, each made of its webhook's id and its number.

    They follow from one random key in a file beside the master key, so that no secret is kept
    anywhere. Whoever makes the file away gives every webhook other secrets.
    """

    file: Path

    def secret(self, webhook_id: str, number: int) -> str:
        """``whsec_`` and 32 bytes in Base64, the same for the same webhook and number."""
        made = hmac.digest(self._key(), canonical([webhook_id, number]), hashlib.sha256)
        return f"whsec_{base64.b64encode(made).decode()}"

    def _key(self) -> bytes:
        if not self.file.exists():
            _leave(self.file, secrets.token_hex(32))
        return bytes.fromhex(json.loads(self.file.read_text())["key"])


def signed(message_id: str, body: bytes, at: datetime, signing: Sequence[str]) -> Mapping[str, str]:
    """The headers of a message sent ``at``: its id, the time, a signature with each secret."""
    seconds = str(int(at.timestamp()))
    content = f"{message_id}.{seconds}.".encode() + body
    signatures = [
        hmac.digest(base64.b64decode(one.removeprefix("whsec_")), content, hashlib.sha256)
        for one in signing
    ]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(f"v1,{base64.b64encode(one).decode()}" for one in signatures),
    }


def _leave(file: Path, key: str) -> None:
    """Leave ``key`` in ``file``, whole and durably; nothing when another process was faster."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as out:
        json.dump({"key": key}, out)
        out.flush()
        os.fsync(handle)
    with suppress(FileExistsError):
        os.link(part, file)
    part.unlink()
