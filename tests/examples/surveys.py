"""What Acme answered when it was asked."""

from datetime import UTC, datetime
from typing import Final

from events.service.survey import (
    SurveyAnswerCorrected,
    SurveyAnswerRecorded,
    SurveyAnswerWithdrawn,
)
from tests.examples.cast import UMA

ANSWERED: Final = SurveyAnswerRecorded(
    answer_id="s1",
    survey_id="spring",
    account_id="acme",
    contact_id=UMA,
    kind="nps",
    score=9,
    scale=10,
    comment="They keep what they promise.",
)
ANSWER_CORRECTED: Final = SurveyAnswerCorrected(
    answer_id="s1",
    survey_id="spring",
    account_id="acme",
    contact_id=UMA,
    kind="nps",
    score=8,
    scale=10,
    comment="They mostly keep what they promise.",
    answered_at=datetime(2026, 3, 1, 9, tzinfo=UTC),
    reason="Misread",
)
ANSWER_WITHDRAWN: Final = SurveyAnswerWithdrawn(
    answer_id="s1", account_id="acme", reason="Somebody else's"
)
CONTENT: Final = SurveyAnswerRecorded(
    answer_id="s2",
    survey_id="spring",
    account_id="acme",
    contact_id=None,
    kind="csat",
    score=4,
    scale=5,
    comment=None,
)
