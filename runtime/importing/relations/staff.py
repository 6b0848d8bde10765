"""Who works for the accounts besides those who manage them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from runtime.importing.relations.acts import Act, Phase, Script, person
from runtime.importing.sample_names import FIRST_NAMES, LAST_NAMES

HEAD_KEY: Final = "sample-head"
"""The id of the key that acts for the head."""


@dataclass(frozen=True, slots=True)
class RegionStaff:
    """Who works for the accounts of a region."""

    region_id: str
    director_id: str
    """Who approves there."""
    architect_id: str
    expert_id: str

    @property
    def director_key(self) -> str:
        """The id of the key that acts for the director."""
        return f"sample-director-{self.region_id}"


@dataclass(frozen=True, slots=True)
class Staff:
    """Who works for the accounts."""

    head_id: str
    """Who approves what is above the directors."""
    sponsor_ids: tuple[str, ...]
    by_region: dict[str, RegionStaff]


def staff_of(script: Script) -> Staff:
    """The staff of the ground: the same people every time."""
    draw = script.draw("staff")
    head_id, *sponsor_ids = (person(draw) for _ in range(3))
    by_region = {
        region_id: RegionStaff(region_id, person(draw), person(draw), person(draw))
        for region_id in script.ground.regions
    }
    return Staff(head_id, tuple(sponsor_ids), by_region)


def hiring(script: Script, staff: Staff, sha256_of: Callable[[str], str]) -> Iterator[Act]:
    """Everybody is hired on the day the accounts came in, and who approves is given a key.

    ``sha256_of`` says for the id of a key the hash of its secret.
    """
    draw, root_id = script.draw("names"), script.ground.root_id

    def hired(employee_id: str, region_id: str, manager_id: str | None, role: str) -> Act:
        line = script.line(
            "hire-employee",
            script.ground.since,
            employee_id=employee_id,
            name=f"{draw.choice(FIRST_NAMES)} {draw.choice(LAST_NAMES)}",
            region_id=region_id,
            manager_id=manager_id,
            roles=[role],
        )
        return Act(Phase.STAFF, None, line)

    def key_of(employee_id: str, key_id: str) -> Act:
        line = script.line(
            "issue-api-key",
            script.ground.since,
            key_id=key_id,
            secret_sha256=sha256_of(key_id),
            roles=["sales_manager"],
            label="approvals of the sample year",
            employee_id=employee_id,
        )
        return Act(Phase.STAFF, None, line)

    yield hired(staff.head_id, root_id, None, "sales_manager")
    yield key_of(staff.head_id, HEAD_KEY)
    for sponsor_id in staff.sponsor_ids:
        yield hired(sponsor_id, root_id, staff.head_id, "sales_manager")
    for region_id, found in staff.by_region.items():
        yield hired(found.director_id, region_id, staff.head_id, "sales_manager")
        yield key_of(found.director_id, found.director_key)
        for employee_id in (found.architect_id, found.expert_id):
            yield hired(employee_id, region_id, found.director_id, "sales_rep")
