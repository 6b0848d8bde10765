"""Interactions: logged once, never edited, corrected by further facts (KAM-18)."""

from datetime import date
from typing import Any, Final

import pytest

from aggregates.accounts.interaction import (
    INTERACTION,
    complete_follow_up,
    correct,
    log,
    reassign_follow_up,
    withdraw,
)
from aggregates.refusals import Invalid, NotFound, WrongState
from events.accounts.interaction import FollowUp, InteractionCorrected, InteractionLogged
from tests.examples.cast import ANN, BEA, UMA, VIC, XIA
from tests.examples.histories import CORRECTED, FOLLOWED_UP, LOGGED, PASSED_ON, WITHDRAWN
from tests.given import given

DAY: Final = date(2026, 3, 2)
QUIET: Final = LOGGED.model_copy(update={"feedback": None, "feedback_by": None})


def logged(**fields: Any) -> InteractionLogged:
    return LOGGED.model_copy(update=fields)


def corrected(**fields: Any) -> InteractionCorrected:
    return CORRECTED.model_copy(update={"took_place_at": None, **fields})


def due(day: int) -> tuple[FollowUp, ...]:
    return (FollowUp(follow_up_id="f1", text="Send it", owner_id=ANN, due_on=date(2026, 3, day)),)


def test_an_interaction_is_logged() -> None:
    given(INTERACTION).when(log, fact=LOGGED, on=DAY).then(LOGGED)


def test_an_id_is_logged_once() -> None:
    given(INTERACTION, LOGGED).when(log, fact=logged(minutes=91), on=DAY).then_refused(
        "interaction-already-logged", WrongState, field="interaction_id"
    )
    given(INTERACTION, LOGGED, WITHDRAWN).when(log, fact=LOGGED, on=DAY).then()


@pytest.mark.parametrize(
    ("fields", "rule", "field"),
    [
        ({"employee_ids": (ANN, ANN)}, "participant-twice", "employee_ids"),
        ({"contact_ids": (UMA, UMA)}, "participant-twice", "contact_ids"),
        ({"follow_ups": due(9) + due(10)}, "follow-up-twice", "follow_ups"),
        ({"feedback_by": XIA}, "feedback-without-contact", "feedback_by"),
        ({"feedback_by": None}, "feedback-without-contact", "feedback_by"),
        ({"feedback": None}, "feedback-without-contact", "feedback_by"),
        ({"follow_ups": due(1)}, "follow-up-due-too-early", "follow_ups"),
    ],
)
def test_what_is_logged_does_not_contradict_itself(
    fields: dict[str, Any], rule: str, field: str
) -> None:
    given(INTERACTION).when(log, fact=logged(**fields), on=DAY).then_refused(
        rule, Invalid, field=field
    )


def test_a_follow_up_may_be_due_on_the_day_itself() -> None:
    fact = logged(follow_ups=due(2))
    given(INTERACTION).when(log, fact=fact, on=DAY).then(fact)


def test_a_correction_tells_all_of_it_anew() -> None:
    """KAM-18: it cannot be edited, only corrected by a new event."""
    given(INTERACTION, LOGGED).when(correct, fact=CORRECTED).then(CORRECTED)


def test_a_correction_that_says_the_same_is_none() -> None:
    same = {field: getattr(QUIET, field) for field in type(QUIET).model_fields}
    given(INTERACTION, QUIET).when(correct, fact=corrected(**same)).then()


def test_a_correction_with_feedback_is_always_recorded() -> None:
    """The words are sealed, so nobody can tell whether they are others."""
    same = {field: getattr(LOGGED, field) for field in type(LOGGED).model_fields}
    fact = corrected(**same)
    state = INTERACTION.fold((LOGGED,))
    assert correct(state, fact=fact) == (fact,)


def test_a_correction_may_take_feedback_away() -> None:
    same = {field: getattr(QUIET, field) for field in type(QUIET).model_fields}
    fact = corrected(**same)
    given(INTERACTION, LOGGED).when(correct, fact=fact).then(fact)


def test_a_correction_does_not_contradict_itself() -> None:
    given(INTERACTION, LOGGED).when(correct, fact=corrected(contact_ids=(VIC, VIC))).then_refused(
        "participant-twice", Invalid, field="contact_ids"
    )


def test_what_has_been_done_is_not_left_out_by_a_correction() -> None:
    given(INTERACTION, LOGGED, FOLLOWED_UP).when(
        correct, fact=corrected(follow_ups=())
    ).then_refused("follow-up-done", WrongState, field="follow_ups")
    fact = corrected(follow_ups=due(20))
    given(INTERACTION, LOGGED, FOLLOWED_UP).when(correct, fact=fact).then(fact)


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [
        (correct, {"fact": CORRECTED}),
        (complete_follow_up, {"follow_up_id": "f1"}),
        (reassign_follow_up, {"follow_up_id": "f1", "owner_id": BEA}),
    ],
)
def test_what_was_withdrawn_stays_as_it_is(verb: Any, arguments: dict[str, Any]) -> None:
    given(INTERACTION, LOGGED, WITHDRAWN).when(verb, **arguments).then_refused(
        "interaction-withdrawn", WrongState, field="interaction_id"
    )


def test_an_interaction_is_withdrawn_once() -> None:
    given(INTERACTION, LOGGED).when(withdraw, reason=WITHDRAWN.reason).then(WITHDRAWN)
    given(INTERACTION, LOGGED, WITHDRAWN).when(withdraw, reason="again").then()
    given(INTERACTION).when(withdraw, reason="x").then_refused(
        "unknown-interaction", NotFound, field="interaction_id"
    )


def test_a_follow_up_is_done_once() -> None:
    given(INTERACTION, LOGGED).when(complete_follow_up, follow_up_id="f1").then(FOLLOWED_UP)
    given(INTERACTION, LOGGED).when(complete_follow_up, follow_up_id="f2").then_refused(
        "unknown-follow-up", NotFound, field="follow_up_id"
    )


def test_a_follow_up_is_given_to_somebody_else_while_it_is_open() -> None:
    to_bea = {"follow_up_id": "f1", "owner_id": BEA}
    given(INTERACTION, LOGGED).when(reassign_follow_up, **to_bea).then(PASSED_ON)
    given(INTERACTION, LOGGED, FOLLOWED_UP).when(reassign_follow_up, **to_bea).then_refused(
        "follow-up-done", WrongState, field="follow_up_id"
    )
