"""Opportunities: opened, advanced stage by stage, won or lost, perhaps reopened."""

from functools import partial
from typing import Any, Final

import pytest

from aggregates.pipeline.opportunity import (
    OPPORTUNITY,
    advance,
    change_amount,
    lose,
    open_opportunity,
    reassign,
    region_of,
    reopen,
    win,
)
from aggregates.refusals import Invalid, NotFound, WrongState
from events.event import Event
from events.pipeline.opportunity import (
    OpportunityAdvanced,
    OpportunityAmountChanged,
    OpportunityEvent,
    OpportunityLost,
    OpportunityReassigned,
    OpportunityWon,
)
from tests.examples.cast import ANN, BEA, LOOSE, STRICT, eur, process, usd
from tests.examples.histories import (
    ENGAGED,
    FOUND,
    HANDED_ON,
    LOST,
    OFFERED,
    REOPENED,
    REVALUED,
    WON,
)
from tests.given import given

UNPRICED: Final = FOUND.model_copy(update={"amount": None})
SHORT: Final = process("prospecting", "engaging")
OTHER: Final = process("discovery", "proof", "contract")
"""A process that has none of the usual stages."""


def advanced(before: str, after: str, *, engaged: bool) -> OpportunityAdvanced:
    return OpportunityAdvanced(
        opportunity_id="1C1I7A6R",
        account_id="acme",
        from_stage=before,
        to_stage=after,
        engaged=engaged,
    )


def won(minor: int) -> OpportunityWon:
    return WON.model_copy(update={"amount": usd(minor)})


# --- opening -------------------------------------------------------------------


def test_an_opportunity_is_opened_at_the_first_stage() -> None:
    given(OPPORTUNITY).when(open_opportunity, fact=FOUND, process=STRICT).then(FOUND)


def test_no_amount_need_be_expected() -> None:
    given(OPPORTUNITY).when(open_opportunity, fact=UNPRICED, process=STRICT).then(UNPRICED)


@pytest.mark.parametrize(
    "since", [(), (ENGAGED,), (HANDED_ON,), (LOST,), (LOST, REOPENED), (ENGAGED, OFFERED, WON)]
)
def test_opening_it_just_so_again_changes_nothing_whatever_came_after(
    since: tuple[Event, ...],
) -> None:
    given(OPPORTUNITY, FOUND, *since).when(open_opportunity, fact=FOUND, process=STRICT).then()


@pytest.mark.parametrize("since", [(), (LOST,)])
@pytest.mark.parametrize("other", [{"owner_id": BEA}, {"amount": None}, {"account_id": None}])
def test_a_taken_id_is_refused(since: tuple[Event, ...], other: dict[str, Any]) -> None:
    fact = FOUND.model_copy(update=other)
    given(OPPORTUNITY, FOUND, *since).when(
        open_opportunity, fact=fact, process=STRICT
    ).then_refused("opportunity-already-open", WrongState, field="opportunity_id")


def test_an_opportunity_does_not_begin_at_a_later_stage() -> None:
    fact = FOUND.model_copy(update={"stage": "engaging"})
    given(OPPORTUNITY).when(open_opportunity, fact=fact, process=STRICT).then_refused(
        "stage-skipped", Invalid, field="stage"
    )


def test_an_opportunity_begins_at_a_later_stage_where_the_process_says_so() -> None:
    fact = FOUND.model_copy(update={"stage": "offered"})
    given(OPPORTUNITY).when(open_opportunity, fact=fact, process=LOOSE).then(fact)


def test_an_opportunity_does_not_begin_at_a_stage_there_is_not() -> None:
    fact = FOUND.model_copy(update={"stage": "dreaming"})
    given(OPPORTUNITY).when(open_opportunity, fact=fact, process=LOOSE).then_refused(
        "unknown-stage", Invalid, field="stage"
    )


