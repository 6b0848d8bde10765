"""What store, log and read models hold, as a history wants it."""

from collections.abc import Sequence
from contextlib import closing
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from events.recorded import envelope_of
from projections.catalogue import PROJECTIONS
from projections.projection import Key, fold
from runtime.log.kafka_topic import topic_name
from runtime.log.log_tail import beginning, consumer, end, partition_of, poll
from runtime.read_models import answering
from runtime.store.event_store import stored
from tests.history.history import Rows
from tests.projections.deriving import derived_rows
from tests.runtime.store.ledgers import Stored


def committed(bootstrap: str, ledger: str) -> list[Stored]:
    """Everything a ``read_committed`` consumer is given, in order of offset."""
    partition = partition_of(topic_name(ledger))
    found: list[Stored] = []
    with closing(consumer(bootstrap, "test")) as reader:
        reader.assign([partition])
        reader.seek(partition, beginning(reader, partition))
        last = end(reader, partition)
        while reader.position(partition) < last:
            found.extend(map(_carried, poll(reader, 1)))
    return found


def _carried(record: Any) -> Stored:
    fields = dict(record.headers)
    return Stored(
        stream=fields["ce_subject"].decode(),
        version=int(fields["ce_id"].rpartition(b"/")[2]),
        name=fields["ce_type"].decode(),
        payload=record.value,
        position=int(fields["position"]),
        leaf=fields["envelope"],
        leaf_hash=bytes.fromhex(fields["leaf_hash"].decode()),
    )


def read_models(database_url: str, ledger: str) -> Rows:
    """Every row of every read model that answers now, and where each read model stands."""
    found: dict[str, dict[Any, object]] = {}
    with psycopg.connect(database_url) as connection:
        connection.execute(SQL("SET search_path TO {}").format(Identifier(ledger)))
        for model in answering(connection, PROJECTIONS):
            name = model.projection.name
            found[name] = {"position": model.position}
            for table in model.projection.tables:
                for row in model.rows(table):
                    key = tuple(getattr(row, column) for column in table.key)
                    found[name][table.name, key] = row
    return found


def fold_of(store: Sequence[Stored]) -> Rows:
    """What the read models have to be: the whole store, folded in memory."""
    rows: dict[str, dict[Key, Any]] = {projection.name: {} for projection in PROJECTIONS}
    for fact in store:
        recorded = stored(fact.name, fact.payload, fact.leaf)
        for projection in PROJECTIONS:
            fold(projection, rows[projection.name], recorded)
    for projection in PROJECTIONS:
        rows[projection.name] |= derived_rows(projection, rows[projection.name], "UTC")
    return {
        name: {"position": len(store)}
        | {(table.name, key): row for (table, key), row in found.items()}
        for name, found in rows.items()
    }


def sent_by_the_system(store: Sequence[Stored]) -> frozenset[str]:
    """The ids of the commands no client sent."""
    envelopes = [envelope_of(fact.leaf) for fact in store]
    return frozenset(found.command_id for found in envelopes if found.actor == "system")
