"""A value matrix: drafted in versions, proposed, approved by others, in force from a day on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Final, Literal, TypeVar, assert_never

from aggregates.decider import Decider
from aggregates.refusals import Invalid, NotFound, WrongState
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

GROUP: Final = "*"
"""The identity of the matrix of the whole group: no region can have this id."""

# --- state: only what a later decision needs ---------------------------------


Status = Literal["drafted", "proposed", "approved", "rejected"]


@dataclass(frozen=True, slots=True)
class Version:
    """One version: what it says, who wrote it, and how far it has come."""

    region_id: str | None
    number: int
    document: ValueMatrix
    author_ids: tuple[str, ...]
    """Whoever drafted it; nobody where a program did."""
    status: Status = "drafted"
    approval_id: str | None = None
    """The approval it was last put up for."""


@dataclass(frozen=True, slots=True)
class Versions:
    """What was drafted, version 1 first, and what was put in force, in that order."""

    drafts: tuple[Version, ...] = ()
    activations: tuple[tuple[date, int], ...] = ()
    """The day from which (inclusive), and the version."""


# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(versions: Versions, event: ValueMatrixEvent) -> Versions:
    """The versions after ``event``."""
    match event:
        case ValueMatrixDrafted():
            authors = () if event.drafted_by is None else (event.drafted_by,)
            version = Version(event.region_id, event.version, event.document, authors)
            return replace(versions, drafts=(*versions.drafts, version))
        case ValueMatrixProposed():
            return _now(versions, event.version, "proposed", event.approval_id)
        case ValueMatrixApproved():
            return _now(versions, event.version, "approved", event.approval_id)
        case ValueMatrixRejected():
            status: Status = "drafted" if event.sent_back else "rejected"
            return _now(versions, event.version, status, event.approval_id)
        case ValueMatrixActivated():
            activation = (event.effective_on, event.version)
            return replace(versions, activations=(*versions.activations, activation))
        case ValueMatrixSuperseded():
            return versions  # the activation that is recorded with it says so already
        case unknown:
            assert_never(unknown)


def _now(versions: Versions, number: int, status: Status, approval_id: str | None) -> Versions:
    drafts = list(versions.drafts)
    drafts[number - 1] = replace(drafts[number - 1], status=status, approval_id=approval_id)
    return replace(versions, drafts=tuple(drafts))


VALUE_MATRIX: Final[Decider[Versions, ValueMatrixEvent]] = Decider(
    "value_matrix", Versions(), evolve
)

# --- decisions: one verb each; facts or a refusal ----------------------------


def identity(region_id: str | None) -> str:
    """The identity of the matrix of a region, or of the whole group."""
    return GROUP if region_id is None else region_id


def in_force(versions: Versions, on: date) -> tuple[int, ValueMatrix] | None:
    """The version and document that hold on the day ``on``; ``None`` where none was ever activated.

    The last one activated for that day or an earlier one; before the first of those days, the
    one that came first, which holds from the beginning of time (design.md section 6).
    """
    if not versions.activations:
        return None
    # Days never fall from one activation to the next, so the last that applies is the latest.
    effective = [version for day, version in versions.activations if day <= on]
    version = effective[-1] if effective else versions.activations[0][1]
    return version, versions.drafts[version - 1].document


def draft(
    versions: Versions, *, region_id: str | None, document: ValueMatrix, drafted_by: str | None
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
    versions: Versions,
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
    found = existing(versions, version)
    if dict(versions.activations).get(effective_on) == version:
        return ()
    if found.status != "approved":
        raise WrongState("version-not-approved", "nobody has approved it", field="version")
    if any(day > effective_on for day, _ in versions.activations):
        raise WrongState(
            "later-version-in-force", "a version is in force from a later day", field="effective_on"
        )
    if above is not None:
        _check_not_weaker(found.document, above)
    activated = ValueMatrixActivated(
        region_id=region_id, version=version, effective_on=effective_on
    )
    before = in_force(versions, effective_on)
    if before is None or before[0] == version:
        return (activated,)
    superseded = ValueMatrixSuperseded(
        region_id=region_id,
        version=before[0],
        by_version=version,
        superseded_on=effective_on,
    )
    return activated, superseded


def existing(versions: Versions, version: int) -> Version:
    """The version, which must have been drafted.

    Raises:
        NotFound: ``unknown-version``.
    """
    if not 1 <= version <= len(versions.drafts):
        raise NotFound("unknown-version", f"there is no version {version}", field="version")
    return versions.drafts[version - 1]


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
