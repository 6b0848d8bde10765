"""The published schemas: as the facts have them, valid, and never narrowed in silence."""

import json
import shutil
from pathlib import Path
from typing import Any, ClassVar, Final

import pytest
from jsonschema import Draft202012Validator
from pydantic import Field

from events.catalogue import EVENTS
from events.event import Event
from events.personal import Personal
from events.schemas import FOLDER, VersionNeeded, differing, file_name, main, schema, write
from events.values import Id, PersonId
from runtime.log.cloudevents import StoredFact, message
from tests.events.golden_files import GOLDEN, GoldenFile

SCHEMAS: Final = tuple(sorted(FOLDER.glob("*.v*.json")))
ASYNCAPI: Final[dict[str, Any]] = json.loads((FOLDER / "asyncapi.json").read_text())


class LampLit(Event):
    """A lamp is lit; only the tests know it."""

    NAME: ClassVar[str] = "lamp.lit"

    lamp_id: Id
    watts: int = Field(ge=1, le=100)


class DimLampLit(LampLit):
    """The same with less power, under the same name and version: not allowed."""

    watts: int = Field(ge=1, le=60)


class BrightLampLit(LampLit):
    """The same with more power: what was stored stays valid."""

    watts: int = Field(ge=1, le=200)


class BrightLampLitAgain(BrightLampLit):
    """A second version."""

    VERSION: ClassVar[int] = 2

    room_id: Id


class GuestArrived(Event):
    """A person who may leave no name."""

    NAME: ClassVar[str] = "guest.arrived"
    PERSON: ClassVar[str | None] = "guest_id"

    guest_id: PersonId
    name: Personal[str | None]


def test_the_committed_files_are_as_generated() -> None:
    assert differing(FOLDER, EVENTS.values()) == (), "run: make schemas"


def test_the_check_exits_with_nothing_to_say() -> None:
    assert main(["--check"]) is None


@pytest.mark.parametrize("spoil", ["change", "remove", "add"])
def test_the_check_sees_a_file_that_is_not_as_generated(tmp_path: Path, spoil: str) -> None:
    folder = tmp_path / "schemas"
    shutil.copytree(FOLDER, folder)
    if spoil == "add":
        (folder / "never.happened.v1.json").write_text("{}")
        assert differing(folder, EVENTS.values()) == ("never.happened.v1.json",)
        return
    victim = folder / "opportunity.won.v1.json"
    victim.unlink() if spoil == "remove" else victim.write_text("{}")
    assert differing(folder, EVENTS.values()) == (victim.name,)


def test_a_narrower_schema_under_the_same_version_is_not_written(tmp_path: Path) -> None:
    write(tmp_path, [LampLit])
    before = (tmp_path / "lamp.lit.v1.json").read_text()
    with pytest.raises(VersionNeeded, match=r"lamp\.lit\.v1\.json needs a new VERSION"):
        write(tmp_path, [DimLampLit])
    assert (tmp_path / "lamp.lit.v1.json").read_text() == before


def test_a_wider_schema_is_written(tmp_path: Path) -> None:
    write(tmp_path, [LampLit])
    write(tmp_path, [BrightLampLit])
    assert json.loads((tmp_path / "lamp.lit.v1.json").read_text()) == schema(BrightLampLit)


def test_the_schema_of_an_older_version_stays_as_it_was_and_may_not_go(tmp_path: Path) -> None:
    write(tmp_path, [LampLit])
    old = tmp_path / "lamp.lit.v1.json"
    before = old.read_text()
    write(tmp_path, [BrightLampLitAgain])
    assert old.read_text() == before
    assert differing(tmp_path, [BrightLampLitAgain]) == ()
    old.unlink()
    assert differing(tmp_path, [BrightLampLitAgain]) == (old.name,)


@pytest.mark.parametrize("path", SCHEMAS, ids=[path.stem for path in SCHEMAS])
def test_a_schema_is_valid_and_says_where_it_stands(path: Path) -> None:
    found = json.loads(path.read_text())
    Draft202012Validator.check_schema(found)
    assert found["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    assert found["$id"] == f"/schemas/{path.name}"
    assert found["description"]


@pytest.mark.parametrize("golden", GOLDEN, ids=str)
def test_a_golden_file_satisfies_the_schema_of_its_version(golden: GoldenFile) -> None:
    found = json.loads((FOLDER / file_name(golden.name, golden.version)).read_text())
    check = Draft202012Validator(found)
    check.validate(golden.payload)
    assert not check.is_valid({**golden.payload, "added": 1})
    for field in golden.payload:
        assert not check.is_valid({k: v for k, v in golden.payload.items() if k != field})


def test_a_personal_field_is_never_plain_in_what_is_stored() -> None:
    check = Draft202012Validator(schema(EVENTS["employee.hired"]))
    (golden,) = (found for found in GOLDEN if found.name == "employee.hired")
    for value in ("Ann Archer", None, {"$erased": True}):
        assert not check.is_valid({**golden.payload, "name": value})


def test_a_personal_field_that_may_be_empty_is_sealed_or_null() -> None:
    check = Draft202012Validator(schema(GuestArrived))
    guest = {"guest_id": "0a9e4f6c-1111-4a4a-8b8b-aaaaaaaaaaaa"}
    sealed = EVENTS["employee.hired"]
    (golden,) = (found for found in GOLDEN if found.name == sealed.NAME)
    assert check.is_valid({**guest, "name": None})
    assert check.is_valid({**guest, "name": golden.payload["name"]})
    assert not check.is_valid({**guest, "name": "Gus"})


def test_a_record_of_the_log_has_just_the_headers_that_are_published() -> None:
    leaf = {
        "event_id": "region-emea/1",
        "ledger": "main",
        "name": "region.moved",
        "occurred_at": "2026-01-01T00:00:00.000000Z",
        "recorded_at": "2026-01-01T00:00:00.000000Z",
        "schema": 1,
    }
    fact = StoredFact(1, "region-emea", "region.moved", b"{}", json.dumps(leaf).encode(), b"")
    headers = dict(message(fact, epoch=1).headers)
    published = ASYNCAPI["components"]["schemas"]["Headers"]
    assert list(headers) == list(published["properties"]) == published["required"]
    stored = json.loads((FOLDER / "region.moved.v1.json").read_text())
    assert headers["ce_dataschema"].decode() == stored["$id"]


def test_the_document_of_the_log_has_every_version_of_every_fact() -> None:
    messages = ASYNCAPI["components"]["messages"]
    assert set(messages) == {path.stem for path in SCHEMAS}
    assert set(ASYNCAPI["channels"]["events"]["messages"]) == set(messages)
    for name, found in messages.items():
        assert found["payload"]["schema"]["$ref"] == f"./{name}.json"
        assert found["name"] == name.rpartition(".v")[0]


def test_every_reference_of_the_document_leads_somewhere() -> None:
    for reference in _references(ASYNCAPI):
        if reference.startswith("./"):
            assert (FOLDER / reference).exists()
            continue
        found: Any = ASYNCAPI
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]


def _references(part: Any) -> list[str]:
    if isinstance(part, list):
        return [found for inner in part for found in _references(inner)]
    if not isinstance(part, dict):
        return []
    here = [part["$ref"]] if "$ref" in part else []
    return here + [found for inner in part.values() for found in _references(inner)]
