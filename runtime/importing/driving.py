"""Drives the public command door: batches of lines out, one answer a line back."""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic, Protocol, Self, TypeVar

import httpx

from runtime.importing.reading import ImportStopped

T = TypeVar("T")

CommandLine = Mapping[str, object]
"""``command``, ``idempotency_key``, ``occurred_at``, ``imported`` and the command's own fields."""

Progress = Callable[[int, int], None]
"""Told how many are done and how many there are in all, after each batch."""

LINES_A_BATCH: Final = 400
"""Enough for the writer to commit many at once, few enough to stay far below the body limit."""

ATTEMPTS: Final = 10
"""How often a batch is sent before it is given up: about 25 seconds in all."""

PAUSE_S_MAX: Final = 5.0
"""The longest wait before a batch is sent again."""

_LATER: Final = frozenset({429, 502, 503, 504})


class DoorClosed(ImportStopped):
    """The server cannot be reached or refuses the batch as a whole; running again goes on."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one command: its stream and position, or the rule that refused it."""

    status: int
    stream: str | None = None
    position: int | None = None
    repeated: bool = False
    rule: str | None = None
    detail: str | None = None

    @property
    def refused(self) -> bool:
        """Nothing was recorded."""
        return self.status >= 400

    @property
    def later(self) -> bool:
        """Nothing was recorded because of what others did; sent again it may be."""
        return self.status in _LATER


class CommandClient(Protocol):
    """Where commands go; the lines of one stream are carried out in the order given."""

    def carry_out(self, lines: Sequence[CommandLine]) -> Sequence[Answer]:
        """One answer per line, in the order of the lines.

        Raises:
            DoorClosed: no answer could be had.
        """
        ...


