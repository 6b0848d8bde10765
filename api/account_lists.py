"""The lists around accounts: goals, objectives, links, documents, and gaps in teams."""

from typing import Annotated, Final, Literal

from fastapi import Query
from starlette.responses import Response

from api.account_answers import (
    AccountGapsItem,
    AccountGapsPage,
    AccountLinkItem,
    AccountLinksPage,
    CustomerGoalItem,
    CustomerGoalsPage,
    SolutionDocumentAnswer,
    SolutionDocumentItem,
    SolutionDocumentsPage,
    StrategicObjectiveItem,
    StrategicObjectivesPage,
)
from api.openapi import of_list, of_one
from api.pages import as_json, as_page
from api.problems import Problem
from api.questions import AskedOfList, AskedOfOne, asking, questions
from events.values import Id, PersonId
from readmodels import account_links, account_teams, goals, solution_documents

Role = Literal["account_manager", "solution_architect", "delivery_expert", "executive_sponsor"]
LinkKind = Literal["equity", "joint_venture", "third_party_investment"]
Dropped = Annotated[bool, Query(description="Those that are dropped instead of those pursued.")]
Linked = Annotated[
    bool | None, Query(description="Only those with (true) or without (false) a counterpart.")
]

ROUTER: Final = questions()


@ROUTER.get("/customer-goals", **of_list(CustomerGoalsPage))
def get_customer_goals(
    *,
    account: Id | None = None,
    objective: Id | None = None,
    linked: Linked = None,
    dropped: Dropped = False,
    question: AskedOfList,
) -> Response:
    """What customers want to reach, and which objectives of ours serve it, as it was."""
    with asking(question, goals.READS) as asked:
        rows = goals.customer_goals(
            asked.connection,
            asked.moment,
            account=account,
            objective=objective,
            linked=linked,
            dropped=dropped,
            after=question.after,
            limit=question.limit,
        )
        following = question.following(rows, lambda row: row.goal_id)
    return as_page(
        CustomerGoalsPage,
        [CustomerGoalItem.model_validate(row._asdict()) for row in rows],
        asked,
        question,
        following=following,
    )


@ROUTER.get("/strategic-objectives", **of_list(StrategicObjectivesPage))
def get_strategic_objectives(
    *,
    linked: Linked = None,
    dropped: Dropped = False,
    question: AskedOfList,
) -> Response:
    """What we want to reach with our customers, and which of their goals it serves."""
    with asking(question, goals.READS) as asked:
        rows = goals.strategic_objectives(
            asked.connection,
            asked.moment,
            linked=linked,
            dropped=dropped,
            after=question.after,
            limit=question.limit,
        )
        following = question.following(rows, lambda row: row.objective_id)
    return as_page(
        StrategicObjectivesPage,
        [StrategicObjectiveItem.model_validate(row._asdict()) for row in rows],
        asked,
        question,
        following=following,
    )


@ROUTER.get("/account-links", **of_list(AccountLinksPage))
def get_account_links(
    *,
    account: Id | None = None,
    kind: LinkKind | None = None,
    question: AskedOfList,
) -> Response:
    """Shares, joint ventures and investments that held on the day, from either side."""
    with asking(question, account_links.READS) as asked:
        rows = account_links.account_links(
            asked.connection,
            asked.moment,
            question.day,
            account=account,
            kind=kind,
            after=question.after,
            limit=question.limit,
        )
        following = question.following(rows, lambda row: row.link_id)
    return as_page(
        AccountLinksPage,
        [AccountLinkItem.model_validate(row._asdict()) for row in rows],
        asked,
        question,
        following=following,
    )


@ROUTER.get("/solution-documents", **of_list(SolutionDocumentsPage))
def get_solution_documents(
    *,
    account: Id | None = None,
    question: AskedOfList,
) -> Response:
    """Solution documents, each in the revision that was the newest."""
    with asking(question, solution_documents.READS) as asked:
        rows = solution_documents.solution_documents(
            asked.connection,
            asked.moment,
            account=account,
            after=question.after,
            limit=question.limit,
        )
        following = question.following(rows, lambda row: row.document_id)
    return as_page(
        SolutionDocumentsPage,
        [SolutionDocumentItem.model_validate(row._asdict()) for row in rows],
        asked,
        question,
        following=following,
    )


@ROUTER.get("/solution-documents/{document_id}", **of_one(SolutionDocumentAnswer))
def get_solution_document(document_id: Id, question: AskedOfOne) -> Response:
    """One solution document in every revision there was."""
    with asking(question, solution_documents.READS) as asked:
        moment = asked.moment
        rows = solution_documents.revisions(asked.connection, moment, document_id)
        if not rows:
            raise Problem("not-found", "unknown-document", "there is no such document")
    items = [SolutionDocumentItem(**row._asdict()) for row in rows]
    answer = SolutionDocumentAnswer(**asked.freshness, items=items)
    return as_json(answer, asked, version=rows[-1].version)


@ROUTER.get("/account-gaps", **of_list(AccountGapsPage))
def get_account_gaps(
    *,
    role: Role | None = None,
    owner: PersonId | None = None,
    region: Id | None = None,
    every_class: Annotated[
        bool,
        Query(description="Ask it of ordinary accounts as well, not only of those that are more."),
    ] = False,
    question: AskedOfList,
) -> Response:
    """Key, strategic and not ranked accounts in whose team nobody who worked here has a role."""
    with asking(question, account_teams.READS) as asked:
        rows = account_teams.account_gaps(
            asked.connection,
            asked.moment,
            role=role,
            owner=owner,
            region=region,
            every_class=every_class,
            after=question.after,
            limit=question.limit,
        )
        following = question.following(rows, lambda row: row.account_id)
    return as_page(
        AccountGapsPage,
        [AccountGapsItem.model_validate(row._asdict()) for row in rows],
        asked,
        question,
        following=following,
    )
