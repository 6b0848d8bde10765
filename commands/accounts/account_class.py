"""What can be asked of the class of an account."""

from typing import Annotated

from pydantic import Field

from aggregates.accounts import account, account_class
from aggregates.accounts.account import ACCOUNT
from aggregates.accounts.account_class import ACCOUNT_CLASS
from commands.command import Command
from commands.look import Decided, Look
from commands.policies.value_matrix import matrix_for
from events.accounts.account_class import Measure
from events.values import Id


class ClassifyAccount(Command):
    """Rank an account by what is known of it in each dimension of the value matrix in force."""

    account_id: Id
    measures: Annotated[tuple[Measure, ...], Field(min_length=1, max_length=20)]


class ReclassifyAccount(Command):
    """Rank an account by what was measured last, under the value matrix in force."""

    account_id: Id


def classify_account(command: ClassifyAccount, look: Look) -> Decided:
    """Classify it; the account must exist, and so must a matrix for its region."""
    region_id = account.existing(look(ACCOUNT, command.account_id), field="account_id").region_id
    return look.decide(
        ACCOUNT_CLASS,
        command.account_id,
        account_class.classify,
        account_id=command.account_id,
        region_id=region_id,
        matrix=matrix_for(look, region_id),
        measures=command.measures,
    )


def reclassify_account(command: ReclassifyAccount, look: Look) -> Decided:
    """Classify it again by the measures it has."""
    region_id = account.existing(look(ACCOUNT, command.account_id), field="account_id").region_id
    return look.decide(
        ACCOUNT_CLASS,
        command.account_id,
        account_class.reclassify,
        account_id=command.account_id,
        region_id=region_id,
        matrix=matrix_for(look, region_id),
    )
