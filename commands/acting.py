"""For whom a command is asked: the employee behind the key, whichever of their keys it is."""

from aggregates.organization.api_key import API_KEY, live
from commands.look import Look


def acting_employee(look: Look) -> str | None:
    """The employee the key acts for; ``None`` for a program of its own, or the system itself."""
    key_id = look.context.key_id
    key = None if key_id is None else live(look(API_KEY, key_id), look.context.now)
    return None if key is None else key.employee_id
