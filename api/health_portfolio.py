"""The doors of the health of many accounts: a list, and heat by region, owner, manager or class."""

from typing import Annotated, Final, Literal

from fastapi import Depends, Query
from starlette.responses import Response

from api.health_answers import AccountScoreItem, HealthScoresPage, HeatItem, HeatPage
from api.health_parts import heat_item, standing_item
from api.health_scores import Against, day_of, earlier_than
from api.openapi import of_list
from api.pages import as_page
from api.questions import AskedOfList, Question, asking, questions
from events.values import Id, PersonId
from readmodels.health_scores import portfolio, scores
from readmodels.health_scores.placed import Class, PlaceSelection
from readmodels.health_scores.portfolio import Heat, HeatBy, Standing
from readmodels.health_scores.scores import MOST

ROUTER: Final = questions()


def _places(
    *,
    region: Annotated[Id | None, Query(description="In it, or in a region below.")] = None,
    owner: Annotated[PersonId | None, Query(description="Who manages the account.")] = None,
    manager: Annotated[PersonId | None, Query(description="Whom the owner reports to.")] = None,
    account_class: Class | None = None,
) -> PlaceSelection:
    return PlaceSelection(region=region, owner=owner, manager=manager, account_class=account_class)


Places = Annotated[PlaceSelection, Depends(_places)]


@ROUTER.get("/health-scores", **of_list(HealthScoresPage, "invalid"))
def get_health_scores(
    *,
    places: Places,
    band: Annotated[Id | None, Query(description="The id of a band.")] = None,
    below: Annotated[
        int | None, Query(ge=0, le=MOST, description="Strictly; in millionths of a point.")
    ] = None,
    sort: Annotated[Literal["score", "-score"], Query(description="The lowest first.")] = "score",
    against: Against = None,
    question: AskedOfList,
) -> Response:
    """Accounts by their health score, each beside that of an earlier day.

    Those for which no scoring policy holds are left out; those without a score come last.
    """
    with asking(question, scores.READS) as asked:
        on = day_of(asked, question)
        earlier = earlier_than(on, against)
        found = [
            one
            for one in portfolio.standings(asked.connection, on, places)
            if _is_in(one, band, below)
        ]
        ordered = portfolio.by_score(found, descending=sort == "-score")
        page = ordered[question.skip : question.skip + question.limit]
        before = portfolio.scores_before(asked.connection, earlier, page)
    items: list[AccountScoreItem] = [
        standing_item(one, before.get(one.account.account_id)) for one in page
    ]
    return as_page(
        HealthScoresPage,
        items,
        asked,
        question,
        following=question.further(page),
        beside={"against": earlier.day},
    )


def _is_in(standing: Standing, band: str | None, below: int | None) -> bool:
    score = standing.score
    if band is not None and score.band_id != band:
        return False
    return below is None or (score.score is not None and score.score < below)


@ROUTER.get("/health-scores/heat", **of_list(HeatPage))
def get_heat(*, places: Places, group_by: HeatBy = "region", question: AskedOfList) -> Response:
    """How healthy the accounts of each group are: bands, mean score, and the worst of them.

    By region an account counts in its own and in every one above.
    """
    with asking(question, scores.READS) as asked:
        on = day_of(asked, question)
        found = portfolio.standings(asked.connection, on, places)
        groups = portfolio.heat(asked.connection, on, found, group_by)
        page = groups[question.skip : question.skip + question.limit]
        items = [_opened(one, question) for one in page]
    return as_page(
        HeatPage,
        items,
        asked,
        question,
        following=question.further(page),
        beside={
            "group_by": group_by,
            "day": on.day,
            "total": heat_item(portfolio.counted(None, None, found), None),
        },
    )


def _opened(heat: Heat, question: Question) -> HeatItem:
    return heat_item(heat, question.opened(heat.name))