@dataclass(slots=True)
class HttpCommands:
    """The batch door of a running server. Used as a context, it closes its connections.

    A batch that fails on the way is sent again with the same idempotency keys, so nothing
    happens twice.
    """

    url: str
    api_key: str
    pause: Callable[[float], object] = time.sleep
    transport: httpx.BaseTransport | None = None
    _http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self._http = httpx.Client(
            base_url=self.url.rstrip("/"),
            headers={
                "Authorization": f"Bearer {self.api_key}",
                "Content-Type": "application/x-ndjson",
                "Accept": "application/x-ndjson",
            },
            timeout=httpx.Timeout(60.0, connect=5.0),
            transport=self.transport,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back; the client cannot be used any more."""
        self._http.close()

    def carry_out(self, lines: Sequence[CommandLine]) -> Sequence[Answer]:
        """One answer per line, in the order of the lines; none for no line.

        Raises:
            DoorClosed: the server did not answer in ten attempts, or refused the whole batch.
        """
        if not lines:
            return ()
        body = b"".join(
            json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            for line in lines
        )
        trouble = ""
        for attempt in range(ATTEMPTS):
            try:
                response = self._http.post("/v1/commands", content=body)
                if response.status_code not in _LATER:
                    return _answers(response, len(lines))
                trouble, wait_s = _problem(response), _wait_s(response, attempt)
            except (httpx.TransportError, _CutOff) as error:
                trouble, wait_s = str(error) or type(error).__name__, _backoff_s(attempt)
            if attempt + 1 < ATTEMPTS:
                self.pause(wait_s)
        raise DoorClosed(f"{self.url} did not answer {ATTEMPTS} times: {trouble}")


@dataclass(frozen=True, slots=True)
class Record(Generic[T]):
    """The commands that make up one record of the source; all of them on one stream."""

    origin: T
    commands: tuple[CommandLine, ...]


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What became of a record: an answer for each of its commands."""

    record: Record[T]
    answers: tuple[Answer, ...]

    @property
    def refusal(self) -> tuple[str, Answer] | None:
        """The first refused command's name and its answer; the later ones only follow from it."""
        for line, answer in zip(self.record.commands, self.answers, strict=True):
            if answer.refused:
                return str(line["command"]), answer
        return None

    @property
    def repeated(self) -> bool:
        """Every command had been carried out before."""
        return all(answer.repeated for answer in self.answers)


def drive(
    client: CommandClient,
    records: Sequence[Record[T]],
    done: Callable[[int], None],
    pause: Callable[[float], None] = time.sleep,
) -> Iterator[Outcome[T]]:
    """The outcome of every record, in their order; ``done`` is told the size of each batch.

    A record is never cut in two, and one that lost a race on the server (503) is sent again.

    Raises:
        DoorClosed: the client could not get an answer; what was answered stays done.
    """
    for batch in _batches(records):
        outcomes = _settled(client, batch, pause)
        done(len(batch))
        yield from outcomes


def _batches(records: Sequence[Record[T]]) -> Iterator[Sequence[Record[T]]]:
    batch: list[Record[T]] = []
    lines = 0
    for record in records:
        if batch and lines + len(record.commands) > LINES_A_BATCH:
            yield batch
            batch, lines = [], 0
        batch.append(record)
        lines += len(record.commands)
    if batch:
        yield batch


def _settled(
    client: CommandClient, batch: Sequence[Record[T]], pause: Callable[[float], None]
) -> Sequence[Outcome[T]]:
    settled: dict[int, Outcome[T]] = {}
    waiting = dict(enumerate(batch))
    for attempt in range(ATTEMPTS):
        if attempt:
            pause(_backoff_s(attempt))
        lines = [line for record in waiting.values() for line in record.commands]
        answers = iter(client.carry_out(lines))
        for at, record in list(waiting.items()):
            outcome = Outcome(record, tuple(next(answers) for _ in record.commands))
            settled[at] = outcome
            if not any(answer.later for answer in outcome.answers):
                del waiting[at]
        if not waiting:
            break
    # One that lost every race keeps its last answer, and is told with the rejects.
    return [settled[at] for at in range(len(batch))]


class _CutOff(Exception):  # noqa: N818 - the server went away in the middle of its answer
    """Fewer answers than lines: what is missing may or may not have been carried out."""


def _answers(response: httpx.Response, lines: int) -> tuple[Answer, ...]:
    if response.status_code >= 400:
        raise DoorClosed(f"the server refuses the batch: {_problem(response)}")
    # Not splitlines(): a name may hold other characters that it takes for line ends.
    found = [text for text in response.content.split(b"\n") if text.strip()]
    try:
        numbered = [_answer(json.loads(text)) for text in found]
    except (ValueError, KeyError, TypeError) as error:
        raise _CutOff(f"the answer cannot be read: {error}") from error
    if len({number for number, _ in numbered}) != lines or len(numbered) != lines:
        raise _CutOff(f"{len(numbered)} answers to {lines} lines")
    return tuple(answer for _, answer in sorted(numbered, key=lambda pair: pair[0]))


def _answer(told: Mapping[str, Any]) -> tuple[int, Answer]:
    problem = told.get("problem")
    if problem is None:
        return int(told["line"]), Answer(
            status=int(told["status"]),
            stream=told["stream"],
            position=told["position"],
            repeated=bool(told["repeated"]),
        )
    answer = Answer(
        status=int(told["status"]),
        rule=str(problem.get("rule") or problem.get("type") or "refused"),
        detail=_detail(problem),
    )
    return int(told["line"]), answer


def _detail(problem: Mapping[str, Any]) -> str:
    said = str(problem.get("detail") or problem.get("title") or "no detail")
    errors = [
        f"{error.get('pointer')}: {error.get('detail')}" for error in problem.get("errors") or ()
    ]
    return "; ".join((said, *errors))


def _problem(response: httpx.Response) -> str:
    try:
        problem = response.json()
    except ValueError:
        problem = None
    if isinstance(problem, dict):
        return f"{response.status_code} {problem.get('rule') or ''} {_detail(problem)}"
    return f"{response.status_code} {response.reason_phrase}"


def _wait_s(response: httpx.Response, attempt: int) -> float:
    stated = response.headers.get("Retry-After", "")
    return min(float(stated), PAUSE_S_MAX) if stated.isdecimal() else _backoff_s(attempt)


def _backoff_s(attempt: int) -> float:
    return min(0.1 * 2.0**attempt, PAUSE_S_MAX)