def test_an_opportunity_may_be_expected_to_bring_nothing() -> None:
    fact = FOUND.model_copy(update={"amount": usd(0)})
    given(OPPORTUNITY).when(open_opportunity, fact=fact, process=STRICT).then(fact)


def test_an_opportunity_is_not_expected_to_bring_less_than_nothing() -> None:
    fact = FOUND.model_copy(update={"amount": usd(-1)})
    given(OPPORTUNITY).when(open_opportunity, fact=fact, process=STRICT).then_refused(
        "negative-amount", Invalid, field="amount"
    )


# --- advancing -----------------------------------------------------------------


def test_an_opportunity_moves_on_to_the_next_stage() -> None:
    given(OPPORTUNITY, FOUND).when(advance, to_stage="engaging", process=STRICT).then(ENGAGED)


def test_no_stage_is_passed_over() -> None:
    given(OPPORTUNITY, FOUND).when(advance, to_stage="offered", process=STRICT).then_refused(
        "stage-skipped", Invalid, field="to_stage"
    )


def test_stages_are_passed_over_where_the_process_says_so() -> None:
    given(OPPORTUNITY, FOUND).when(advance, to_stage="offered", process=LOOSE).then(
        advanced("prospecting", "offered", engaged=True)
    )


@pytest.mark.parametrize("rules", [STRICT, LOOSE])
def test_an_opportunity_never_moves_back(rules: Any) -> None:
    given(OPPORTUNITY, FOUND, ENGAGED).when(
        advance, to_stage="prospecting", process=rules
    ).then_refused("stage-behind", Invalid, field="to_stage")


def test_the_stage_it_has_changes_nothing() -> None:
    given(OPPORTUNITY, FOUND, ENGAGED).when(advance, to_stage="engaging", process=STRICT).then()


def test_an_opportunity_does_not_move_to_a_stage_there_is_not() -> None:
    given(OPPORTUNITY, FOUND).when(advance, to_stage="dreaming", process=LOOSE).then_refused(
        "unknown-stage", Invalid, field="to_stage"
    )


def test_a_stage_the_process_has_lost_is_left_for_the_first() -> None:
    given(OPPORTUNITY, FOUND, ENGAGED).when(advance, to_stage="discovery", process=OTHER).then(
        advanced("engaging", "discovery", engaged=False)
    )


def test_a_stage_the_process_has_lost_is_no_way_to_skip_others() -> None:
    given(OPPORTUNITY, FOUND, ENGAGED).when(advance, to_stage="proof", process=OTHER).then_refused(
        "stage-skipped", Invalid, field="to_stage"
    )


# --- amount and owner ----------------------------------------------------------


def test_another_amount_is_expected() -> None:
    given(OPPORTUNITY, FOUND).when(change_amount, amount=usd(5_000_00)).then(REVALUED)


def test_a_first_amount_is_expected_in_any_currency() -> None:
    given(OPPORTUNITY, UNPRICED).when(change_amount, amount=eur(1_00)).then(
        OpportunityAmountChanged(opportunity_id="1C1I7A6R", account_id="acme", amount=eur(1_00))
    )


def test_the_amount_that_is_expected_changes_nothing() -> None:
    given(OPPORTUNITY, FOUND, REVALUED).when(change_amount, amount=usd(5_000_00)).then()


def test_an_amount_of_nothing_is_expected() -> None:
    given(OPPORTUNITY, FOUND).when(change_amount, amount=usd(0)).then(
        REVALUED.model_copy(update={"amount": usd(0)})
    )


def test_an_amount_below_nothing_is_refused() -> None:
    given(OPPORTUNITY, FOUND).when(change_amount, amount=usd(-1)).then_refused(
        "negative-amount", Invalid, field="amount"
    )


def test_an_amount_in_another_currency_is_refused() -> None:
    given(OPPORTUNITY, FOUND).when(change_amount, amount=eur(4_800_00)).then_refused(
        "other-currency", WrongState, field="amount"
    )


