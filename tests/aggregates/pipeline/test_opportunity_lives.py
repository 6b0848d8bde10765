"""Whatever is asked of an opportunity in whatever order, some things never happen."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from aggregates.pipeline import opportunity
from aggregates.pipeline.opportunity import OPPORTUNITY
from aggregates.refusals import Refusal
from events.pipeline.opportunity import (
    OpportunityAdvanced,
    OpportunityEvent,
    OpportunityLost,
    OpportunityOpened,
    OpportunityReopened,
    OpportunityWon,
)
from events.policies.sales_process import SalesProcess
from events.values import Money
from tests.examples.cast import ANN, BEA, process
from tests.examples.histories import FOUND

STAGES = ("prospecting", "engaging", "offered", "signed", "dreaming")
AMOUNTS = st.none() | st.builds(
    Money, minor=st.integers(-5, 5), currency=st.sampled_from(["USD", "EUR"])
)
PROCESSES = st.builds(
    lambda stages, may_skip, reasons: process(*stages, may_skip=may_skip, reasons=reasons),
    st.lists(st.sampled_from(STAGES[:-1]), min_size=1, unique=True),
    st.booleans(),
    st.sampled_from(["price", "price timing"]),
)


class OpportunityLives(RuleBasedStateMachine):
    """Asks anything of one opportunity, under a sales process that changes now and then.

    What is recorded is judged from the facts alone, by words that share no code with the rules.
    """

    def __init__(self) -> None:
        super().__init__()
        self.process = process("prospecting")
        self.facts: list[OpportunityEvent] = []
        self.state: Any = OPPORTUNITY.initial

    def ask(self, verb: Any, **arguments: Any) -> None:
        try:
            facts = verb(self.state, **arguments)
        except Refusal:
            return
        for fact in facts:
            self.judge(fact)
            self.facts.append(fact)
        self.state = OPPORTUNITY.fold(facts, self.state)
        assert verb(self.state, **arguments) == ()

    def judge(self, fact: OpportunityEvent) -> None:
        """What must hold of ``fact`` when it follows what is recorded so far."""
        stages = [stage.stage_id for stage in self.process.stages]
        match fact:
            case OpportunityOpened():
                assert self.facts == []
                assert self.process.may_skip or fact.stage == stages[0]
            case OpportunityReopened():
                assert self.closed
            case _:
                assert self.facts
                assert not self.closed
        if isinstance(fact, OpportunityAdvanced):
            assert fact.from_stage == self.stage
            before = stages.index(self.stage) if self.stage in stages else -1
            assert fact.to_stage in stages[before + 1 :]
            assert self.process.may_skip or fact.to_stage == stages[before + 1]
            assert fact.engaged == self.process.stages[stages.index(fact.to_stage)].engaged
        if isinstance(fact, OpportunityWon):
            assert fact.amount.minor >= 0
            assert self.process.may_skip or self.stage == stages[-1]
        if isinstance(fact, OpportunityLost):
            assert fact.reason in self.process.loss_reasons

    @property
    def closed(self) -> bool:
        """Whether the last ending was not followed by a reopening."""
        lives = [
            fact
            for fact in self.facts
            if isinstance(fact, OpportunityWon | OpportunityLost | OpportunityReopened)
        ]
        return bool(lives) and not isinstance(lives[-1], OpportunityReopened)

    @property
    def stage(self) -> str:
        """The last stage that was reached."""
        reached = ""
        for fact in self.facts:
            if isinstance(fact, OpportunityOpened):
                reached = fact.stage
            elif isinstance(fact, OpportunityAdvanced):
                reached = fact.to_stage
        return reached

    @initialize(found=PROCESSES)
    def begin(self, found: SalesProcess) -> None:
        self.process = found

    @rule(found=PROCESSES)
    def change_the_process(self, found: SalesProcess) -> None:
        self.process = found

    @rule(stage=st.sampled_from(STAGES), amount=AMOUNTS)
    def open(self, stage: str, amount: Money | None) -> None:
        fact = FOUND.model_copy(update={"stage": stage, "amount": amount})
        self.ask(opportunity.open_opportunity, fact=fact, process=self.process)

    @rule(stage=st.sampled_from(STAGES))
    def advance(self, stage: str) -> None:
        self.ask(opportunity.advance, to_stage=stage, process=self.process)

    @rule(amount=AMOUNTS)
    def change_amount(self, amount: Money | None) -> None:
        if amount is not None:
            self.ask(opportunity.change_amount, amount=amount)

    @rule(owner=st.sampled_from([ANN, BEA]), region=st.sampled_from(["emea", "dach"]))
    def reassign(self, owner: str, region: str) -> None:
        self.ask(opportunity.reassign, owner_id=owner, region_id=region)

    @rule(amount=AMOUNTS)
    def win(self, amount: Money | None) -> None:
        self.ask(opportunity.win, amount=amount, process=self.process)

    @rule(reason=st.sampled_from(["price", "timing", "weather"]))
    def lose(self, reason: str) -> None:
        self.ask(opportunity.lose, reason=reason, process=self.process)

    @precondition(lambda self: self.closed)
    @rule()
    def reopen(self) -> None:
        self.ask(opportunity.reopen)

    @invariant()
    def the_state_is_the_fold_of_the_facts(self) -> None:
        assert OPPORTUNITY.fold(self.facts) == self.state

    @invariant()
    def one_currency_is_used_until_the_end(self) -> None:
        amounts = [amount for fact in self.facts if (amount := getattr(fact, "amount", None))]
        if amounts and not any(isinstance(fact, OpportunityWon) for fact in self.facts):
            assert len({amount.currency for amount in amounts}) == 1


TestOpportunityLives = OpportunityLives.TestCase
TestOpportunityLives.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, derandomize=True
)
