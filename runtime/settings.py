"""What a process is told from outside, read once, at its start."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Log = Literal["kafka", "store"]
LogLevel = Literal["debug", "info", "warning", "error"]
FirstDay = Literal["yesterday", "later"]


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
    cache: Path | None
    """Where downloads are kept; ``None`` for the user's own cache."""
    master_key_file: Path
    host: str
    port: int
    log_level: LogLevel
    """What a process says about itself: this and worse."""
    replay_days: int
    """For how many days a replay is kept once it has ended, unless a proposal names it."""
    webhooks_inside: bool
    """Whether webhooks may go to this machine and to private addresses."""
    first_day: FirstDay
    """Which day of a new ledger is closed first: yesterday at once, or the one before
    `keyledger day close` is asked for, when all history has been imported."""
    supervisor: int | None
    """The process that keeps this one running; when that ends, this one does."""

    @property
    def url(self) -> str:
        """Where a server with these settings is reached from this machine."""
        everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - the names of it
        host = everywhere.get(self.host, self.host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def replays(self) -> Path:
        """Where replays that are carried out keep what they need to go on after a stop."""
        return self.data / "replays" / self.ledger

    @property
    def admin_key_file(self) -> Path:
        """Where the first administrator's key is left."""
        return self.data / "admin-key"

    @property
    def webhook_key_file(self) -> Path:
        """What the secrets of webhooks are made of, beside the master key."""
        return self.master_key_file.with_suffix(".webhooks")


def settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings the environment gives.

    Raises:
        WrongSetting: one of them cannot be used.
    """
    env = os.environ if environment is None else environment
    # Absolute, because another program that is told the same may stand in another folder.
    data = Path(env.get("KEYLEDGER_DATA") or ".keyledger").absolute()
    return Settings(
        ledger=_ledger(env.get("KEYLEDGER_LEDGER", "main")),
        zone=_zone(env.get("KEYLEDGER_ZONE", "UTC")),
        data=data,
        log=_log(env.get("KEYLEDGER_LOG", "kafka")),
        database_url=env.get("KEYLEDGER_DATABASE_URL") or None,
        kafka_bootstrap=env.get("KEYLEDGER_KAFKA_BOOTSTRAP") or None,
        cache=Path(env["KEYLEDGER_CACHE"]).absolute() if env.get("KEYLEDGER_CACHE") else None,
        master_key_file=Path(env.get("KEYLEDGER_MASTER_KEY_FILE") or data / "master-key"),
        host=env.get("KEYLEDGER_HOST", "127.0.0.1"),
        port=_port(env.get("KEYLEDGER_PORT", "8080")),
        log_level=_log_level(env.get("KEYLEDGER_LOG_LEVEL", "info")),
        replay_days=_days(env.get("KEYLEDGER_REPLAY_DAYS", "30")),
        webhooks_inside=_yes("WEBHOOKS_INSIDE", env.get("KEYLEDGER_WEBHOOKS_INSIDE", "no")),
        first_day=_first_day(env.get("KEYLEDGER_FIRST_DAY", "yesterday")),
        supervisor=_process(env.get("KEYLEDGER_SUPERVISOR", "")),
    )


def environment(given: Settings) -> dict[str, str]:
    """What a process must find in its environment to be told the same."""
    told: dict[str, object] = {
        "LEDGER": given.ledger,
        "ZONE": given.zone.key,
        "DATA": given.data,
        "LOG": given.log,
        "DATABASE_URL": given.database_url or "",
        "KAFKA_BOOTSTRAP": given.kafka_bootstrap or "",
        "CACHE": given.cache or "",
        "MASTER_KEY_FILE": given.master_key_file,
        "HOST": given.host,
        "PORT": given.port,
        "LOG_LEVEL": given.log_level,
        "REPLAY_DAYS": given.replay_days,
        "WEBHOOKS_INSIDE": "yes" if given.webhooks_inside else "no",
        "FIRST_DAY": given.first_day,
        "SUPERVISOR": given.supervisor or "",
    }
    return {f"KEYLEDGER_{name}": str(value) for name, value in told.items()}


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


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 3_660:
        raise WrongSetting(f"KEYLEDGER_REPLAY_DAYS={text}: use 1 to 3660")
    return int(text)


def _log_level(text: str) -> LogLevel:
    if text not in ("debug", "info", "warning", "error"):
        message = f"KEYLEDGER_LOG_LEVEL={text}: use debug, info, warning or error"
        raise WrongSetting(message)
    return cast("LogLevel", text)


def _yes(name: str, text: str) -> bool:
    if text not in ("yes", "no"):
        raise WrongSetting(f"KEYLEDGER_{name}={text}: use yes or no")
    return text == "yes"


def _first_day(text: str) -> FirstDay:
    if text not in ("yesterday", "later"):
        message = f"KEYLEDGER_FIRST_DAY={text}: use yesterday or later"
        raise WrongSetting(message)
    return cast("FirstDay", text)


def _process(text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal():
        message = f"KEYLEDGER_SUPERVISOR={text} is not the id of a process; leave it unset"
        raise WrongSetting(message)
    return int(text)
