"""`keyledger archive` and `keyledger verify --archive`, as somebody types them."""

import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from projections.products import PRODUCTS
from runtime.log.cloudevents import StoredFact
from runtime.log.kafka_topic import ledger_topic
from runtime.log.store_source import StoreSource
from runtime.projector import Projector
from tests.history.dumps import read_models
from tests.processes import until
from tests.runtime.cli.test_sentences import run, sentence
from tests.runtime.log.facts import plant
from tests.runtime.sales import sell
from tests.runtime.store.ledgers import Ledger

pytestmark = pytest.mark.postgres


@dataclass(frozen=True, slots=True)
class Program:
    """The program on one ledger."""

    store: Ledger
    folder: Path

    def run(self, *arguments: str, **given: str) -> subprocess.CompletedProcess[str]:
        told = {"DATABASE_URL": self.store.url, "LEDGER": self.store.name, "LOG": "store"}
        return run(*arguments, **(told | given))

    def archive(self, *arguments: str, **given: str) -> str:
        done = self.run("archive", str(self.folder), *arguments, **given)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def verify(self, **given: str) -> subprocess.CompletedProcess[str]:
        return self.run("verify", "--archive", str(self.folder), **given)


@pytest.fixture
def program(database_url: str, ledger: str, tmp_path: Path) -> Program:
    return Program(Ledger(database_url, ledger), tmp_path)


def test_it_archives_full_stretches_then_the_rest_and_verifies_them(program: Program) -> None:
    head = sell(program.store, 9)
    full = head // 4 * 4
    assert f"{full} facts archived; the archive ends at position {full}" in program.archive(
        "--stretch", "4"
    )
    assert "0 facts archived" in program.archive("--stretch", "4")
    assert f"ends at position {head}" in program.archive("--stretch", "4", "--until-now")
    done = program.verify()
    assert done.returncode == 0, done.stdout
    assert f"{head} archived facts compared with the log (store)" in done.stdout
    assert done.stdout.endswith("no difference\n")


def test_a_changed_byte_is_found_and_the_file_named(program: Program) -> None:
    sell(program.store, 5)
    program.archive("--until-now")
    path = min(program.folder.rglob("*.parquet"))
    octets = bytearray(path.read_bytes())
    octets[10] ^= 1
    path.write_bytes(octets)
    done = program.verify()
    assert done.returncode == 1
    assert f"{path.parent.name}/{path.name} does not have its hash" in done.stdout


def test_a_ledger_without_an_archive_says_so(program: Program) -> None:
    assert sentence(program.verify()).startswith("there is no archive of")


def test_a_cut_manifest_ends_in_a_sentence(program: Program) -> None:
    sell(program.store, 2)
    program.archive("--until-now")
    (manifest,) = program.folder.rglob("manifest.json")
    manifest.write_text(manifest.read_text()[:-30])
    assert "manifest.json: it is no manifest" in sentence(program.verify())
    done = program.run("archive", str(program.folder))
    assert "manifest.json: it is no manifest" in done.stderr
    assert "Traceback" not in done.stderr


def _projected(store: Ledger, head: int) -> None:
    stop = threading.Event()
    with StoreSource(store.url, store.name) as source, ThreadPoolExecutor() as threads:
        projector = Projector(store.url, store.name, source, [PRODUCTS])
        running = threads.submit(projector.run, stop)
        until(
            lambda: any(
                model["position"] == head for model in read_models(store.url, store.name).values()
            ),
            f"products are at position {head}",
        )
        stop.set()
        running.result()


def test_a_read_model_is_built_anew_out_of_the_archive(program: Program) -> None:
    head = sell(program.store, 9)
    _projected(program.store, head)
    program.archive("--stretch", "10")
    arguments = ("rebuild", "products", "--archive", str(program.folder))
    done = program.run(*arguments)
    assert f"products is built anew as of position {head}" in done.stdout, done.stderr
    path = min(program.folder.rglob("*.parquet"))
    path.write_bytes(path.read_bytes()[:-1])
    done = program.run(*arguments)
    assert f"{path.name} does not have its hash" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.kafka
def test_the_log_in_kafka_gives_the_same_archive_as_the_store(program: Program, kafka: str) -> None:
    head = sell(program.store, 6)
    ledger_topic(kafka, program.store.name)
    plant(
        kafka,
        program.store.name,
        *(
            StoredFact(e.position, e.stream, e.name, e.payload, e.leaf, e.leaf_hash)
            for e in program.store.events()
        ),
    )
    program.archive("--until-now", LOG="kafka", KAFKA_BOOTSTRAP=kafka)
    for log in ("store", "kafka"):
        done = program.verify(LOG=log, KAFKA_BOOTSTRAP=kafka)
        assert f"{head} archived facts compared with the log ({log})\nno difference" in done.stdout
