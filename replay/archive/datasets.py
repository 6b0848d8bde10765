"""One version of a fact as a Parquet data set: rows of facts, and facts of rows, byte for byte."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final, Self

import polars as pl

from events.codec import UnknownEvent
from events.recorded import Envelope, envelope_of, leaf, leaf_hash
from events.schemas import FOLDER, file_name
from replay.archive.columns import INSTANT, Record, json_bytes, record
from replay.ports import StoredFact

SCHEMA_KEY: Final = "keyledger.schema"
"""Where a file holds the JSON Schema it was typed by, so that it reads back without any other."""

ROWS_A_GROUP: Final = 50_000
"""Rows of a Parquet row group, the least a reader has to look at."""

ENVELOPE: Final[dict[str, Any]] = {
    "_ledger": pl.String(),
    "_position": pl.Int64(),
    "_stream": pl.String(),
    "_version": pl.Int64(),
    "_name": pl.String(),
    "_schema": pl.Int64(),
    "_occurred_at": INSTANT,
    "_recorded_at": INSTANT,
    "_actor": pl.String(),
    "_command_id": pl.String(),
    "_correlation_id": pl.String(),
    "_causation_id": pl.String(),
    "_policies": pl.List(pl.Struct({"policy": pl.String(), "version": pl.Int64()})),
    "_release": pl.String(),
    "_imported": pl.Boolean(),
    "_payload_sha256": pl.Binary(),
    "_leaf_hash": pl.Binary(),
    "_payload": pl.Binary(),
    "_leaf": pl.Binary(),
}
"""Beside the fields of the fact, which never begin with an underscore. The last two are null
wherever the columns give payload and leaf byte for byte; where they do not, they hold them."""

Row = dict[str, Any]


class FactBroken(Exception):  # noqa: N818 - names what is found
    """A fact is not what its hashes say; the message names its position."""


@dataclass(frozen=True, slots=True)
class ArchivedFact:
    """A fact as the archive gives it back."""

    position: int
    name: str
    payload: bytes
    leaf: bytes
    leaf_hash: bytes


@dataclass(frozen=True, slots=True)
class DataSet:
    """What the facts of one name and version look like in Parquet."""

    schema: str
    """The JSON Schema, as text."""
    fields: Record

    @classmethod
    def of(cls, name: str, version: int) -> Self:
        """The data set of a fact this release knows.

        Raises:
            UnknownEvent: there is no schema of this name and version.
        """
        path = FOLDER / file_name(name, version)
        if not path.exists():
            message = f"{name} version {version} is not known to this release"
            raise UnknownEvent(message)
        return cls.typed_by(json_bytes(json.loads(path.read_text())).decode())

    @classmethod
    def typed_by(cls, schema: str) -> Self:
        """The data set of a JSON Schema.

        Raises:
            ValueError, KeyError, TypeError: it is not the schema of a fact.
        """
        document = json.loads(schema)
        return cls(schema, record(document, document.get("$defs", {})))

    def row(self, fact: StoredFact, envelope: Envelope) -> Row:
        """``fact``, whose leaf holds ``envelope``, as a row.

        Raises:
            FactBroken: payload, leaf and hashes do not belong together.
        """
        _check(fact, envelope)
        values = self.fields.stored(json.loads(fact.payload)) or dict.fromkeys(self.fields.columns)
        again = json_bytes(self.fields.told(values))
        row = {
            "_ledger": envelope.ledger,
            "_position": envelope.position,
            "_stream": envelope.stream,
            "_version": envelope.version,
            "_name": envelope.name,
            "_schema": envelope.schema,
            "_occurred_at": envelope.occurred_at,
            "_recorded_at": envelope.recorded_at,
            "_actor": envelope.actor,
            "_command_id": envelope.command_id,
            "_correlation_id": envelope.correlation_id,
            "_causation_id": envelope.causation_id,
            "_policies": [
                {"policy": policy, "version": version}
                for policy, version in sorted(envelope.policies.items())
            ],
            "_release": envelope.release,
            "_imported": envelope.imported,
            "_payload_sha256": bytes.fromhex(envelope.payload_sha256),
            "_leaf_hash": fact.leaf_hash,
            "_payload": None if again == fact.payload else fact.payload,
            "_leaf": None if leaf(envelope) == fact.leaf else fact.leaf,
        }
        return row | values

    def frame(self, rows: Sequence[Row]) -> pl.DataFrame:
        """``rows`` in columns, in their order."""
        types = ENVELOPE | {name: one.dtype for name, one in self.fields.columns.items()}
        return pl.DataFrame(
            [
                pl.Series(name, [row[name] for row in rows], dtype=dtype, strict=True)
                for name, dtype in types.items()
            ]
        )

    def parquet(self, frame: pl.DataFrame) -> bytes:
        """``frame`` as a Parquet file: the same bytes for the same rows."""
        file = BytesIO()
        frame.write_parquet(
            file,
            compression="zstd",
            statistics=True,
            row_group_size=ROWS_A_GROUP,
            metadata={SCHEMA_KEY: self.schema},
        )
        return file.getvalue()

    def facts(self, frame: pl.DataFrame) -> Iterator[ArchivedFact]:
        """The facts of ``frame``, in its order, as they were stored.

        Raises:
            FactBroken: one is no longer what its hashes say.
        """
        for row in frame.iter_rows(named=True):
            envelope = _envelope(row)
            payload = row["_payload"]
            if payload is None:
                payload = json_bytes(self.fields.told(row))
            leaf_data = leaf(envelope) if row["_leaf"] is None else row["_leaf"]
            fact = ArchivedFact(
                row["_position"], row["_name"], payload, leaf_data, row["_leaf_hash"]
            )
            _check(fact, envelope)
            yield fact


def read_back(parquet: bytes) -> tuple[DataSet, pl.DataFrame]:
    """A Parquet file of the archive, with the data set it was typed by.

    Raises:
        polars.exceptions.PolarsError: it is no Parquet file.
        KeyError, TypeError, ValueError: it does not hold the schema of a fact.
    """
    metadata = pl.read_parquet_metadata(BytesIO(parquet))
    return DataSet.typed_by(metadata[SCHEMA_KEY]), pl.read_parquet(BytesIO(parquet))


def _envelope(row: Row) -> Envelope:
    if row["_leaf"] is not None:
        return envelope_of(row["_leaf"])
    return Envelope(
        ledger=row["_ledger"],
        position=row["_position"],
        stream=row["_stream"],
        version=row["_version"],
        name=row["_name"],
        schema=row["_schema"],
        occurred_at=row["_occurred_at"],
        recorded_at=row["_recorded_at"],
        actor=row["_actor"],
        command_id=row["_command_id"],
        correlation_id=row["_correlation_id"],
        causation_id=row["_causation_id"],
        policies={one["policy"]: one["version"] for one in row["_policies"]},
        release=row["_release"],
        imported=row["_imported"],
        payload_sha256=row["_payload_sha256"].hex(),
    )


def _check(fact: StoredFact, envelope: Envelope) -> None:
    if leaf_hash(fact.leaf) != fact.leaf_hash:
        wrong = "the leaf does not have its hash"
    elif (envelope.position, envelope.name) != (fact.position, fact.name):
        wrong = "the leaf belongs to another fact"
    elif hashlib.sha256(fact.payload).hexdigest() != envelope.payload_sha256:
        wrong = "the payload does not have its hash"
    else:
        return
    message = f"position {fact.position}: {wrong}"
    raise FactBroken(message)
