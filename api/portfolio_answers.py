"""What the door of a portfolio answers."""

from datetime import datetime

from pydantic import Field

from api.answers import Body, Page


class PortfolioEntry(Body):
    """One thing an employee looks after."""

    key: str
    kind: str = Field(
        description=(
            "account, opportunity, team_role, contract, plan, plan_action, project, follow_up, "
            "task, alert or approval."
        )
    )
    account_id: str | None
    opportunity_id: str | None
    role: str | None
    region_id: str | None
    record_id: str = Field(description="The record it stands in: the plan of an action.")
    part_id: str | None = Field(
        description="Which part of it: a role, an action, a follow-up, or step and place."
    )
    valid_from: datetime


class PortfolioPage(Page):
    """What an employee looks after: accounts, opportunities, roles, and all open work."""

    items: list[PortfolioEntry]
