"""What those who manage accounts have learnt."""

from collections.abc import Iterator
from typing import Final

from runtime.importing.relations.acts import Act, Phase, Script
from runtime.importing.relations.words import COURSES

_LAPSES_AFTER: Final = 200
"""How many days the training of every fourth of them counts; that of others counts for good."""


def learning(script: Script) -> Iterator[Act]:
    """One or two courses of each of them."""
    managers = sorted({account.manager_id for account in script.ground.accounts})
    for number, employee_id in enumerate(managers):
        draw = script.draw(employee_id, "learning")
        for course_id in draw.sample(COURSES, draw.randint(1, 2)):
            day = draw.randint(20, 300)
            completed_on = script.calendar.day(day)
            expires_on = script.calendar.day(day + _LAPSES_AFTER) if number % 4 == 0 else None
            line = script.line(
                "record-training",
                completed_on,
                training_id=f"{employee_id}-{course_id}",
                employee_id=employee_id,
                course_id=course_id,
                completed_on=completed_on.isoformat(),
                expires_on=None if expires_on is None else expires_on.isoformat(),
            )
            yield Act(Phase.ACCOUNTS, None, line)
