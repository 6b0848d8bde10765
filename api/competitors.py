"""The door of competitors at customers."""

from typing import Final

from starlette.responses import Response

from api.alert_answers import CompetitorItem, CompetitorsPage
from api.openapi import of_list
from api.pages import as_page
from api.questions import AskedOfList, asking, questions
from events.values import Id
from readmodels import competitors

ROUTER: Final = questions()


@ROUTER.get("/competitors", **of_list(CompetitorsPage))
def get_competitors(
    *,
    account: Id | None = None,
    opportunity: Id | None = None,
    active: bool | None = None,
    question: AskedOfList,
) -> Response:
    """Which competitors were at work at which customers, and what they were after."""
    with asking(question, competitors.READS) as asked:
        rows = competitors.competitors(
            asked.connection,
            asked.moment,
            account=account,
            opportunity=opportunity,
            active=active,
            after=question.after,
            limit=question.limit,
        )
    following = question.following(rows, lambda row: row.entry_id)
    items = [CompetitorItem(**row._asdict()) for row in rows]
    return as_page(CompetitorsPage, items, asked, question, following=following)
