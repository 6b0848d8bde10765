"""What somebody reads who starts it wrongly: one sentence that says what to do, and no trace."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import psycopg
import pytest

from runtime.embedded import PARTS
from runtime.endings import AGAIN, NEVER_AGAIN
from runtime.store import postgres
from runtime.store.migrate import migrate
from runtime.store.postgres import EmbeddedPostgres, PostgresUnavailable

KEYLEDGER = (sys.executable, "-P", "-m", "runtime")


def run(*arguments: str, **given: str) -> subprocess.CompletedProcess[str]:
    """The program, with nothing set but what is given."""
    told = {name: text for name, text in os.environ.items() if not name.startswith("KEYLEDGER_")}
    settings: Mapping[str, str] = {f"KEYLEDGER_{name}": text for name, text in given.items()}
    return subprocess.run(
        [*KEYLEDGER, *arguments],
        env={**told, "NO_COLOR": "1", **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def sentence(done: subprocess.CompletedProcess[str], code: int = NEVER_AGAIN) -> str:
    """Its last words, which are all it says on its error output."""
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    (words,) = done.stderr.strip().splitlines()
    assert words.startswith("keyledger: ")
    return words.removeprefix("keyledger: ")


def test_it_says_what_it_can_be_asked() -> None:
    done = run("--help")
    assert done.returncode == 0
    verbs = "import rebuild verify archive status kafka demo key day replay".split()
    for verb in (*PARTS, *verbs):
        assert re.search(rf"│ {verb} ", done.stdout), verb


@pytest.mark.parametrize("verb", PARTS)
def test_a_part_without_a_database_says_which_setting_it_needs(verb: str, tmp_path: Path) -> None:
    words = sentence(run(verb, DATA=str(tmp_path)))
    assert "KEYLEDGER_DATABASE_URL is not set" in words
    assert "keyledger serve --embedded" in words


def test_a_relay_without_a_broker_says_which_setting_it_needs(tmp_path: Path) -> None:
    words = sentence(run("relay", DATA=str(tmp_path), DATABASE_URL="postgresql://127.0.0.1:1"))
    assert "KEYLEDGER_KAFKA_BOOTSTRAP is not set" in words
    assert "KEYLEDGER_LOG=store" in words


def test_a_database_that_is_away_may_be_back_later(tmp_path: Path) -> None:
    done = run("project", DATA=str(tmp_path), DATABASE_URL="postgresql://127.0.0.1:1", LOG="store")
    assert done.returncode == AGAIN
    assert "PostgreSQL cannot be used: " in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_is_named() -> None:
    assert sentence(run("kafka", "status", ZONE="Mars/Olympus")) == (
        "KEYLEDGER_ZONE=Mars/Olympus is not a time zone, such as UTC or Europe/Berlin"
    )


@pytest.mark.parametrize("arguments", [("serve", "--embedded"), ("demo",)])
def test_a_port_that_is_taken_is_known_before_anything_is_started(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = run(*arguments, "--data", str(tmp_path / "d"), "--port", str(port))
    words = sentence(done)
    assert words.startswith(f"port {port} of 127.0.0.1 cannot be had (Address already in use)")
    assert "--port" in words
    assert not (tmp_path / "d").exists()


def test_another_versions_data_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("12\n")
    words = sentence(run("serve", "--embedded", "--log", "store", DATA=str(tmp_path)))
    assert "was made by PostgreSQL 12" in words
    assert "dump and restore it, or give another --data DIR" in words
    assert [path.name for path in (tmp_path / "postgres").iterdir()] == ["PG_VERSION"]


def test_a_folder_the_server_cannot_take_is_refused(tmp_path: Path) -> None:
    words = sentence(run("serve", "--embedded", "--log", "store", DATA=str(tmp_path / "my data")))
    assert "has ' ' in it" in words
    assert "--data DIR" in words


def test_a_full_disk_is_known_before_a_server_runs_into_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "MIN_FREE_BYTES", 2**62)
    with pytest.raises(PostgresUnavailable, match="free some space, or give another --data DIR"):
        EmbeddedPostgres(tmp_path / "postgres").start()


def test_a_second_keyledger_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    import fcntl

    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        words = sentence(run("serve", "--embedded", "--log", "store", DATA=str(tmp_path)))
    assert words == f"another keyledger runs on {tmp_path}; stop it, or give another --data DIR"


@pytest.mark.parametrize("verb", ["verify", "status"])
def test_asking_where_nothing_runs_says_so(verb: str, tmp_path: Path) -> None:
    words = sentence(run(verb, DATA=str(tmp_path)))
    assert words.startswith(f"nothing runs on {tmp_path}")


def test_an_import_without_a_key_says_where_it_looked(tmp_path: Path) -> None:
    done = run("import", "crm-sales-opportunities", str(tmp_path), DATA=str(tmp_path / "d"))
    assert sentence(done).startswith(f"there is no {tmp_path}/d/admin-key; give --api-key")


def test_an_import_of_nothing_says_which_file_is_missing(tmp_path: Path) -> None:
    (tmp_path / "admin-key").write_text("kl_admin_0\n")
    done = run("import", "crm-sales-opportunities", str(tmp_path), DATA=str(tmp_path))
    assert done.returncode == NEVER_AGAIN
    assert f"{tmp_path}/sales_teams.csv does not exist" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.postgres
def test_a_ledger_of_another_zone_is_refused(database_url: str, ledger: str) -> None:
    migrate(database_url, ledger, "UTC")
    told = {"DATABASE_URL": database_url, "LEDGER": ledger, "LOG": "store"}
    words = sentence(run("project", ZONE="Europe/Berlin", **told))
    assert "was made for the zone UTC, not Europe/Berlin" in words
    assert "set KEYLEDGER_ZONE=UTC" in words


@pytest.mark.postgres
def test_a_ledger_of_a_newer_release_is_refused(database_url: str, ledger: str) -> None:
    migrate(database_url, ledger, "UTC")
    with psycopg.connect(database_url) as connection:
        connection.execute(f"INSERT INTO {ledger}.migration VALUES ('9999_later.sql')")
    words = sentence(run("project", DATABASE_URL=database_url, LEDGER=ledger, LOG="store"))
    assert "made by a newer release (9999_later.sql)" in words
    assert "upgrade keyledger" in words


@pytest.mark.postgres
def test_a_lost_master_key_is_named(database_url: str, ledger: str, tmp_path: Path) -> None:
    migrate(database_url, ledger, "UTC")
    with psycopg.connect(database_url) as connection:
        connection.execute(
            f"INSERT INTO {ledger}.person_key VALUES "
            "(gen_random_uuid(), gen_random_uuid(), 'gone', 'x')"
        )
    told = {"DATABASE_URL": database_url, "LEDGER": ledger, "LOG": "store", "DATA": str(tmp_path)}
    words = sentence(run("react", **told))
    assert words.startswith(f"{tmp_path}/master-key is missing: restore it")


@pytest.mark.postgres
def test_a_port_that_is_taken_ends_the_server(
    database_url: str, ledger: str, tmp_path: Path
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        told = {"DATABASE_URL": database_url, "LEDGER": ledger, "DATA": str(tmp_path)}
        done = run("serve", PORT=port, **told)
    assert "give another --port" in sentence(done)


def test_kafka_status_loads_neither_the_api_nor_the_database(tmp_path: Path) -> None:
    program = """
import sys
from runtime.__main__ import app
try:
    app(["kafka", "status"])
except SystemExit as end:
    assert end.code == 1
heavy = {"fastapi", "psycopg", "polars", "kafka", "structlog", "uvicorn"}
print(sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "KEYLEDGER_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"
