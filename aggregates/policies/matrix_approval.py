"""How a version of a value matrix comes to be approved: put up by one, agreed to by others.

:func:`propose` is asked for; :func:`approve` and :func:`reject` are what the approval engine runs
when the request is at its end (`commands/approving.py`).
"""

from aggregates.policies.value_matrix import Matrices
from events.policies.value_matrix import (
    ValueMatrixApproved,
    ValueMatrixEvent,
    ValueMatrixProposed,
    ValueMatrixRejected,
)


def propose(
    versions: Matrices, *, version: int, approval_id: str, proposed_by: str
) -> tuple[ValueMatrixEvent, ...]:
    """Put ``version`` up for ``approval_id``; nothing when it is, or was approved by it.

    Raises:
        NotFound: ``unknown-version``.
        WrongState: ``version-proposed``, ``version-rejected``.
    """
    found = versions.to_propose(version, approval_id)
    if found is None:
        return ()
    return (
        ValueMatrixProposed(
            region_id=found.region_id,
            version=version,
            proposed_by=proposed_by,
            approval_id=approval_id,
        ),
    )


def approve(versions: Matrices, *, approval_id: str) -> tuple[ValueMatrixEvent, ...]:
    """Agree to the version that was put up for ``approval_id``; nothing when that is so.

    Raises:
        WrongState: ``version-not-proposed`` for this approval.
    """
    found = versions.to_decide(approval_id, "approved")
    if found is None:
        return ()
    return (
        ValueMatrixApproved(
            region_id=found.region_id,
            version=found.number,
            approved_by=None,
            approval_id=approval_id,
        ),
    )


def reject(
    versions: Matrices, *, approval_id: str, sent_back: bool
) -> tuple[ValueMatrixEvent, ...]:
    """Do not agree to the version that was put up for ``approval_id``; nothing when that is so.

    Raises:
        WrongState: ``version-not-proposed`` for this approval.
    """
    found = versions.to_decide(approval_id, "drafted" if sent_back else "rejected")
    if found is None:
        return ()
    return (
        ValueMatrixRejected(
            region_id=found.region_id,
            version=found.number,
            approval_id=approval_id,
            sent_back=sent_back,
        ),
    )
