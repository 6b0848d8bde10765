"""Which person a command comes from: the employee its key acts for, whatever key that is."""

from aggregates.organization import employee
from aggregates.organization.api_key import API_KEY, live
from aggregates.organization.employee import EMPLOYEE
from aggregates.refusals import Invalid, NotAllowed
from commands.look import Look


def acting_employee(look: Look) -> str | None:
    """The employee the key acts for; ``None`` for a program of its own and for keyledger itself."""
    if look.context.key_id is None:
        return None
    key = live(look(API_KEY, look.context.key_id), look.context.now)
    return None if key is None else key.employee_id


def person_asking(look: Look, named: str | None, *, field: str) -> str:
    """The employee who asks; a program of its own names the one it asks for.

    Raises:
        NotAllowed: ``in-anothers-name``: the key acts for one employee and names another.
        Invalid: ``person-missing``: the key acts for nobody and names nobody.
    """
    acting = acting_employee(look)
    if acting is not None and named not in {None, acting}:
        raise NotAllowed("in-anothers-name", "the key acts for somebody else", field=field)
    person = acting or named
    if person is None:
        raise Invalid("person-missing", "the key acts for no employee; name one", field=field)
    return person


def requester(look: Look, named: str | None) -> str:
    """The employee who asks for an approval, who must work here.

    Raises:
        NotAllowed, Invalid: as :func:`person_asking`.
        NotFound: ``unknown-employee``.
        WrongState: ``employee-not-active``.
    """
    person = person_asking(look, named, field="requester_id")
    employee.active(look(EMPLOYEE, person), field="requester_id")
    return person
