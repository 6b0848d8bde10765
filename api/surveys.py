"""The read doors of survey answers, and of what they add up to."""

from datetime import date
from typing import Annotated, Any, Final

from fastapi import Depends, Query
from starlette.responses import Response

from api.metrics import defined
from api.openapi import of_list, of_one
from api.pages import as_json, as_page
from api.problems import Problem
from api.questions import AskedOfList, AskedOfOne, asking, questions
from api.signal_answers import (
    CsatItem,
    CsatPage,
    NpsItem,
    NpsPage,
    SurveyAnswerAnswer,
    SurveyAnswerItem,
    SurveyAnswersPage,
)
from events.values import Id, PersonId
from readmodels import survey_answers
from readmodels.survey_answers import AnswerKind, AnswerSelection, Period

ROUTER: Final = questions()


def _period(
    *,
    first_day: Annotated[date, Query(description="The first day of the period.")],
    last_day: Annotated[date, Query(description="The last day of the period, inclusive.")],
) -> Period:
    return Period(first_day=first_day, last_day=last_day)


Within = Annotated[Period, Depends(_period)]


@ROUTER.get("/survey-answers", **of_list(SurveyAnswersPage))
def get_survey_answers(
    *,
    account: Id | None = None,
    survey: Id | None = None,
    contact: PersonId | None = None,
    kind: AnswerKind | None = None,
    question: AskedOfList,
) -> Response:
    """What customers answered, one by one, as it was known."""
    selection = AnswerSelection(account=account, survey=survey, contact=contact, kind=kind)
    with asking(question, survey_answers.READS) as asked:
        rows = survey_answers.survey_answers(
            asked.connection,
            asked.moment,
            selection=selection,
            after=question.after,
            limit=question.limit,
        )
        told = question.opened([row._asdict() for row in rows])
    items = [SurveyAnswerItem.model_validate(one) for one in told]
    following = question.following(rows, lambda row: row.answer_id)
    return as_page(SurveyAnswersPage, items, asked, question, following=following)


@ROUTER.get("/survey-answers/{answer_id}", **of_one(SurveyAnswerAnswer))
def get_survey_answer(answer_id: Id, question: AskedOfOne) -> Response:
    """One answer as it was known, also one that was withdrawn."""
    with asking(question, survey_answers.READS) as asked:
        row = survey_answers.survey_answer(asked.connection, asked.moment, answer_id)
        if row is None:
            raise Problem("not-found", "unknown-survey-answer", "there is no such answer")
        item = SurveyAnswerItem.model_validate(question.opened(row._asdict()))
    return as_json(SurveyAnswerAnswer(**asked.freshness, item=item), asked, version=row.version)


@ROUTER.get("/nps", **of_list(NpsPage))
def get_nps(*, period: Within, account: Id | None = None, question: AskedOfList) -> Response:
    """The net promoter score of each account in a period."""
    with asking(question, survey_answers.READS) as asked:
        rows = survey_answers.nps_by_account(
            asked.connection,
            asked.moment,
            period,
            account=account,
            after=question.after,
            limit=question.limit,
        )
    items = [NpsItem(**row._asdict()) for row in rows]
    following = question.following(items, lambda item: item.account_id)
    beside = _beside("nps", period)
    return as_page(NpsPage, items, asked, question, following=following, beside=beside)


@ROUTER.get("/csat", **of_list(CsatPage))
def get_csat(*, period: Within, account: Id | None = None, question: AskedOfList) -> Response:
    """The customer satisfaction of each account in a period."""
    with asking(question, survey_answers.READS) as asked:
        rows = survey_answers.csat_by_account(
            asked.connection,
            asked.moment,
            period,
            account=account,
            after=question.after,
            limit=question.limit,
        )
    items = [CsatItem(**row._asdict()) for row in rows]
    following = question.following(items, lambda item: item.account_id)
    beside = _beside("csat", period)
    return as_page(CsatPage, items, asked, question, following=following, beside=beside)


def _beside(metric_id: str, period: Period) -> dict[str, Any]:
    return {
        "metric": defined(metric_id),
        "first_day": period.first_day,
        "last_day": period.last_day,
    }
