"""The plans of each account: of this fiscal year, of the next, and of the one before."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from runtime.importing.relations.acts import Act, Phase, Script
from runtime.importing.relations.ground import KnownAccount
from runtime.importing.relations.staff import RegionStaff
from runtime.importing.relations.words import ACTIONS, AIMS, DEPARTMENTS

QUARTERS: Final = 4


def plan_id_of(account: KnownAccount, fiscal_year: int) -> str:
    """The id of its plan for ``fiscal_year``."""
    return f"{account.account_id}-{fiscal_year}"


def aim_of(number: int) -> str:
    """What the account at place ``number`` is planned for."""
    return list(AIMS)[number % len(AIMS)]


@dataclass(frozen=True, slots=True)
class _Year:
    """One plan of one account."""

    script: Script
    staff: RegionStaff
    number: int
    account: KnownAccount
    fiscal_year: int

    @property
    def plan_id(self) -> str:
        return plan_id_of(self.account, self.fiscal_year)

    @property
    def starts_on(self) -> date:
        return self.script.calendar.begin(self.fiscal_year)

    def act(
        self, phase: Phase, on: date, command: str, key_id: str | None = None, **fields: Any
    ) -> Act:
        return Act(phase, key_id, self.script.line(command, on, **fields))

    def drafted(self, on: date) -> Iterator[Act]:
        """The plan with objectives, actions and targets, as a draft."""
        about, money = {"plan_id": self.plan_id}, self.script.money
        draw = self.script.draw(self.plan_id)
        budget = draw.randint(40, 200) * 1_000_00
        aim = aim_of(self.number)
        metric, unit, statement = AIMS[aim]
        yield self.act(
            Phase.PUT_UP,
            on,
            "draft-account-plan",
            **about,
            account_id=self.account.account_id,
            fiscal_year=self.fiscal_year,
            aim=aim,
            budget=money(budget),
        )
        for place, weight in enumerate((50, 30, 20)):
            yield self.act(
                Phase.PUT_UP,
                on,
                "set-plan-objective",
                **about,
                objective_id=f"objective-{place}",
                statement=f"{statement}: part {place + 1}",
                weight_percent=weight,
                goal_id=self.goal_id(place),
            )
        owners = (self.account.manager_id, self.staff.architect_id, self.staff.expert_id)
        for place in range(draw.randint(3, 5)):
            yield self.act(
                Phase.PUT_UP,
                on,
                "set-plan-action",
                **about,
                action_id=f"action-{place}",
                objective_id=f"objective-{place % 3}",
                statement=ACTIONS[(self.number + place) % len(ACTIONS)],
                owner_id=owners[place % len(owners)],
                department=DEPARTMENTS[place % len(DEPARTMENTS)],
                due_on=(self.starts_on + timedelta(days=60 * place + 45)).isoformat(),
                budget=money(budget // 6),
            )
        for side, name, period, value in self.targets(metric):
            target = {"side": side, "metric": name, "period": period, "unit": unit}
            yield self.act(Phase.PUT_UP, on, "set-plan-target", **about, **target, value=str(value))

    def goal_id(self, place: int) -> str | None:
        """What an objective serves: the last one nothing yet, those of the year before nothing."""
        if place == 2 or self.fiscal_year < self.script.calendar.fiscal_year:
            return None
        return f"{self.account.account_id}-goal-{place}"

    def targets(self, metric: str) -> Iterator[tuple[str, str, str, int]]:
        """Side, metric, period and value of each target."""
        base = self.script.draw(self.account.account_id, "target").randint(8, 40)
        for quarter in range(1, QUARTERS + 1):
            yield "ours", metric, f"Q{quarter}", base + quarter
        yield "customers", "output", "year", base * 10

    def submitted(self, phase: Phase, on: date, attempt: int = 1) -> Act:
        """It is put up for approval by whoever manages the account."""
        return self.act(
            phase,
            on,
            "submit-account-plan",
            plan_id=self.plan_id,
            approval_id=self.approval_id(attempt),
            requester_id=self.account.manager_id,
        )

    def approval_id(self, attempt: int = 1) -> str:
        return f"plan-{self.plan_id}-{attempt}"

    def decided(
        self, phase: Phase, on: date, decision: str, attempt: int = 1, comment: str | None = None
    ) -> Act:
        """The director of the region has decided."""
        return self.act(
            phase,
            on,
            "decide-approval",
            self.staff.director_key,
            approval_id=self.approval_id(attempt),
            step=1,
            decision=decision,
            comment=comment,
        )

    def followed(self, phase: Phase, on: date) -> Iterator[Act]:
        """It is active, and what its targets came to is recorded as the quarters end."""
        yield self.act(phase, on, "activate-account-plan", plan_id=self.plan_id)
        metric, *_ = AIMS[aim_of(self.number)]
        draw = self.script.draw(self.plan_id, "attained")
        for side, name, period, value in self.targets(metric):
            quarter = QUARTERS if period == "year" else int(period[1:])
            known_on = self.script.calendar.begin(self.fiscal_year, quarter + 1) + timedelta(days=5)
            came_to = value * draw.randint(70, 125) // 100
            if known_on <= self.script.calendar.last_on:
                target = {"side": side, "metric": name, "period": period, "value": str(came_to)}
                yield self.act(
                    phase, known_on, "record-plan-attainment", plan_id=self.plan_id, **target
                )


def plans(script: Script, staff: RegionStaff, number: int, account: KnownAccount) -> Iterator[Act]:
    """Its plans; that of the year before only where it was an account then already."""
    this_year = script.calendar.fiscal_year
    before = _Year(script, staff, number, account, this_year - 1)
    if script.ground.since < before.starts_on - timedelta(days=40):
        yield from _closed(before)
    yield from _active(_Year(script, staff, number, account, this_year))
    yield from _coming(_Year(script, staff, number, account, this_year + 1))


def _closed(year: _Year) -> Iterator[Act]:
    begun = year.starts_on - timedelta(days=30)
    yield from year.drafted(begun)
    yield year.submitted(Phase.PUT_UP, begun + timedelta(days=5))
    yield year.decided(Phase.DECIDED, begun + timedelta(days=9), "approved")
    yield from year.followed(Phase.FOLLOWED, begun + timedelta(days=12))
    closed_on = year.script.calendar.begin(year.fiscal_year + 1) + timedelta(days=10)
    reason = {"plan_id": year.plan_id, "reason": "the year is over"}
    yield year.act(Phase.FOLLOWED, closed_on, "close-account-plan", **reason)


def _active(year: _Year) -> Iterator[Act]:
    """Every sixth one was sent back once, and every seventh has been amended since."""
    day = year.script.calendar.day
    yield from year.drafted(day(16))
    yield year.submitted(Phase.PUT_UP, day(20))
    if year.number % 6 == 0:
        reason = "say what it brings the customer"
        yield year.decided(Phase.DECIDED, day(24), "sent_back", comment=reason)
        yield _reworded(year, Phase.FOLLOWED, day(27))
        yield year.submitted(Phase.FOLLOWED, day(28), 2)
        yield year.decided(Phase.DECIDED_AGAIN, day(30), "approved", 2)
        yield from year.followed(Phase.RESULTS, day(34))
        return
    yield year.decided(Phase.DECIDED, day(24), "approved")
    yield from year.followed(Phase.FOLLOWED, day(34))
    if year.number % 7 == 3:
        amended = {"plan_id": year.plan_id, "reason": "the customer has merged two plants"}
        yield year.act(Phase.FOLLOWED, day(350), "amend-account-plan", **amended)
        yield _reworded(year, Phase.FOLLOWED, day(350))
        yield year.submitted(Phase.FOLLOWED, day(352), 2)
        yield year.decided(Phase.DECIDED_AGAIN, day(356), "approved", 2)


def _reworded(year: _Year, phase: Phase, on: date) -> Act:
    return year.act(
        phase,
        on,
        "set-plan-objective",
        plan_id=year.plan_id,
        objective_id="objective-2",
        statement="Show every quarter what the customer has gained",
        weight_percent=20,
        goal_id=year.goal_id(0),
    )


def _coming(year: _Year) -> Iterator[Act]:
    """The next year's is a draft, waits, was returned, or is approved, in turn."""
    day = year.script.calendar.day
    yield from year.drafted(day(345))
    stands = year.number % 4
    if stands == 0:
        return
    yield year.submitted(Phase.PUT_UP, day(360))
    if stands == 2:
        reason = "the budget needs a second look"
        yield year.decided(Phase.DECIDED, day(362), "sent_back", comment=reason)
    if stands == 3:
        yield year.decided(Phase.DECIDED, day(362), "approved")
