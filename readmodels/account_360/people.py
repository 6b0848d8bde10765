"""Whom we know at an account: the reporting line, who decides, who of ours knows them."""

from typing import Final

from readmodels.account_360.section import Asked, Part
from readmodels.depth import KEY_ROLES
from readmodels.relationship_map import Placed, relationship_map

PEOPLE_MAX: Final = 100
"""How many contacts are told, from the top of the tree."""


def people(asked: Asked) -> Part:
    """Its contacts from the top of the reporting line, and whether we know whom we must."""
    found = relationship_map(
        asked.connection, asked.moment, asked.account.account_id, today=asked.day
    )
    assert found is not None, "the account was found a moment ago"
    return {
        "count": len(found.people),
        "decision_makers": [
            one.contact.contact_id for one in found.people if one.contact.role in KEY_ROLES
        ],
        "contacts": [_contact(one) for one in found.people[:PEOPLE_MAX]],
        "coverage": found.coverage
        and {
            "complete": found.coverage.complete,
            "minimum": dict(found.coverage.minimum),
            "missing": dict(found.coverage.missing),
        },
    }


def _contact(placed: Placed) -> Part:
    row = placed.contact
    strongest = placed.known_by[0] if placed.known_by else None
    return {
        "contact_id": row.contact_id,
        "name": row.name,
        "title": row.title,
        "department": row.department,
        "role": row.role,
        "influence": row.influence,
        "sentiment": row.sentiment,
        "level": placed.level,
        "reports_to": placed.reports_to,
        "known_by": len(placed.known_by),
        "strength": strongest and strongest.relationship.strength,
        "best_known_to": strongest and strongest.relationship.employee_id,
    }
