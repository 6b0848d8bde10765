"""Every kind of subject that is approved: a line each."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from aggregates.refusals import NotFound
from commands.approving import Subject
from commands.pipeline import contract
from commands.planning import account_plan
from commands.policies import scoring, value_matrix

SUBJECTS: Final[Mapping[str, Subject]] = MappingProxyType(
    {
        subject.kind: subject
        for subject in (
            contract.SUBJECT,
            account_plan.SUBJECT,
            value_matrix.SUBJECT,
            scoring.SUBJECT,
        )
    }
)
"""By their names in routes and requests."""


def subject_of(kind: str) -> Subject:
    """The subject of this kind.

    Raises:
        NotFound: ``unknown-subject-kind``.
    """
    if kind not in SUBJECTS:
        known = ", ".join(sorted(SUBJECTS))
        raise NotFound("unknown-subject-kind", f"there is {known}", field="subject_kind")
    return SUBJECTS[kind]
