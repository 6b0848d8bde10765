"""A policy in versions: drafted one after the other, each put in force from a day on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, Self, TypeVar

from aggregates.refusals import Invalid, NotFound, WrongState

D = TypeVar("D")


@dataclass(frozen=True, slots=True)
class Versions(Generic[D]):
    """What was drafted, version 1 first, and what was put in force, in that order."""

    drafts: tuple[D, ...] = ()
    activations: tuple[tuple[date, int], ...] = ()
    """The day from which (inclusive), and the version."""

    def drafted(self, document: D) -> Self:
        """These and one more draft."""
        return replace(self, drafts=(*self.drafts, document))

    def activated(self, version: int, effective_on: date) -> Self:
        """These, with ``version`` in force from ``effective_on``."""
        return replace(self, activations=(*self.activations, (effective_on, version)))

    def in_force(self, on: date) -> tuple[int, D] | None:
        """The version that holds on the day ``on``; ``None`` where none was ever activated.

        The first of them holds from the beginning of time (design.md section 6).
        """
        if not self.activations:
            return None
        # Days never fall from one activation to the next, so the last that applies is the latest.
        effective = [version for day, version in self.activations if day <= on]
        version = effective[-1] if effective else self.activations[0][1]
        return version, self.drafts[version - 1]

    def is_in_force_from(self, version: int, effective_on: date) -> bool:
        """Whether ``version`` may be put in force from that day and is already.

        Raises:
            NotFound: ``unknown-version``.
            WrongState: ``later-version-in-force``: a later day has a version already; history that
                was decided under a policy is not decided again.
        """
        if not 1 <= version <= len(self.drafts):
            raise NotFound("unknown-version", f"there is no version {version}", field="version")
        if dict(self.activations).get(effective_on) == version:
            return True
        if any(day > effective_on for day, _ in self.activations):
            raise WrongState(
                "later-version-in-force",
                "a version is in force from a later day",
                field="effective_on",
            )
        return False


def named_once(ids: Sequence[str], rule: str, field: str) -> None:
    """Refuse a document that names one of ``ids`` twice.

    Raises:
        Invalid: ``rule``; ``field`` is the field to blame.
    """
    twice = sorted({found for found in ids if ids.count(found) > 1})
    if twice:
        raise Invalid(rule, f"{', '.join(twice)} is named twice", field=field)
