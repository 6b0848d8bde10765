"""What interactions need from elsewhere: an account, its contacts, our people."""

from datetime import date, timedelta
from typing import Any, Final

import pytest

from aggregates.refusals import Invalid, NotFound, Refusal, WrongState
from commands.accounts.account import RegisterAccount
from commands.accounts.contact import (
    EraseContact,
    MergeContact,
    RecordContactLeft,
    RegisterContact,
)
from commands.accounts.interaction import (
    CompleteFollowUp,
    CorrectInteraction,
    LogInteraction,
    PromisedFollowUp,
    ReassignFollowUp,
    WithdrawInteraction,
)
from commands.command import Command
from commands.organization.employee import RecordEmployeeLeft
from commands.policies.depth import ActivateDepthPolicy, DraftDepthPolicy
from events.accounts.interaction import InteractionLogged
from events.policies.depth import EffectiveKind
from tests.commands.company import company
from tests.commands.office import Office
from tests.examples.cast import ANN, BEA, CARL, DORA, NOON, UMA, VIC, XIA
from tests.examples.histories import DEPTH

NONE: Final = "99999999-9999-4999-8999-999999999999"
STREAM: Final = "interaction-v1"


def met(contact: str, account: str = "acme") -> RegisterContact:
    return RegisterContact(contact_id=contact, account_id=account, name="Somebody")


def promised(owner: str) -> tuple[PromisedFollowUp, ...]:
    return (
        PromisedFollowUp(
            follow_up_id="f1", text="Send it", owner_id=owner, due_on=date(2026, 3, 9)
        ),
    )


LOG: Final = LogInteraction(
    interaction_id="v1",
    account_id="acme",
    kind="call",
    subject="Prices",
    employee_ids=(ANN,),
    contact_ids=(UMA,),
    follow_ups=promised(ANN),
)
CORRECT: Final = CorrectInteraction(
    interaction_id="v1",
    kind="call",
    subject="Prices and terms",
    employee_ids=(ANN,),
    contact_ids=(UMA,),
    follow_ups=promised(ANN),
    reason="Terms were left out",
)
PEOPLE: Final = (
    RegisterAccount(account_id="zenith", name="Zenith"),
    met(UMA),
    met(VIC),
    met(XIA, "zenith"),
)


def at_work(*more: Command) -> Office:
    office = company(*PEOPLE)
    office.ask_all(*more)
    return office


def refusal(office: Office, command: Command) -> Refusal:
    with pytest.raises(Refusal) as refused:
        office.ask(command)
    return refused.value


@pytest.mark.parametrize(
    ("fields", "rule", "kind", "field"),
    [
        ({"account_id": "none"}, "unknown-account", NotFound, "account_id"),
        ({"employee_ids": (NONE,)}, "unknown-employee", NotFound, "employee_ids"),
        ({"contact_ids": (NONE,)}, "unknown-contact", NotFound, "contact_ids"),
        ({"contact_ids": (XIA,)}, "contact-of-another-account", Invalid, "contact_ids"),
        ({"follow_ups": promised(DORA)}, "employee-not-active", WrongState, "follow_ups"),
    ],
)
def test_what_it_names_exists(
    fields: dict[str, Any], rule: str, kind: type[Refusal], field: str
) -> None:
    refused = refusal(at_work(), LOG.model_copy(update=fields))
    assert (refused.rule, type(refused), refused.field) == (rule, kind, field)


def test_who_took_part_may_have_left_since() -> None:
    """History is told as it was."""
    office = at_work(RecordContactLeft(contact_id=UMA))
    assert office.ask(LOG.model_copy(update={"employee_ids": (DORA,)})).version == 1


def test_a_person_who_was_erased_is_not_named() -> None:
    office = at_work(RecordContactLeft(contact_id=UMA), EraseContact(contact_id=UMA))
    assert refusal(office, LOG).rule == "contact-erased"


def test_who_answers_for_a_merged_contact_took_part() -> None:
    office = at_work(MergeContact(contact_id=UMA, into_id=VIC), LOG)
    (fact,) = office.facts(STREAM)
    assert isinstance(fact, InteractionLogged)
    assert fact.contact_ids == (VIC,)


def test_an_interaction_is_corrected_and_both_facts_stay() -> None:
    """KAM-18: nothing is edited; what was told before is still there."""
    office = at_work(LOG, CORRECT)
    assert [fact.NAME for fact in office.facts(STREAM)] == [
        "interaction.logged",
        "interaction.corrected",
    ]


def test_a_correction_does_not_lie_in_the_future() -> None:
    later = CORRECT.model_copy(update={"took_place_at": NOON + timedelta(microseconds=1)})
    refused = refusal(at_work(LOG), later)
    assert (refused.rule, refused.field) == ("occurred-in-the-future", "took_place_at")
    assert at_work(LOG).ask(CORRECT.model_copy(update={"took_place_at": NOON})).version == 2


def test_a_correction_keeps_an_owner_who_has_left_and_takes_no_new_one() -> None:
    office = at_work(LOG, RecordEmployeeLeft(employee_id=ANN), CORRECT)
    assert len(office.facts(STREAM)) == 2
    again = CORRECT.model_copy(update={"follow_ups": promised(DORA)})
    assert refusal(office, again).rule == "employee-not-active"


def test_a_follow_up_is_given_to_who_works_here_and_done() -> None:
    office = at_work(LOG, ReassignFollowUp(interaction_id="v1", follow_up_id="f1", owner_id=BEA))
    away = ReassignFollowUp(interaction_id="v1", follow_up_id="f1", owner_id=DORA)
    assert refusal(office, away).rule == "employee-not-active"
    done = CompleteFollowUp(interaction_id="v1", follow_up_id="f1")
    assert office.ask(done).version == 3
    to_carl = ReassignFollowUp(interaction_id="v1", follow_up_id="f1", owner_id=CARL)
    assert refusal(office, to_carl).rule == "follow-up-done"


def test_what_was_withdrawn_is_not_corrected() -> None:
    office = at_work(LOG, WithdrawInteraction(interaction_id="v1", reason="Never took place"))
    assert refusal(office, CORRECT).rule == "interaction-withdrawn"


def test_a_region_counts_nothing_as_effective_that_the_nearest_above_does_not() -> None:
    strict = DEPTH.model_copy(
        update={"effective": (EffectiveKind(kind="call", minutes_min=60, rating_min=None),)}
    )
    day = date(2026, 1, 1)
    office = at_work(
        DraftDepthPolicy(region_id="world", document=strict),
        ActivateDepthPolicy(region_id="world", version=1, effective_on=day),
        DraftDepthPolicy(region_id="dach", document=DEPTH),
    )
    below = ActivateDepthPolicy(region_id="dach", version=1, effective_on=day)
    assert refusal(office, below).rule == "weaker-than-parent"
    office.ask(DraftDepthPolicy(region_id="dach", document=strict))
    assert office.ask(below.model_copy(update={"version": 2})).version == 3


def test_a_region_that_is_not_there_has_no_policy() -> None:
    refused = refusal(at_work(), DraftDepthPolicy(region_id="none", document=DEPTH))
    assert (refused.rule, refused.field) == ("unknown-region", "region_id")
