"""Whatever is asked of an approval, in whatever order: what must never happen does not."""

from datetime import date, timedelta
from typing import Any, Final

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from aggregates.refusals import Refusal
from aggregates.work.approval import decide
from aggregates.work.request import APPROVAL, Approval, existing, void
from aggregates.work.seats import Person
from aggregates.work.stand_ins import delegate, escalate, replace_approver
from events.work.approval import ApprovalDecided, ApprovalEvent, ApprovalGranted
from tests.examples.approvals import EVE, FAY, FIRST, REQUESTED, SECOND
from tests.examples.cast import ANN, BEA, CARL, DORA

MONDAY: Final = date(2026, 3, 2)
PEOPLE: Final = st.sampled_from([ANN, BEA, CARL, DORA, EVE, FAY])
PERSONS: Final = st.sampled_from(
    [
        *(Person(one, "emea", ("sales_manager",)) for one in (ANN, BEA, DORA, FAY)),
        Person(BEA, "world", ("sales_manager",)),
        Person(CARL, "world", ("sales_manager",)),
        Person(EVE, "world", ("sales_rep",)),
    ]
)
"""Most could decide a step: what is to hold has to be tried."""
STEPS: Final = st.integers(min_value=1, max_value=2)
DAYS: Final = st.integers(min_value=-2, max_value=12).map(lambda days: MONDAY + timedelta(days))
SAME: Final = REQUESTED.content_sha256


class Approving(RuleBasedStateMachine):
    """One request with two steps, the first of which two persons have to decide."""

    def __init__(self) -> None:
        super().__init__()
        first = FIRST.model_copy(update={"mode": "quorum", "quorum": 2})
        self.requested = REQUESTED.model_copy(update={"steps": (first, SECOND)})
        self.facts: list[ApprovalEvent] = [self.requested]

    def attempt(self, verb: Any, **arguments: Any) -> None:
        state: Approval = APPROVAL.fold(self.facts)
        try:
            self.facts += verb(state, **arguments)
        except Refusal:
            assert APPROVAL.fold(self.facts) == state

    @rule(
        ahead=st.sampled_from([0, 0, 0, 1, -1]),
        by=PERSONS,
        for_=st.none() | PERSONS,
        decision=st.sampled_from([*["approved"] * 7, "rejected"]),
        content=st.sampled_from([*[SAME] * 7, "00" * 32]),
        on=DAYS,
    )
    def decides(
        self,
        *,
        ahead: int,
        by: Person,
        for_: Person | None,
        decision: str,
        content: str,
        on: date,
    ) -> None:
        """Mostly the step that waits; the hash alone has to hold what is not voided."""
        before = len(self.facts)
        self.attempt(
            decide,
            step=existing(APPROVAL.fold(self.facts)).step + ahead,
            decision=decision,
            by=by.employee_id,
            on_behalf_of=for_ and for_.employee_id,
            approver=for_ or by,
            comment=None,
            content_sha256=content,
            on=on,
        )
        assert content == SAME or len(self.facts) == before

    @rule(giver=PERSONS, to=PEOPLE, from_day=DAYS, until_day=DAYS)
    def delegates(self, giver: Person, to: str, from_day: date, until_day: date) -> None:
        days = {"from_day": from_day, "until_day": until_day, "today": MONDAY}
        self.attempt(delegate, approver=giver, to=to, **days)

    @rule(step=STEPS, person=PEOPLE)
    def replaces(self, step: int, person: str) -> None:
        self.attempt(replace_approver, step=step, place=1, employee_id=person, reason="x")

    @rule(step=STEPS, today=DAYS)
    def escalates(self, step: int, today: date) -> None:
        self.attempt(escalate, step=step, today=today)

    @precondition(lambda self: len(self.facts) > 7)
    @rule()
    def voids(self) -> None:
        self.attempt(void, reason="x")

    @invariant()
    def nobody_decides_their_own_and_nobody_twice(self) -> None:
        decided = [fact for fact in self.facts if isinstance(fact, ApprovalDecided)]
        people = [{fact.employee_id, fact.on_behalf_of or fact.employee_id} for fact in decided]
        voices = [person for each in people for person in each]
        assert {ANN, DORA}.isdisjoint(voices)
        assert len(voices) == len(set(voices))

    @invariant()
    def nothing_is_granted_without_its_steps(self) -> None:
        for place, fact in enumerate(self.facts):
            if isinstance(fact, ApprovalGranted):
                before = existing(APPROVAL.fold(self.facts[:place]))
                assert before.step == len(self.requested.steps) + 1
                assert all(found.decision == "approved" for found in before.decisions)
                assert len({found.employee_id for found in before.decisions}) >= 2

    @invariant()
    def an_end_is_an_end(self) -> None:
        ends = [name for name in (fact.NAME for fact in self.facts) if name in _ENDS]
        assert ends in ([], *([end] for end in _ENDS), ["approval.granted", "approval.voided"])


_ENDS: Final = ("approval.granted", "approval.refused", "approval.voided")

Approving.TestCase.settings = settings(
    max_examples=300, stateful_step_count=25, deadline=None, derandomize=True, database=None
)
TestApproving = Approving.TestCase
