"""Contacts: known, judged, moved about, in the end forgotten."""

from dataclasses import replace
from functools import partial
from typing import Any, Final

import pytest

from aggregates.accounts.contact import (
    CONTACT,
    Forgotten,
    Registered,
    Unregistered,
    assess,
    change_details,
    change_reports_to,
    change_role,
    register,
)
from aggregates.accounts.leaving import erase, leave, move
from aggregates.refusals import Invalid, NotFound, WrongState
from events.accounts.contact import (
    ContactAssessed,
    ContactMoved,
    ContactReportsToChanged,
    ContactRoleChanged,
)
from events.event import Event
from tests.examples.cast import UMA, VIC, WIM
from tests.examples.histories import (
    CHANGED_SIDES,
    DECIDES,
    FORGOTTEN,
    JUDGED,
    MERGED,
    MET,
    QUIT,
    RENAMED,
    SUBORDINATE,
)
from tests.given import given

AT_ACME: Final = Registered("acme")

role = partial(change_role, contact_id=UMA)
judge = partial(assess, contact_id=UMA)
report = partial(change_reports_to, contact_id=UMA, reports_to=VIC, superior=AT_ACME, above=(VIC,))
VERBS: Final[dict[str, Any]] = {
    "details": partial(change_details, fact=RENAMED),
    "role": partial(role, role="champion"),
    "assess": partial(judge, influence=1, sentiment=1),
    "reports_to": report,
    "leave": partial(leave, contact_id=UMA),
    "move": partial(move, contact_id=UMA, account_id="zenith"),
}
every_verb = pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)


def test_a_person_is_registered() -> None:
    given(CONTACT).when(register, fact=MET).then(MET)


def test_who_is_registered_at_the_account_is_so_whatever_they_are_called() -> None:
    other = MET.model_copy(update={"name": "Uma Unger"})
    given(CONTACT, MET).when(register, fact=other).then()


def test_a_taken_id_is_refused() -> None:
    other = MET.model_copy(update={"account_id": "zenith"})
    given(CONTACT, MET).when(register, fact=other).then_refused(
        "contact-already-registered", WrongState, field="contact_id"
    )


def test_who_was_erased_is_not_registered_again() -> None:
    given(CONTACT, MET, FORGOTTEN).when(register, fact=MET).then_refused(
        "contact-erased", WrongState, field="contact_id"
    )


@every_verb
def test_nothing_is_done_to_a_contact_who_is_not_known(verb: Any) -> None:
    given(CONTACT).when(verb).then_refused("unknown-contact", NotFound, field="contact_id")


@every_verb
def test_nothing_is_done_to_a_contact_who_was_erased(verb: Any) -> None:
    given(CONTACT, MET, FORGOTTEN).when(verb).then_refused(
        "contact-erased", WrongState, field="contact_id"
    )


@every_verb
def test_nothing_is_done_to_a_contact_another_one_answers_for(verb: Any) -> None:
    given(CONTACT, MET, MERGED).when(verb).then_refused(
        "contact-merged", WrongState, field="contact_id"
    )


@pytest.mark.parametrize("name", ["details", "role", "assess", "reports_to"])
def test_who_has_left_is_not_judged_there(name: str) -> None:
    given(CONTACT, MET, QUIT).when(VERBS[name]).then_refused(
        "contact-left", WrongState, field="contact_id"
    )


def test_details_change_as_often_as_somebody_says_so() -> None:
    """What was known is sealed, so that nobody can tell whether it is the same."""
    assert change_details(AT_ACME, fact=RENAMED) == (RENAMED,)
    assert CONTACT.evolve(AT_ACME, RENAMED) == AT_ACME


def test_a_contact_is_given_a_role_and_none() -> None:
    given(CONTACT, MET).when(role, role="decision_maker").then(DECIDES)
    given(CONTACT, MET, DECIDES).when(role, role="decision_maker").then()
    given(CONTACT, MET, DECIDES).when(role, role=None).then(
        ContactRoleChanged(contact_id=UMA, account_id="acme", role=None)
    )


