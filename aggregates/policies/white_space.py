"""A region's white space policy: drafted in versions, each put in force from a day on."""

from datetime import date
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.policies.versions import Versions, named_once
from events.policies.white_space import (
    WhiteSpacePolicy,
    WhiteSpacePolicyActivated,
    WhiteSpacePolicyDrafted,
    WhiteSpacePolicyEvent,
)

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(
    versions: Versions[WhiteSpacePolicy], event: WhiteSpacePolicyEvent
) -> Versions[WhiteSpacePolicy]:
    """The versions after ``event``."""
    match event:
        case WhiteSpacePolicyDrafted():
            return versions.drafted(event.document)
        case WhiteSpacePolicyActivated():
            return versions.activated(event.version, event.effective_on)
        case unknown:
            assert_never(unknown)


WHITE_SPACE_POLICY: Final[Decider[Versions[WhiteSpacePolicy], WhiteSpacePolicyEvent]] = Decider(
    "white_space_policy", Versions(), evolve
)

# --- decisions: one verb each; facts or a refusal ----------------------------


def draft(
    versions: Versions[WhiteSpacePolicy], *, region_id: str, document: WhiteSpacePolicy
) -> tuple[WhiteSpacePolicyEvent, ...]:
    """Write down the next version; nothing when the last draft says the same.

    Raises:
        Invalid: ``recommendation-twice``, when the document names one twice.
    """
    if versions.drafts and versions.drafts[-1] == document:
        return ()
    ids = [one.recommendation_id for one in document.recommendations]
    named_once(ids, "recommendation-twice", "document.recommendations")
    version = len(versions.drafts) + 1
    return (WhiteSpacePolicyDrafted(region_id=region_id, version=version, document=document),)


def activate(
    versions: Versions[WhiteSpacePolicy], *, region_id: str, version: int, effective_on: date
) -> tuple[WhiteSpacePolicyEvent, ...]:
    """Put ``version`` in force from ``effective_on`` on; nothing when it is in force from that day.

    It is advice, so a region may give another than those above.

    Raises:
        NotFound: ``unknown-version``.
        WrongState: ``later-version-in-force``: a later day has a version already.
    """
    if versions.is_in_force_from(version, effective_on):
        return ()
    return (
        WhiteSpacePolicyActivated(region_id=region_id, version=version, effective_on=effective_on),
    )
