"""How a program ends that cannot do what it was asked: one sentence and a code."""

import errno
from dataclasses import dataclass
from typing import Final

AGAIN: Final = 75
"""EX_TEMPFAIL: what is missing may be there in a moment; starting again may help."""

NEVER_AGAIN: Final = 78
"""EX_CONFIG: starting again does not help; somebody has to change something first."""

SAYS_WHAT_TO_DO: Final = {
    "runtime.settings.WrongSetting": NEVER_AGAIN,
    "runtime.endings.CannotRun": NEVER_AGAIN,
    "runtime.store.postgres.PostgresUnavailable": NEVER_AGAIN,
    "runtime.store.migrate.WrongLedger": NEVER_AGAIN,
    "runtime.store.keyring.MasterKeyMissing": NEVER_AGAIN,
    "runtime.log.classpath.BrokerUnavailable": NEVER_AGAIN,
    "runtime.log.kafka_topic.WrongLogSettings": NEVER_AGAIN,
    "runtime.log.outbox.RelayHalt": NEVER_AGAIN,
    "runtime.log.cloudevents.LogCorrupt": NEVER_AGAIN,
    "replay.ports.LogGap": NEVER_AGAIN,
    "runtime.importing.driving.DoorClosed": AGAIN,
}
"""Exceptions whose message is for the one who reads the terminal, by their full names: importing
them all would load Kafka and PostgreSQL for a mere ``--help``."""

_FULL: Final = (errno.ENOSPC, errno.EDQUOT)


class CannotRun(Exception):  # noqa: N818 - says what to do
    """What was asked for cannot be done here; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Ending:
    """The last words of a program and its exit code."""

    sentence: str
    code: int


def ending(wrong: BaseException) -> Ending | None:
    """How to end because of ``wrong``; ``None`` for a mistake of ours, which needs its trace."""
    for name in (f"{kind.__module__}.{kind.__qualname__}" for kind in type(wrong).__mro__):
        if name in SAYS_WHAT_TO_DO:
            return Ending(str(wrong), SAYS_WHAT_TO_DO[name])
        if name == "psycopg.errors.DiskFull":
            return Ending("the database's disk is full; free some space", NEVER_AGAIN)
        if name in ("psycopg.OperationalError", "psycopg_pool.PoolTimeout"):
            return Ending(f"PostgreSQL cannot be reached: {_line(wrong)}", AGAIN)
        if name == "kafka.errors.KafkaError":
            return Ending(f"Kafka cannot be used: {_line(wrong)}", AGAIN)
    if isinstance(wrong, OSError) and wrong.errno in _FULL:
        return Ending("the disk is full; free some space, or give another --data DIR", NEVER_AGAIN)
    if isinstance(wrong, PermissionError):
        return Ending(
            f"{wrong.filename} may not be used by this user: {wrong.strerror}", NEVER_AGAIN
        )
    return None


def _line(wrong: BaseException) -> str:
    """The first line of a message, or the name of what has none."""
    return next(iter(str(wrong).splitlines()), "") or type(wrong).__name__
