"""What we did together with customers: each interaction, as it was known at every time.

A correction says how an interaction had been all along, so a row is not valid from one fact to the
next: it tells everything about an interaction as it was known from one fact to the next, and in it
when each thing was so: when the interaction took place, when a follow-up was whose and when it was
done.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple, assert_never, get_args

from events.accounts.interaction import (
    FollowUp,
    InteractionContent,
    InteractionCorrected,
    InteractionEvent,
    InteractionFollowUpDone,
    InteractionFollowUpReassigned,
    InteractionLogged,
    InteractionWithdrawn,
)
from events.recorded import Recorded, instant
from projections.history import row_before
from projections.projection import ByAccount, Key, Projection, Rows, Table


class InteractionRow(NamedTuple):
    """One interaction as it was known from ``known_from`` (inclusive) to ``known_to``."""

    interaction_id: str
    version: int
    account_id: str
    kind: str
    subject: str
    employee_ids: tuple[str, ...]
    contact_ids: tuple[str, ...]
    minutes: int | None
    rating: int | None
    feedback_by: str | None
    feedback: dict[str, Any] | None
    """Sealed; who may read it opens it when an answer is made."""
    follow_ups: dict[str, Any]
    """By id: ``text``, ``due_on``, ``owners`` (since when, and who), and ``done_at`` or null."""
    withdrawn: bool
    """Whether it is known that it never took place."""
    occurred_at: datetime
    """When it took place."""
    recorded_at: datetime
    """When we knew of it first."""
    known_from: datetime
    known_to: datetime | None


INTERACTION: Final = Table(
    "interaction",
    InteractionRow,
    guard=ByAccount(),
    key=("interaction_id", "version"),
    indexes=(("account_id", "occurred_at"), ("occurred_at",)),
)


def keys(recorded: Recorded[InteractionEvent]) -> tuple[Key, ...]:
    """The row of the version before."""
    return row_before(INTERACTION, recorded.event.interaction_id, recorded)


def evolve(rows: Rows, recorded: Recorded[InteractionEvent]) -> Rows:
    """The interaction as it was known until now, and as it is known from now on."""
    event, envelope = recorded.event, recorded.envelope
    changes: dict[str, Any]
    if isinstance(event, InteractionLogged):
        row = _logged(event, recorded)
        return {(INTERACTION, row[:2]): row}
    ((key, last),) = rows.items()
    match event:
        case InteractionCorrected():
            occurred_at = event.took_place_at or last.occurred_at
            changes = {
                **_content(event),
                "occurred_at": occurred_at,
                "follow_ups": _promised(event.follow_ups, occurred_at, last.follow_ups),
            }
        case InteractionWithdrawn():
            changes = {"withdrawn": True}
        case InteractionFollowUpDone(follow_up_id=follow_up_id):
            done = {"done_at": instant(envelope.occurred_at)}
            changes = {"follow_ups": _changed(last.follow_ups, follow_up_id, done)}
        case InteractionFollowUpReassigned(follow_up_id=follow_up_id, owner_id=owner_id):
            owners = [
                *last.follow_ups[follow_up_id]["owners"],
                [instant(envelope.occurred_at), owner_id],
            ]
            changes = {"follow_ups": _changed(last.follow_ups, follow_up_id, {"owners": owners})}
        case unknown:
            assert_never(unknown)
    known_at = envelope.recorded_at
    following = last._replace(
        version=envelope.version, known_from=known_at, known_to=None, **changes
    )
    return {key: last._replace(known_to=known_at), (INTERACTION, following[:2]): following}


def _logged(event: InteractionLogged, recorded: Recorded[Any]) -> InteractionRow:
    envelope = recorded.envelope
    return InteractionRow(
        interaction_id=event.interaction_id,
        version=envelope.version,
        account_id=event.account_id,
        **_content(event),
        follow_ups=_promised(event.follow_ups, envelope.occurred_at, {}),
        withdrawn=False,
        occurred_at=envelope.occurred_at,
        recorded_at=envelope.recorded_at,
        known_from=envelope.recorded_at,
        known_to=None,
    )


def _content(event: InteractionContent) -> dict[str, Any]:
    feedback = event.model_dump(mode="json", by_alias=True, include={"feedback"})["feedback"]
    return {
        "kind": event.kind,
        "subject": event.subject,
        "employee_ids": event.employee_ids,
        "contact_ids": event.contact_ids,
        "minutes": event.minutes,
        "rating": event.rating,
        "feedback_by": event.feedback_by,
        "feedback": feedback,
    }


def _promised(
    follow_ups: tuple[FollowUp, ...], since: datetime, before: Mapping[str, Any]
) -> dict[str, Any]:
    """Follow-ups as told by content: what was done stays done, and owners who stay keep theirs.

    The first one has it since the interaction took place, also where that is corrected.
    """
    found = {}
    for one in follow_ups:
        known = before.get(one.follow_up_id, {"owners": [], "done_at": None})
        first, *later = known["owners"] or [[None, one.owner_id]]
        owners = [[instant(since), first[1]], *later]
        if owners[-1][1] != one.owner_id:
            owners = [[instant(since), one.owner_id]]
        found[one.follow_up_id] = {
            "text": one.text,
            "due_on": one.due_on.isoformat(),
            "owners": owners,
            "done_at": known["done_at"],
        }
    return found


def _changed(
    follow_ups: Mapping[str, Any], follow_up_id: str, changes: Mapping[str, Any]
) -> dict[str, Any]:
    return {**follow_ups, follow_up_id: {**follow_ups[follow_up_id], **changes}}


INTERACTIONS: Final = Projection(
    name="interactions",
    version=2,
    tables=(INTERACTION,),
    subscribes=frozenset(get_args(InteractionEvent)),
    keys=keys,
    evolve=evolve,
)
