"""What one employee looks after, handed over to another: accounts, opportunities, team roles.

The open work on them is handed over in `aggregates/work/hand_over.py`.
"""

from aggregates.accounts import account as accounts
from aggregates.accounts.account import Account, Unregistered
from aggregates.accounts.account_team import Team, assign
from aggregates.pipeline import opportunity as opportunities
from aggregates.pipeline.opportunity import Closed, Opportunity, Pursued, Unopened
from aggregates.refusals import NotFound, WrongState
from events.accounts.account import AccountEvent
from events.accounts.account_team import AccountTeamEvent
from events.pipeline.opportunity import OpportunityEvent


def hand_over_account(
    account: Account, *, account_id: str, from_id: str, to_id: str, region_id: str
) -> tuple[AccountEvent, ...]:
    """Give the account of ``from_id`` to ``to_id`` and with that to ``region_id``.

    Nothing when it is the account of ``to_id`` already, in whatever region.

    Raises:
        NotFound: ``unknown-account``.
        WrongState: ``not-in-portfolio``, when it is the account of somebody else.
    """
    if isinstance(account, Unregistered):
        raise NotFound("unknown-account", f"there is no account {account_id}", field="account_ids")
    if account.owner_id == to_id:
        return ()
    if account.owner_id != from_id:
        raise not_theirs(f"the account {account_id}", "account_ids")
    return accounts.change_owner(
        account, account_id=account_id, owner_id=to_id, region_id=region_id
    )


def hand_over_opportunity(
    opportunity: Opportunity, *, opportunity_id: str, from_id: str, to_id: str, region_id: str
) -> tuple[OpportunityEvent, ...]:
    """Give the open opportunity of ``from_id`` to ``to_id`` and with that to ``region_id``.

    Nothing when it is the opportunity of ``to_id`` already, in whatever region.

    Raises:
        NotFound: ``unknown-opportunity``.
        WrongState: ``opportunity-closed``; ``not-in-portfolio``, when it is somebody else's.
    """
    named, field = f"opportunity {opportunity_id}", "opportunity_ids"
    match opportunity:
        case Unopened():
            raise NotFound("unknown-opportunity", f"there is no {named}", field=field)
        case Closed():
            raise WrongState(
                "opportunity-closed", f"the {named} is closed", field="opportunity_ids"
            )
        case Pursued(owner_id=owner_id) if owner_id == to_id:
            return ()
        case Pursued(owner_id=owner_id) if owner_id != from_id:
            raise not_theirs(f"the {named}", field)
    return opportunities.reassign(opportunity, owner_id=to_id, region_id=region_id)


def hand_over_roles(
    team: Team, *, account_id: str, from_id: str, to_id: str
) -> tuple[AccountTeamEvent, ...]:
    """Give every role ``from_id`` has in the team of an account to ``to_id``; often nothing."""
    return tuple(
        fact
        for role, who in team.members.items()
        if who == from_id
        for fact in assign(team, account_id=account_id, role=role, employee_id=to_id)
    )


def not_theirs(thing: str, field: str) -> WrongState:
    """The refusal to hand over what belongs to somebody else."""
    return WrongState("not-in-portfolio", f"{thing} belongs to neither of the two", field=field)
