"""A transactional producer whose commit can be believed, and a watchdog for calls without an end.

kafka-python 3.0 can answer a commit with success although records of the transaction were lost,
and can wait for ever when the brokers are gone (`reliability.md` M1, M2 and M8). Only the futures
of the records and the producer's epoch tell, so both are looked at before anything is committed.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from kafka import KafkaProducer
from kafka.errors import KafkaError

from runtime.log.cloudevents import Message
from runtime.log.kafka_topic import MAX_MESSAGE_BYTES

PARTITION: Final = 0
"""A ledger is one partition: that is what makes the order of the log total."""

_TICK_S: Final = 0.05
_BATCH_BYTES: Final = 6 * 2**20


class Doubt(Exception):  # noqa: N818 - not an error: what is true is learnt from the log again
    """It cannot be told here whether something was published."""


class Identity(NamedTuple):
    """What the broker knows a producer by: of one id, only the highest epoch may write."""

    producer_id: int
    epoch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """How long each step may take, in seconds."""

    delivery: float = 20.0
    """A record that is not acknowledged by then has failed; less than ``transaction``."""
    request: float = 10.0
    transaction: float = 60.0
    """The broker aborts a transaction that is open for longer."""
    init: float = 30.0
    commit: float = 30.0


@dataclass(slots=True)
class Watchdog:
    """Ends the process when a call that has no timeout of its own takes too long.

    A thread cannot be stopped from outside, a process can; its successor starts from the log.
    """

    die: Callable[[str], None]
    """Ends the process at once, without any clean-up; it is told what took too long."""
    _watched: tuple[float, str] | None = None
    _stop: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Start the thread that looks at the clock."""
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    def stop(self) -> None:
        """Let the thread end."""
        self._stop.set()

    @contextlib.contextmanager
    def within(self, seconds: float, what: str) -> Iterator[None]:
        """Let the body take no longer than ``seconds``."""
        self._watched = (time.monotonic() + seconds, f"{what} took longer than {seconds:g} s")
        try:
            yield
        finally:
            self._watched = None

    def _watch(self) -> None:
        # It looks now and then instead of being woken: a commit takes milliseconds, and waking
        # a thread twice for each would cost more than the commit itself.
        while not self._stop.wait(_TICK_S):
            watched = self._watched
            if watched is not None and time.monotonic() > watched[0]:
                self._watched = None
                self.die(watched[1])


class GuardedProducer:
    """One producer from its first transaction to its first doubt; never used after that."""

    def __init__(
        self, bootstrap: str, ledger: str, topic: str, deadlines: Deadlines, watchdog: Watchdog
    ) -> None:
        self._topic = topic
        self._deadlines = deadlines
        self._watchdog = watchdog
        self._producer = KafkaProducer(
            bootstrap_servers=bootstrap,
            client_id=f"keyledger-{ledger}-relay",
            transactional_id=f"keyledger-relay-{ledger}",
            enable_idempotence=True,
            acks="all",
            compression_type="zstd",
            max_in_flight_requests_per_connection=5,
            # The default of 100 ms makes transactions that follow each other wait for each other.
            retry_backoff_ms=5,
            # A batch leaves when it is full or flushed. Without this the first record of a
            # transaction would travel alone, and the others wait for its answer.
            linger_ms=1000,
            batch_size=_BATCH_BYTES,
            max_request_size=MAX_MESSAGE_BYTES,
            delivery_timeout_ms=int(deadlines.delivery * 1000),
            request_timeout_ms=int(deadlines.request * 1000),
            transaction_timeout_ms=int(deadlines.transaction * 1000),
            max_block_ms=int(deadlines.init * 1000),
            bootstrap_timeout_ms=int(deadlines.init * 1000),
            reconnect_backoff_max_ms=1000,
            allow_auto_create_topics=False,
            metrics_enabled=False,
        )
        self.identity = Identity(-1, -1)
        """Whose epoch it is since the fence."""

    def fence(self) -> None:
        """End the predecessor's transaction and have its later writes refused by the broker.

        Raises:
            kafka.errors.KafkaError: it could not be done.
        """
        # The client's own bound comes first; the watchdog is there in case it does not hold.
        with self._watchdog.within(self._deadlines.init + 1, "init_transactions"):
            self._producer.init_transactions()
        self.identity = self._current_identity()

    def send(self, messages: Sequence[Message]) -> None:
        """Send ``messages`` in a transaction of their own and make sure that all are in the log.

        Raises:
            Doubt: this is not certain.
            kafka.errors.KafkaError: a record has failed.
        """
        self._producer.begin_transaction()
        futures = [
            self._producer.send(
                self._topic,
                value=message.value,
                key=message.key,
                headers=message.headers,
                partition=PARTITION,
                timestamp_ms=message.timestamp_ms,
            )
            for message in messages
        ]
        self._producer.flush(self._deadlines.delivery + self._deadlines.request)
        # The guard. The commit would say "done" even where one of these raises.
        last = -1
        for future in futures:
            offset = future.get(timeout=0).offset
            if offset <= last:
                message = f"offset {offset} was given after offset {last}"
                raise Doubt(message)
            last = offset
        self._check_identity()

    def commit(self) -> None:
        """Commit what was sent; the process ends if the brokers do not answer in time.

        Raises:
            Doubt: the broker gave this producer another epoch meanwhile.
            kafka.errors.KafkaError: another relay has taken over, or the transaction has ended.
        """
        with self._watchdog.within(self._deadlines.commit, "commit_transaction"):
            self._producer.commit_transaction()
        self._check_identity()

    def drop(self) -> None:
        """End it without abort and without waiting for an answer.

        An abort that arrives late can hit the next transaction (KAFKA-17754). The successor's
        :meth:`fence` ends the transaction instead, and is answered only when that is done.
        """
        # `close` waits for records that may never be acknowledged and gives up half-way then, so
        # the sender is told directly.
        sender = self._producer._sender  # noqa: SLF001 - there is no public way
        sender.force_close()
        sender.join(self._deadlines.request + 1)
        if sender.is_alive():
            self._watchdog.die("the producer's thread did not end")
        with contextlib.suppress(KafkaError):
            self._producer.close(timeout=0)

    def _current_identity(self) -> Identity:
        known: Any = self._producer._transaction_manager  # noqa: SLF001 - there is no public way
        return Identity(known.producer_id_and_epoch.producer_id, known.producer_id_and_epoch.epoch)

    def _check_identity(self) -> None:
        identity = self._current_identity()
        if identity != self.identity:
            message = f"the producer was {self.identity} and is {identity} now: records are lost"
            raise Doubt(message)
