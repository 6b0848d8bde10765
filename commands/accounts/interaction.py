"""What can be asked of interactions."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from aggregates.accounts import account, contact, interaction
from aggregates.accounts.account import ACCOUNT
from aggregates.accounts.contact import CONTACT
from aggregates.accounts.interaction import INTERACTION, Logged
from aggregates.organization.employee import EMPLOYEE, NotHired, active
from aggregates.refusals import Invalid, NotFound
from commands.accounts.contact import survivor
from commands.command import Command, Day, Instant
from commands.look import Decided, Look
from events.accounts.interaction import (
    FollowUp,
    FollowUpText,
    InteractionCorrected,
    InteractionKind,
    InteractionLogged,
    Minutes,
    Rating,
)
from events.values import Id, Name, PersonId, Reason

FeedbackText = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"^[^\x00]*$")]
"""What a contact said; sealed from the first."""


class PromisedFollowUp(BaseModel):
    """Something an employee has promised to do by a day."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    follow_up_id: Id
    text: FollowUpText
    owner_id: PersonId
    due_on: Day


FollowUps = Annotated[tuple[PromisedFollowUp, ...], Field(max_length=50)]
OurParticipants = Annotated[tuple[PersonId, ...], Field(min_length=1, max_length=50)]
TheirParticipants = Annotated[tuple[PersonId, ...], Field(max_length=50)]


class LogInteraction(Command):
    """Log an interaction with a customer; it took place when the command says it occurred."""

    interaction_id: Id
    account_id: Id
    kind: InteractionKind
    subject: Name
    employee_ids: OurParticipants
    contact_ids: TheirParticipants = ()
    minutes: Minutes | None = None
    rating: Rating | None = None
    feedback_by: PersonId | None = None
    feedback: FeedbackText | None = None
    follow_ups: FollowUps = ()


class CorrectInteraction(Command):
    """Tell an interaction anew, all of it, with the reason; what was told before stays on record.

    It stays with its customer: one that was with another customer is withdrawn and logged anew.
    """

    interaction_id: Id
    kind: InteractionKind
    subject: Name
    employee_ids: OurParticipants
    contact_ids: TheirParticipants = ()
    minutes: Minutes | None = None
    rating: Rating | None = None
    feedback_by: PersonId | None = None
    feedback: FeedbackText | None = None
    follow_ups: FollowUps = ()
    took_place_at: Instant | None = None
    reason: Reason


class WithdrawInteraction(Command):
    """Say that an interaction never took place."""

    interaction_id: Id
    reason: Reason


class CompleteFollowUp(Command):
    """Say that a follow-up of an interaction has been done."""

    interaction_id: Id
    follow_up_id: Id


class ReassignFollowUp(Command):
    """Have another employee do a follow-up of an interaction."""

    interaction_id: Id
    follow_up_id: Id
    owner_id: PersonId


def log_interaction(command: LogInteraction, look: Look) -> Decided:
    """Log it; account and participants must exist, and who is to follow up must work here."""
    account.existing(look(ACCOUNT, command.account_id), field="account_id")
    participants = _participants(look, command, command.account_id)
    for one in command.follow_ups:
        active(look(EMPLOYEE, one.owner_id), field="follow_ups")
    fact = InteractionLogged.model_validate({**dict(command), **participants})
    return look.begin(
        INTERACTION,
        command.interaction_id,
        interaction.log,
        fact=fact,
        on=look.context.business_date,
    )


def correct_interaction(command: CorrectInteraction, look: Look) -> Decided:
    """Correct it; whoever is newly to follow up must work here."""
    found = interaction.standing(look(INTERACTION, command.interaction_id), field="interaction_id")
    participants = _participants(look, command, found.account_id)
    _check_owners(look, command, found)
    at = command.took_place_at
    if at is not None and at > look.context.now:
        raise Invalid(
            "occurred-in-the-future",
            "nothing can be recorded before it has happened",
            field="took_place_at",
        )
    fact = InteractionCorrected.model_validate({**dict(command), **participants})
    return look.decide(INTERACTION, command.interaction_id, interaction.correct, fact=fact)


def withdraw_interaction(command: WithdrawInteraction, look: Look) -> Decided:
    """Withdraw it."""
    return look.decide(
        INTERACTION, command.interaction_id, interaction.withdraw, reason=command.reason
    )


def complete_follow_up(command: CompleteFollowUp, look: Look) -> Decided:
    """Complete it."""
    return look.decide(
        INTERACTION,
        command.interaction_id,
        interaction.complete_follow_up,
        follow_up_id=command.follow_up_id,
    )


def reassign_follow_up(command: ReassignFollowUp, look: Look) -> Decided:
    """Reassign it; the new owner must work here."""
    active(look(EMPLOYEE, command.owner_id), field="owner_id")
    return look.decide(
        INTERACTION,
        command.interaction_id,
        interaction.reassign_follow_up,
        follow_up_id=command.follow_up_id,
        owner_id=command.owner_id,
    )


def _participants(
    look: Look, command: LogInteraction | CorrectInteraction, account_id: str
) -> dict[str, object]:
    """Who took part, by field: in the place of a contact who was merged, who answers for them.

    Who took part may have left since: history is told as it was.
    """
    for employee_id in command.employee_ids:
        if isinstance(look(EMPLOYEE, employee_id), NotHired):
            raise NotFound("unknown-employee", "there is no such employee", field="employee_ids")
    contact_ids = tuple(survivor(look, contact_id) for contact_id in command.contact_ids)
    for contact_id in contact_ids:
        found = contact.registered(look(CONTACT, contact_id), field="contact_ids")
        if found.account_id != account_id:
            raise Invalid(
                "contact-of-another-account",
                "the contact belongs to another customer",
                field="contact_ids",
            )
    by = command.feedback_by
    return {
        "account_id": account_id,
        "contact_ids": contact_ids,
        "feedback_by": None if by is None else survivor(look, by),
        "follow_ups": _follow_ups(command.follow_ups),
    }


def _check_owners(look: Look, command: CorrectInteraction, found: Logged) -> None:
    before = {one.follow_up_id: one.owner_id for one in found.follow_ups}
    for one in command.follow_ups:
        if before.get(one.follow_up_id) != one.owner_id:
            active(look(EMPLOYEE, one.owner_id), field="follow_ups")


def _follow_ups(given: tuple[PromisedFollowUp, ...]) -> tuple[FollowUp, ...]:
    return tuple(FollowUp(**dict(one)) for one in given)
