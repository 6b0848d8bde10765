"""The compose file, as far as it can be checked without an engine to run it."""

import re
from typing import Any, Final

import pytest
import yaml

from runtime.settings import settings
from tests.architecture.house import ROOT

TEXT: Final = (ROOT / "docker-compose.yml").read_text()
COMPOSE: Final[dict[str, Any]] = yaml.safe_load(TEXT)
SERVICES: Final[dict[str, Any]] = COMPOSE["services"]
OURS: Final = ("serve", "relay", "project", "react", "replays")
KNOWN: Final = frozenset(
    """
    build command depends_on environment healthcheck image init ports read_only restart
    stop_grace_period tmpfs volumes
    """.split()
)
"""The keys of a service that are used here; a misspelt one would be passed over in silence."""

VARIABLE: Final = re.compile(r"\$\{([A-Z_]+)(?::?[-?][^}]*)?\}")


def example() -> dict[str, str]:
    """What `.env.example` sets."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def environment(service: str) -> dict[str, str]:
    """What a service finds in its environment, with the values of `.env.example`."""
    values = example()
    return {
        name: VARIABLE.sub(lambda found: values[found.group(1)], str(value))
        for name, value in SERVICES[service]["environment"].items()
    }


def test_the_file_has_the_services_and_nothing_unknown() -> None:
    assert set(SERVICES) == {"postgres", "kafka", *OURS}
    assert set(COMPOSE) <= {"name", "services", "volumes"} | {
        key for key in COMPOSE if key.startswith("x-")
    }
    assert {key for service in SERVICES.values() for key in service} <= KNOWN


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_says_when_it_is_healthy_and_comes_back_by_itself(service: str) -> None:
    check = SERVICES[service]["healthcheck"]
    assert check["test"][0] in {"CMD", "CMD-SHELL"}
    assert {"interval", "timeout", "retries", "start_period"} <= set(check)
    assert SERVICES[service]["restart"] == "unless-stopped"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_waits_until_what_it_needs_is_healthy(service: str) -> None:
    needs = SERVICES[service].get("depends_on", {})
    assert set(needs) <= set(SERVICES)
    assert all(need == {"condition": "service_healthy"} for need in needs.values())
    assert ("postgres" in needs) == (service in OURS)
    assert ("kafka" in needs) == (service in {"relay", "project", "react"})


def test_every_volume_is_named_and_used() -> None:
    mounted = {
        volume.split(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", ())
    }
    assert mounted == set(COMPOSE["volumes"])
    assert not any(name.startswith((".", "/")) for name in mounted)


def test_every_variable_has_an_example_and_every_example_a_use() -> None:
    assert set(VARIABLE.findall(TEXT)) == set(example())


def test_no_password_has_a_default() -> None:
    assert "${POSTGRES_PASSWORD:?" in TEXT
    assert "${POSTGRES_PASSWORD:-" not in TEXT


@pytest.mark.parametrize("service", OURS)
def test_the_settings_of_a_service_are_ones_keyledger_reads(service: str) -> None:
    given = environment(service)
    read = settings(given)
    assert read.database_url is not None
    assert read.database_url.startswith("postgresql://")
    assert "@postgres:5432/" in read.database_url
    assert read.kafka_bootstrap == "kafka:9092"
    assert read.log == "kafka"
    assert all(name.startswith("KEYLEDGER_") for name in given)
    assert SERVICES[service]["command"][0] == service


def test_kafka_gives_nothing_up() -> None:
    broker = environment("kafka")
    assert broker["KAFKA_PROCESS_ROLES"] == "broker,controller"
    assert broker["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"
    assert broker["KAFKA_UNCLEAN_LEADER_ELECTION_ENABLE"] == "false"
    assert broker["KAFKA_TRANSACTION_PARTITION_VERIFICATION_ENABLE"] == "true"
    assert broker["KAFKA_LOG_RETENTION_MS"] == broker["KAFKA_LOG_RETENTION_BYTES"] == "-1"
    assert "kafka:9092" in broker["KAFKA_ADVERTISED_LISTENERS"]


def test_the_broker_in_the_container_has_the_settings_of_the_embedded_one() -> None:
    """What is only about this machine (listeners, folders, threads, sessions) may differ."""
    container = {
        name.removeprefix("KAFKA_").lower().replace("_", "."): value
        for name, value in environment("kafka").items()
    }
    embedded = dict(
        line.split("=", 1)
        for line in (ROOT / "runtime/log/kafka.properties").read_text().splitlines()
        if line and not line.startswith("#")
    )
    differing = {
        name: (container[name], embedded[name])
        for name in container.keys() & embedded.keys()
        if container[name] != embedded[name]
    }
    assert differing.keys() <= {
        "listeners",
        "advertised.listeners",
        "controller.quorum.voters",
        "log.dirs",
    }
    durability = {name for name in embedded if name.startswith(("log.retention", "transaction"))}
    assert durability <= container.keys()


def test_the_same_kafka_and_the_same_uv_everywhere() -> None:
    locked = re.search(
        r'artifactId = "kafka_2\.13"\nversion = "([^"]+)"',
        (ROOT / "runtime/log/kafka.lock").read_text(),
    )
    assert locked is not None
    assert SERVICES["kafka"]["image"] == f"apache/kafka:{locked.group(1)}"
    made = re.search(r"^UV_VERSION := (\S+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert made is not None
    assert f"ARG UV_VERSION={made.group(1)}\n" in (ROOT / "Dockerfile").read_text()


def test_the_image_runs_as_nobody_special_and_installs_by_hash() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert re.search(r"^FROM python:3\.11-slim", text, re.MULTILINE)
    assert "--require-hashes" in text
    users = re.findall(r"^USER (\S+)$", text, re.MULTILINE)
    assert users
    assert users[-1] not in {"root", "0"}
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".venv", ".keyledger", ".git", ".env"} <= set(ignored)
