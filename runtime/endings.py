"""How a program ends that cannot do what it was asked: one sentence and a code."""

import errno
from dataclasses import dataclass
from typing import Final

AGAIN: Final = 75
"""EX_TEMPFAIL: what is missing may be there in a moment; starting again may help."""

NEVER_AGAIN: Final = 78
"""EX_CONFIG: starting again does not help; somebody has to change something first."""


class CannotRun(Exception):  # noqa: N818 - says what to do
    """What was asked for cannot be done here; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Ending:
    """The last words of a program and its exit code."""

    sentence: str
    code: int


ENDINGS: Final = {
    "runtime.settings.WrongSetting": Ending("{}", NEVER_AGAIN),
    "runtime.endings.CannotRun": Ending("{}", NEVER_AGAIN),
    "runtime.store.postgres.PostgresUnavailable": Ending("{}", NEVER_AGAIN),
    "runtime.store.migrate.WrongLedger": Ending("{}", NEVER_AGAIN),
    "runtime.store.keyring.MasterKeyMissing": Ending("{}", NEVER_AGAIN),
    "runtime.log.classpath.BrokerUnavailable": Ending("{}", NEVER_AGAIN),
    "runtime.log.kafka_topic.WrongLogSettings": Ending("{}", NEVER_AGAIN),
    "runtime.log.outbox.RelayHalt": Ending("{}", NEVER_AGAIN),
    "runtime.log.cloudevents.LogCorrupt": Ending("{}", NEVER_AGAIN),
    "runtime.importing.reading.SourceUnreadable": Ending("{}", NEVER_AGAIN),
    "replay.ports.LogGap": Ending("{}: verify the ledger", NEVER_AGAIN),
    "replay.archive.datasets.FactBroken": Ending("{}: verify the ledger", NEVER_AGAIN),
    "replay.archive.reading.ArchiveBroken": Ending("{}", NEVER_AGAIN),
    "replay.ports.BuildsDiffer": Ending("{}: verify the ledger", NEVER_AGAIN),
    "runtime.importing.driving.DoorClosed": Ending("{}", AGAIN),
    "runtime.log.guarded_producer.Doubt": Ending("{}", AGAIN),
    "runtime.projector.AnotherProjector": Ending("{}", AGAIN),
    "readmodels.builds.CursorMoved": Ending("{}: another process builds it too", AGAIN),
    "readmodels.builds.NewerVersion": Ending("{}", NEVER_AGAIN),
    "runtime.read_models.VersionUnderWay": Ending("{}", AGAIN),
    "commands.ports.StoreUnavailable": Ending("{}", AGAIN),
    "kafka.errors.KafkaError": Ending("Kafka cannot be used: {}", AGAIN),
    "psycopg.errors.DiskFull": Ending("the database's disk is full; free some space", NEVER_AGAIN),
    "psycopg.OperationalError": Ending("PostgreSQL cannot be used: {}", AGAIN),
    "psycopg.InterfaceError": Ending("PostgreSQL cannot be used: {}", AGAIN),
}
"""How what is raised ends a program, with its message in the place of the braces. By name:
importing them all would load Kafka and PostgreSQL for a mere ``--help``."""


def ending(wrong: BaseException) -> Ending | None:
    """How to end because of ``wrong``; ``None`` for a mistake of ours, which needs its trace."""
    for kind in type(wrong).__mro__:
        known = ENDINGS.get(f"{kind.__module__}.{kind.__qualname__}")
        if known is not None:
            return Ending(known.sentence.format(_told(wrong)), known.code)
    if isinstance(wrong, OSError) and wrong.errno in (errno.ENOSPC, errno.EDQUOT):
        return Ending("the disk is full; free some space, or give another --data DIR", NEVER_AGAIN)
    if isinstance(wrong, PermissionError):
        sentence = f"{wrong.filename} cannot be used ({wrong.strerror}); give another --data DIR"
        return Ending(sentence, NEVER_AGAIN)
    return None


def _told(wrong: BaseException) -> str:
    """What ``wrong`` says, or its name where it says nothing."""
    return str(wrong).strip() or type(wrong).__name__
