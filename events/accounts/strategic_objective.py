"""Facts about our strategic objectives: what we want to reach with our customers."""

from typing import ClassVar

from events.event import Event
from events.values import Id, Name


class StrategicObjectiveStated(Event):
    """We want to reach this."""

    NAME: ClassVar[str] = "strategic_objective.stated"

    objective_id: Id
    title: Name
    region_id: Id | None
    """Whose objective it is; ``None``: the whole company's."""


class StrategicObjectiveChanged(Event):
    """We say it in other words."""

    NAME: ClassVar[str] = "strategic_objective.changed"

    objective_id: Id
    title: Name


class StrategicObjectiveDropped(Event):
    """We do not pursue it any more."""

    NAME: ClassVar[str] = "strategic_objective.dropped"

    objective_id: Id


StrategicObjectiveEvent = (
    StrategicObjectiveStated | StrategicObjectiveChanged | StrategicObjectiveDropped
)
