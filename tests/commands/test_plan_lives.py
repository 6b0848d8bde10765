"""Whatever is asked of two plans of one year in whatever order, some things never happen."""

from typing import Any, Final

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from aggregates.refusals import Refusal
from commands.command import Command
from commands.planning.account_plan import (
    ActivateAccountPlan,
    AmendAccountPlan,
    ApproveAccountPlan,
    CloseAccountPlan,
    DiscardPlanAmendment,
    ReturnAccountPlan,
    SubmitAccountPlan,
    WithdrawAccountPlan,
)
from commands.planning.plan_content import (
    ChangePlanBudget,
    DropPlanAction,
    SetPlanObjective,
)
from events.event import Event
from events.planning.account_plan import (
    AccountPlanActivated,
    AccountPlanAmendmentDiscarded,
    AccountPlanAmendmentDrafted,
    AccountPlanApproved,
    AccountPlanClosed,
    AccountPlanDrafted,
    AccountPlanSubmitted,
)
from events.planning.plan_content import (
    AccountPlanActionDropped,
    AccountPlanActionSet,
    AccountPlanBudgetChanged,
    PlanContentEvent,
)
from tests.commands.planners import action, draft, planners, submitted_sha256, whole
from tests.examples.cast import usd

PLANS: Final = st.sampled_from(["p1", "p2"])
WHO: Final = st.sampled_from(["ann", "ann-again", "bea", "carl", "program"])
PERSONS: Final = {"ann": "ann", "ann-again": "ann", "bea": "bea", "carl": "carl"}
STARTS: Final = st.sampled_from([3, 2, 1, 0])
MONEY: Final = st.sampled_from([0, 1, 399_99, 400_00, 600_00, 600_01, 1_000_00]).map(usd)


