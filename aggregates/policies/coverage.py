"""A region's coverage policy: drafted in versions, each put in force from a day on."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.refusals import Invalid, NotFound, WrongState
from events.policies.coverage import (
    CoveragePolicy,
    CoveragePolicyActivated,
    CoveragePolicyDrafted,
    CoveragePolicyEvent,
)

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class Versions:
    """What was drafted, version 1 first, and what was put in force, in that order."""

    drafts: tuple[CoveragePolicy, ...] = ()
    activations: tuple[tuple[date, int], ...] = ()
    """The day from which (inclusive), and the version."""


# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(versions: Versions, event: CoveragePolicyEvent) -> Versions:
    """The versions after ``event``."""
    match event:
        case CoveragePolicyDrafted():
            return replace(versions, drafts=(*versions.drafts, event.document))
        case CoveragePolicyActivated():
            activation = (event.effective_on, event.version)
            return replace(versions, activations=(*versions.activations, activation))
        case unknown:
            assert_never(unknown)


COVERAGE_POLICY: Final[Decider[Versions, CoveragePolicyEvent]] = Decider(
    "coverage_policy", Versions(), evolve
)

# --- decisions: one verb each; facts or a refusal ----------------------------


def in_force(versions: Versions, on: date) -> CoveragePolicy | None:
    """The document that holds on the day ``on``; ``None`` where none was ever activated.

    The last one activated for that day or an earlier one; before the first of those days, the
    one that came first, which holds from the beginning of time (design.md section 6).
    """
    if not versions.activations:
        return None
    effective = [version for day, version in versions.activations if day <= on]
    version = effective[-1] if effective else versions.activations[0][1]
    return versions.drafts[version - 1]


def draft(
    versions: Versions, *, region_id: str, document: CoveragePolicy
) -> tuple[CoveragePolicyEvent, ...]:
    """Write down the next version; nothing when the last draft says the same.

    Raises:
        Invalid: ``role-twice``, when the document names a role twice.
    """
    if versions.drafts and versions.drafts[-1] == document:
        return ()
    roles = [one.role for one in document.minimum]
    twice = sorted({role for role in roles if roles.count(role) > 1})
    if twice:
        raise Invalid("role-twice", f"{twice[0]} is named twice", field="document.minimum")
    version = len(versions.drafts) + 1
    return (CoveragePolicyDrafted(region_id=region_id, version=version, document=document),)


def activate(
    versions: Versions,
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
    if not 1 <= version <= len(versions.drafts):
        raise NotFound("unknown-version", f"there is no version {version}", field="version")
    if dict(versions.activations).get(effective_on) == version:
        return ()
    if any(day > effective_on for day, _ in versions.activations):
        raise WrongState(
            "later-version-in-force", "a version is in force from a later day", field="effective_on"
        )
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
