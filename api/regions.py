"""The door of regions: the tree, and how each of them sells."""

from datetime import datetime
from typing import Final

from pydantic import Field
from starlette.responses import Response

from api.answers import Body, Page
from api.openapi import of_list
from api.pages import as_page
from api.questions import AskedOfList, asking, questions
from readmodels import regions

ROUTER: Final = questions()


class RegionItem(Body):
    """One region as it was."""

    region_id: str
    version: int
    name: str
    parent_id: str | None
    mode: str | None = Field(description="Its own: direct or channel.")
    mode_in_force: str = Field(description="Its own, the nearest above, or direct.")
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


class RegionsPage(Page):
    """Regions in order of their ids."""

    items: list[RegionItem]


@ROUTER.get("/regions", **of_list(RegionsPage))
def get_regions(*, question: AskedOfList) -> Response:
    """Regions and how each of them sells, as it was."""
    with asking(question, regions.READS) as asked:
        rows = regions.regions(
            asked.connection, asked.moment, after=question.after, limit=question.limit
        )
    return as_page(
        RegionsPage,
        [RegionItem.model_validate(row._asdict()) for row in rows],
        asked,
        question,
        following=question.following(rows, lambda row: row.region_id),
    )
