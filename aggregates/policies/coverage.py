"""A region's coverage policy: drafted in versions, each put in force from a day on."""

from datetime import date
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.policies.versions import Versions, named_once
from aggregates.refusals import Invalid
from events.policies.coverage import (
    CoveragePolicy,
    CoveragePolicyActivated,
    CoveragePolicyDrafted,
    CoveragePolicyEvent,
)

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(
    versions: Versions[CoveragePolicy], event: CoveragePolicyEvent
) -> Versions[CoveragePolicy]:
    """The versions after ``event``."""
    match event:
        case CoveragePolicyDrafted():
            return versions.drafted(event.document)
        case CoveragePolicyActivated():
            return versions.activated(event.version, event.effective_on)
        case unknown:
            assert_never(unknown)


COVERAGE_POLICY: Final[Decider[Versions[CoveragePolicy], CoveragePolicyEvent]] = Decider(
    "coverage_policy", Versions(), evolve
)

# --- decisions: one verb each; facts or a refusal ----------------------------


def draft(
    versions: Versions[CoveragePolicy], *, region_id: str, document: CoveragePolicy
) -> tuple[CoveragePolicyEvent, ...]:
    """Write down the next version; nothing when the last draft says the same.

    Raises:
        Invalid: ``role-twice``, when the document names a role twice.
    """
    if versions.drafts and versions.drafts[-1] == document:
        return ()
    roles = [one.role for one in document.minimum]
    named_once(roles, "role-twice", "document.minimum")
    version = len(versions.drafts) + 1
    return (CoveragePolicyDrafted(region_id=region_id, version=version, document=document),)


def activate(
    versions: Versions[CoveragePolicy],
    *,
    region_id: str,
    version: int,
    effective_on: date,
    above: tuple[CoveragePolicy, ...],
) -> tuple[CoveragePolicyEvent, ...]:
    """Put ``version`` in force from ``effective_on`` on; nothing when it is in force from that day.

    ``above`` are the policies of the regions above that hold on that day.

    Raises:
        NotFound: ``unknown-version``.
        Invalid: ``weaker-than-parent``: a policy of ``above`` asks for more contacts of a role.
        WrongState: ``later-version-in-force``: a later day has a version already.
    """
    if versions.is_in_force_from(version, effective_on):
        return ()
    own = {one.role: one.contacts for one in versions.drafts[version - 1].minimum}
    for role, contacts in ((one.role, one.contacts) for policy in above for one in policy.minimum):
        if own.get(role, 0) < contacts:
            raise Invalid(
                "weaker-than-parent",
                f"a region above asks for {contacts} of {role}",
                field="version",
            )
    return (
        CoveragePolicyActivated(region_id=region_id, version=version, effective_on=effective_on),
    )
