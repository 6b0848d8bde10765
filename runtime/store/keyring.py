"""One key per person: seals personal values, and forgets a person by destroying the key."""

import base64
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg_pool import ConnectionPool

from events.codec import Binding
from events.personal import Sealed
from events.recorded import canonical

_NONCE_BYTES: Final = 12
_KEY_BITS: Final = 256


class MasterKeyMissing(Exception):  # noqa: N818 - says what to do
    """The file with the master key is gone; without it no personal value can be read."""


@dataclass(frozen=True, slots=True)
class MasterKey:
    """The key that wraps the keys of persons; kept in a file outside the database."""

    key_id: str
    key: bytes

    @staticmethod
    def new() -> "MasterKey":
        """A fresh random one."""
        return MasterKey(secrets.token_hex(8), AESGCM.generate_key(_KEY_BITS))


@dataclass(slots=True)
class MasterKeyFile:
    """Where the master keys are: usually one; two while a re-wrap is under way."""

    path: Path

    def load(self, *, make: bool) -> tuple[MasterKey, ...]:
        """The keys, the newest last.

        Raises:
            MasterKeyMissing: there is no such file and ``make`` is false.
        """
        if not self.path.exists():
            if not make:
                message = f"{self.path} is missing: restore it, or personal data stays unreadable"
                raise MasterKeyMissing(message)
            self.store((MasterKey.new(),))
        entries = json.loads(self.path.read_text())
        return tuple(MasterKey(e["id"], base64.b64decode(e["key"])) for e in entries)

    def store(self, keys: tuple[MasterKey, ...]) -> None:
        """Replace the file's content at once and durably; mode 0600."""
        text = json.dumps([{"id": k.key_id, "key": base64.b64encode(k.key).decode()} for k in keys])
        part = self.path.with_suffix(".part")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            os.write(handle, text.encode())
            os.fsync(handle)
        finally:
            os.close(handle)
        part.replace(self.path)
        directory = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


