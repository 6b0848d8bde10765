"""The facts for readers in any language: a JSON Schema for each, an AsyncAPI document for all.

Policies that are written by hand have a schema of their document as well.

``python -m events.schemas`` writes them to ``events/schemas``; with ``--check`` it only compares.
"""

import json
import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from events.asyncapi import asyncapi
from events.catalogue import EVENTS
from events.compatibility import breaks
from events.event import Event
from events.personal import Erased, personal_fields
from events.policies.scoring import ScoringPolicy

FOLDER: Final = Path(__file__).with_suffix("")
SEALED: Final = {"$ref": "#/$defs/Sealed"}
POLICIES: Final[Mapping[str, type[BaseModel]]] = {"scoring_policy.json": ScoringPolicy}
"""The documents that have a schema of their own, by its file."""

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


class VersionNeeded(Exception):  # noqa: N818 - says what to do
    """A committed schema would no longer accept what was stored under it."""


class _WireForm(GenerateJsonSchema):
    """Schemas of what is stored: every field is there, also where it has a default.

    But for those that are left out where nothing was said, as in a JSON Schema.
    """

    def field_is_required(self, field: Any, *_: Any, **__: Any) -> bool:
        return "serialization_exclude_if" not in field

    def field_title_should_be_set(self, *_: Any) -> bool:
        return False


def schema(kind: type[Event]) -> dict[str, Any]:
    """The JSON Schema (2020-12) of the newest version of ``kind`` as it is stored.

    A personal field is sealed there, or null where it may be empty; it is never plain.
    """
    found = kind.model_json_schema(mode="serialization", schema_generator=_WireForm)
    for field in personal_fields(kind):
        found["properties"][field] = _sealed(found["properties"][field])
    found.get("$defs", {}).pop(Erased.__name__, None)
    return {"$schema": DIALECT, "$id": f"/schemas/{file_name(kind.NAME, kind.VERSION)}", **found}


def policy_schema(file: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of what the document of a policy may say, as ``file`` has it."""
    return {"$schema": DIALECT, "$id": f"/schemas/{file}", **POLICIES[file].model_json_schema()}


def _sealed(field: Mapping[str, Any]) -> dict[str, Any]:
    """What is stored in a personal field: a sealed value; null, where the field has that choice."""
    stored = [choice for choice in field["anyOf"] if choice in (SEALED, {"type": "null"})]
    return {**field, "anyOf": stored}


def file_name(name: str, version: int) -> str:
    """The file in which the schema of this fact stands."""
    return f"{name}.v{version}.json"


def documents(kinds: Collection[type[Event]]) -> dict[str, str]:
    """The text of every file that is generated from ``kinds``, by file name.

    The schemas of older versions are not among them: they stay as they were committed.
    """
    found = {file_name(kind.NAME, kind.VERSION): _text(schema(kind)) for kind in kinds}
    found |= {name: _text(policy_schema(name)) for name in POLICIES}
    return found | {"asyncapi.json": _text(asyncapi(kinds))}


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def differing(folder: Path, kinds: Collection[type[Event]]) -> tuple[str, ...]:
    """The files of ``folder`` that are not as generated, missing or of no fact; often empty."""
    wanted = documents(kinds)
    kept = {file_name(kind.NAME, old) for kind in kinds for old in range(1, kind.VERSION)}
    there = {path.name: path.read_text() for path in folder.glob("*")}
    return tuple(
        sorted(
            {name for name, text in wanted.items() if there.get(name) != text}
            | (kept - there.keys())
            | (there.keys() - wanted.keys() - kept)
        )
    )


def write(folder: Path, kinds: Collection[type[Event]]) -> None:
    """Write what is generated from ``kinds`` to ``folder``.

    Raises:
        VersionNeeded: a schema of the same name and version refuses what the one that stands
            there accepts; then nothing is written.
    """
    for kind in kinds:
        path = folder / file_name(kind.NAME, kind.VERSION)
        reasons = breaks(json.loads(path.read_text()), schema(kind)) if path.exists() else ()
        if reasons:
            message = f"{path.name} needs a new VERSION and an upcaster: {'; '.join(reasons)}"
            raise VersionNeeded(message)
    for name, text in documents(kinds).items():
        (folder / name).write_text(text)


def main(arguments: list[str]) -> str | None:
    """Write the files, or with ``--check`` only compare; what is wrong, ``None`` for nothing."""
    kinds = EVENTS.values()
    if "--check" in arguments:
        wrong = differing(FOLDER, kinds)
        return f"not as generated: {', '.join(wrong)}" if wrong else None
    try:
        write(FOLDER, kinds)
    except VersionNeeded as needed:
        return str(needed)
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
