"""The doors of policies: what is written down, and which version of each holds where on a day."""

from datetime import date, datetime
from typing import Annotated, Any, Final

from fastapi import Path, Query
from pydantic import Field
from starlette.responses import Response

from api.answers import Answer, Body, Page
from api.openapi import of_list, of_one
from api.pages import as_json, as_page
from api.problems import Problem
from api.questions import AskedOfList, AskedOfOne, asking, questions
from readmodels import policies
from readmodels.moment import Moment
from readmodels.policies import Kind, PolicySelection, PolicyStanding, Status

PolicyId = Annotated[
    str,
    Path(
        pattern=r"^[A-Za-z0-9._*-]{1,129}$",
        description="The region's id, or the rule's; of a form its kind of record, of a route its "
        "kind of subject, a dot, and the region's id or *.",
    ),
]
Place = Annotated[
    str | None,
    Query(
        pattern=r"^(\*|[A-Za-z0-9._-]{1,64})$",
        description="The region's id, or * for what is set for the whole group.",
    ),
]

ROUTER: Final = questions()


class PolicyItem(Body):
    """One policy, and which version of it holds on the day."""

    kind: str
    policy_id: str
    region_id: str | None = Field(description="Null for one of the whole group.")
    version: int | None = Field(description="The one that holds; null before the first.")
    effective_on: date | None = Field(description="From when; the first one holds before it too.")
    drafts: int = Field(description="How many versions of it were written down.")


class PoliciesPage(Page):
    """Policies in order of their kinds and ids."""

    items: list[PolicyItem]


class PolicyVersionPart(Body):
    """One version of a policy."""

    version: int
    region_id: str | None
    document: dict[str, Any]
    drafted_at: datetime
    recorded_at: datetime
    in_force_from: list[date] = Field(description="The days from which it was put in force.")
    status: Status | None = Field(
        description="Null before it was put up for approval, and where nobody has to approve it."
    )
    approval_id: str | None = Field(description="The approval it was put up for last.")


class PolicyAnswer(Answer):
    """One policy with all its versions."""

    item: PolicyItem
    versions: list[PolicyVersionPart]


@ROUTER.get("/policies", **of_list(PoliciesPage))
def get_policies(
    *, kind: Kind | None = None, region: Place = None, question: AskedOfList
) -> Response:
    """Policies as they are known, and which version of each holds at the end of a day.

    Value matrices have doors of their own.
    """
    with asking(question, policies.READS) as asked:
        rows = policies.policies(
            asked.connection,
            asked.moment,
            question.day,
            selection=PolicySelection(kind=kind, place=region),
            after=question.after,
            limit=question.limit,
        )
    items = [_item(row) for row in rows]
    following = question.following(rows, lambda row: row.place)
    return as_page(PoliciesPage, items, asked, question, following=following)


@ROUTER.get("/policies/{kind}/{policy_id}", **of_one(PolicyAnswer))
def get_policy(kind: Kind, policy_id: PolicyId, question: AskedOfOne) -> Response:
    """One policy with all its versions as they are known, and which of them holds on a day."""
    with asking(question, policies.READS) as asked:
        found = policies.policies(
            asked.connection,
            asked.moment,
            question.day,
            selection=PolicySelection(kind=kind, policy_id=policy_id),
        )
        if not found:
            raise Problem("not-found", "unknown-policy", "there is no such policy")
        # What holds on a day may have been written down after it.
        known = Moment(known_at=asked.moment.known_at)
        versions = policies.versions(asked.connection, known, kind, policy_id=policy_id)
    answer = PolicyAnswer(
        **asked.freshness,
        item=_item(found[0]),
        versions=[
            PolicyVersionPart.model_validate(
                {name: getattr(row, name) for name in PolicyVersionPart.model_fields}
            )
            for row in versions
        ],
    )
    return as_json(answer, asked)


def _item(row: PolicyStanding) -> PolicyItem:
    return PolicyItem.model_validate(row._asdict())
