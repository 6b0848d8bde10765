"""Which version of a policy holds for a region: its own, or that of the nearest region above."""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from aggregates.decider import Decider
from aggregates.policies.versions import Versions
from commands.look import Look

D = TypeVar("D")


def nearest(
    look: Look, decider: Decider[Versions[D], Any], regions: Iterable[str], on: date
) -> tuple[str, int, D] | None:
    """The first of ``regions`` with a version in force on the day ``on``, and that version.

    ``regions`` begin with the nearest; ``None`` where none of them has one.
    """
    for region_id in regions:
        in_force = look(decider, region_id).in_force(on)
        if in_force is not None:
            return region_id, *in_force
    return None
