"""How a version of a value matrix comes to be approved: put up by one, agreed to by others.

:func:`propose` is asked for; :func:`approve` and :func:`reject` are what the approval engine runs
when the request is at its end (`commands/approving.py`).
"""

from typing import assert_never

from aggregates.policies.value_matrix import Version, Versions, existing
from aggregates.refusals import WrongState
from events.policies.value_matrix import (
    ValueMatrixApproved,
    ValueMatrixEvent,
    ValueMatrixProposed,
    ValueMatrixRejected,
)


def propose(
    versions: Versions, *, version: int, approval_id: str, proposed_by: str
) -> tuple[ValueMatrixEvent, ...]:
    """Put ``version`` up for ``approval_id``; nothing when it is, or was approved by it.

    What was proposed before matrices were approved by request is put up anew.

    Raises:
        NotFound: ``unknown-version``.
        WrongState: ``version-proposed`` for another, waiting or granted; ``version-rejected``:
            another version is drafted first.
    """
    found = existing(versions, version)
    match found.status:
        case "proposed" | "approved" if found.approval_id == approval_id:
            return ()
        case "rejected":
            raise WrongState("version-rejected", "draft another version", field="version")
        case "proposed" if found.approval_id is None:
            pass
        case "proposed" | "approved":
            raise WrongState(
                "version-proposed", "it is put up for an approval, or has one", field="version"
            )
        case "drafted":
            pass
        case unknown:
            assert_never(unknown)
    return (
        ValueMatrixProposed(
            region_id=found.region_id,
            version=version,
            proposed_by=proposed_by,
            approval_id=approval_id,
        ),
    )


def approve(versions: Versions, *, approval_id: str) -> tuple[ValueMatrixEvent, ...]:
    """Agree to the version that was put up for ``approval_id``; nothing when that is so.

    Raises:
        WrongState: ``version-not-proposed`` for this approval.
    """
    found = _put_up_for(versions, approval_id)
    if found.status == "approved":
        return ()
    _check_proposed(found)
    return (
        ValueMatrixApproved(
            region_id=found.region_id,
            version=found.number,
            approved_by=None,
            approval_id=approval_id,
        ),
    )


def reject(
    versions: Versions, *, approval_id: str, sent_back: bool
) -> tuple[ValueMatrixEvent, ...]:
    """Do not agree to the version that was put up for ``approval_id``; nothing when that is so.

    Raises:
        WrongState: ``version-not-proposed`` for this approval.
    """
    found = _put_up_for(versions, approval_id)
    if found.status == ("drafted" if sent_back else "rejected"):
        return ()
    _check_proposed(found)
    return (
        ValueMatrixRejected(
            region_id=found.region_id,
            version=found.number,
            approval_id=approval_id,
            sent_back=sent_back,
        ),
    )


def _put_up_for(versions: Versions, approval_id: str) -> Version:
    for found in versions.drafts:
        if found.approval_id == approval_id:
            return found
    raise WrongState("version-not-proposed", "no version is put up for this approval")


def _check_proposed(version: Version) -> None:
    if version.status != "proposed":
        raise WrongState("version-not-proposed", "it is not put up for this approval")