@dataclass(slots=True)
class Keyring:
    """Keys of persons in the table ``person_key``, each wrapped by the master key."""

    pool: ConnectionPool[Any]
    file: MasterKeyFile
    ledger: str
    _keys: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def seal(self, plain: bytes, binding: Binding) -> Sealed:
        """``plain`` (JSON bytes) sealed with the key of ``binding.subject``, made when missing."""
        key_id, key = self._key(binding.subject)
        nonce = secrets.token_bytes(_NONCE_BYTES)
        text = AESGCM(key).encrypt(nonce, plain, _bound(binding, key_id))
        return Sealed(
            event=binding.event,
            path=binding.path,
            schema_version=binding.schema_version,
            subject=binding.subject,
            key=key_id,
            nonce=base64.b64encode(nonce).decode(),
            text=base64.b64encode(text).decode(),
        )

    def unseal(self, sealed: Sequence[Sealed]) -> list[bytes | None]:
        """The plain JSON bytes of each, or ``None`` where the person's key is gone.

        Raises:
            InvalidTag: a value was changed, or stands where it was not sealed for.
        """
        keys = self._find({one.subject for one in sealed})
        return [_opened(one, keys.get(one.subject)) for one in sealed]

    def erase(self, subject: str) -> None:
        """Destroy the key of ``subject`` so that no log or backup of the database brings it back.

        The keys that stay are wrapped anew under a new master key and the old one is destroyed.
        A crash at any step ends, when erasing is run again, in the same state: both master keys
        stay in the file until every row is wrapped by the new one.
        """
        with self.pool.connection() as connection, connection.transaction():
            connection.execute("LOCK TABLE person_key IN EXCLUSIVE MODE")
            keys = self.file.load(make=False)
            fresh = MasterKey.new()
            self.file.store((*keys, fresh))
            connection.execute("DELETE FROM person_key WHERE subject = %s", [subject])
            connection.execute("DELETE FROM person_index WHERE subject = %s", [subject])
            rows = connection.execute(
                "SELECT key_id, subject, master_key_id, wrapped FROM person_key"
            )
            for key_id, owner, master_id, wrapped in rows.fetchall():
                plain = _unwrap(keys, master_id, wrapped, str(key_id), str(owner))
                connection.execute(
                    "UPDATE person_key SET master_key_id = %s, wrapped = %s WHERE key_id = %s",
                    [fresh.key_id, _wrap(fresh, plain, str(key_id), str(owner)), key_id],
                )
        self.file.store((fresh,))
        self._keys.clear()

    def person(self, system: str, key: str) -> str:
        """The person another system knows as ``key``: a random UUID, the same every time."""
        blind = self._blind(system, key)
        with self.pool.connection() as connection:
            connection.execute(
                "INSERT INTO person_index (blind, subject) VALUES (%s, %s) ON CONFLICT DO NOTHING",
                [blind, uuid4()],
            )
            row = connection.execute(
                "SELECT subject FROM person_index WHERE blind = %s", [blind]
            ).fetchone()
        assert row is not None
        return str(row[0])

    def _blind(self, system: str, key: str) -> bytes:
        """HMAC-SHA-256 under a key of its own, which re-wrapping leaves as it is."""
        path = self.file.path.with_suffix(".index")
        if not path.exists():
            MasterKeyFile(path).store((MasterKey.new(),))
        (index_key,) = MasterKeyFile(path).load(make=False)
        return hmac.digest(index_key.key, canonical([system, key]), hashlib.sha256)

    def _key(self, subject: str) -> tuple[str, bytes]:
        found = self._find([subject]).get(subject)
        if found is not None:
            return found
        key_id, plain = str(uuid4()), AESGCM.generate_key(_KEY_BITS)
        with self.pool.connection() as connection, connection.transaction():
            # Shut out a re-wrap before looking which master key is the newest: wrapped by one
            # that is destroyed a moment later, the new key would be lost.
            connection.execute("LOCK TABLE person_key IN ROW EXCLUSIVE MODE")
            master = self.file.load(make=False)[-1]
            connection.execute(
                "INSERT INTO person_key (key_id, subject, master_key_id, wrapped) "
                "VALUES (%s, %s, %s, %s) ON CONFLICT (subject) DO NOTHING",
                [key_id, subject, master.key_id, _wrap(master, plain, key_id, subject)],
            )
        return self._find([subject])[subject]

    def _find(self, subjects: Iterable[str]) -> Mapping[str, tuple[str, bytes]]:
        """The keys of those who have one, by subject, in one look.

        Always asks the table, so that a destroyed key stops working at once everywhere.
        """
        asked = list(subjects)
        with self.pool.connection() as connection:
            rows = connection.execute(
                "SELECT subject, key_id, master_key_id, wrapped FROM person_key "
                "WHERE subject = ANY(%s::uuid[])",
                [asked],
            ).fetchall()
        wrapped = {str(subject): (str(key_id), *rest) for subject, key_id, *rest in rows}
        for subject in asked:
            if self._keys.get(subject, ("",))[0] != wrapped.get(subject, (None,))[0]:
                self._keys.pop(subject, None)
        fresh = wrapped.keys() - self._keys.keys()
        masters = self.file.load(make=False) if fresh else ()
        for subject in fresh:
            key_id, master_id, text = wrapped[subject]
            self._keys[subject] = (key_id, _unwrap(masters, master_id, text, key_id, subject))
        return {subject: self._keys[subject] for subject in wrapped}


def _opened(sealed: Sealed, key: tuple[str, bytes] | None) -> bytes | None:
    if key is None or key[0] != sealed.key:
        return None
    binding = Binding(sealed.event, sealed.path, sealed.schema_version, sealed.subject)
    return AESGCM(key[1]).decrypt(
        base64.b64decode(sealed.nonce),
        base64.b64decode(sealed.text),
        _bound(binding, sealed.key),
    )


def _bound(binding: Binding, key_id: str) -> bytes:
    """The associated data (``reliability.md`` 5d): a value opens only where it was sealed for."""
    return canonical(
        {
            "event": binding.event,
            "key": key_id,
            "path": binding.path,
            "schema": binding.schema_version,
            "subject": binding.subject,
        }
    )


def _wrap(master: MasterKey, plain: bytes, key_id: str, subject: str) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(master.key).encrypt(nonce, plain, canonical([key_id, subject]))


def _unwrap(
    masters: tuple[MasterKey, ...], master_id: str, wrapped: bytes, key_id: str, subject: str
) -> bytes:
    for master in masters:
        if master.key_id == master_id:
            nonce, text = wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:]
            return AESGCM(master.key).decrypt(nonce, text, canonical([key_id, subject]))
    message = f"the key {key_id} is wrapped by master key {master_id}, which is not in the file"
    raise InvalidTag(message)
