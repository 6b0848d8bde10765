"""The checker passes healthy histories and finds the fault in every wrong one."""

import random
from collections.abc import Callable
from typing import Final

import pytest

from tests.history.checker import Rule, violations
from tests.history.history import History
from tests.history.mutants import answers, positions, times
from tests.history.telling import deeds, told

Maker = Callable[[random.Random], History]

WRONG: Final[dict[Rule, list[Maker]]] = {
    Rule.C1: [
        answers.lost_from_the_end,
        answers.lost_from_the_middle,
        answers.answered_another_position,
        answers.answered_another_event,
        answers.repeat_answered_differently,
        answers.answered_stored_twice,
        positions.end_missing_in_the_log,
    ],
    Rule.C2: [
        answers.unknown_stored_twice,
        answers.unknown_stored_in_part,
        answers.unknown_stored_with_another_between,
        answers.refused_yet_stored,
        answers.stored_without_a_command,
    ],
    Rule.C3: [
        positions.hole_in_the_positions,
        positions.position_twice_in_the_store,
        positions.twice_in_the_log,
        positions.batch_twice_in_the_log,
        positions.reordered_in_the_log,
        positions.missing_in_the_log,
        positions.end_missing_in_the_log,
        positions.more_in_the_log,
        positions.other_payload_in_the_log,
        positions.other_hash_in_the_log,
        positions.other_payload_everywhere,
        positions.other_leaf_everywhere,
        positions.leaf_of_another_fact,
        positions.no_leaf_at_all,
    ],
    Rule.C4: [
        positions.version_skipped,
        positions.version_twice,
        positions.stream_without_a_beginning,
        positions.versions_in_the_wrong_order,
    ],
    Rule.C5: [
        times.recorded_before_it_was_sent,
        times.unknown_recorded_before_it_was_sent,
        times.answered_from_an_old_head,
    ],
    Rule.C6: [
        times.row_off_by_one,
        times.row_missing,
        times.row_too_many,
        times.read_model_left_empty,
        times.read_model_behind,
    ],
    Rule.C7: [
        times.read_older_than_asked_for,
        times.read_back_in_time,
        times.read_of_what_is_missing_later,
        times.read_ahead_of_its_time,
        times.follower_passed_over,
        times.follower_passed_over_the_first,
        times.follower_given_one_twice,
        times.follower_given_another_order,
        times.follower_given_another_event,
        times.follower_began_again,
    ],
}
"""Rule to the ways of breaking it; a way that breaks two rules stands at both."""

ALONE: Final[dict[Rule, Maker]] = {
    Rule.C1: answers.repeat_answered_differently,
    Rule.C2: answers.refused_yet_stored,
    Rule.C3: positions.other_payload_in_the_log,
    Rule.C4: positions.stream_without_a_beginning,
    Rule.C5: times.recorded_before_it_was_sent,
    Rule.C6: times.row_off_by_one,
    Rule.C7: times.follower_passed_over,
}
"""For each rule a fault that nothing else would notice."""

CASES: Final = [
    pytest.param(rule, make, seed, id=f"{rule.name}-{make.__name__}-{seed}")
    for rule, makers in WRONG.items()
    for make in makers
    for seed in range(3)
]


@pytest.mark.parametrize("seed", range(20))
def test_a_healthy_history_passes(seed: int) -> None:
    history = told(deeds(seed))
    assert len(history.store) > 100
    assert violations(history) == []


@pytest.mark.parametrize(("rule", "make", "seed"), CASES)
def test_a_wrong_history_is_rejected_by_the_right_rule(rule: Rule, make: Maker, seed: int) -> None:
    found = violations(make(random.Random(seed)))
    assert rule in {violation.rule for violation in found}
    assert all(violation.witness for violation in found)


@pytest.mark.parametrize("rule", Rule)
def test_no_rule_can_be_left_out(rule: Rule) -> None:
    found = violations(ALONE[rule](random.Random(1)))
    assert {violation.rule for violation in found} == {rule}


def test_a_violation_says_what_and_where_in_one_line() -> None:
    (found,) = violations(times.row_off_by_one(random.Random(1)))
    assert str(found).startswith("C6: counts is not a fold of the store: '")
