"""The door of white space: what accounts have of what we sell, and what to do about the rest."""

import dataclasses
from typing import Final

from starlette.responses import Response

from api.openapi import of_list
from api.pages import as_page
from api.questions import AskedOfList, asking, questions
from api.white_space_answers import NextActionPart, WhiteSpaceItem, WhiteSpacePage
from events.values import Id, PersonId
from readmodels import white_space
from readmodels.white_space import Cell, CellState, GridSelection

ROUTER: Final = questions()


@ROUTER.get("/white-space", **of_list(WhiteSpacePage))
def get_white_space(
    *,
    account: Id | None = None,
    product: Id | None = None,
    region: Id | None = None,
    owner: PersonId | None = None,
    state: CellState | None = None,
    question: AskedOfList,
) -> Response:
    """Each product at each account: owned, open, lost or empty, with the next action if empty."""
    with asking(question, white_space.READS) as asked:
        cells = white_space.white_space(
            asked.connection,
            asked.moment,
            question.day,
            selection=GridSelection(
                account=account, product=product, region=region, owner=owner, state=state
            ),
            after=question.after,
            limit=question.limit,
        )
    following = question.following(cells, white_space.place)
    items = [_item(cell) for cell in cells]
    return as_page(WhiteSpacePage, items, asked, question, following=following)


def _item(cell: Cell) -> WhiteSpaceItem:
    told = {field.name: getattr(cell, field.name) for field in dataclasses.fields(cell)}
    policy, following = told.pop("policy"), told.pop("next")
    action = None
    if following is not None:
        action = NextActionPart(
            kind=following.action.kind,
            text=following.action.text,
            source=following.source,
            recommendation_id=following.recommendation_id,
            policy_region_id=policy.region_id,
            policy_version=policy.version,
        )
    return WhiteSpaceItem.model_validate(
        {**told, "empty": cell.state == "empty", "next_action": action}
    )
