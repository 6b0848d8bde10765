"""What survey answers need from elsewhere: an account, and who of it answered."""

from datetime import timedelta
from typing import Any, Final

import pytest

from aggregates.refusals import Invalid, NotFound, Refusal
from commands.accounts.account import RegisterAccount
from commands.accounts.contact import MergeContact, RecordContactLeft, RegisterContact
from commands.command import Command
from commands.service.survey import (
    CorrectSurveyAnswer,
    RecordSurveyAnswer,
    WithdrawSurveyAnswer,
)
from events.service.survey import SurveyAnswerRecorded
from tests.commands.company import company
from tests.commands.office import Office
from tests.examples.cast import NOON, UMA, VIC, XIA

NONE: Final = "99999999-9999-4999-8999-999999999999"
STREAM: Final = "survey_answer-s1"
ANSWER: Final = RecordSurveyAnswer(
    answer_id="s1", survey_id="spring", account_id="acme", contact_id=UMA, kind="nps", score=9
)
CORRECT: Final = CorrectSurveyAnswer(
    answer_id="s1", survey_id="spring", contact_id=UMA, kind="nps", score=3, reason="Misread"
)


def at_work(*more: Command) -> Office:
    people = ((UMA, "acme"), (VIC, "acme"), (XIA, "zenith"))
    office = company(
        RegisterAccount(account_id="zenith", name="Zenith"),
        *(RegisterContact(contact_id=one, account_id=of, name="Somebody") for one, of in people),
    )
    office.ask_all(*more)
    return office


def refusal(office: Office, command: Command) -> Refusal:
    with pytest.raises(Refusal) as refused:
        office.ask(command)
    return refused.value


@pytest.mark.parametrize(
    ("fields", "rule", "kind", "field"),
    [
        ({"account_id": "none"}, "unknown-account", NotFound, "account_id"),
        ({"contact_id": NONE}, "unknown-contact", NotFound, "contact_id"),
        ({"contact_id": XIA}, "contact-of-another-account", Invalid, "contact_id"),
    ],
)
def test_what_it_names_exists(
    fields: dict[str, Any], rule: str, kind: type[Refusal], field: str
) -> None:
    refused = refusal(at_work(), ANSWER.model_copy(update=fields))
    assert (refused.rule, type(refused), refused.field) == (rule, kind, field)


@pytest.mark.parametrize(
    ("fields", "scale"),
    [
        ({}, 10),
        ({"kind": "csat", "score": 4}, 5),
        ({"kind": "csat", "score": 7, "scale": 7}, 7),
    ],
)
def test_a_question_without_a_scale_has_the_usual_one(fields: dict[str, Any], scale: int) -> None:
    office = at_work(ANSWER.model_copy(update=fields))
    (fact,) = office.facts(STREAM)
    assert isinstance(fact, SurveyAnswerRecorded)
    assert fact.scale == scale


def test_who_answers_for_a_merged_contact_answered_and_may_have_left() -> None:
    office = at_work(MergeContact(contact_id=UMA, into_id=VIC), RecordContactLeft(contact_id=VIC))
    office.ask(ANSWER)
    (fact,) = office.facts(STREAM)
    assert isinstance(fact, SurveyAnswerRecorded)
    assert fact.contact_id == VIC


def test_a_correction_stays_with_its_customer() -> None:
    other = CORRECT.model_copy(update={"contact_id": XIA})
    assert refusal(at_work(ANSWER), other).rule == "contact-of-another-account"
    assert at_work(ANSWER).ask(CORRECT).version == 2


def test_a_correction_does_not_lie_in_the_future() -> None:
    later = CORRECT.model_copy(update={"answered_at": NOON + timedelta(microseconds=1)})
    refused = refusal(at_work(ANSWER), later)
    assert (refused.rule, refused.field) == ("occurred-in-the-future", "answered_at")
    assert at_work(ANSWER).ask(CORRECT.model_copy(update={"answered_at": NOON})).version == 2


def test_an_answer_is_withdrawn() -> None:
    withdrawing = WithdrawSurveyAnswer(answer_id="s1", reason="Somebody else's")
    assert at_work(ANSWER, CORRECT).ask(withdrawing).version == 3
    assert refusal(at_work(), withdrawing).rule == "unknown-survey-answer"
