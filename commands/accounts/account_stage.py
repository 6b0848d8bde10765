"""What can be asked about the stage of an account."""

from aggregates.accounts import account, account_stage
from aggregates.accounts.account import ACCOUNT
from aggregates.accounts.account_stage import ACCOUNT_STAGE
from aggregates.refusals import WrongState
from commands.command import Command
from commands.completing import completed
from commands.look import Decided, Look
from commands.policies.account_lifecycle import lifecycle_for
from events.accounts.account_stage import AccountCheckRecorded
from events.policies.account_lifecycle import AccountLifecycle
from events.values import Id, Reason, Uri


class RecordAccountCheck(Command):
    """Record the result of a check that the account lifecycle asks for."""

    account_id: Id
    check_id: Id
    result: Reason
    evidence: Uri | None = None


class MoveAccountStage(Command):
    """Move an account to another stage of the lifecycle of its region.

    The next one needs the checks of the present one recorded; one after that, or an earlier one,
    needs a reason besides. No stage is left before the form of its region is complete.
    """

    account_id: Id
    to_stage: Id
    reason: Reason | None = None


def record_account_check(command: RecordAccountCheck, look: Look) -> Decided:
    """Record it."""
    return look.decide(
        ACCOUNT_STAGE,
        command.account_id,
        account_stage.record_check,
        fact=AccountCheckRecorded.model_validate(dict(command)),
        lifecycle=_lifecycle_of(look, command.account_id),
    )


def move_account_stage(command: MoveAccountStage, look: Look) -> Decided:
    """Move it; the form of its region must be complete."""
    moved = look.decide(
        ACCOUNT_STAGE,
        command.account_id,
        account_stage.move_stage,
        account_id=command.account_id,
        to_stage=command.to_stage,
        reason=command.reason,
        lifecycle=_lifecycle_of(look, command.account_id),
    )
    return completed(look, "account", command.account_id, moved)


def _lifecycle_of(look: Look, account_id: str) -> AccountLifecycle:
    found = account.existing(look(ACCOUNT, account_id), field="account_id")
    if found.region_id is None:
        raise WrongState(
            "account-without-region", "the lifecycle is that of its region", field="account_id"
        )
    return lifecycle_for(look, found.region_id)
