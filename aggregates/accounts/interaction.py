"""One interaction: logged once, never edited, corrected or withdrawn by further facts."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.refusals import Invalid, NotFound, WrongState
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

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class Unlogged:
    """There is no such interaction."""


@dataclass(frozen=True, slots=True)
class Logged:
    """It took place, as far as we know."""

    logged: InteractionLogged
    content: InteractionContent
    """What it was, as told last, without the words of the feedback: nothing is decided by them."""
    took_place_at: datetime | None
    """When it took place, where a correction has said so."""
    follow_ups: tuple[FollowUp, ...]
    """With the owner each has now."""
    done: frozenset[str]
    """The follow-ups that have been done."""

    @property
    def account_id(self) -> str:
        """The customer it was with."""
        return self.logged.account_id


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """It was logged, and never took place."""

    logged: InteractionLogged


Interaction = Unlogged | Logged | Withdrawn

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(interaction: Interaction, event: InteractionEvent) -> Interaction:
    """The interaction after ``event``."""
    if isinstance(event, InteractionLogged):
        logged = event.model_copy(update={"feedback": None})
        return Logged(logged, logged, None, event.follow_ups, frozenset())
    assert isinstance(interaction, Logged)
    match event:
        case InteractionCorrected(follow_ups=follow_ups):
            return replace(
                interaction,
                content=event.model_copy(update={"feedback": None}),
                took_place_at=event.took_place_at or interaction.took_place_at,
                follow_ups=follow_ups,
            )
        case InteractionWithdrawn():
            return Withdrawn(interaction.logged)
        case InteractionFollowUpDone(follow_up_id=follow_up_id):
            return replace(interaction, done=interaction.done | {follow_up_id})
        case InteractionFollowUpReassigned(follow_up_id=follow_up_id, owner_id=owner_id):
            given = tuple(
                one.model_copy(update={"owner_id": owner_id})
                if one.follow_up_id == follow_up_id
                else one
                for one in interaction.follow_ups
            )
            return replace(interaction, follow_ups=given)
        case unknown:
            assert_never(unknown)


INTERACTION: Final[Decider[Interaction, InteractionEvent]] = Decider(
    "interaction", Unlogged(), evolve
)

# --- decisions: one verb each; facts or a refusal ----------------------------


def standing(interaction: Interaction, *, field: str) -> Logged:
    """The interaction, which must have been logged and not withdrawn.

    Raises:
        NotFound: ``unknown-interaction``; ``field`` named it.
        WrongState: ``interaction-withdrawn``.
    """
    match interaction:
        case Logged():
            return interaction
        case Unlogged():
            raise NotFound("unknown-interaction", "there is no such interaction", field=field)
        case Withdrawn():
            raise WrongState("interaction-withdrawn", "the interaction was withdrawn", field=field)
        case unknown:
            assert_never(unknown)


def log(
    interaction: Interaction, *, fact: InteractionLogged, on: date
) -> tuple[InteractionEvent, ...]:
    """Log it as ``fact`` says; nothing when it was logged just so. ``on`` is when it took place.

    The words of the feedback cannot be compared: they are sealed. Other words are a correction.

    Raises:
        WrongState: ``interaction-already-logged``, otherwise than asked for.
        Invalid: ``participant-twice``, ``follow-up-twice``, ``feedback-without-contact``,
            ``follow-up-due-too-early``.
    """
    match interaction:
        case Unlogged():
            pass
        case Logged(logged=logged) | Withdrawn(logged=logged) if _same(logged, fact):
            return ()
        case _:
            raise WrongState(
                "interaction-already-logged",
                "this interaction id is taken",
                field="interaction_id",
            )
    _check_content(fact)
    early = [one for one in fact.follow_ups if one.due_on < on]
    if early:
        raise Invalid(
            "follow-up-due-too-early",
            f"{early[0].follow_up_id} is due before the interaction took place",
            field="follow_ups",
        )
    return (fact,)


def correct(
    interaction: Interaction, *, fact: InteractionCorrected
) -> tuple[InteractionEvent, ...]:
    """Tell it anew as ``fact`` says; nothing when it is told just so and has no feedback.

    Feedback is sealed, so whether it is another one cannot be told: with feedback the correction
    is recorded. A follow-up that was done stays done, whatever else is corrected
    about it.

    Raises:
        NotFound: ``unknown-interaction``.
        WrongState: ``interaction-withdrawn``; ``follow-up-done``, when a follow-up that has been
            done is left out.
        Invalid: ``participant-twice``, ``follow-up-twice``, ``feedback-without-contact``.
    """
    found = standing(interaction, field="interaction_id")
    now = found.content.model_copy(update={"follow_ups": found.follow_ups})
    moved = fact.took_place_at not in {None, found.took_place_at}
    if _same(now, fact) and not moved and fact.feedback_by is None:
        return ()
    _check_content(fact)
    left_out = found.done - {one.follow_up_id for one in fact.follow_ups}
    if left_out:
        raise WrongState(
            "follow-up-done", f"{min(left_out)} has been done and stays", field="follow_ups"
        )
    return (fact,)


def withdraw(interaction: Interaction, *, reason: str) -> tuple[InteractionEvent, ...]:
    """Say that it never took place; nothing when it was withdrawn.

    Raises:
        NotFound: ``unknown-interaction``.
    """
    if isinstance(interaction, Withdrawn):
        return ()
    found = standing(interaction, field="interaction_id").logged
    return (
        InteractionWithdrawn(
            interaction_id=found.interaction_id, account_id=found.account_id, reason=reason
        ),
    )


def complete_follow_up(
    interaction: Interaction, *, follow_up_id: str
) -> tuple[InteractionEvent, ...]:
    """Say that a follow-up has been done; nothing when it has.

    Raises:
        NotFound: ``unknown-interaction``, ``unknown-follow-up``.
        WrongState: ``interaction-withdrawn``.
    """
    found = standing(interaction, field="interaction_id")
    _follow_up(found, follow_up_id)
    if follow_up_id in found.done:
        return ()
    return (
        InteractionFollowUpDone(
            interaction_id=found.logged.interaction_id,
            account_id=found.account_id,
            follow_up_id=follow_up_id,
        ),
    )


def reassign_follow_up(
    interaction: Interaction, *, follow_up_id: str, owner_id: str
) -> tuple[InteractionEvent, ...]:
    """Have ``owner_id`` do a follow-up; nothing when it is theirs.

    Raises:
        NotFound: ``unknown-interaction``, ``unknown-follow-up``.
        WrongState: ``interaction-withdrawn``, ``follow-up-done``.
    """
    found = standing(interaction, field="interaction_id")
    if _follow_up(found, follow_up_id).owner_id == owner_id:
        return ()
    if follow_up_id in found.done:
        raise WrongState("follow-up-done", "it has been done", field="follow_up_id")
    return (
        InteractionFollowUpReassigned(
            interaction_id=found.logged.interaction_id,
            account_id=found.account_id,
            follow_up_id=follow_up_id,
            owner_id=owner_id,
        ),
    )


def _check_content(content: InteractionContent) -> None:
    _once(content.employee_ids, "participant-twice", "employee_ids")
    _once(content.contact_ids, "participant-twice", "contact_ids")
    _once((one.follow_up_id for one in content.follow_ups), "follow-up-twice", "follow_ups")
    by = content.feedback_by
    if (by is None) != (content.feedback is None) or by not in {None, *content.contact_ids}:
        raise Invalid(
            "feedback-without-contact",
            "feedback is that of a contact who took part",
            field="feedback_by",
        )


def _once(ids: Iterable[str], rule: str, field: str) -> None:
    twice = sorted(found for found, times in Counter(ids).items() if times > 1)
    if twice:
        raise Invalid(rule, f"{twice[0]} is named twice", field=field)


_COMPARED: Final = frozenset(InteractionContent.model_fields) - {"feedback"}


def _same(one: InteractionContent, other: InteractionContent) -> bool:
    return all(getattr(one, field) == getattr(other, field) for field in _COMPARED)


def _follow_up(found: Logged, follow_up_id: str) -> FollowUp:
    for one in found.follow_ups:
        if one.follow_up_id == follow_up_id:
            return one
    raise NotFound("unknown-follow-up", "there is no such follow-up", field="follow_up_id")
