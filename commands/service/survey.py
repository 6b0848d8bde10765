"""What can be asked of survey answers."""

from typing import Annotated

from pydantic import Field

from aggregates.accounts import account, contact
from aggregates.accounts.account import ACCOUNT
from aggregates.accounts.contact import CONTACT
from aggregates.refusals import Invalid
from aggregates.service import survey
from aggregates.service.survey import SURVEY_ANSWER
from commands.accounts.contact import survivor
from commands.command import Command, Instant
from commands.look import Decided, Look
from events.service.survey import (
    Scale,
    Score,
    SurveyAnswerCorrected,
    SurveyAnswerRecorded,
    SurveyKind,
)
from events.values import Id, PersonId, Reason

CommentText = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"^[^\x00]*$")]
"""What a contact wrote; sealed from the first."""

_SCALES: dict[SurveyKind, int] = {"nps": 10, "csat": 5}
"""The scale of a question that names none."""


class RecordSurveyAnswer(Command):
    """Record what a customer answered; it was given when the command says it occurred.

    ``nps`` is answered from 0 to 10, ``csat`` from 1 to ``scale``, which is 5 unless given.
    """

    answer_id: Id
    survey_id: Id
    account_id: Id
    contact_id: PersonId | None = None
    kind: SurveyKind
    score: Score
    scale: Scale | None = None
    comment: CommentText | None = None


class CorrectSurveyAnswer(Command):
    """Tell an answer anew, all of it, with the reason; what was told before stays on record.

    It stays with its customer: one that another customer gave is withdrawn and recorded anew.
    """

    answer_id: Id
    survey_id: Id
    contact_id: PersonId | None = None
    kind: SurveyKind
    score: Score
    scale: Scale | None = None
    comment: CommentText | None = None
    answered_at: Instant | None = None
    reason: Reason


class WithdrawSurveyAnswer(Command):
    """Say that an answer was never given."""

    answer_id: Id
    reason: Reason


def record_survey_answer(command: RecordSurveyAnswer, look: Look) -> Decided:
    """Record it; account and contact must exist, and the contact belong to the account."""
    account.existing(look(ACCOUNT, command.account_id), field="account_id")
    told = _told(look, command, command.account_id)
    fact = SurveyAnswerRecorded.model_validate({**dict(command), **told})
    return look.begin(SURVEY_ANSWER, command.answer_id, survey.record, fact=fact)


def correct_survey_answer(command: CorrectSurveyAnswer, look: Look) -> Decided:
    """Correct it; it was not given later than now."""
    found = survey.standing(look(SURVEY_ANSWER, command.answer_id))
    at = command.answered_at
    if at is not None and at > look.context.now:
        raise Invalid(
            "occurred-in-the-future",
            "nothing can be recorded before it has happened",
            field="answered_at",
        )
    told = _told(look, command, found.account_id)
    fact = SurveyAnswerCorrected.model_validate({**dict(command), **told})
    return look.decide(SURVEY_ANSWER, command.answer_id, survey.correct, fact=fact)


def withdraw_survey_answer(command: WithdrawSurveyAnswer, look: Look) -> Decided:
    """Withdraw it."""
    return look.decide(SURVEY_ANSWER, command.answer_id, survey.withdraw, reason=command.reason)


def _told(
    look: Look, command: RecordSurveyAnswer | CorrectSurveyAnswer, account_id: str
) -> dict[str, object]:
    """Account, contact and scale: in the place of a merged contact, who answers for them.

    Who answered may have left since: history is told as it was.
    """
    contact_id = command.contact_id
    if contact_id is not None:
        contact_id = survivor(look, contact_id)
        found = contact.registered(look(CONTACT, contact_id), field="contact_id")
        if found.account_id != account_id:
            raise Invalid(
                "contact-of-another-account",
                "the contact belongs to another customer",
                field="contact_id",
            )
    return {
        "account_id": account_id,
        "contact_id": contact_id,
        "scale": command.scale or _SCALES[command.kind],
    }
