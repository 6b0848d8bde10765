"""May somebody ask for this: the role of their key against the roles a command is for."""

from aggregates.organization.api_key import API_KEY, live
from aggregates.organization.employee import EMPLOYEE, Active
from aggregates.refusals import NotAllowed
from commands.catalogue import MAY_ISSUE
from commands.command import Command, command_name
from commands.look import Look


def permit(command: Command, look: Look) -> None:
    """Let pass what the system itself asks, and what the role of the key allows.

    The key's stream and its employee's are read here, so their versions are confirmed when the
    command is recorded: a key revoked meanwhile does not get through.

    Raises:
        NotAllowed: ``key-not-live`` for a key that is unknown, expired, revoked or whose employee
            has left; ``role-missing`` for one without a role the command asks for.
    """
    key_id = look.context.key_id
    if key_id is None:
        return
    key = live(look(API_KEY, key_id), look.context.now)
    if key is None:
        raise NotAllowed("key-not-live", "this API key does not work any more")
    if key.employee_id and not isinstance(look(EMPLOYEE, key.employee_id), Active):
        raise NotAllowed("key-not-live", "the employee this API key acts for has left")
    allowed = MAY_ISSUE[type(command)]
    if allowed.isdisjoint(key.roles):
        needed = " or ".join(sorted(allowed)) or "keyledger itself"
        raise NotAllowed("role-missing", f"{command_name(type(command))} is for {needed}")
