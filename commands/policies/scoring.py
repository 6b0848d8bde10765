"""What can be asked of scoring policies."""

from typing import Annotated, Final

from pydantic import Field

from aggregates.policies import scoring
from aggregates.policies.scoring import SCORING_POLICY
from commands.acting import acting_employee, requester
from commands.approving import Described, Subject
from commands.command import Command, Day
from commands.look import Decided, Look
from commands.organization.region import regions_from
from commands.proposing import put_version_up, version_id, version_named
from events.policies.place import place_of
from events.policies.scoring import ScoringPolicy
from events.values import Id, PersonId

Version = Annotated[int, Field(ge=1, lt=2**31)]


class DraftScoringPolicy(Command):
    """Write down the next version of a region's scoring policy, or of the whole group's."""

    region_id: Id | None = None
    document: ScoringPolicy


class ProposeScoringPolicy(Command):
    """Put a version of a scoring policy up for approval, under an id of the caller's.

    For that of the whole group the routes of the topmost region above whoever asks apply. A key
    that acts for no employee names the one who asks.
    """

    region_id: Id | None = None
    version: Version
    approval_id: Id
    requester_id: PersonId | None = None


class ActivateScoringPolicy(Command):
    """Put an approved version in force from a day on, for all below that have none."""

    region_id: Id | None = None
    version: Version
    effective_on: Day


def draft_scoring_policy(command: DraftScoringPolicy, look: Look) -> Decided:
    """Draft it; the region must exist."""
    regions_from(look, command.region_id, field="region_id")
    return look.decide(
        SCORING_POLICY,
        place_of(command.region_id),
        scoring.draft,
        region_id=command.region_id,
        document=command.document,
        drafted_by=acting_employee(look),
    )


def propose_scoring_policy(command: ProposeScoringPolicy, look: Look) -> Decided:
    """Propose it; whoever asks must work here."""
    requester_id = requester(look, command.requester_id)
    policy_id = place_of(command.region_id)
    return put_version_up(
        look,
        SUBJECT,
        version_id(policy_id, command.version),
        region_id=command.region_id,
        approval_id=command.approval_id,
        requester_id=requester_id,
        facts=scoring.propose(
            look(SCORING_POLICY, policy_id),
            version=command.version,
            approval_id=command.approval_id,
            proposed_by=requester_id,
        ),
    )


def activate_scoring_policy(command: ActivateScoringPolicy, look: Look) -> Decided:
    """Activate it; the region must exist."""
    regions_from(look, command.region_id, field="region_id")
    return look.decide(
        SCORING_POLICY,
        place_of(command.region_id),
        scoring.activate,
        version=command.version,
        effective_on=command.effective_on,
    )


def _described(look: Look, subject_id: str, _: int) -> Described:
    policy_id, number = version_named(subject_id)
    version = look(SCORING_POLICY, policy_id).existing(number)
    return Described(
        account_id=None,
        author_ids=version.author_ids,
        facts={
            "components": len(version.document.components),
            "is_group": version.region_id is None,
            "region": policy_id,
            "version": number,
        },
        content={
            "region_id": version.region_id,
            "version": number,
            "document": version.document.model_dump(mode="json"),
        },
    )


SUBJECT: Final = Subject(
    kind="scoring_policy",
    variables={
        "components": "integer",
        "is_group": "truth",
        "region": "text",
        "version": "integer",
    },
    decider=SCORING_POLICY,
    identity=lambda subject_id: version_named(subject_id)[0],
    describe=_described,
    approve=lambda state, approval_id: scoring.approve(state, approval_id=approval_id),
    reject=lambda state, approval_id, outcome, _: scoring.reject(
        state, approval_id=approval_id, sent_back=outcome == "sent_back"
    ),
)
"""Versions of scoring policies, as the approval engine sees them."""
