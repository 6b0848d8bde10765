"""The relay: from the event store to the log, each fact exactly once and in order.

It follows the steps R0 to R9 of `reliability.md` 5(b), whose names it uses. The log is the truth
about what was published; whatever else the relay remembers is a hint.
"""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError
from psycopg import Error as DatabaseError

from runtime.log.cloudevents import (
    LogCorrupt,
    StoredFact,
    header,
    leaf_of,
    message,
    position_of,
)
from runtime.log.dead_transactions import end_dead, open_transactions
from runtime.log.guarded_producer import Deadlines, Doubt, GuardedProducer, Watchdog
from runtime.log.kafka_topic import LedgerTopic, ledger_topic, topic_name
from runtime.log.log_tail import consumer, end, last_record, partition_of, poll
from runtime.log.outbox import Outbox, RelayHalt, Term, outbox

UNSURE: Final = 75
"""The exit code of a relay that ended itself (EX_TEMPFAIL): to be started again."""

_PUBLISH_AGAIN: Final = (
    "to publish the whole ledger again, run `UPDATE relay SET topic_id = NULL` in its schema"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How much at once, and how long to wait for what; times in seconds."""

    facts: int = 5_000
    """The most facts in a transaction."""
    octets: int = 4 * 2**20
    """About the most bytes in a transaction, but never less than one fact."""
    poll: float = 0.1
    """How long an idle relay waits for news before it looks by itself."""
    lead: float = 0.25
    """How long to wait before asking again for the lock another relay holds."""
    settle: float = 65.0
    """How long an open transaction may keep the end of the log from being known."""
    verify: float = 15.0
    """How long a committed transaction may take to become readable."""
    lease: int = 90
    """PostgreSQL ends a leader's session that said nothing for so long: longer than all of
    delivery, commit and verification together, shorter than anybody wants to wait for."""
    again: float = 0.5
    """How long to wait after a doubt."""
    deadlines: Deadlines = field(default_factory=Deadlines)


@dataclass(slots=True)
class _Leadership:
    """What a relay holds while it leads."""

    outbox: Outbox
    term: Term
    topic: LedgerTopic
    producer: GuardedProducer
    reader: KafkaConsumer
    partition: TopicPartition
    position: int = 0
    """The last position known to be published."""


def end_process(why: str) -> None:
    """End the process at once; whoever keeps it running starts it again."""
    structlog.get_logger("relay").error("relay_ended", why=why)
    os._exit(UNSURE)


def _nowhere(_: str) -> None:
    """Do nothing at any step; tests put crashes here."""


class Relay:
    """Publishes the facts of one ledger; of several relays one leads and the others wait."""

    def __init__(
        self,
        database_url: str,
        schema: str,
        bootstrap: str,
        *,
        pace: Pace | None = None,
        die: Callable[[str], None] = end_process,
        at: Callable[[str], None] = _nowhere,
    ) -> None:
        self._database_url = database_url
        self._schema = schema
        self._bootstrap = bootstrap
        self._pace = pace or Pace()
        self._watchdog = Watchdog(die)
        self._at = at
        self._log = structlog.get_logger("relay").bind(ledger=schema)

    def run(self, stop: threading.Event) -> None:
        """Publish until ``stop`` is set, starting again at R0 after every doubt.

        Raises:
            RelayHalt: store and log contradict each other; an operator has to look.
            WrongLogSettings: the topic or a broker is not set up for a ledger.
        """
        self._watchdog.start()
        try:
            while not stop.is_set():
                try:
                    self._lead(stop)
                except (Doubt, LogCorrupt, KafkaError, DatabaseError) as doubt:
                    # R9. Whatever was going on is dropped without abort, by leaving `_lead`.
                    self._at("R9")
                    self._log.warning(
                        "relay_starts_again", doubt=f"{type(doubt).__name__}: {doubt}"
                    )
                    stop.wait(self._pace.again)
                    self._at("R9.done")
        finally:
            self._watchdog.stop()

    def _lead(self, stop: threading.Event) -> None:
        with contextlib.ExitStack() as held:
            store = held.enter_context(outbox(self._database_url, self._schema))
            if not self._wait_for_lock(store, stop):
                return
            leadership = self._take_over(store, held)
            self._settle(leadership)
            self._learn(leadership)
            self._log.info("relay_leads", epoch=leadership.term.epoch, position=leadership.position)
            while not stop.is_set():
                facts = self._read(leadership)
                if facts:
                    self._publish(leadership, facts)
                else:
                    store.wait_for_news(self._pace.poll)

    def _wait_for_lock(self, store: Outbox, stop: threading.Event) -> bool:
        """R0, first half: whether this relay leads now; false when ``stop`` came first."""
        self._at("R0")
        while not stop.is_set():
            if store.try_lock():
                return True
            stop.wait(self._pace.lead)
        return False

    def _take_over(self, store: Outbox, held: contextlib.ExitStack) -> _Leadership:
        """R0, second half, and R1: a new epoch in the store, then a new one at the broker."""
        term = store.take_over(self._pace.lease)
        topic = self._topic(term.topic_id)
        self._at("R0.done")
        self._at("R1")
        producer = GuardedProducer(
            self._bootstrap, self._schema, topic.name, self._pace.deadlines, self._watchdog
        )
        held.callback(producer.drop)
        producer.fence()
        reader = consumer(self._bootstrap, f"keyledger-{self._schema}-relay-reads")
        held.callback(reader.close)
        partition = partition_of(topic.name)
        reader.assign([partition])
        self._at("R1.done")
        return _Leadership(store, term, topic, producer, reader, partition)

    def _topic(self, known_id: str | None) -> LedgerTopic:
        topic = ledger_topic(self._bootstrap, self._schema, create=known_id is None)
        found = "missing" if topic is None else f"another one ({topic.topic_id})"
        if topic is None or known_id not in (None, topic.topic_id):
            message = f"the topic {topic_name(self._schema)} with the id {known_id} is {found}"
            raise RelayHalt(f"{message}; {_PUBLISH_AGAIN}")
        return topic

    def _settle(self, leadership: _Leadership) -> None:
        """R2: see that no open transaction hides the end of the log.

        One that the predecessor left open for good is ended, any other is waited for.
        """
        self._at("R2")
        reader, partition = leadership.reader, leadership.partition
        everything = consumer(
            self._bootstrap, f"keyledger-{self._schema}-relay-settles", committed=False
        )
        with contextlib.closing(everything):
            if end(reader, partition) != end(everything, partition):
                self._end_dead(leadership)
            deadline = time.monotonic() + self._pace.settle
            while end(reader, partition) != end(everything, partition):
                if time.monotonic() > deadline:
                    still = open_transactions(self._bootstrap, partition)
                    message = f"a transaction has been open for {self._pace.settle:g} s: {still}"
                    raise Doubt(message)
                time.sleep(0.01)
        self._at("R2.done")

    def _end_dead(self, leadership: _Leadership) -> None:
        fenced = leadership.producer.identity
        for dead in end_dead(self._bootstrap, leadership.partition, fenced):
            self._log.warning(
                "dead_transaction_aborted",
                producer_id=dead.producer_id,
                epoch=dead.producer_epoch,
                offset=dead.current_transaction_start_offset,
            )

    def _learn(self, leadership: _Leadership) -> None:
        """R3: what the log ends with, and whether the store has the same there."""
        self._at("R3")
        last = last_record(leadership.reader, leadership.partition, self._pace.verify)
        position = 0
        if last is not None:
            position = position_of(last)
            leaf_of(last)
            stored = leadership.outbox.leaf_hash(position)
            if stored is None:
                message = f"the store is behind the log, which has position {position}"
                raise RelayHalt(f"{message}; copy what is missing from the log into the store")
            if stored.hex().encode() != header(last, "leaf_hash"):
                message = f"store and log hold different facts at position {position}"
                raise RelayHalt(f"{message}: one of them was changed; verify the ledger")
        if position < leadership.term.noted:
            self._log.warning("log_lost_its_tail", noted=leadership.term.noted, found=position)
        leadership.position = position
        leadership.outbox.learnt(leadership.term, position, leadership.topic.topic_id)
        self._at("R3.done")

    def _read(self, leadership: _Leadership) -> Sequence[StoredFact]:
        """R4: the facts that come next, without a hole; often none."""
        self._at("R4")
        facts = leadership.outbox.facts(leadership.position, self._pace.facts, self._pace.octets)
        self._at("R4.done")
        return facts

    def _publish(self, leadership: _Leadership, facts: Sequence[StoredFact]) -> None:
        self._at("R5")
        leadership.producer.send([message(fact, leadership.term.epoch) for fact in facts])
        self._at("R5.done")
        self._at("R6")
        leadership.producer.commit()
        self._at("R6.done")
        self._verify(leadership, facts)
        self._at("R8")
        last = facts[-1].position
        leadership.outbox.note(leadership.term, last)
        leadership.position = last
        self._at("R8.done")

    def _verify(self, leadership: _Leadership, facts: Sequence[StoredFact]) -> None:
        """R7: read back what was committed; only this counts as published."""
        self._at("R7")
        deadline = time.monotonic() + self._pace.verify
        seen = 0
        while seen < len(facts):
            left_s = deadline - time.monotonic()
            if left_s < 0:
                message = f"position {facts[seen].position} cannot be read after its commit"
                raise Doubt(message)
            for record in poll(leadership.reader, left_s):
                _same(record, facts, seen)
                seen += 1
        self._at("R7.done")


def _same(record: Any, facts: Sequence[StoredFact], index: int) -> None:
    position = position_of(record)
    if index >= len(facts) or position != facts[index].position:
        message = f"position {position} was read where it does not belong"
        raise Doubt(message)
    if header(record, "leaf_hash") != facts[index].leaf_hash.hex().encode():
        message = f"position {position} was read with another hash"
        raise Doubt(message)
