"""What can be asked of scoring policies."""

from typing import Annotated, Final

from pydantic import Field

from aggregates.organization import region
from aggregates.organization.region import REGION
from aggregates.policies import scoring, scoring_approval
from aggregates.policies.scoring import SCORING_POLICY, Policies
from aggregates.refusals import Invalid, NotFound, WrongState
from commands.acting import acting_employee, requester
from commands.approving import Described, Subject
from commands.carry_out import Memory
from commands.command import Command, Day
from commands.look import Decided, Look
from commands.organization.region import regions_from
from commands.proposing import put_version_up, version_id, version_named
from events.policies.place import place_of
from events.policies.scoring import DryRun, ScoringPolicy
from events.values import Id, PersonId

Version = Annotated[int, Field(ge=1, lt=2**31)]


class DraftScoringPolicy(Command):
    """Write down the next version of a region's scoring policy, or of the whole group's."""

    region_id: Id | None = None
    document: ScoringPolicy


class ProposeScoringPolicy(Command):
    """Put a version of a scoring policy up for approval, under an id of the caller's.

    For that of the whole group the routes of the topmost region above whoever asks apply. A key
    that acts for no employee names the one who asks. What a replay of the past under this version
    found is put up with it where the replay is named.
    """

    region_id: Id | None = None
    version: Version
    approval_id: Id
    requester_id: PersonId | None = None
    replay_id: Id | None = None


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
    """Propose it; whoever asks must work here, and a replay that is named have tried it."""
    requester_id = requester(look, command.requester_id)
    policy_id = place_of(command.region_id)
    return put_version_up(
        look,
        SUBJECT,
        version_id(policy_id, command.version),
        region_id=command.region_id,
        approval_id=command.approval_id,
        requester_id=requester_id,
        facts=scoring_approval.propose(
            look(SCORING_POLICY, policy_id),
            version=command.version,
            approval_id=command.approval_id,
            proposed_by=requester_id,
            dry_run=_dry_run(look, command.replay_id, policy_id, command.version),
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


async def expect_may_be_tried(
    memory: Memory,
    *,
    region_id: str | None,
    version: int | None,
    document: ScoringPolicy | None,
    field: str,
) -> None:
    """Refuse what cannot be tried as the policy of a region, or of the whole group for ``None``.

    Raises:
        NotFound: ``unknown-region``; ``unknown-version``.
        Invalid: what :func:`aggregates.policies.scoring.check` refuses the document for.
    """
    if region_id is not None:
        known = await memory.load(REGION, REGION.stream(region_id))
        region.existing(known.state, field=f"{field}.region_id")
    try:
        if version is not None:
            stream = SCORING_POLICY.stream(place_of(region_id))
            (await memory.load(SCORING_POLICY, stream)).state.existing(version)
        if document is not None:
            scoring.check(document)
    except (NotFound, Invalid) as wrong:
        raise type(wrong)(wrong.rule, wrong.detail, field=f"{field}.{wrong.field}") from wrong


def _dry_run(look: Look, replay_id: str | None, policy_id: str, version: int) -> DryRun | None:
    if replay_id is None:
        return None
    found = look.replayed(replay_id)
    if found is None:
        raise NotFound("unknown-replay", "there is no such replay", field="replay_id")
    if not found.is_done:
        raise WrongState("replay-not-done", "it has no result yet, or none", field="replay_id")
    dry_run = found.dry_runs.get((policy_id, version))
    if dry_run is None:
        raise Invalid(
            "replay-of-another-policy",
            f"it did not try version {version} of {policy_id}",
            field="replay_id",
        )
    return dry_run


def _described(_: Look, state: Policies, subject_id: str, __: int) -> Described:
    policy_id, number = version_named(subject_id)
    version = state.existing(number)
    dry_run = state.dry_run_of(version)
    return Described(
        account_id=None,
        author_ids=version.author_ids,
        facts={
            "accounts_moved": 0 if dry_run is None else dry_run.accounts_moved,
            "accounts_replayed": 0 if dry_run is None else dry_run.accounts,
            "alerts_after": 0 if dry_run is None else dry_run.alerts_after,
            "alerts_before": 0 if dry_run is None else dry_run.alerts_before,
            "components": len(version.document.components),
            "is_group": version.region_id is None,
            "region": policy_id,
            "replay": "none" if dry_run is None else dry_run.replay_id,
            "version": number,
        },
        content={
            "region_id": version.region_id,
            "version": number,
            "document": version.document.model_dump(mode="json"),
            **({} if dry_run is None else {"dry_run": dry_run.model_dump(mode="json")}),
        },
    )


SUBJECT: Final = Subject(
    kind="scoring_policy",
    variables={
        "accounts_moved": "integer",
        "accounts_replayed": "integer",
        "alerts_after": "integer",
        "alerts_before": "integer",
        "components": "integer",
        "is_group": "truth",
        "region": "text",
        "replay": "text",
        "version": "integer",
    },
    decider=SCORING_POLICY,
    identity=lambda subject_id: version_named(subject_id)[0],
    describe=_described,
    approve=lambda state, approval_id: scoring_approval.approve(state, approval_id=approval_id),
    reject=lambda state, approval_id, outcome, _: scoring_approval.reject(
        state, approval_id=approval_id, sent_back=outcome == "sent_back"
    ),
)
"""Versions of scoring policies, as the approval engine sees them."""
