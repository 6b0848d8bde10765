"""What can be asked of API keys."""

from datetime import UTC

from aggregates.organization import api_key
from aggregates.organization.api_key import API_KEY
from aggregates.organization.employee import EMPLOYEE, active
from commands.command import Command, Instant
from commands.look import Decided, Look
from commands.roles import Roles
from events.organization.api_key import ApiKeyIssued
from events.values import Digest, Id, Name, PersonId


class IssueApiKey(Command):
    """Issue a key. Its secret is made by the caller and never sent: only its SHA-256 is.

    A key of an employee acts on their behalf and stops working when they leave.
    """

    key_id: Id
    secret_sha256: Digest
    roles: Roles
    label: Name
    employee_id: PersonId | None = None
    expires_at: Instant | None = None


class RevokeApiKey(Command):
    """Stop a key from working, at once and for ever."""

    key_id: Id


def issue_api_key(command: IssueApiKey, look: Look) -> Decided:
    """Issue it; the employee it acts for must work here."""
    if command.employee_id is not None:
        active(look(EMPLOYEE, command.employee_id), field="employee_id")
    expires_at = command.expires_at
    fact = ApiKeyIssued(
        key_id=command.key_id,
        secret_sha256=command.secret_sha256,
        roles=command.roles,
        label=command.label,
        employee_id=command.employee_id,
        expires_at=None if expires_at is None else expires_at.astimezone(UTC),
    )
    return look.begin(API_KEY, command.key_id, api_key.issue, fact=fact, now=look.context.now)


def revoke_api_key(command: RevokeApiKey, look: Look) -> Decided:
    """Revoke it."""
    return look.decide(API_KEY, command.key_id, api_key.revoke, key_id=command.key_id)
