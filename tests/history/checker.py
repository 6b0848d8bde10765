"""Judges a history by the rules C1 to C7 of `reliability.md` 6.6; pure, and tested with wrong ones.

A command may be attempted several times under one id. It counts as answered when any attempt was,
as refused when every attempt was, and otherwise as unknown.
"""

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import zip_longest

from events.recorded import leaf_hash
from tests.history.case import Case, envelope_in, event_id
from tests.history.history import History, Read
from tests.runtime.store.ledgers import Stored


class Rule(StrEnum):
    """What must hold; the names are those of `reliability.md` 6.6."""

    C1 = "what was answered stands exactly once in store and log, as it was answered"
    C2 = "what was refused is not stored, what is unknown is stored whole or not at all"
    C3 = "positions are 1..N, and store and log hold the same bytes and hashes"
    C4 = "the versions of a stream are 1..k"
    C5 = "what was answered before another command was sent has the smaller position"
    C6 = "a read model is a fold of the store"
    C7 = "a read goes neither back nor ahead, and passes over nothing"


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that does not hold, and the least that shows it."""

    rule: Rule
    says: str
    witness: tuple[object, ...]

    def __str__(self) -> str:
        """One line for a failed test."""
        return f"{self.rule.name}: {self.says}: {', '.join(map(repr, self.witness))}"


def violations(history: History) -> list[Violation]:
    """Every violation, in order of the rules; empty for a healthy history."""
    case = Case(history)
    return [
        *_answers(case),
        *_silences(case),
        *_positions(case),
        *_copies(case),
        *_versions(case),
        *_real_time(case),
        *_folds(case),
        *_reads(case),
    ]


def _answers(case: Case) -> Iterator[Violation]:
    """C1: each place holds the facts of an answered command, where the answer says, once."""
    places = {"the store": case.stored}
    if case.history.log is not None:
        places["the log"] = case.logged
    for command_id, command in case.commands.items():
        for other in command.receipts[1:]:
            if replace(other, repeated=False) != replace(command.receipts[0], repeated=False):
                witness = (command.receipts[0], other)
                yield Violation(Rule.C1, "a repeat was answered differently", witness)
        if command.answer is None:
            continue
        answered = [(ref.position, ref.event_id) for ref in command.answer.events]
        for place, facts in places.items():
            found = [(fact.position, event_id(fact)) for fact in facts.get(command_id, ())]
            if found != answered:
                says = f"{place} does not hold what was answered"
                yield Violation(Rule.C1, says, (command_id, answered, found))


def _silences(case: Case) -> Iterator[Violation]:
    """C2: no answer leaves all or nothing, a no leaves nothing, and nobody else wrote."""
    for command_id, facts in case.stored.items():
        command = case.commands.get(command_id)
        positions = [fact.position for fact in facts]
        if command is None:
            if command_id not in case.history.set_up:
                yield Violation(Rule.C2, "nobody sent this command", (command_id, positions))
        elif command.refused:
            yield Violation(Rule.C2, "it was refused, yet stored", (command_id, positions))
        elif command.answer is None:
            first, intends = positions[0], command.attempts[0].intends
            if positions != list(range(first, first + intends)):
                says = f"nobody knows its answer, and it is not stored whole and once ({intends})"
                yield Violation(Rule.C2, says, (command_id, positions))


def _positions(case: Case) -> Iterator[Violation]:
    """C3, in the store: dense positions, and rows that agree with their leaves."""
    for expected, fact in enumerate(case.history.store, 1):
        if fact.position != expected:
            says = f"position {expected} is not where it has to be"
            yield Violation(Rule.C3, says, (fact.position, event_id(fact)))
            return
    for fact in case.history.store:
        wrong = _torn(fact)
        if wrong:
            yield Violation(Rule.C3, f"{wrong} in the store", (fact.position, event_id(fact)))


def _torn(fact: Stored) -> str:
    """What does not fit together in one fact; empty when all does."""
    envelope = envelope_in(fact)
    if envelope is None:
        return "no leaf"
    if leaf_hash(fact.leaf) != fact.leaf_hash:
        return "a hash that is not its leaf's"
    if hashlib.sha256(fact.payload).hexdigest() != envelope.payload_sha256:
        return "a payload that is not its leaf's"
    row = (fact.position, fact.stream, fact.version, fact.name)
    if row != (envelope.position, envelope.stream, envelope.version, envelope.name):
        return "a row that is not its leaf's"
    return ""


def _copies(case: Case) -> Iterator[Violation]:
    """C3, in the log: the same facts in the same order, byte for byte; the first that is not."""
    if case.history.log is None:
        return
    for kept, carried in zip_longest(case.history.store, case.history.log):
        if kept != carried:
            witness = tuple(
                (fact.position, event_id(fact)) if fact else None for fact in (kept, carried)
            )
            yield Violation(Rule.C3, "store and log differ from here on", witness)
            return


def _versions(case: Case) -> Iterator[Violation]:
    """C4: each stream counts 1, 2, 3, … in order of position."""
    versions: Counter[str] = Counter()
    for fact in case.history.store:
        versions[fact.stream] += 1
        if fact.version != versions[fact.stream]:
            says = f"version {versions[fact.stream]} of the stream was due"
            yield Violation(Rule.C4, says, (fact.position, event_id(fact)))
            versions[fact.stream] = fact.version


def _real_time(case: Case) -> Iterator[Violation]:
    """C5: walks along the time; whoever asks now must come behind everything answered by now."""
    answered = sorted(
        (command.answered_at, command.answer.position, command_id)
        for command_id, command in case.commands.items()
        if command.answer is not None
    )
    highest, holder, done = 0, "", 0
    for command_id, command in sorted(case.commands.items(), key=lambda pair: pair[1].invoked_at):
        while done < len(answered) and answered[done][0] < command.invoked_at:
            if answered[done][1] > highest:
                highest, holder = answered[done][1:]
            done += 1
        found = case.recorded_at_or_after(command_id)
        if found <= highest:
            says = f"sent after {holder} was answered at {highest}, yet recorded before it"
            yield Violation(Rule.C5, says, (command_id, found))


def _folds(case: Case) -> Iterator[Violation]:
    """C6: each read model row by row; the first row that differs."""
    rows, folded = case.history.rows, case.history.folded
    for model in sorted({*rows, *folded}):
        ours, theirs = rows.get(model, {}), folded.get(model, {})
        for key in sorted({*ours, *theirs}, key=repr):
            if ours.get(key) != theirs.get(key):
                witness = (key, ours.get(key), theirs.get(key))
                yield Violation(Rule.C6, f"{model} is not a fold of the store", witness)
                break


def _reads(case: Case) -> Iterator[Violation]:
    """C7: each read by itself, and the reads of each session one after the other."""
    reached: dict[str, int] = defaultdict(int)
    stored = {fact.position: event_id(fact) for fact in case.history.store}
    sent = sorted(
        (command.invoked_at, case.recorded_at_or_after(command_id), command_id)
        for command_id, command in case.commands.items()
    )
    for read in sorted(case.history.reads, key=lambda read: read.invoked_at):
        yield from _one_read(read, stored)
        if read.position < reached[read.session]:
            says = f"{read.session} had already seen position {reached[read.session]}"
            yield Violation(Rule.C7, says, (read.position,))
        reached[read.session] = read.position
    yield from _from_the_future(case.history.reads, sent)


def _one_read(read: Read, stored: Mapping[int, str]) -> Iterator[Violation]:
    if read.position < read.min_position:
        says = f"position {read.min_position} was to be waited for"
        yield Violation(Rule.C7, says, (read.position,))
    if read.position and read.position not in stored:
        yield Violation(Rule.C7, "a position was read that is missing now", (read.position,))
    if read.after is None:
        return
    there = [(n, stored[n]) for n in range(read.after + 1, read.position + 1) if n in stored]
    for seen, kept in zip_longest(read.seen, there):
        if seen != kept:
            says = f"{read.session} was given something else than what is stored"
            yield Violation(Rule.C7, says, (seen, kept))
            return


def _from_the_future(
    reads: Sequence[Read], sent: Sequence[tuple[float, float, str]]
) -> Iterator[Violation]:
    """No read knows a command that was sent after the read had ended; walks back in time."""
    lowest, holder, left = math.inf, "", len(sent)
    for read in sorted(reads, key=lambda read: -read.ended_at):
        while left and sent[left - 1][0] > read.ended_at:
            left -= 1
            if sent[left][1] < lowest:
                _, lowest, holder = sent[left]
        if read.position >= lowest:
            says = f"{holder} was sent only afterwards"
            yield Violation(Rule.C7, says, (read.position, lowest))
