"""A value matrix: drafted in versions, proposed, approved by others, in force from a day on."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Final, TypeVar, assert_never

from aggregates.decider import Decider
from aggregates.policies.approved_versions import ApprovedVersions, Status
from aggregates.refusals import Invalid
from events.policies.value_matrix import (
    WHOLE_BP,
    Dimension,
    ValueMatrix,
    ValueMatrixActivated,
    ValueMatrixApproved,
    ValueMatrixDrafted,
    ValueMatrixEvent,
    ValueMatrixProposed,
    ValueMatrixRejected,
    ValueMatrixSuperseded,
)

P = TypeVar("P")

Matrices = ApprovedVersions[ValueMatrix]

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(versions: Matrices, event: ValueMatrixEvent) -> Matrices:
    """The versions after ``event``."""
    match event:
        case ValueMatrixDrafted():
            return versions.drafted(event.region_id, event.document, event.drafted_by)
        case ValueMatrixProposed():
            return versions.moved(event.version, "proposed", event.approval_id)
        case ValueMatrixApproved():
            return versions.moved(event.version, "approved", event.approval_id)
        case ValueMatrixRejected():
            status: Status = "drafted" if event.sent_back else "rejected"
            return versions.moved(event.version, status, event.approval_id)
        case ValueMatrixActivated():
            return versions.activated(event.version, event.effective_on)
        case ValueMatrixSuperseded():
            return versions  # the activation that is recorded with it says so already
        case unknown:
            assert_never(unknown)


VALUE_MATRIX: Final[Decider[Matrices, ValueMatrixEvent]] = Decider(
    "value_matrix", ApprovedVersions(), evolve
)

# --- decisions: one verb each; facts or a refusal ----------------------------


def draft(
    versions: Matrices, *, region_id: str | None, document: ValueMatrix, drafted_by: str | None
) -> tuple[ValueMatrixEvent, ...]:
    """Write down the next version; nothing when the last draft says the same.

    Raises:
        Invalid: ``dimension-twice``; ``weights-do-not-add-up``, to anything but 10,000 basis
            points; ``edges-out-of-order``, where one is not above the one before;
            ``cut-offs-out-of-order``, where strategic does not begin above key.
    """
    if versions.drafts and versions.drafts[-1].document == document:
        return ()
    _check_dimensions(document.dimensions)
    if document.strategic_from <= document.key_from:
        raise Invalid(
            "cut-offs-out-of-order",
            "strategic begins above key",
            field="document.strategic_from",
        )
    return (
        ValueMatrixDrafted(
            region_id=region_id,
            version=len(versions.drafts) + 1,
            document=document,
            drafted_by=drafted_by,
        ),
    )


def _check_dimensions(dimensions: tuple[Dimension, ...]) -> None:
    field = "document.dimensions"
    ids = [dimension.dimension_id for dimension in dimensions]
    if twice := sorted({one for one in ids if ids.count(one) > 1}):
        raise Invalid("dimension-twice", f"{', '.join(twice)} is named twice", field=field)
    total = sum(dimension.weight_bp for dimension in dimensions)
    if total != WHOLE_BP:
        raise Invalid(
            "weights-do-not-add-up",
            f"the weights add up to {total} basis points instead of {WHOLE_BP}",
            field=field,
        )
    for dimension in dimensions:
        edges = dimension.lower_edges or ()
        if any(edge <= before for before, edge in pairwise(edges)):
            raise Invalid(
                "edges-out-of-order",
                f"each edge of {dimension.dimension_id} lies above the one before",
                field=field,
            )


def activate(
    versions: Matrices,
    *,
    region_id: str | None,
    version: int,
    effective_on: date,
    above: ValueMatrix | None,
) -> tuple[ValueMatrixEvent, ...]:
    """Put ``version`` in force from ``effective_on`` on; nothing when it is in force from that day.

    ``above`` is the matrix that holds on that day above the region, where there is one. What was
    in force until then is superseded.

    Raises:
        NotFound: ``unknown-version``.
        WrongState: ``version-not-approved``; ``later-version-in-force``: a later day has a version
            already; what was classified under a matrix is not classified again by the back door.
        Invalid: ``weaker-than-parent``.
    """
    found = versions.to_activate(version, effective_on)
    if found is None:
        return ()
    if above is not None:
        _check_not_weaker(found.document, above)
    activated = ValueMatrixActivated(
        region_id=region_id, version=version, effective_on=effective_on
    )
    before = versions.in_force(effective_on)
    if before is None or before.number == version:
        return (activated,)
    superseded = ValueMatrixSuperseded(
        region_id=region_id,
        version=before.number,
        by_version=version,
        superseded_on=effective_on,
    )
    return activated, superseded


def strictest(nearest_first: Sequence[tuple[P, ValueMatrix]]) -> P | None:
    """Which holds of the matrices of a region and of what lies above it, nearest first.

    The nearest. One that has become weaker than what holds above it gives way to that: it was as
    strict when it was put in force, and what lies above was tightened since.
    """
    held: tuple[P, ValueMatrix] | None = None
    for place, document in reversed(nearest_first):
        if held is None or _weaker(document, held[1]) is None:
            held = place, document
    return None if held is None else held[0]


def _check_not_weaker(document: ValueMatrix, above: ValueMatrix) -> None:
    if weaker := _weaker(document, above):
        raise Invalid("weaker-than-parent", weaker, field="version")


def _weaker(document: ValueMatrix, above: ValueMatrix) -> str | None:
    """In what ``document`` would make an account more than it is under ``above``, if in anything.

    A region may add dimensions, which take their weight from those above, and it may ask for more.
    """
    if document.key_from < above.key_from or document.strategic_from < above.strategic_from:
        return "an account becomes key or strategic with less than above"
    own = {dimension.dimension_id: dimension for dimension in document.dimensions}
    for dimension in above.dimensions:
        found = own.get(dimension.dimension_id)
        name = dimension.dimension_id
        if found is None:
            return f"the dimension {name} of the matrix above is missing"
        if found.weight_bp > dimension.weight_bp:
            return f"{name} weighs more than above"
        if (found.lower_edges is None) != (dimension.lower_edges is None):
            return f"{name} is rated in another way than above"
        edges = zip(found.lower_edges or (), dimension.lower_edges or (), strict=True)
        if any(edge < other for edge, other in edges):
            return f"a band of {name} begins below the one above"
    return None
