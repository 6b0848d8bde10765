"""What customers answer: recorded once, told anew by corrections, or withdrawn."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.refusals import Invalid, NotFound, WrongState
from events.service.survey import (
    SurveyAnswerContent,
    SurveyAnswerCorrected,
    SurveyAnswerEvent,
    SurveyAnswerRecorded,
    SurveyAnswerWithdrawn,
)

_NPS_BEST: Final = 10

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """There is no such answer."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """It was given, as far as we know."""

    recorded: SurveyAnswerRecorded
    content: SurveyAnswerContent
    """What it was, as told last, without the comment: nothing is decided by it."""
    answered_at: datetime | None
    """When it was given, where a correction has said so."""

    @property
    def account_id(self) -> str:
        """The customer who answered."""
        return self.recorded.account_id


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """It was recorded, and never given."""

    recorded: SurveyAnswerRecorded


SurveyAnswer = Unrecorded | Recorded | Withdrawn

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(answer: SurveyAnswer, event: SurveyAnswerEvent) -> SurveyAnswer:
    """The answer after ``event``."""
    if isinstance(event, SurveyAnswerRecorded):
        recorded = event.model_copy(update={"comment": None})
        return Recorded(recorded, recorded, None)
    assert isinstance(answer, Recorded)
    match event:
        case SurveyAnswerCorrected():
            content = event.model_copy(update={"comment": None})
            return Recorded(answer.recorded, content, event.answered_at or answer.answered_at)
        case SurveyAnswerWithdrawn():
            return Withdrawn(answer.recorded)
        case unknown:
            assert_never(unknown)


SURVEY_ANSWER: Final[Decider[SurveyAnswer, SurveyAnswerEvent]] = Decider(
    "survey_answer", Unrecorded(), evolve
)

# --- decisions: one verb each; facts or a refusal ----------------------------


def standing(answer: SurveyAnswer) -> Recorded:
    """The answer, which must have been recorded and not withdrawn.

    Raises:
        NotFound: ``unknown-survey-answer``.
        WrongState: ``survey-answer-withdrawn``.
    """
    match answer:
        case Recorded():
            return answer
        case Unrecorded():
            raise NotFound("unknown-survey-answer", "there is no such answer", field="answer_id")
        case Withdrawn():
            raise WrongState(
                "survey-answer-withdrawn", "the answer was withdrawn", field="answer_id"
            )
        case unknown:
            assert_never(unknown)


def record(answer: SurveyAnswer, *, fact: SurveyAnswerRecorded) -> tuple[SurveyAnswerEvent, ...]:
    """Record it as ``fact`` says; nothing when it was recorded just so.

    The comment cannot be compared: it is sealed. Another one is a correction.

    Raises:
        WrongState: ``survey-answer-already-recorded``, otherwise than asked for.
        Invalid: ``score-off-scale``, ``comment-without-contact``.
    """
    match answer:
        case Unrecorded():
            _check(fact)
            return (fact,)
        case Recorded(recorded=known) | Withdrawn(recorded=known) if _same(known, fact):
            return ()
        case _:
            raise WrongState(
                "survey-answer-already-recorded", "this answer id is taken", field="answer_id"
            )


def correct(answer: SurveyAnswer, *, fact: SurveyAnswerCorrected) -> tuple[SurveyAnswerEvent, ...]:
    """Tell it anew as ``fact`` says; nothing when it is told just so and has no contact.

    A comment is sealed, so whether it is another one cannot be told: with a contact, whose words
    it would be, the correction is recorded.

    Raises:
        NotFound: ``unknown-survey-answer``.
        WrongState: ``survey-answer-withdrawn``.
        Invalid: ``score-off-scale``, ``comment-without-contact``.
    """
    found = standing(answer)
    moved = fact.answered_at not in {None, found.answered_at}
    if _same(found.content, fact) and not moved and fact.contact_id is None:
        return ()
    _check(fact)
    return (fact,)


def withdraw(answer: SurveyAnswer, *, reason: str) -> tuple[SurveyAnswerEvent, ...]:
    """Say that it was never given; nothing when it was withdrawn.

    Raises:
        NotFound: ``unknown-survey-answer``.
    """
    if isinstance(answer, Withdrawn):
        return ()
    found = standing(answer).recorded
    return (
        SurveyAnswerWithdrawn(
            answer_id=found.answer_id, account_id=found.account_id, reason=reason
        ),
    )


def _check(content: SurveyAnswerContent) -> None:
    if content.kind == "nps" and content.scale != _NPS_BEST:
        raise Invalid("score-off-scale", "nps is asked from 0 to 10", field="scale")
    least = 0 if content.kind == "nps" else 1
    if not least <= content.score <= content.scale:
        raise Invalid("score-off-scale", f"the scale is {least} to {content.scale}", field="score")
    if content.comment is not None and content.contact_id is None:
        raise Invalid(
            "comment-without-contact", "a comment is that of a contact", field="contact_id"
        )


_COMPARED: Final = frozenset(SurveyAnswerContent.model_fields) - {"comment"}


def _same(one: SurveyAnswerContent, other: SurveyAnswerContent) -> bool:
    return all(getattr(one, field) == getattr(other, field) for field in _COMPARED)
