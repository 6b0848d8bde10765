"""What can be asked about survey answers: handlers and roles."""

from types import MappingProxyType
from typing import Final

from commands.issuable import Catalogue, Issuable
from commands.roles import SELLERS
from commands.service.survey import (
    CorrectSurveyAnswer,
    RecordSurveyAnswer,
    WithdrawSurveyAnswer,
    correct_survey_answer,
    record_survey_answer,
    withdraw_survey_answer,
)

CATALOGUE: Final[Catalogue] = MappingProxyType(
    {
        RecordSurveyAnswer: Issuable(record_survey_answer, SELLERS),
        CorrectSurveyAnswer: Issuable(correct_survey_answer, SELLERS),
        WithdrawSurveyAnswer: Issuable(withdraw_survey_answer, SELLERS),
    }
)
