"""What customers answered: each answer, as it was known at every time.

A correction says how an answer had been all along, so a row tells all of an answer as it was known
from one fact to the next.
"""

from datetime import datetime
from typing import Any, Final, NamedTuple, assert_never, get_args

from events.recorded import Recorded
from events.service.survey import (
    SurveyAnswerContent,
    SurveyAnswerCorrected,
    SurveyAnswerEvent,
    SurveyAnswerRecorded,
    SurveyAnswerWithdrawn,
)
from projections.history import begin, row_before
from projections.projection import ByAccount, Key, Projection, Rows, Table


class SurveyAnswerRow(NamedTuple):
    """One answer as it was known from ``known_from`` (inclusive) to ``known_to``."""

    answer_id: str
    version: int
    survey_id: str
    account_id: str
    contact_id: str | None
    kind: str
    score: int
    scale: int
    comment: dict[str, Any] | None
    """Sealed; who may read it opens it when an answer is made."""
    withdrawn: bool
    """Whether it is known that it was never given."""
    occurred_at: datetime
    """When it was given."""
    recorded_at: datetime
    """When we knew of it first."""
    known_from: datetime
    known_to: datetime | None


SURVEY_ANSWER: Final = Table(
    "survey_answer",
    SurveyAnswerRow,
    guard=ByAccount(),
    key=("answer_id", "version"),
    indexes=(("account_id", "occurred_at"), ("survey_id",)),
)


def keys(recorded: Recorded[SurveyAnswerEvent]) -> tuple[Key, ...]:
    """The row of the version before."""
    return row_before(SURVEY_ANSWER, recorded.event.answer_id, recorded)


def evolve(rows: Rows, recorded: Recorded[SurveyAnswerEvent]) -> Rows:
    """The answer as it was known until now, and as it is known from now on."""
    event, envelope = recorded.event, recorded.envelope
    changes: dict[str, Any]
    match event:
        case SurveyAnswerRecorded():
            return begin(SURVEY_ANSWER, _recorded(event, recorded))
        case SurveyAnswerCorrected(answered_at=at):
            changes = _content(event) | ({} if at is None else {"occurred_at": at})
        case SurveyAnswerWithdrawn():
            changes = {"withdrawn": True}
        case unknown:
            assert_never(unknown)
    ((key, last),) = rows.items()
    known_at = envelope.recorded_at
    following = last._replace(
        version=envelope.version, known_from=known_at, known_to=None, **changes
    )
    return {key: last._replace(known_to=known_at), (SURVEY_ANSWER, following[:2]): following}


def satisfied(score: int, scale: int) -> bool:
    """Whether ``score`` of 1 to ``scale`` is a satisfied one: 4 of 5, or as high on its scale."""
    return 4 * (score - 1) >= 3 * (scale - 1)


def _recorded(event: SurveyAnswerRecorded, recorded: Recorded[Any]) -> SurveyAnswerRow:
    envelope = recorded.envelope
    return SurveyAnswerRow(
        answer_id=event.answer_id,
        version=envelope.version,
        account_id=event.account_id,
        **_content(event),
        withdrawn=False,
        occurred_at=envelope.occurred_at,
        recorded_at=envelope.recorded_at,
        known_from=envelope.recorded_at,
        known_to=None,
    )


def _content(event: SurveyAnswerContent) -> dict[str, Any]:
    comment = event.model_dump(mode="json", by_alias=True, include={"comment"})["comment"]
    return {
        "survey_id": event.survey_id,
        "contact_id": event.contact_id,
        "kind": event.kind,
        "score": event.score,
        "scale": event.scale,
        "comment": comment,
    }


SURVEY_ANSWERS: Final = Projection(
    name="survey_answers",
    version=1,
    tables=(SURVEY_ANSWER,),
    subscribes=frozenset(get_args(SurveyAnswerEvent)),
    keys=keys,
    evolve=evolve,
)