def test_a_contact_is_judged_and_judged_anew() -> None:
    given(CONTACT, MET).when(judge, influence=4, sentiment=2).then(JUDGED)
    given(CONTACT, MET, JUDGED).when(judge, influence=4, sentiment=2).then()
    given(CONTACT, MET, JUDGED).when(judge, influence=None, sentiment=5).then(
        ContactAssessed(contact_id=UMA, account_id="acme", influence=None, sentiment=5)
    )


@pytest.mark.parametrize("value", [0, 6])
@pytest.mark.parametrize("field", ["influence", "sentiment"])
def test_a_judgement_is_1_to_5(field: str, value: int) -> None:
    told = JUDGED.model_dump()
    for inside in (1, 5):
        ContactAssessed.model_validate(told | {field: inside})
    with pytest.raises(ValueError, match=field):
        ContactAssessed.model_validate(told | {field: value})


def test_a_contact_reports_to_another_and_to_nobody() -> None:
    given(CONTACT, MET).when(report).then(SUBORDINATE)
    given(CONTACT, MET, SUBORDINATE).when(report).then()
    given(CONTACT, MET, SUBORDINATE).when(
        change_reports_to, contact_id=UMA, reports_to=None, superior=None, above=()
    ).then(ContactReportsToChanged(contact_id=UMA, account_id="acme", reports_to=None))


@pytest.mark.parametrize("above", [(VIC, UMA), (VIC, WIM, UMA)])
def test_nobody_reports_to_who_reports_to_them(above: tuple[str, ...]) -> None:
    """KAM-05: cycles are refused."""
    given(CONTACT, MET).when(report, above=above).then_refused(
        "contact-cycle", Invalid, field="reports_to"
    )


def test_nobody_reports_to_themselves() -> None:
    given(CONTACT, MET).when(report, reports_to=UMA, above=(UMA,)).then_refused(
        "contact-cycle", Invalid, field="reports_to"
    )


@pytest.mark.parametrize(
    ("superior", "rule", "kind"),
    [
        (replace(AT_ACME, account_id="zenith"), "other-account", Invalid),
        (replace(AT_ACME, left=True), "contact-left", WrongState),
        (Forgotten(), "contact-erased", WrongState),
        (Unregistered(), "unknown-contact", NotFound),
    ],
)
def test_a_superior_works_for_the_same_customer(superior: Any, rule: str, kind: Any) -> None:
    given(CONTACT, MET).when(report, superior=superior).then_refused(rule, kind, field="reports_to")


def test_a_contact_leaves_once() -> None:
    given(CONTACT, MET).when(leave, contact_id=UMA).then(QUIT)
    given(CONTACT, MET, QUIT).when(leave, contact_id=UMA).then()


@pytest.mark.parametrize("before", [(), (QUIT,)])
def test_a_contact_works_for_another_customer_also_after_a_pause(
    before: tuple[Event, ...],
) -> None:
    given(CONTACT, MET, *before).when(VERBS["move"]).then(CHANGED_SIDES)


def test_who_works_there_does_not_move_there_but_who_has_left_comes_back() -> None:
    given(CONTACT, MET).when(move, contact_id=UMA, account_id="acme").then()
    given(CONTACT, MET, QUIT).when(move, contact_id=UMA, account_id="acme").then(
        ContactMoved(contact_id=UMA, account_id="acme", from_account_id="acme")
    )


def test_role_influence_and_superior_stay_behind_and_the_sentiment_does_not() -> None:
    moved = CONTACT.fold((MET, DECIDES, JUDGED, SUBORDINATE, CHANGED_SIDES))
    assert moved == Registered("zenith", sentiment=2)


@pytest.mark.parametrize("before", [(), (QUIT,), (MERGED,)])
def test_a_contact_is_erased_at_any_time_and_once(before: tuple[Event, ...]) -> None:
    forgotten = FORGOTTEN.model_copy(update={"account_id": "acme"})
    given(CONTACT, MET, *before).when(erase, contact_id=UMA).then(forgotten)
    given(CONTACT, MET, *before, forgotten).when(erase, contact_id=UMA).then()


def test_who_is_not_known_is_not_erased() -> None:
    given(CONTACT).when(erase, contact_id=UMA).then_refused(
        "unknown-contact", NotFound, field="contact_id"
    )
