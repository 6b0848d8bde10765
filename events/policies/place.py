"""Where a policy holds: in a region and below, or in the whole group."""

from typing import Final

GROUP: Final = "*"
"""Stands for the whole group in the place of a region: no region can have this id."""


def place_of(region_id: str | None) -> str:
    """The id of the region, or of the whole group where there is none."""
    return GROUP if region_id is None else region_id