def test_another_employee_pursues_it_for_another_region() -> None:
    given(OPPORTUNITY, FOUND).when(reassign, owner_id=BEA, region_id="dach").then(HANDED_ON)


def test_the_same_employee_pursues_it_for_another_region() -> None:
    given(OPPORTUNITY, FOUND).when(reassign, owner_id=ANN, region_id="dach").then(
        OpportunityReassigned(
            opportunity_id="1C1I7A6R", account_id="acme", owner_id=ANN, region_id="dach"
        )
    )


def test_the_owner_and_region_it_has_change_nothing() -> None:
    given(OPPORTUNITY, FOUND).when(reassign, owner_id=ANN, region_id="emea").then()


# --- winning -------------------------------------------------------------------


def test_it_is_won_for_an_amount() -> None:
    given(OPPORTUNITY, FOUND, ENGAGED, OFFERED).when(
        win, amount=usd(5_054_00), process=STRICT
    ).then(WON)


def test_it_is_won_for_what_was_expected() -> None:
    given(OPPORTUNITY, FOUND, ENGAGED, OFFERED, REVALUED).when(
        win, amount=None, process=STRICT
    ).then(won(5_000_00))


def test_it_is_not_won_for_nobody_knows_what() -> None:
    given(OPPORTUNITY, UNPRICED, ENGAGED, OFFERED).when(
        win, amount=None, process=STRICT
    ).then_refused("amount-missing", WrongState, field="amount")


def test_it_is_won_for_an_amount_nobody_expected() -> None:
    given(OPPORTUNITY, UNPRICED, ENGAGED, OFFERED).when(win, amount=usd(1_00), process=STRICT).then(
        won(1_00)
    )


def test_it_may_be_won_for_nothing() -> None:
    given(OPPORTUNITY, FOUND, ENGAGED, OFFERED).when(win, amount=usd(0), process=STRICT).then(
        won(0)
    )


def test_it_is_not_won_for_less_than_nothing() -> None:
    given(OPPORTUNITY, FOUND, ENGAGED, OFFERED).when(
        win, amount=usd(-1), process=STRICT
    ).then_refused("negative-amount", Invalid, field="amount")


def test_it_is_not_won_in_another_currency() -> None:
    given(OPPORTUNITY, FOUND, ENGAGED, OFFERED).when(
        win, amount=eur(5_054_00), process=STRICT
    ).then_refused("other-currency", WrongState, field="amount")


def test_it_is_not_won_before_the_last_stage() -> None:
    given(OPPORTUNITY, FOUND, ENGAGED).when(win, amount=usd(5_054_00), process=STRICT).then_refused(
        "stage-skipped", Invalid
    )


def test_it_is_won_before_the_last_stage_where_the_process_says_so() -> None:
    given(OPPORTUNITY, FOUND).when(win, amount=usd(5_054_00), process=LOOSE).then(WON)


def test_the_last_stage_is_the_one_of_the_process_in_force() -> None:
    given(OPPORTUNITY, FOUND, ENGAGED).when(win, amount=usd(5_054_00), process=SHORT).then(WON)


@pytest.mark.parametrize("amount", [usd(5_054_00), None])
def test_what_is_won_is_not_won_again(amount: Any) -> None:
    given(OPPORTUNITY, FOUND, WON).when(win, amount=amount, process=STRICT).then()


def test_what_is_won_is_not_won_for_another_amount() -> None:
    given(OPPORTUNITY, FOUND, WON).when(win, amount=usd(5_054_01), process=STRICT).then_refused(
        "opportunity-closed", WrongState, field="opportunity_id"
    )


# --- losing and reopening ------------------------------------------------------


def test_it_is_lost_for_a_reason_the_process_knows() -> None:
    given(OPPORTUNITY, FOUND).when(lose, reason="price", process=STRICT).then(LOST)


def test_it_is_not_lost_for_a_reason_the_process_does_not_know() -> None:
    given(OPPORTUNITY, FOUND).when(lose, reason="weather", process=STRICT).then_refused(
        "unknown-reason", Invalid, field="reason"
    )


