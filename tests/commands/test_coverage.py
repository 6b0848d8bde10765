"""Coverage policies as commands: a region tightens what those above have in force."""

from datetime import date
from typing import Final

import pytest

from aggregates.refusals import Invalid, NotFound
from commands.policies.coverage import ActivateCoveragePolicy, DraftCoveragePolicy
from events.policies.coverage import CoveragePolicy, RoleMinimum
from tests.commands.company import company

JANUARY: Final = date(2026, 1, 1)


def drafted(region: str, contacts: int) -> DraftCoveragePolicy:
    minimum = (RoleMinimum(role="champion", contacts=contacts),)
    return DraftCoveragePolicy(region_id=region, document=CoveragePolicy(minimum=minimum))


def activated(region: str, version: int = 1) -> ActivateCoveragePolicy:
    return ActivateCoveragePolicy(region_id=region, version=version, effective_on=JANUARY)


@pytest.mark.parametrize("command", [drafted("none", 1), activated("none")])
def test_the_region_exists(command: DraftCoveragePolicy | ActivateCoveragePolicy) -> None:
    with pytest.raises(NotFound) as refused:
        company().ask(command)
    assert refused.value.field == "region_id"


def test_a_region_is_not_weaker_than_any_above_it() -> None:
    """REG-11: nor than one two levels above."""
    office = company(drafted("world", 2), activated("world"), drafted("dach", 1))
    with pytest.raises(Invalid) as refused:
        office.ask(activated("dach"))
    assert (refused.value.rule, refused.value.field) == ("weaker-than-parent", "version")
    office.ask_all(drafted("dach", 2), activated("dach", version=2))
