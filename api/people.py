"""The read doors about people at customers: contacts, and the relationship map of an account."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from api.cursors import cursor, text_after
from api.openapi import PROBLEMS_OF_LISTS, PROBLEMS_OF_ONE, in_types
from api.pages import as_csv, as_json
from api.people_answers import (
    AcquaintanceItem,
    ContactAnswer,
    ContactItem,
    ContactsPage,
    CoverageItem,
    CoveragePolicyInForce,
    PlacedContact,
    RelationshipMapAnswer,
)
from api.ports import Doors
from api.problems import Problem
from api.questions import (
    Accept,
    After,
    AsOf,
    KnownAt,
    Limit,
    MinPosition,
    Reader,
    asking,
    business_day,
    opened,
)
from api.tables import CSV, JSON, wanted
from events.values import Id, PersonId
from readmodels import people, relationship_map
from readmodels.people import ContactSelection
from readmodels.relationship_map import Placed, RelationshipMap

_SEALED = ("name", "email", "phone", "title")


def people_router(doors: Doors) -> APIRouter:
    """The doors about people on ``doors``; each needs a key that works."""
    router = APIRouter(prefix="/v1", dependencies=[Depends(Reader(doors))])
    _add_contacts(router, doors)
    _add_contact(router, doors)
    _add_map(router, doors)
    return router


def _add_contacts(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "/contacts",
        tags=["questions"],
        response_model=ContactsPage,
        responses=PROBLEMS_OF_LISTS | in_types(ContactsPage, CSV),
    )
    def get_contacts(
        *,
        account_id: Id | None = None,
        role: Id | None = None,
        active: bool | None = None,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        limit: Limit = 100,
        cursor_: After = None,
        min_position: MinPosition = None,
        accept: Accept = None,
    ) -> Response:
        """Contacts one by one, as they were; of merged ones, those who answer for them."""
        kind = wanted(accept, (JSON, CSV))
        with asking(doors, people.READS, min_position) as asked:
            rows = people.contacts(
                asked.connection,
                asked.moment(as_of, known_at),
                selection=ContactSelection(account=account_id, role=role, active=active),
                after=text_after(cursor_),
                limit=limit,
            )
            following = cursor(rows[-1].contact_id) if len(rows) == limit else None
        items = [_item(doors, row) for row in rows]
        if kind == CSV:
            records = [item.model_dump(by_alias=True) for item in items]
            columns = tuple(ContactItem.model_fields)
            return as_csv(records, asked.freshness, columns=columns, following=following)
        return as_json(ContactsPage(**asked.freshness, next=following, items=items))


def _add_contact(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "/contacts/{contact_id}",
        tags=["questions"],
        response_model=ContactAnswer,
        responses=PROBLEMS_OF_ONE,
    )
    def get_contact(
        contact_id: PersonId,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        min_position: MinPosition = None,
    ) -> Response:
        """One contact, as they were; for a merged one, the contact that answered for it."""
        with asking(doors, people.READS, min_position) as asked:
            row = people.contact(asked.connection, asked.moment(as_of, known_at), contact_id)
            if row is None:
                raise Problem("not-found", "unknown-contact", "there is no such contact")
        item = _item(doors, row)
        return as_json(ContactAnswer(**asked.freshness, item=item), version=row.version)


def _add_map(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "/accounts/{account_id}/relationship-map",
        tags=["questions"],
        response_model=RelationshipMapAnswer,
        responses=PROBLEMS_OF_ONE,
    )
    def get_relationship_map(
        account_id: Id,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        min_position: MinPosition = None,
    ) -> Response:
        """Who decides at a customer, who reports to whom, who of ours knows them, who is missing.

        Who has left is not on it. A merged contact stands under the one who answers for it.
        """
        today = business_day(doors, as_of)
        with asking(doors, relationship_map.READS, min_position) as asked:
            found = relationship_map.relationship_map(
                asked.connection, asked.moment(as_of, known_at), account_id, today=today
            )
            if found is None:
                raise Problem("not-found", "unknown-account", "there is no such account")
        answer = RelationshipMapAnswer(
            **asked.freshness,
            account_id=account_id,
            people=[_placed(doors, placed) for placed in found.people],
            coverage=_coverage(found),
        )
        return as_json(answer)


def _item(doors: Doors, row: Any) -> ContactItem:
    told = row._asdict()
    del told["merged_into"]
    return ContactItem(**told | {name: opened(doors, told[name]) for name in _SEALED})


def _placed(doors: Doors, placed: Placed) -> PlacedContact:
    row = placed.contact
    return PlacedContact(
        contact_id=row.contact_id,
        version=row.version,
        level=placed.level,
        reports_to=placed.reports_to,
        answers_for=list(placed.answers_for),
        name=opened(doors, row.name),
        title=opened(doors, row.title),
        department=row.department,
        role=row.role,
        influence=row.influence,
        sentiment=row.sentiment,
        relationships=[
            AcquaintanceItem(
                employee_id=known.relationship.employee_id,
                name=opened(doors, known.name),
                employed=known.employed,
                contact_id=known.relationship.contact_id,
                strength=known.relationship.strength,
                since=known.relationship.valid_from,
            )
            for known in placed.known_by
        ],
    )


def _coverage(found: RelationshipMap) -> CoverageItem | None:
    if found.coverage is None:
        return None
    return CoverageItem(
        complete=found.coverage.complete,
        minimum=dict(found.coverage.minimum),
        missing=dict(found.coverage.missing),
        policies=[
            CoveragePolicyInForce(
                region_id=policy.region_id,
                version=policy.draft,
                effective_on=date.fromisoformat(policy.effective_on),
            )
            for policy in found.policies
        ],
    )
