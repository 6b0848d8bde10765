"""What a process is told from outside, read once, at its start."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Log = Literal["kafka", "store"]


class WrongSetting(Exception):  # noqa: N818 - says what to do
    """A setting is missing or cannot be used; the message names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings of a process; every one can be given as ``KEYLEDGER_<NAME>``."""

    ledger: str
    """The ledger: its PostgreSQL schema and the middle of its topic's name."""
    zone: ZoneInfo
    """A date means its whole local day in this zone; fixed when a ledger is made."""
    data: Path
    """Where embedded servers, the master key and the first administrator's key are kept."""
    log: Log
    """What read models follow: Kafka, or the store's own tail."""
    database_url: str | None
    """PostgreSQL; ``None`` for an embedded one."""
    kafka_bootstrap: str | None
    """Kafka, ``host:port``; ``None`` for an embedded one."""
    master_key_file: Path
    host: str
    port: int


def settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings the environment gives.

    Raises:
        WrongSetting: one of them cannot be used.
    """
    env = os.environ if environment is None else environment
    data = Path(env.get("KEYLEDGER_DATA", ".keyledger"))
    return Settings(
        ledger=_ledger(env.get("KEYLEDGER_LEDGER", "main")),
        zone=_zone(env.get("KEYLEDGER_ZONE", "UTC")),
        data=data,
        log=_log(env.get("KEYLEDGER_LOG", "kafka")),
        database_url=env.get("KEYLEDGER_DATABASE_URL") or None,
        kafka_bootstrap=env.get("KEYLEDGER_KAFKA_BOOTSTRAP") or None,
        master_key_file=Path(env.get("KEYLEDGER_MASTER_KEY_FILE") or data / "master-key"),
        host=env.get("KEYLEDGER_HOST", "127.0.0.1"),
        port=_port(env.get("KEYLEDGER_PORT", "8080")),
    )


def _ledger(text: str) -> str:
    if not (text.isascii() and text.isidentifier() and text == text.lower() and len(text) <= 24):
        message = f"KEYLEDGER_LEDGER={text}: use up to 24 of a-z, 0-9 and _, no digit first"
        raise WrongSetting(message)
    return text


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError) as unknown:
        message = f"KEYLEDGER_ZONE={text} is not a time zone, such as UTC or Europe/Berlin"
        raise WrongSetting(message) from unknown


def _log(text: str) -> Log:
    if text not in ("kafka", "store"):
        message = f"KEYLEDGER_LOG={text}: use kafka or store"
        raise WrongSetting(message)
    return cast("Log", text)


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        message = f"KEYLEDGER_PORT={text}: use a port from 1 to 65535"
        raise WrongSetting(message)
    return int(text)
