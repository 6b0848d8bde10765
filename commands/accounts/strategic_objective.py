"""What can be asked of our strategic objectives."""

from aggregates.accounts import strategic_objective
from aggregates.accounts.strategic_objective import STRATEGIC_OBJECTIVE
from commands.command import Command
from commands.look import Decided, Look
from commands.organization.region import regions_from
from events.accounts.strategic_objective import StrategicObjectiveStated
from events.values import Id, Name


class StateStrategicObjective(Command):
    """Say what we, or one of our regions, want to reach with our customers."""

    objective_id: Id
    title: Name
    region_id: Id | None = None


class ChangeStrategicObjective(Command):
    """Say an objective of ours in other words."""

    objective_id: Id
    title: Name


class DropStrategicObjective(Command):
    """Pursue an objective of ours no longer; what was linked to it counts as not linked."""

    objective_id: Id


def state_strategic_objective(command: StateStrategicObjective, look: Look) -> Decided:
    """State it; its region must exist."""
    regions_from(look, command.region_id, field="region_id")
    return look.begin(
        STRATEGIC_OBJECTIVE,
        command.objective_id,
        strategic_objective.state_objective,
        fact=StrategicObjectiveStated.model_validate(dict(command)),
    )


def change_strategic_objective(command: ChangeStrategicObjective, look: Look) -> Decided:
    """Change it."""
    return look.decide(
        STRATEGIC_OBJECTIVE,
        command.objective_id,
        strategic_objective.change,
        objective_id=command.objective_id,
        title=command.title,
    )


def drop_strategic_objective(command: DropStrategicObjective, look: Look) -> Decided:
    """Drop it."""
    return look.decide(
        STRATEGIC_OBJECTIVE,
        command.objective_id,
        strategic_objective.drop,
        objective_id=command.objective_id,
    )
