"""A policy in versions that others approve: drafted, put up, agreed to, put in force from a day."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, Literal, Self, TypeVar

from aggregates.refusals import NotFound, WrongState

D = TypeVar("D")

Status = Literal["drafted", "proposed", "approved", "rejected"]


@dataclass(frozen=True, slots=True)
class Version(Generic[D]):
    """One version: what it says, who wrote it, and how far it has come."""

    region_id: str | None
    number: int
    document: D
    author_ids: tuple[str, ...]
    """Whoever drafted it; nobody where a program did."""
    status: Status = "drafted"
    approval_id: str | None = None
    """The approval it was last put up for; ``None`` for what was before there were requests."""


@dataclass(frozen=True, slots=True)
class ApprovedVersions(Generic[D]):
    """What was drafted, version 1 first, and what was put in force, in that order."""

    drafts: tuple[Version[D], ...] = ()
    activations: tuple[tuple[date, int], ...] = ()
    """The day from which (inclusive), and the version."""

    def drafted(self, region_id: str | None, document: D, drafted_by: str | None) -> Self:
        """These and one more draft."""
        authors = () if drafted_by is None else (drafted_by,)
        version = Version(region_id, len(self.drafts) + 1, document, authors)
        return replace(self, drafts=(*self.drafts, version))

    def moved(self, number: int, status: Status, approval_id: str | None) -> Self:
        """These, with version ``number`` so far."""
        drafts = list(self.drafts)
        drafts[number - 1] = replace(drafts[number - 1], status=status, approval_id=approval_id)
        return replace(self, drafts=tuple(drafts))

    def activated(self, number: int, effective_on: date) -> Self:
        """These, with version ``number`` in force from ``effective_on``."""
        return replace(self, activations=(*self.activations, (effective_on, number)))

    def existing(self, number: int) -> Version[D]:
        """The version, which must have been drafted.

        Raises:
            NotFound: ``unknown-version``.
        """
        if not 1 <= number <= len(self.drafts):
            raise NotFound("unknown-version", f"there is no version {number}", field="version")
        return self.drafts[number - 1]

    def in_force(self, on: date) -> Version[D] | None:
        """The version that holds on the day ``on``; ``None`` where none was ever activated.

        The first of them holds from the beginning of time (design.md section 6).
        """
        if not self.activations:
            return None
        # Days never fall from one activation to the next, so the last that applies is the latest.
        effective = [number for day, number in self.activations if day <= on]
        number = effective[-1] if effective else self.activations[0][1]
        return self.drafts[number - 1]

    def to_propose(self, number: int, approval_id: str) -> Version[D] | None:
        """The version to put up for this approval; ``None`` where it is, or was approved by it.

        What was proposed before policies were approved by request is put up anew.

        Raises:
            NotFound: ``unknown-version``.
            WrongState: ``version-proposed`` for another approval, waiting or granted;
                ``version-rejected``: another version is drafted first.
        """
        found = self.existing(number)
        if found.status == "rejected":
            raise WrongState("version-rejected", "draft another version", field="version")
        if found.status == "drafted" or (found.status, found.approval_id) == ("proposed", None):
            return found
        if found.approval_id != approval_id:
            raise WrongState(
                "version-proposed", "it is put up for an approval, or has one", field="version"
            )
        return None

    def to_decide(self, approval_id: str, status: Status) -> Version[D] | None:
        """The version put up for this approval; ``None`` where it has ``status`` already.

        Raises:
            WrongState: ``version-not-proposed`` for this approval.
        """
        put_up = [found for found in self.drafts if found.approval_id == approval_id]
        if put_up and put_up[0].status == status:
            return None
        if not put_up or put_up[0].status != "proposed":
            raise WrongState("version-not-proposed", "no version is put up for this approval")
        return put_up[0]

    def to_activate(self, number: int, effective_on: date) -> Version[D] | None:
        """The version to put in force from that day; ``None`` where it is.

        Raises:
            NotFound: ``unknown-version``.
            WrongState: ``version-not-approved``; ``later-version-in-force``: a later day has a
                version already; history that was decided under a policy is not decided again.
        """
        found = self.existing(number)
        if dict(self.activations).get(effective_on) == number:
            return None
        if found.status != "approved":
            raise WrongState("version-not-approved", "nobody has approved it", field="version")
        if any(day > effective_on for day, _ in self.activations):
            raise WrongState(
                "later-version-in-force",
                "a version is in force from a later day",
                field="effective_on",
            )
        return found
