"""Settings of the broker, changed for a while."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager

from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient


@contextmanager
def admin(kafka: str) -> Iterator[KafkaAdminClient]:
    """A client for topics and brokers."""
    with closing(KafkaAdminClient(bootstrap_servers=kafka)) as client:
        yield client


@contextmanager
def broker_setting(kafka: str, settings: Mapping[str, str]) -> Iterator[None]:
    """Let the broker have ``settings``, which are "true" otherwise."""
    with admin(kafka) as client:
        client.alter_configs([ConfigResource(ConfigResourceType.BROKER, "1", settings)])
        yield
        client.alter_configs(
            [ConfigResource(ConfigResourceType.BROKER, "1", dict.fromkeys(settings, "true"))]
        )
