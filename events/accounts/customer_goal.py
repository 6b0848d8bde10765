"""Facts about customer goals: what an account wants to reach, and which objective of ours fits."""

from datetime import date
from typing import ClassVar

from events.event import Event
from events.values import Id, Name


class CustomerGoalStated(Event):
    """A customer wants to reach this."""

    NAME: ClassVar[str] = "customer_goal.stated"
    PARTITION: ClassVar[str | None] = "account_id"

    goal_id: Id
    account_id: Id
    title: Name
    measure: Name | None
    """How the customer will see that it is reached."""
    due_on: date | None


class CustomerGoalChanged(Event):
    """The customer says otherwise what is to be reached, how it is measured, or by when."""

    NAME: ClassVar[str] = "customer_goal.changed"
    PARTITION: ClassVar[str | None] = "account_id"

    goal_id: Id
    account_id: Id
    title: Name
    measure: Name | None
    due_on: date | None


class CustomerGoalDropped(Event):
    """The customer does not pursue it any more."""

    NAME: ClassVar[str] = "customer_goal.dropped"
    PARTITION: ClassVar[str | None] = "account_id"

    goal_id: Id
    account_id: Id


class CustomerGoalLinked(Event):
    """One of our strategic objectives serves the goal."""

    NAME: ClassVar[str] = "customer_goal.linked"
    PARTITION: ClassVar[str | None] = "account_id"

    goal_id: Id
    account_id: Id
    objective_id: Id


class CustomerGoalUnlinked(Event):
    """An objective of ours does not serve the goal any more."""

    NAME: ClassVar[str] = "customer_goal.unlinked"
    PARTITION: ClassVar[str | None] = "account_id"

    goal_id: Id
    account_id: Id
    objective_id: Id


CustomerGoalEvent = (
    CustomerGoalStated
    | CustomerGoalChanged
    | CustomerGoalDropped
    | CustomerGoalLinked
    | CustomerGoalUnlinked
)
