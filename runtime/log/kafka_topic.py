"""The topic of a ledger: made once with the settings a ledger needs, and checked at each start."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient
from kafka.errors import TopicAlreadyExistsError, UnknownTopicOrPartitionError, for_code

MAX_MESSAGE_BYTES: Final = 8 * 2**20
"""The largest batch of records the topic takes, compressed."""

_FOREVER: Final = "-1"
_NO_BOUND: Final = str(2**63 - 1)
_REPLICAS_WANTED: Final = 3

_TOPIC_SETTINGS: Final[Mapping[str, str]] = {
    "cleanup.policy": "delete",
    "retention.ms": _FOREVER,
    "retention.bytes": _FOREVER,
    "unclean.leader.election.enable": "false",
    "message.timestamp.type": "CreateTime",
    # `recorded_at` never falls, so after a clock has jumped ahead and back it stays ahead of the
    # broker's; by default such records are refused, and the log would stand still.
    "message.timestamp.after.max.ms": _NO_BOUND,
    "message.timestamp.before.max.ms": _NO_BOUND,
    "max.message.bytes": str(MAX_MESSAGE_BYTES),
}

_AT_LEAST: Final = frozenset({"max.message.bytes", "min.insync.replicas"})
"""Settings of which more is as good."""

_BROKER_SETTINGS: Final[Mapping[str, str]] = {
    # What stops a torn transaction from going on after its end (KAFKA-17754).
    "transaction.partition.verification.enable": "true",
}


class WrongLogSettings(Exception):  # noqa: N818 - says what to do
    """The topic or its brokers are not set up for a ledger; each wrong setting is named."""


@dataclass(frozen=True, slots=True)
class LedgerTopic:
    """The topic as it stands."""

    name: str
    topic_id: str
    """Its incarnation: a topic deleted and made again has another one."""
    replicas: int


def topic_name(ledger: str) -> str:
    """The topic of a ledger."""
    return f"keyledger.{ledger}.events"


def ledger_topic(bootstrap: str, ledger: str, *, create: bool = True) -> LedgerTopic | None:
    """The ledger's topic, made if it is missing and ``create`` says so; else ``None``.

    Raises:
        WrongLogSettings: a setting would lose facts or reorder them.
        kafka.errors.KafkaError: the brokers cannot be reached.
    """
    name = topic_name(ledger)
    admin = KafkaAdminClient(
        bootstrap_servers=bootstrap,
        client_id=f"keyledger-{ledger}-topic",
        # The default of 30 s is how long a broker that is back would go unnoticed.
        reconnect_backoff_max_ms=1000,
    )
    try:
        found = _described(admin, name)
        if found is None and create:
            _create(admin, name)
            found = _described(admin, name)
        if found is None:
            return None
        topic = LedgerTopic(name, str(found["topic_id"]), _replicas(found))
        wrong = _wrong(admin, found, topic)
    finally:
        admin.close()
    if wrong:
        raise WrongLogSettings("; ".join(wrong))
    return topic


def _described(admin: Any, name: str) -> Mapping[str, Any] | None:
    (found,) = admin.describe_topics([name])
    if found["error_code"] == UnknownTopicOrPartitionError.errno:
        return None
    if found["error_code"]:
        raise for_code(found["error_code"])(name)
    return cast("Mapping[str, Any]", found)


def _create(admin: Any, name: str) -> None:
    brokers = len(admin.describe_cluster()["brokers"])
    replicas = min(brokers, _REPLICAS_WANTED)
    configs = {**_TOPIC_SETTINGS, "min.insync.replicas": _in_sync(replicas)}
    options = {"num_partitions": 1, "replication_factor": replicas, "configs": configs}
    try:
        admin.create_topics({name: options}, wait_for_metadata=True)
    except TopicAlreadyExistsError:
        # Another process made it at the same moment.
        admin.wait_for_topics([name])


def _in_sync(replicas: int) -> str:
    """One replica may be down without stopping the log; a single node has none to spare."""
    return str(max(1, replicas - 1))


def _replicas(found: Mapping[str, Any]) -> int:
    return min((len(p["replica_nodes"]) for p in found["partitions"]), default=0)


def _wrong(admin: Any, found: Mapping[str, Any], topic: LedgerTopic) -> list[str]:
    """What is wrong, setting by setting; often nothing."""
    wrong = []
    partitions = len(found["partitions"])
    if partitions != 1:
        wrong.append(f"{topic.name} has {partitions} partitions, a ledger has 1")
    wanted = {**_TOPIC_SETTINGS, "min.insync.replicas": _in_sync(topic.replicas)}
    wrong += _differences(admin, ConfigResourceType.TOPIC, topic.name, wanted)
    for broker in admin.describe_cluster()["brokers"]:
        name = str(broker["broker_id"])
        wrong += _differences(admin, ConfigResourceType.BROKER, name, _BROKER_SETTINGS)
    return wrong


def _differences(
    admin: Any, kind: ConfigResourceType, name: str, wanted: Mapping[str, str]
) -> list[str]:
    resource = ConfigResource(kind, name, dict.fromkeys(wanted))
    answer = admin.describe_configs([resource], config_filter="all")
    settings = answer[kind.name.lower()][name]
    where = f"broker {name}" if kind is ConfigResourceType.BROKER else name
    return [
        f"{where}: {setting} is {settings[setting]['value']}, must be {value}"
        for setting, value in wanted.items()
        if not _will_do(setting, settings[setting]["value"], value)
    ]


def _will_do(setting: str, found: str, wanted: str) -> bool:
    return int(found) >= int(wanted) if setting in _AT_LEAST else found == wanted
