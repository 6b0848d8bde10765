"""`keyledger verify`, as somebody types it."""

import subprocess

import psycopg
import pytest
from psycopg import sql

from tests.readmodels.company import COMPANY, SALES
from tests.readmodels.conftest import Told
from tests.runtime.cli.test_sentences import run
from tests.runtime.store.ledgers import Ledger

pytestmark = pytest.mark.postgres


@pytest.fixture
def store(database_url: str, ledger: str) -> Ledger:
    store = Ledger(database_url, ledger)
    Told(store).tell(*COMPANY, *SALES)
    return store


def verify(store: Ledger) -> subprocess.CompletedProcess[str]:
    return run("verify", DATABASE_URL=store.url, LEDGER=store.name, LOG="store")


def test_a_healthy_ledger_has_no_difference_and_it_says_what_was_compared(store: Ledger) -> None:
    done = verify(store)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(COMPANY) + len(SALES)} facts and" in done.stdout
    assert done.stdout.endswith("no difference\n")


def test_card_03_a_changed_amount_is_named_with_its_row_and_column(store: Ledger) -> None:
    with psycopg.connect(store.url, autocommit=True) as connection:
        ((schema,),) = connection.execute(
            sql.SQL("SELECT tables FROM {} WHERE name = 'funnel' AND state = 'current'").format(
                sql.Identifier(store.name, "read_model")
            )
        ).fetchall()
        connection.execute(
            sql.SQL(
                "UPDATE {} SET amount_minor = 1 WHERE opportunity_id = 'o2' AND state = 'won'"
            ).format(sql.Identifier(schema, "opportunity"))
        )
    done = verify(store)
    assert done.returncode == 1
    assert "opportunity o2/3: not what the facts say: amount_minor\n" in done.stdout
    assert "no difference" not in done.stdout
