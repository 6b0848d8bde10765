"""Facts about the one place for an active plan that an account has in each fiscal year."""

from typing import ClassVar

from events.event import Event
from events.planning.account_plan import FiscalYear
from events.values import Id


class PlanYearClaimed(Event):
    """A plan is the active one of its account and year."""

    NAME: ClassVar[str] = "plan_year.claimed"
    PARTITION: ClassVar[str | None] = "account_id"

    account_id: Id
    fiscal_year: FiscalYear
    plan_id: Id


class PlanYearReleased(Event):
    """The plan is closed; another one may be activated for the account and year."""

    NAME: ClassVar[str] = "plan_year.released"
    PARTITION: ClassVar[str | None] = "account_id"

    account_id: Id
    fiscal_year: FiscalYear
    plan_id: Id


PlanYearEvent = PlanYearClaimed | PlanYearReleased
