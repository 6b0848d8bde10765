"""Whom we must know at a customer, and who of them is missing."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Coverage:
    """How well the decision chain of a customer is covered."""

    minimum: Mapping[str, int]
    """How many contacts of each role must be known."""
    missing: Mapping[str, int]
    """How many more of each role it takes; empty when it is complete."""

    @property
    def complete(self) -> bool:
        """Whether every role has its minimum."""
        return not self.missing


def coverage(minimum: Mapping[str, int], roles: Iterable[str]) -> Coverage:
    """Whether ``roles``, one for each contact, hold each role of ``minimum`` often enough.

    A role the minimum does not name neither helps nor harms; without a minimum all is complete.
    """
    known = Counter(roles)
    missing = {role: least - known[role] for role, least in minimum.items() if known[role] < least}
    return Coverage(dict(minimum), missing)


def strictest(minima: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """What holds under all of ``minima`` at once: of each role the largest, in order of the role.

    A region can only tighten what those above have set, also what they set after it.
    """
    found: dict[str, int] = {}
    for minimum in minima:
        found.update({role: max(least, found.get(role, 0)) for role, least in minimum.items()})
    return dict(sorted(found.items()))
