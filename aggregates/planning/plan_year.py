"""The one place for an active plan that an account has in a fiscal year.

Whatever activates or closes a plan reads and writes this stream too, so that of two activations
at once one finds the place taken.
"""

from dataclasses import dataclass
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.refusals import WrongState
from events.planning.plan_year import PlanYearClaimed, PlanYearEvent, PlanYearReleased

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class PlanYear:
    """Which plan is active, if any."""

    plan_id: str | None = None


# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(_: PlanYear, event: PlanYearEvent) -> PlanYear:
    """The place after ``event``."""
    match event:
        case PlanYearClaimed():
            return PlanYear(event.plan_id)
        case PlanYearReleased():
            return PlanYear()
        case unknown:
            assert_never(unknown)


PLAN_YEAR: Final[Decider[PlanYear, PlanYearEvent]] = Decider("plan_year", PlanYear(), evolve)

# --- decisions: one verb each; facts or a refusal ----------------------------


def claim(
    place: PlanYear, *, account_id: str, fiscal_year: int, plan_id: str
) -> tuple[PlanYearEvent, ...]:
    """Let ``plan_id`` be the active plan; nothing if it is.

    Raises:
        WrongState: ``plan-year-taken``, when another plan is.
    """
    if place.plan_id == plan_id:
        return ()
    if place.plan_id is not None:
        raise WrongState(
            "plan-year-taken",
            f"{place.plan_id} is the active plan of {account_id} for {fiscal_year}",
            field="plan_id",
        )
    return (PlanYearClaimed(account_id=account_id, fiscal_year=fiscal_year, plan_id=plan_id),)


def release(
    place: PlanYear, *, account_id: str, fiscal_year: int, plan_id: str
) -> tuple[PlanYearEvent, ...]:
    """Let ``plan_id`` be the active plan no more; nothing if it is not."""
    if place.plan_id != plan_id:
        return ()
    return (PlanYearReleased(account_id=account_id, fiscal_year=fiscal_year, plan_id=plan_id),)
