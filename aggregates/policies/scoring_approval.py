"""How a version of a scoring policy comes to be approved: put up by one, agreed to by others.

:func:`propose` is asked for; :func:`approve` and :func:`reject` are what the approval engine runs
when the request is at its end (`commands/approving.py`).
"""

from aggregates.policies.scoring import Policies
from events.policies.scoring import (
    DryRun,
    ScoringPolicyApproved,
    ScoringPolicyEvent,
    ScoringPolicyProposed,
    ScoringPolicyRejected,
)


def propose(
    versions: Policies,
    *,
    version: int,
    approval_id: str,
    proposed_by: str,
    dry_run: DryRun | None,
) -> tuple[ScoringPolicyEvent, ...]:
    """Put ``version`` up for ``approval_id``; nothing when it is, or was approved by it.

    Raises:
        NotFound: ``unknown-version``.
        WrongState: ``version-proposed``, ``version-rejected``.
    """
    found = versions.to_propose(version, approval_id)
    if found is None:
        return ()
    return (
        ScoringPolicyProposed(
            region_id=found.region_id,
            version=version,
            proposed_by=proposed_by,
            approval_id=approval_id,
            dry_run=dry_run,
        ),
    )


def approve(versions: Policies, *, approval_id: str) -> tuple[ScoringPolicyEvent, ...]:
    """Agree to the version that was put up for ``approval_id``; nothing when that is so.

    Raises:
        WrongState: ``version-not-proposed`` for this approval.
    """
    found = versions.to_decide(approval_id, "approved")
    if found is None:
        return ()
    return (
        ScoringPolicyApproved(
            region_id=found.region_id, version=found.number, approval_id=approval_id
        ),
    )


def reject(
    versions: Policies, *, approval_id: str, sent_back: bool
) -> tuple[ScoringPolicyEvent, ...]:
    """Do not agree to the version that was put up for ``approval_id``; nothing when that is so.

    Raises:
        WrongState: ``version-not-proposed`` for this approval.
    """
    found = versions.to_decide(approval_id, "drafted" if sent_back else "rejected")
    if found is None:
        return ()
    return (
        ScoringPolicyRejected(
            region_id=found.region_id,
            version=found.number,
            approval_id=approval_id,
            sent_back=sent_back,
        ),
    )
