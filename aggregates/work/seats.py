"""Which of a step's approvers somebody is, and when a step has all it needs."""

from collections.abc import Sequence
from dataclasses import dataclass

from events.policies.approval_route import NamedEmployee
from events.work.approval import Approver, RequestedStep


@dataclass(frozen=True, slots=True)
class Person:
    """An employee as a step sees them."""

    employee_id: str
    region_id: str
    roles: tuple[str, ...]


def seats(
    step: RequestedStep, person: Person, escalated: Sequence[Approver] = ()
) -> tuple[int, ...]:
    """The places of the step's approvers that ``person`` is, 1 for the first; often none.

    0 stands for whoever the step was ``escalated`` to.
    """
    own = [place for place, one in enumerate(step.approvers, start=1) if _is(one, person)]
    return (*(() if not any(_is(one, person) for one in escalated) else (0,)), *own)


def _is(approver: Approver, person: Person) -> bool:
    if isinstance(approver, NamedEmployee):
        return approver.employee_id == person.employee_id
    return approver.region_id == person.region_id and approver.role in person.roles


def is_complete(step: RequestedStep, approvals: Sequence[tuple[int, ...]]) -> bool:
    """Whether ``step`` has what it needs, where each of ``approvals`` is one person's places.

    Whoever it was escalated to decides alone. For ``all``, each place needs a person of its own.
    """
    if any(0 in places for places in approvals):
        return True
    match step.mode:
        case "any":
            return bool(approvals)
        case "quorum":
            return len(approvals) >= (step.quorum or 1)
        case "all":
            return _filled(approvals) == len(step.approvers)


def _filled(approvals: Sequence[tuple[int, ...]]) -> int:
    """How many places can be filled at most, one person to a place."""
    holder: dict[int, int] = {}

    def seat(person: int, tried: set[int]) -> bool:
        for place in set(approvals[person]) - tried:
            tried.add(place)
            if place not in holder or seat(holder[place], tried):
                holder[place] = person
                return True
        return False

    return sum(seat(person, set()) for person in range(len(approvals)))