class PlanLives(RuleBasedStateMachine):
    """Asks anything of two plans of one account and year, as anybody.

    What is recorded is judged from the facts and from who asked, by words that share no code with
    the rules.
    """

    def __init__(self) -> None:
        super().__init__()
        self.office = planners()
        self.facts: dict[str, list[Event]] = {"p1": [], "p2": []}
        self.hands: dict[str, set[str]] = {"p1": set(), "p2": set()}
        """Who drafted or submitted what is worked on; a program is the owner, Ann."""
        self.known_sha256: dict[str, str] = {}

    def ask(self, command: Any, who: str) -> None:
        plan = command.plan_id
        seen = len(self.facts[plan])
        try:
            self.office.ask(command, key_id=who)
        except Refusal:
            return
        self.facts[plan] = self.office.facts(f"account_plan-{plan}")
        for fact in self.facts[plan][seen:]:
            self.judge(plan, fact, PERSONS.get(who, "ann"))

    def judge(self, plan: str, fact: Event, person: str) -> None:
        """What must hold of ``fact`` when it follows what was recorded before."""
        match fact:
            case AccountPlanDrafted() | AccountPlanAmendmentDrafted():
                self.hands[plan] = {person}
            case AccountPlanSubmitted():
                self.hands[plan].add(person)
            case AccountPlanApproved():
                assert person not in self.hands[plan]
                before = self.facts[plan][: self.facts[plan].index(fact)]
                *_, asked = [one for one in before if isinstance(one, AccountPlanSubmitted)]
                assert fact.content_sha256 == asked.content_sha256
                since = before[before.index(asked) :]
                assert not [one for one in since if isinstance(one, PlanContentEvent)]
            case AccountPlanActivated():
                assert any(isinstance(one, AccountPlanApproved) for one in self.facts[plan])

    @initialize(started=st.tuples(STARTS, STARTS), author=WHO, submitter=WHO)
    def start(self, started: tuple[int, int], author: str, submitter: str) -> None:
        """Some plans are whole, submitted or approved from the beginning."""
        for plan, steps in zip(("p1", "p2"), started, strict=True):
            if steps >= 1:
                self.make_whole(plan, author)
            if steps >= 2:
                self.ask(SubmitAccountPlan(plan_id=plan), submitter)
            if steps >= 3:
                for who in ("bea", "carl", "ann"):
                    self.approve(plan, who)

    @rule(plan=PLANS, who=WHO)
    def draft(self, plan: str, who: str) -> None:
        self.ask(draft(plan), who)

    @rule(plan=PLANS, who=WHO)
    def make_whole(self, plan: str, who: str) -> None:
        for command in whole(plan):
            self.ask(command, who)

    @rule(plan=PLANS, who=WHO, weight=st.sampled_from([99, 100]))
    def set_objective(self, plan: str, who: str, weight: int) -> None:
        asked = SetPlanObjective(
            plan_id=plan, objective_id="grow", statement="Be first.", weight_percent=weight
        )
        self.ask(asked, who)

    @rule(plan=PLANS, who=WHO, name=st.sampled_from("abc"), budget=MONEY)
    def set_action(self, plan: str, who: str, name: str, budget: Any) -> None:
        self.ask(action(plan, action_id=name, budget=budget), who)

    @rule(plan=PLANS, who=WHO, name=st.sampled_from("abc"))
    def drop_action(self, plan: str, who: str, name: str) -> None:
        self.ask(DropPlanAction(plan_id=plan, action_id=name), who)

    @rule(plan=PLANS, who=WHO, budget=MONEY)
    def change_budget(self, plan: str, who: str, budget: Any) -> None:
        self.ask(ChangePlanBudget(plan_id=plan, budget=budget), who)

    @rule(plan=PLANS, who=WHO)
    def submit(self, plan: str, who: str) -> None:
        self.ask(SubmitAccountPlan(plan_id=plan), who)

    @rule(plan=PLANS, who=WHO)
    def look_at_what_is_submitted(self, plan: str, who: str) -> None:
        if any(isinstance(fact, AccountPlanSubmitted) for fact in self.facts[plan]):
            self.known_sha256[who] = submitted_sha256(self.office, plan)

    @rule(plan=PLANS, who=WHO)
    def approve_what_was_looked_at(self, plan: str, who: str) -> None:
        sha256 = self.known_sha256.get(who, "0" * 64)
        self.ask(ApproveAccountPlan(plan_id=plan, content_sha256=sha256), who)

    @rule(plan=PLANS, who=WHO)
    def approve(self, plan: str, who: str) -> None:
        self.look_at_what_is_submitted(plan, who)
        self.approve_what_was_looked_at(plan, who)

    @rule(plan=PLANS, who=WHO, way=st.sampled_from([0, 1]))
    def take_back(self, plan: str, who: str, way: int) -> None:
        ways: tuple[Command, ...] = (
            ReturnAccountPlan(plan_id=plan, reason="x"),
            WithdrawAccountPlan(plan_id=plan),
        )
        self.ask(ways[way], who)

    @rule(plan=PLANS, who=WHO)
    def activate(self, plan: str, who: str) -> None:
        self.ask(ActivateAccountPlan(plan_id=plan), who)

    @rule(plan=PLANS, who=WHO)
    def amend(self, plan: str, who: str) -> None:
        self.ask(AmendAccountPlan(plan_id=plan, reason="x"), who)

    @rule(plan=PLANS, who=WHO)
    def discard(self, plan: str, who: str) -> None:
        self.ask(DiscardPlanAmendment(plan_id=plan), who)

    @rule(plan=PLANS, who=WHO, sure=st.integers(0, 4))
    def close(self, plan: str, who: str, sure: int) -> None:
        if sure == 4:
            self.ask(CloseAccountPlan(plan_id=plan, reason="x"), who)

    @invariant()
    def a_year_has_one_active_plan_at_most(self) -> None:
        active = [
            plan
            for plan, facts in self.facts.items()
            if any(isinstance(fact, AccountPlanActivated) for fact in facts)
            and not any(isinstance(fact, AccountPlanClosed) for fact in facts)
        ]
        assert len(active) <= 1

    @invariant()
    def no_budget_is_exceeded(self) -> None:
        for facts in self.facts.values():
            _check_budgets(facts)


def _check_budgets(facts: list[Event]) -> None:
    """Follow the money alone, through every draft and amendment."""
    budget, costs = 0, dict[str, int]()
    in_force = (budget, costs)
    for fact in facts:
        match fact:
            case AccountPlanDrafted() | AccountPlanBudgetChanged():
                budget = fact.budget.minor
            case AccountPlanActionSet():
                costs = {**costs, fact.action.action_id: fact.action.budget.minor}
            case AccountPlanActionDropped():
                costs = {name: cost for name, cost in costs.items() if name != fact.action_id}
            case AccountPlanApproved():
                in_force = (budget, costs)
            case AccountPlanAmendmentDiscarded() | AccountPlanClosed():
                budget, costs = in_force
        assert sum(costs.values()) <= budget


TestPlanLives = PlanLives.TestCase
TestPlanLives.settings = settings(
    max_examples=100, stateful_step_count=40, deadline=None, derandomize=True
)
