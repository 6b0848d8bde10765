"""The sample year is the same every time, and every command of it is accepted."""

import json
from datetime import date
from typing import Final

import pytest

from runtime.importing.sample_year import OPPORTUNITIES, SampleYear
from tests.api.conftest import House, house
from tests.runtime.importing.test_import import InProcess

__all__ = ["house"]

LAST_ON: Final = date(2026, 6, 30)


def test_it_is_the_same_for_the_same_last_day() -> None:
    first, second = (json.dumps(list(SampleYear(LAST_ON).lines())) for _ in range(2))
    assert first == second
    assert first != json.dumps(list(SampleYear(date(2026, 6, 29)).lines()))


def test_nothing_in_it_happens_after_its_last_day() -> None:
    assert max(str(line["occurred_at"]) for line in SampleYear(LAST_ON).lines()) <= "2026-06-30"


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.parametrize("last_on", [LAST_ON, date(2026, 11, 24), date(2024, 2, 29)])
def test_every_command_of_it_is_accepted(house: House, last_on: date) -> None:
    lines = list(SampleYear(last_on).lines())
    door = InProcess(house)
    answers = [
        answer
        for at in range(0, len(lines), 500)
        for answer in door.carry_out(lines[at : at + 500])
    ]
    assert [answer.detail for answer in answers if answer.refused] == []
    commands = {str(line["command"]) for line in lines}
    assert {"reopen-opportunity", "reassign-opportunity", "record-employee-left"} <= commands
    assert sum(line["command"] == "open-opportunity" for line in lines) == OPPORTUNITIES
