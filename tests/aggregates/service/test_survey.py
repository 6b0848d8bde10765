"""Survey answers: recorded once, never edited, corrected or withdrawn by further facts."""

from typing import Any

import pytest

from aggregates.refusals import Invalid, NotFound, WrongState
from aggregates.service.survey import SURVEY_ANSWER, correct, record, withdraw
from events.service.survey import SurveyAnswerCorrected, SurveyAnswerRecorded
from tests.examples.cast import VIC
from tests.examples.surveys import (
    ANSWER_CORRECTED,
    ANSWER_WITHDRAWN,
    ANSWERED,
    CONTENT,
)
from tests.given import given


def answered(**fields: Any) -> SurveyAnswerRecorded:
    return CONTENT.model_copy(update=fields)


def told_anew(of: SurveyAnswerRecorded, **fields: Any) -> SurveyAnswerCorrected:
    told = {name: getattr(of, name) for name in type(of).model_fields}
    return SurveyAnswerCorrected(**{**told, "answered_at": None, "reason": "Misread", **fields})


def test_an_answer_is_recorded() -> None:
    given(SURVEY_ANSWER).when(record, fact=ANSWERED).then(ANSWERED)


def test_an_id_is_recorded_once() -> None:
    other = ANSWERED.model_copy(update={"score": 8})
    given(SURVEY_ANSWER, ANSWERED).when(record, fact=other).then_refused(
        "survey-answer-already-recorded", WrongState, field="answer_id"
    )
    given(SURVEY_ANSWER, ANSWERED, ANSWER_WITHDRAWN).when(record, fact=ANSWERED).then()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"score": 0}, "score"),
        ({"score": 6}, "score"),
        ({"kind": "nps", "scale": 9, "score": 9}, "scale"),
    ],
)
def test_a_score_lies_on_its_scale(fields: dict[str, Any], field: str) -> None:
    given(SURVEY_ANSWER).when(record, fact=answered(**fields)).then_refused(
        "score-off-scale", Invalid, field=field
    )
    fact = told_anew(CONTENT, **fields)
    given(SURVEY_ANSWER, CONTENT).when(correct, fact=fact).then_refused(
        "score-off-scale", Invalid, field=field
    )


@pytest.mark.parametrize(
    ("kind", "scale", "score"),
    [("csat", 5, 1), ("csat", 5, 5), ("csat", 2, 2), ("nps", 10, 0), ("nps", 10, 10)],
)
def test_both_ends_of_a_scale_are_scores(kind: str, scale: int, score: int) -> None:
    """MET-01, MET-02: CSAT begins at 1, NPS at 0."""
    fact = answered(kind=kind, scale=scale, score=score)
    given(SURVEY_ANSWER).when(record, fact=fact).then(fact)


def test_a_comment_is_that_of_a_contact() -> None:
    given(SURVEY_ANSWER).when(record, fact=answered(comment="Good")).then_refused(
        "comment-without-contact", Invalid, field="contact_id"
    )
    fact = answered(comment="Good", contact_id=VIC)
    given(SURVEY_ANSWER).when(record, fact=fact).then(fact)


def test_a_correction_tells_all_of_it_anew() -> None:
    state = SURVEY_ANSWER.fold((ANSWERED,))
    assert correct(state, fact=ANSWER_CORRECTED) == (ANSWER_CORRECTED,)


def test_a_correction_that_says_the_same_is_none() -> None:
    given(SURVEY_ANSWER, CONTENT).when(correct, fact=told_anew(CONTENT)).then()
    fact = told_anew(CONTENT, score=3)
    given(SURVEY_ANSWER, CONTENT).when(correct, fact=fact).then(fact)


def test_a_correction_may_say_when_it_was_given() -> None:
    fact = told_anew(CONTENT, answered_at=ANSWER_CORRECTED.answered_at)
    given(SURVEY_ANSWER, CONTENT).when(correct, fact=fact).then(fact)


def test_what_was_withdrawn_or_never_recorded_is_not_corrected() -> None:
    given(SURVEY_ANSWER, ANSWERED, ANSWER_WITHDRAWN).when(
        correct, fact=ANSWER_CORRECTED
    ).then_refused("survey-answer-withdrawn", WrongState, field="answer_id")
    given(SURVEY_ANSWER).when(correct, fact=ANSWER_CORRECTED).then_refused(
        "unknown-survey-answer", NotFound, field="answer_id"
    )


def test_an_answer_is_withdrawn_once() -> None:
    given(SURVEY_ANSWER, ANSWERED).when(withdraw, reason=ANSWER_WITHDRAWN.reason).then(
        ANSWER_WITHDRAWN
    )
    given(SURVEY_ANSWER).when(withdraw, reason="x").then_refused(
        "unknown-survey-answer", NotFound, field="answer_id"
    )