def test_what_is_lost_for_a_reason_is_not_lost_for_it_again() -> None:
    given(OPPORTUNITY, FOUND, LOST).when(lose, reason="price", process=STRICT).then()


def test_what_is_lost_is_not_lost_for_another_reason() -> None:
    given(OPPORTUNITY, FOUND, LOST).when(lose, reason="timing", process=STRICT).then_refused(
        "opportunity-closed", WrongState, field="opportunity_id"
    )


@pytest.mark.parametrize("end", [LOST, WON])
def test_what_is_closed_is_reopened(end: Event) -> None:
    given(OPPORTUNITY, FOUND, end).when(reopen).then(REOPENED)


def test_it_is_reopened_at_the_stage_and_with_the_owner_it_had() -> None:
    before = (FOUND, ENGAGED, REVALUED, HANDED_ON)
    assert OPPORTUNITY.fold([*before, WON, REOPENED]) == OPPORTUNITY.fold(before)


def test_what_is_open_is_not_reopened() -> None:
    given(OPPORTUNITY, FOUND).when(reopen).then()


def test_what_was_reopened_is_lost_again() -> None:
    given(OPPORTUNITY, FOUND, LOST, REOPENED).when(lose, reason="timing", process=STRICT).then(
        OpportunityLost(opportunity_id="1C1I7A6R", account_id="acme", reason="timing")
    )


# --- what is closed, what is not there -----------------------------------------

MOVES: Final[dict[str, Any]] = {
    "advance": partial(advance, to_stage="engaging", process=STRICT),
    "change_amount": partial(change_amount, amount=usd(1_00)),
    "reassign": partial(reassign, owner_id=BEA, region_id="dach"),
}
ENDS: Final[dict[str, Any]] = {
    "win": partial(win, amount=usd(5_054_00), process=STRICT),
    "lose": partial(lose, reason="price", process=STRICT),
}


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("end", [WON, LOST])
def test_what_is_closed_does_not_move(move: str, end: Event) -> None:
    given(OPPORTUNITY, FOUND, end).when(MOVES[move]).then_refused(
        "opportunity-closed", WrongState, field="opportunity_id"
    )


@pytest.mark.parametrize(("end", "ending"), [("win", LOST), ("lose", WON)])
def test_what_is_closed_does_not_end_otherwise(end: str, ending: Event) -> None:
    given(OPPORTUNITY, FOUND, ENGAGED, OFFERED, ending).when(ENDS[end]).then_refused(
        "opportunity-closed", WrongState, field="opportunity_id"
    )


@pytest.mark.parametrize("act", [*MOVES, *ENDS, "reopen"])
def test_nothing_is_done_with_what_nobody_opened(act: str) -> None:
    given(OPPORTUNITY).when({**MOVES, **ENDS, "reopen": reopen}[act]).then_refused(
        "unknown-opportunity", NotFound, field="opportunity_id"
    )


@pytest.mark.parametrize(
    ("since", "region"), [((), "emea"), ((HANDED_ON,), "dach"), ((HANDED_ON, LOST), "dach")]
)
def test_it_follows_the_process_of_the_region_it_is_pursued_for(
    since: tuple[OpportunityEvent, ...], region: str
) -> None:
    assert region_of(OPPORTUNITY.fold([FOUND, *since])) == region


def test_who_skips_a_stage_is_told_which_comes_next() -> None:
    pursued = OPPORTUNITY.fold([FOUND])
    with pytest.raises(Invalid, match="the next stage is engaging"):
        advance(pursued, to_stage="offered", process=STRICT)
    with pytest.raises(Invalid, match="an opportunity begins at prospecting"):
        open_opportunity(
            OPPORTUNITY.initial,
            fact=FOUND.model_copy(update={"stage": "offered"}),
            process=STRICT,
        )
    with pytest.raises(Invalid, match="only at the stage offered can it be won"):
        win(pursued, amount=None, process=STRICT)
