"""The door of grants: who may see more than their own."""

from datetime import datetime
from typing import Final

from starlette.responses import Response

from api.answers import Body, Page
from api.openapi import of_list
from api.pages import as_page
from api.questions import AskedOfList, asking, questions
from events.values import Id, PersonId
from readmodels import access_grants

ROUTER: Final = questions()


class AccessGrantItem(Body):
    """One grant as it was."""

    grant_id: str
    version: int
    employee_id: str
    region_id: str | None
    account_id: str | None
    level: str
    until_on: str
    reason: str
    revoked: bool
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


class AccessGrantsPage(Page):
    """Grants in order of their ids."""

    items: list[AccessGrantItem]


@ROUTER.get("/access-grants", **of_list(AccessGrantsPage))
def get_access_grants(
    *,
    employee: PersonId | None = None,
    region: Id | None = None,
    account: Id | None = None,
    holding: bool = False,
    question: AskedOfList,
) -> Response:
    """Grants one by one, as they were: one's own, and those of whom one manages."""
    with asking(question, access_grants.READS) as asked:
        rows = access_grants.access_grants(
            asked.connection,
            asked.moment,
            day=question.day.isoformat(),
            employee=employee,
            region=region,
            account=account,
            holding=holding,
            after=question.after,
            limit=question.limit,
        )
    return as_page(
        AccessGrantsPage,
        [AccessGrantItem.model_validate(row._asdict()) for row in rows],
        asked,
        question,
        following=question.following(rows, lambda row: row.grant_id),
    )
