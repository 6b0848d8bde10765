"""What can be asked of the relationships between our people and contacts."""

from aggregates.accounts import contact, relationship
from aggregates.accounts.contact import CONTACT
from aggregates.accounts.relationship import RELATIONSHIP
from aggregates.organization import employee
from aggregates.organization.employee import EMPLOYEE
from commands.accounts.contact import survivor
from commands.command import Command
from commands.look import Decided, Look
from events.accounts.relationship import RelationshipEstablished, Strength
from events.values import PersonId


class EstablishRelationship(Command):
    """Record that an employee of ours and a contact know each other, and how well (1 to 5)."""

    employee_id: PersonId
    contact_id: PersonId
    strength: Strength


class ChangeRelationshipStrength(Command):
    """Change how well two people know each other, 1 to 5."""

    employee_id: PersonId
    contact_id: PersonId
    strength: Strength


class EndRelationship(Command):
    """Record that two people have nothing to do with each other any more."""

    employee_id: PersonId
    contact_id: PersonId


def establish_relationship(command: EstablishRelationship, look: Look) -> Decided:
    """Establish it; the employee works here, the contact at a customer."""
    employee.active(look(EMPLOYEE, command.employee_id), field="employee_id")
    answering = survivor(look, command.contact_id)
    found = contact.present(look(CONTACT, answering), field="contact_id")
    contact_id = _known_as(look, command.employee_id, command.contact_id)
    return look.decide(
        RELATIONSHIP,
        _pair(command.employee_id, contact_id),
        relationship.establish,
        fact=RelationshipEstablished(
            employee_id=command.employee_id,
            contact_id=contact_id,
            account_id=found.account_id,
            strength=command.strength,
        ),
    )


def change_relationship_strength(command: ChangeRelationshipStrength, look: Look) -> Decided:
    """Change it; the employee works here."""
    employee.active(look(EMPLOYEE, command.employee_id), field="employee_id")
    contact_id = _known_as(look, command.employee_id, command.contact_id)
    return look.decide(
        RELATIONSHIP,
        _pair(command.employee_id, contact_id),
        relationship.change_strength,
        employee_id=command.employee_id,
        contact_id=contact_id,
        strength=command.strength,
    )


def end_relationship(command: EndRelationship, look: Look) -> Decided:
    """End it, also when one of the two has left."""
    contact_id = _known_as(look, command.employee_id, command.contact_id)
    return look.decide(
        RELATIONSHIP,
        _pair(command.employee_id, contact_id),
        relationship.end,
        employee_id=command.employee_id,
        contact_id=contact_id,
    )


def _known_as(look: Look, employee_id: str, contact_id: str) -> str:
    """The contact whose stream is meant: the one named while it goes on, else who answers for it.

    A relationship from before a merge stays where it was recorded, so that it is still that of the
    contact should the two be un-merged.
    """
    named = look(RELATIONSHIP, _pair(employee_id, contact_id))
    return contact_id if relationship.going_on(named) else survivor(look, contact_id)


def _pair(employee_id: str, contact_id: str) -> str:
    return f"{employee_id}-{contact_id}"
