"""The read doors about people at customers: contacts, and the relationship map of an account."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from starlette.responses import Response

from api.openapi import of_list, of_one
from api.pages import as_json, as_page
from api.people_answers import (
    ContactAnswer,
    ContactItem,
    ContactsPage,
    CoverageItem,
    CoveragePolicyInForce,
    PlacedContact,
    RelationshipMapAnswer,
)
from api.problems import Problem
from api.questions import AskedOfList, AskedOfOne, Question, asking, questions
from events.values import Id, PersonId
from readmodels import people, relationship_map
from readmodels.people import ContactSelection
from readmodels.relationship_map import Placed, RelationshipMap

ROUTER: Final = questions()


@ROUTER.get("/contacts", **of_list(ContactsPage))
def get_contacts(
    *,
    account_id: Id | None = None,
    role: Id | None = None,
    active: bool | None = None,
    question: AskedOfList,
) -> Response:
    """Contacts one by one, as they were; of merged ones, those who answer for them."""
    with asking(question, people.READS) as asked:
        rows = people.contacts(
            asked.connection,
            asked.moment,
            selection=ContactSelection(account=account_id, role=role, active=active),
            after=question.after,
            limit=question.limit,
        )
        following = question.following(rows, lambda row: row.contact_id)
    items = _items(question, rows)
    return as_page(ContactsPage, items, asked, question, following=following)


@ROUTER.get("/contacts/{contact_id}", **of_one(ContactAnswer))
def get_contact(contact_id: PersonId, question: AskedOfOne) -> Response:
    """One contact, as they were; for a merged one, the contact that answered for it."""
    with asking(question, people.READS) as asked:
        row = people.contact(asked.connection, asked.moment, contact_id)
        if row is None:
            raise Problem("not-found", "unknown-contact", "there is no such contact")
    (item,) = _items(question, [row])
    return as_json(ContactAnswer(**asked.freshness, item=item), asked, version=row.version)


@ROUTER.get("/accounts/{account_id}/relationship-map", **of_one(RelationshipMapAnswer))
def get_relationship_map(account_id: Id, question: AskedOfOne) -> Response:
    """Who decides at a customer, who reports to whom, who of ours knows them, who is missing.

    Who has left is not on it. A merged contact stands under the one who answers for it.
    """
    today = question.day
    with asking(question, relationship_map.READS) as asked:
        found = relationship_map.relationship_map(
            asked.connection, asked.moment, account_id, today=today
        )
        if found is None:
            raise Problem("not-found", "unknown-account", "there is no such account")
    answer = RelationshipMapAnswer(
        **asked.freshness,
        account_id=account_id,
        people=[
            PlacedContact.model_validate(one)
            for one in question.opened([_placed(placed) for placed in found.people])
        ],
        coverage=_coverage(found),
    )
    return as_json(answer, asked)


def _items(question: Question, rows: Iterable[Any]) -> list[ContactItem]:
    told = [row._asdict() for row in rows]
    for one in told:
        del one["merged_into"]
    return [ContactItem(**one) for one in question.opened(told)]


def _placed(placed: Placed) -> dict[str, Any]:
    row = placed.contact
    return {
        "contact_id": row.contact_id,
        "version": row.version,
        "level": placed.level,
        "reports_to": placed.reports_to,
        "answers_for": list(placed.answers_for),
        "name": row.name,
        "title": row.title,
        "department": row.department,
        "role": row.role,
        "influence": row.influence,
        "sentiment": row.sentiment,
        "relationships": [
            {
                "employee_id": known.relationship.employee_id,
                "name": known.name,
                "employed": known.employed,
                "contact_id": known.relationship.contact_id,
                "strength": known.relationship.strength,
                "since": known.relationship.valid_from,
            }
            for known in placed.known_by
        ],
    }


def _coverage(found: RelationshipMap) -> CoverageItem | None:
    if found.coverage is None:
        return None
    return CoverageItem(
        complete=found.coverage.complete,
        minimum=dict(found.coverage.minimum),
        missing=dict(found.coverage.missing),
        policies=[
            CoveragePolicyInForce(
                region_id=policy.policy_id,
                version=policy.draft,
                effective_on=date.fromisoformat(policy.effective_on),
            )
            for policy in found.policies
        ],
    )
