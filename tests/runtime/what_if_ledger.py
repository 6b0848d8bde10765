"""A ledger with some weeks of talks under a scoring policy, its days closed one after the other."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

from events.accounts.account import AccountOwnerChanged
from events.organization.calendar import DayClosed
from events.policies.scoring import ScoringPolicy, ScoringPolicyActivated
from tests.examples.cast import ANN
from tests.examples.histories import CORRECTED, LOGGED, WITHDRAWN
from tests.examples.scores import DRAFTED, NEARNESS, POLICY
from tests.examples.surveys import ANSWERED
from tests.examples.warnings import CHURN_WITHDRAWN, CHURNED
from tests.readmodels.company import COMPANY
from tests.readmodels.conftest import Fact, Told

FIRST: Final = date(2018, 1, 2)
DAYS: Final = 12
LAST: Final = FIRST + timedelta(days=DAYS - 1)
CLOSED_FROM: Final = FIRST + timedelta(days=3)
"""The first day that was closed."""

TIGHTER: Final[ScoringPolicy] = POLICY.model_copy(
    update={
        "components": (
            NEARNESS.model_copy(update={"window_days": 5}),
            *POLICY.components[1:],
        )
    }
)
"""Looks back five days only."""


def scored(region_id: str | None, document: ScoringPolicy, version: int, on: date) -> list[Fact]:
    place = region_id or "*"
    at = "2018-01-02"
    drafted = DRAFTED.model_copy(
        update={"region_id": region_id, "version": version, "document": document}
    )
    activated = ScoringPolicyActivated(region_id=region_id, version=version, effective_on=on)
    return [(at, f"scoring_policy-{place}", one) for one in (drafted, activated)]


def facts() -> Iterator[Fact]:
    yield from COMPANY
    registered = next(fact for fact in COMPANY if fact[1] == "account-acme")[2]
    for name in ("bell", "corn"):
        account = registered.model_copy(update={"account_id": name, "name": name.title()})
        yield "2017-01-01", f"account-{name}", account
    yield from scored(None, POLICY, 1, date(2018, 1, 1))
    for number in range(DAYS):
        day = FIRST + timedelta(days=number)
        yield from _of_day(number, day.isoformat())
        if day >= CLOSED_FROM:
            yield f"{day}T23:59:00", "calendar-days", DayClosed(day=day)
    yield from _losses()
    # Known late: it took place before days that are closed.
    yield str(FIRST + timedelta(days=2)), "interaction-late", visit("late", "acme")


def _of_day(number: int, day: str) -> Iterator[Fact]:
    visited = "acme" if number % 3 else "bell"
    yield day, f"interaction-v{number}", visit(f"v{number}", visited)
    if number == 4:
        yield from scored("north", TIGHTER, 1, date(2018, 1, 6))
        moved = AccountOwnerChanged(account_id="bell", owner_id=ANN, region_id="north")
        yield day, "account-bell", moved
    if number == 6:
        answered = ANSWERED.model_copy(update={"account_id": "acme"})
        yield day, "survey_answer-s1", answered
        yield (
            day,
            "interaction-v1",
            CORRECTED.model_copy(update={"interaction_id": "v1", "took_place_at": None}),
        )
    if number == 8:
        gone = WITHDRAWN.model_copy(update={"interaction_id": "v2", "account_id": "acme"})
        yield day, "interaction-v2", gone


def _losses() -> Iterator[Fact]:
    """Bell's renewal is lost on the last day; that Corn left was a mistake."""
    for name, kind in (("bell", "renewal_lost"), ("corn", "churned")):
        lost = CHURNED.model_copy(
            update={"outcome_id": name, "account_id": name, "outcome": kind, "occurred_on": LAST}
        )
        yield str(LAST), f"account_outcome-{name}", lost
    withdrawn = CHURN_WITHDRAWN.model_copy(update={"outcome_id": "corn", "account_id": "corn"})
    yield str(LAST), "account_outcome-corn", withdrawn


def visit(interaction_id: str, account_id: str) -> Any:
    return LOGGED.model_copy(
        update={"interaction_id": interaction_id, "account_id": account_id, "follow_ups": ()}
    )


def lived(told: Told) -> Told:
    """The ledger, with all of that told to it."""
    told.tell(*facts())
    return told
