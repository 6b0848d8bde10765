"""Steps are carried out in order, each under its key; what lost a race is sent again."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from runtime.importing.driving import LINES_A_BATCH, Answer, CommandLine
from runtime.importing.steps import Step, Unfit, carry_out

DONE = Answer(200, "s", 1)
RACED = Answer(503, rule="stream-busy")
REFUSED = Answer(409, rule="wrong-state", detail="no")


@dataclass
class Door:
    """Answers each batch with the next of ``answers``, and with success after these."""

    key_id: str | None
    seen: list[tuple[str | None, int]]
    answers: list[Answer] = field(default_factory=list)

    def carry_out(self, lines: Sequence[CommandLine]) -> Sequence[Answer]:
        self.seen.append((self.key_id, len(lines)))
        found = self.answers.pop(0) if self.answers else DONE
        return [found] * len(lines)


def step(key_id: str | None, lines: int) -> Step:
    return Step(key_id, tuple({"command": f"c{number}"} for number in range(lines)))


def run(
    steps: list[Step], answers: Sequence[Answer] = (), stop_after: int | None = None
) -> tuple[bool, list[tuple[str | None, int]], list[tuple[int, int]]]:
    seen: list[tuple[str | None, int]] = []
    left, told = list(answers), list[tuple[int, int]]()
    whole = carry_out(
        steps,
        lambda key_id: Door(key_id, seen, left),
        progress=lambda done, total: told.append((done, total)),
        stopped=lambda: stop_after is not None and len(seen) >= stop_after,
    )
    return whole, seen, told


def test_each_step_is_sent_in_batches_under_its_key() -> None:
    steps = [step(None, LINES_A_BATCH + 1), step("ann", 2)]
    total = LINES_A_BATCH + 3
    assert run(steps) == (
        True,
        [(None, LINES_A_BATCH), (None, 1), ("ann", 2)],
        [(LINES_A_BATCH, total), (LINES_A_BATCH + 1, total), (total, total)],
    )


def test_what_lost_a_race_is_sent_again_and_given_up_after_five_times() -> None:
    assert run([step(None, 1)], [RACED] * 4)[1] == [(None, 1)] * 5
    with pytest.raises(Unfit, match="stream-busy"):
        run([step(None, 1)], [RACED] * 5)


def test_what_is_refused_ends_it_with_the_rule() -> None:
    with pytest.raises(Unfit, match=r"c0 was refused: no \(wrong-state\)"):
        run([step(None, 1), step("ann", 1)], [REFUSED])


def test_it_stops_between_batches() -> None:
    whole, seen, _ = run([step(None, 1), step("ann", 1)], stop_after=1)
    assert (whole, seen) == (False, [(None, 1)])
