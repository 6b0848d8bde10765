"""What a process is told: read once, checked, and handed on without loss."""

from dataclasses import replace
from pathlib import Path

import pytest

from runtime.settings import WrongSetting, environment, settings


def test_nothing_has_to_be_set() -> None:
    given = settings({})
    assert given.ledger == "main"
    assert given.log == "kafka"
    assert given.database_url is None
    assert given.data == Path.cwd() / ".keyledger"
    assert given.admin_key_file == given.data / "admin-key"
    assert given.url == "http://127.0.0.1:8080"


def test_what_is_handed_on_says_the_same() -> None:
    given = settings(
        {
            "KEYLEDGER_LEDGER": "north",
            "KEYLEDGER_ZONE": "Europe/Berlin",
            "KEYLEDGER_DATA": "somewhere",
            "KEYLEDGER_LOG": "store",
            "KEYLEDGER_DATABASE_URL": "postgresql://db",
            "KEYLEDGER_KAFKA_BOOTSTRAP": "broker:9092",
            "KEYLEDGER_CACHE": "cache",
            "KEYLEDGER_MASTER_KEY_FILE": "/keys/master",
            "KEYLEDGER_HOST": "::1",
            "KEYLEDGER_PORT": "9000",
            "KEYLEDGER_LOG_LEVEL": "error",
            "KEYLEDGER_REPLAY_DAYS": "7",
            "KEYLEDGER_WEBHOOKS_INSIDE": "yes",
            "KEYLEDGER_FIRST_DAY": "later",
            "KEYLEDGER_SUPERVISOR": "42",
        }
    )
    assert settings(environment(given)) == given
    nothing = replace(given, database_url=None, kafka_bootstrap=None, cache=None, supervisor=None)
    assert settings(environment(nothing)) == nothing


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("0.0.0.0", "http://127.0.0.1:8080"),
        ("::", "http://[::1]:8080"),
        ("10.0.0.7", "http://10.0.0.7:8080"),
    ],
)
def test_a_server_is_reached_where_it_listens(host: str, url: str) -> None:
    assert settings({"KEYLEDGER_HOST": host}).url == url


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KEYLEDGER_REPLAY_DAYS", "0"),
        ("KEYLEDGER_REPLAY_DAYS", "3661"),
        ("KEYLEDGER_REPLAY_DAYS", "a week"),
        ("KEYLEDGER_LEDGER", "Main"),
        ("KEYLEDGER_LEDGER", "2nd"),
        ("KEYLEDGER_LEDGER", "a" * 25),
        ("KEYLEDGER_LEDGER", 'x"; drop'),
        ("KEYLEDGER_ZONE", "Mars/Olympus"),
        ("KEYLEDGER_ZONE", "../etc/passwd"),
        ("KEYLEDGER_LOG", "files"),
        ("KEYLEDGER_PORT", "0"),
        ("KEYLEDGER_PORT", "65536"),
        ("KEYLEDGER_PORT", "http"),
        ("KEYLEDGER_LOG_LEVEL", "loud"),
        ("KEYLEDGER_WEBHOOKS_INSIDE", "true"),
        ("KEYLEDGER_FIRST_DAY", "tomorrow"),
        ("KEYLEDGER_SUPERVISOR", "init"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_with_what_can(name: str, value: str) -> None:
    with pytest.raises(WrongSetting, match=f"{name}="):
        settings({name: value})


def test_the_bounds_themselves_can_be_used() -> None:
    assert settings({"KEYLEDGER_PORT": "65535"}).port == 65535
    assert settings({"KEYLEDGER_LEDGER": "a" * 24}).ledger == "a" * 24
