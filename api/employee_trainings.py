"""The door of trainings: what our people have completed."""

from typing import Annotated, Final

from fastapi import Query
from starlette.responses import Response

from api.alert_answers import TrainingItem, TrainingsPage
from api.openapi import of_list
from api.pages import as_page
from api.questions import AskedOfList, asking, questions
from events.values import Id, PersonId
from readmodels import employee_trainings

ROUTER: Final = questions()


@ROUTER.get("/trainings", **of_list(TrainingsPage))
def get_trainings(
    *,
    employee: PersonId | None = None,
    course: Id | None = None,
    counts: Annotated[
        bool | None, Query(description="Whether it has not expired on the day.")
    ] = None,
    question: AskedOfList,
) -> Response:
    """The trainings completed by the day; one that was revoked never was."""
    with asking(question, employee_trainings.READS) as asked:
        rows = employee_trainings.trainings(
            asked.connection,
            asked.moment,
            question.day,
            employee=employee,
            course=course,
            counts=counts,
            after=question.after,
            limit=question.limit,
        )
    following = question.following(rows, lambda row: row.training_id)
    day = question.day.isoformat()
    items = [
        TrainingItem.model_validate(
            {
                **{name: getattr(row, name) for name in _FROM_ROW},
                "counts": row.expires_on is None or row.expires_on >= day,
            }
        )
        for row in rows
    ]
    return as_page(TrainingsPage, items, asked, question, following=following)


_FROM_ROW: Final = tuple(name for name in TrainingItem.model_fields if name != "counts")
