"""Personal values: sealed where they belong, unreadable elsewhere, gone when the key is."""

import json
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.exceptions import InvalidTag

from events.codec import Binding
from events.personal import Sealed
from runtime.store.keyring import Keyring, MasterKeyFile, MasterKeyMissing
from runtime.store.migrate import migrate
from runtime.store.postgres import connection_pool

pytestmark = pytest.mark.postgres

ANN, BEA = str(UUID(int=1, version=4)), str(UUID(int=2, version=4))


def bound(subject: str, path: str = "name") -> Binding:
    return Binding(f"employee-{subject}/1", path, 1, subject)


def opened(keyring: Keyring, sealed: Sealed) -> bytes | None:
    (plain,) = keyring.unseal([sealed])
    return plain


@pytest.fixture
def keyring(database_url: str, ledger: str, tmp_path: Path) -> Iterator[Keyring]:
    migrate(database_url, ledger, "UTC")
    file = MasterKeyFile(tmp_path / "master-key")
    file.load(make=True)
    with connection_pool(database_url, ledger) as pool:
        yield Keyring(pool, file, ledger)


def test_a_sealed_value_opens_where_it_was_sealed_for(keyring: Keyring) -> None:
    sealed = keyring.seal(b'"Ann"', bound(ANN))
    assert opened(keyring, sealed) == b'"Ann"'
    assert "Ann" not in sealed.model_dump_json()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("event", f"employee-{ANN}/2"),
        ("path", "email"),
        ("schema_version", 2),
        ("text", "AAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
    ],
)
def test_a_value_that_was_moved_or_changed_does_not_open(
    keyring: Keyring, field: str, value: object
) -> None:
    sealed = keyring.seal(b'"Ann"', bound(ANN))
    with pytest.raises(InvalidTag):
        opened(keyring, sealed.model_copy(update={field: value}))


@dataclass(slots=True)
class Counting:
    """The pool of a keyring, and how often it was asked for a connection."""

    pool: Any
    looks: int = 0

    def connection(self) -> Any:
        self.looks += 1
        return self.pool.connection()


def test_many_values_open_in_their_order_by_one_look(keyring: Keyring) -> None:
    people = [str(uuid4()) for _ in range(20)]
    sealed = [keyring.seal(f'"{one}"'.encode(), bound(one)) for one in people]
    keyring.erase(people[3])
    pool: Any = Counting(keyring.pool)
    fresh = Keyring(pool, keyring.file, keyring.ledger)
    expected = [None if one == people[3] else f'"{one}"'.encode() for one in people]
    assert fresh.unseal([*sealed, *sealed]) == [*expected, *expected]
    assert pool.looks == 1


def test_one_persons_value_does_not_open_as_anothers(keyring: Keyring) -> None:
    ann, bea = keyring.seal(b'"Ann"', bound(ANN)), keyring.seal(b'"Bea"', bound(BEA))
    swapped = ann.model_copy(update={"nonce": bea.nonce, "text": bea.text})
    with pytest.raises(InvalidTag):
        opened(keyring, swapped)
    assert opened(keyring, ann.model_copy(update={"subject": BEA})) is None


def test_erasing_destroys_one_key_and_the_master_key_that_wrapped_it(keyring: Keyring) -> None:
    ann, bea = keyring.seal(b'"Ann"', bound(ANN)), keyring.seal(b'"Bea"', bound(BEA))
    before = keyring.file.load(make=False)
    keyring.erase(ANN)
    assert opened(keyring, ann) is None
    assert opened(keyring, bea) == b'"Bea"'
    after = keyring.file.load(make=False)
    assert len(after) == 1
    assert {key.key for key in after}.isdisjoint(key.key for key in before)


def test_erasing_reaches_another_process_at_once(keyring: Keyring) -> None:
    other = Keyring(keyring.pool, keyring.file, keyring.ledger)
    sealed = keyring.seal(b'"Ann"', bound(ANN))
    assert opened(other, sealed) == b'"Ann"'
    keyring.erase(ANN)
    assert opened(other, sealed) is None


def test_an_erasure_cut_short_ends_erased_when_it_is_run_again(keyring: Keyring) -> None:
    """The new master key was stored and nothing was wrapped by it yet."""
    ann, bea = keyring.seal(b'"Ann"', bound(ANN)), keyring.seal(b'"Bea"', bound(BEA))
    spare = MasterKeyFile(keyring.file.path.with_name("spare")).load(make=True)
    keyring.file.store((*keyring.file.load(make=False), *spare))
    keyring.erase(ANN)
    assert (opened(keyring, ann), opened(keyring, bea)) == (None, b'"Bea"')
    assert len(keyring.file.load(make=False)) == 1


def test_another_systems_key_finds_the_same_person_again(keyring: Keyring) -> None:
    person = keyring.person("crm", "Ann Archer")
    assert keyring.person("crm", "Ann Archer") == person
    assert keyring.person("crm", "Bea Baker") != person
    assert keyring.person("erp", "Ann Archer") != person
    with keyring.pool.connection() as connection:
        rows = connection.execute("SELECT blind FROM person_index").fetchall()
    assert all(b"Ann" not in bytes(blind) for (blind,) in rows)


def test_an_erased_person_is_not_found_again(keyring: Keyring) -> None:
    person = keyring.person("crm", "Ann Archer")
    keyring.erase(person)
    assert keyring.person("crm", "Ann Archer") != person


def test_the_master_key_is_for_its_owner_only_and_never_in_the_database(keyring: Keyring) -> None:
    keyring.seal(b'"Ann"', bound(ANN))
    assert stat.S_IMODE(keyring.file.path.stat().st_mode) == 0o600
    (master,) = keyring.file.load(make=False)
    with keyring.pool.connection() as connection:
        rows = connection.execute("SELECT wrapped FROM person_key").fetchall()
    assert all(master.key not in bytes(wrapped) for (wrapped,) in rows)


def test_a_missing_master_key_is_said_and_never_replaced(keyring: Keyring) -> None:
    sealed = keyring.seal(b'"Ann"', bound(ANN))
    keyring.file.path.unlink()
    with pytest.raises(MasterKeyMissing, match="restore it"):
        opened(Keyring(keyring.pool, keyring.file, keyring.ledger), sealed)


def test_the_stored_form_round_trips(keyring: Keyring) -> None:
    sealed = keyring.seal(json.dumps("Zoë").encode(), bound(ANN))
    stored = json.loads(json.dumps(sealed.model_dump(by_alias=True)))
    assert Sealed.model_validate(stored) == sealed
    assert opened(keyring, Sealed.model_validate(stored)) == json.dumps("Zoë").encode()
