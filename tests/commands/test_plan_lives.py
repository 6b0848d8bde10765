"""Whatever is asked of two plans of one year in whatever order, some things never happen."""

from typing import Any, Final

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from aggregates.refusals import Refusal
from commands.planning.account_plan import (
    ActivateAccountPlan,
    AmendAccountPlan,
    CloseAccountPlan,
    DiscardPlanAmendment,
    WithdrawAccountPlan,
)
from commands.planning.plan_content import (
    ChangePlanBudget,
    DropPlanAction,
    SetPlanObjective,
)
from commands.work.approval import DelegateApproval
from events.event import Event
from events.planning.account_plan import (
    AccountPlanActivated,
    AccountPlanAmendmentDiscarded,
    AccountPlanAmendmentDrafted,
    AccountPlanApproved,
    AccountPlanClosed,
    AccountPlanDrafted,
    AccountPlanReturned,
    AccountPlanSubmitted,
    AccountPlanWithdrawn,
)
from events.planning.plan_content import (
    AccountPlanActionDropped,
    AccountPlanActionSet,
    AccountPlanBudgetChanged,
    PlanContentEvent,
)
from events.work.approval import (
    ApprovalDecided,
    ApprovalGranted,
    ApprovalRefused,
    ApprovalRequested,
    ApprovalVoided,
)
from tests.commands.planners import action, draft, planners, submit, whole, yes
from tests.examples.cast import ANN, BEA, CARL, NOON, usd

PLANS: Final = st.sampled_from(["p1", "p2"])
WHO: Final = st.sampled_from(["ann", "ann-again", "bea", "carl", "program"])
PERSONS: Final = {"ann": ANN, "ann-again": ANN, "bea": BEA, "carl": CARL}
PEOPLE: Final = st.sampled_from([ANN, BEA, CARL])
STARTS: Final = st.sampled_from([3, 2, 1, 0])
ENDS: Final = (AccountPlanApproved, AccountPlanReturned, AccountPlanWithdrawn)
"""What ends the waiting of a plan."""
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
        """Who drafted, wrote or submitted what is worked on; a program drafts for its owner."""
        self.approvals: list[str] = []
        self.looked_at: dict[str, str] = {}

    def ask(self, command: Any, who: str) -> None:
        try:
            self.office.ask(command, key_id=who)
        except Refusal:
            return
        for plan, seen in self.facts.items():
            self.facts[plan] = self.office.facts(f"account_plan-{plan}")
            for fact in self.facts[plan][len(seen) :]:
                self.judge(plan, fact, who)

    def judge(self, plan: str, fact: Event, who: str) -> None:
        """What must hold of ``fact`` when it follows what was recorded before."""
        match fact:
            case AccountPlanDrafted() | AccountPlanAmendmentDrafted():
                self.hands[plan] = {PERSONS.get(who, ANN)}
            case AccountPlanSubmitted():
                self.hands[plan].add(PERSONS.get(who, ANN))
            case AccountPlanApproved():
                self.judge_approval(plan, fact)
            case AccountPlanActivated():
                assert any(isinstance(one, AccountPlanApproved) for one in self.facts[plan])
            case _ if isinstance(fact, PlanContentEvent) and who in PERSONS:
                self.hands[plan].add(PERSONS[who])

    def judge_approval(self, plan: str, fact: AccountPlanApproved) -> None:
        before = self.facts[plan][: self.facts[plan].index(fact)]
        *_, asked = [one for one in before if isinstance(one, AccountPlanSubmitted)]
        since = before[before.index(asked) :]
        assert not [one for one in since if isinstance(one, PlanContentEvent)]
        request, *said, granted = self.office.facts(f"approval-{fact.approval_id}")
        assert isinstance(request, ApprovalRequested)
        assert isinstance(granted, ApprovalGranted)
        assert fact.approval_id == asked.approval_id
        assert fact.content_sha256 == asked.content_sha256 == request.content_sha256
        (decided,) = [one for one in said if isinstance(one, ApprovalDecided)]
        assert self.hands[plan].isdisjoint({decided.employee_id, decided.on_behalf_of})

    @initialize(started=st.tuples(STARTS, STARTS), author=WHO, editor=WHO, submitter=WHO)
    def start(self, started: tuple[int, int], author: str, editor: str, submitter: str) -> None:
        """Some plans are whole, submitted or approved from the beginning."""
        for plan, steps in zip(("p1", "p2"), started, strict=True):
            if steps >= 1:
                self.make_whole(plan, author)
                self.set_action(plan, editor, "a", usd(1))
            if steps >= 2:
                self.submit(plan, submitter)
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
        self.approvals.append(f"a{len(self.approvals)}")
        named = {} if who in PERSONS else {"requester_id": ANN}
        self.ask(submit(plan, self.approvals[-1], **named), who)

    @rule(plan=PLANS, who=WHO)
    def submit_under_an_id_that_was_used(self, plan: str, who: str) -> None:
        if self.approvals:
            self.ask(submit(plan, self.approvals[0]), who)

    @rule(plan=PLANS, who=WHO)
    def look_at_what_is_submitted(self, plan: str, who: str) -> None:
        asked = [one for one in self.facts[plan] if isinstance(one, AccountPlanSubmitted)]
        if asked:
            self.looked_at[who] = str(asked[-1].approval_id)

    @rule(plan=PLANS, who=WHO, for_=st.sampled_from([None, ANN, BEA, CARL]))
    def approve_what_was_looked_at(self, plan: str, who: str, for_: str | None = None) -> None:
        self.ask(yes(self.looked_at.get(who, "none"), on_behalf_of=for_), who)

    @rule(plan=PLANS, who=WHO)
    def approve(self, plan: str, who: str) -> None:
        self.look_at_what_is_submitted(plan, who)
        self.approve_what_was_looked_at(plan, who)

    @rule(plan=PLANS, who=WHO, to=PEOPLE)
    def delegate(self, plan: str, who: str, to: str) -> None:
        self.look_at_what_is_submitted(plan, who)
        command = DelegateApproval(
            approval_id=self.looked_at.get(who, "none"),
            to_employee_id=to,
            from_day=NOON.date(),
            until_day=NOON.date(),
        )
        self.ask(command, who)

    @rule(plan=PLANS, who=WHO, decision=st.sampled_from(["rejected", "sent_back"]))
    def refuse(self, plan: str, who: str, decision: str) -> None:
        self.look_at_what_is_submitted(plan, who)
        self.ask(yes(self.looked_at.get(who, "none"), decision=decision), who)

    @rule(plan=PLANS, who=WHO)
    def withdraw(self, plan: str, who: str) -> None:
        self.ask(WithdrawAccountPlan(plan_id=plan), who)

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
    def what_waits_for_approval_is_what_is_submitted(self) -> None:
        """An approval is open just as long as its plan is submitted for it."""
        waiting = set()
        for facts in self.facts.values():
            asked = [one for one in facts if isinstance(one, AccountPlanSubmitted)]
            if asked and not any(isinstance(one, ENDS) for one in facts[facts.index(asked[-1]) :]):
                waiting.add(asked[-1].approval_id)
        opened = {
            name
            for name in self.approvals
            if (facts := self.office.facts(f"approval-{name}"))
            and not isinstance(facts[-1], ApprovalGranted | ApprovalRefused | ApprovalVoided)
        }
        assert opened == waiting

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
