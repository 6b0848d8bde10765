"""Relationships: two people come to know each other, better or less, and part."""

from functools import partial

import pytest

from aggregates.accounts.relationship import RELATIONSHIP, change_strength, end, establish
from aggregates.refusals import NotFound, WrongState
from events.accounts.relationship import RelationshipEstablished
from tests.examples.cast import ANN, UMA
from tests.examples.histories import ACQUAINTED, CLOSER, PARTED
from tests.given import given

change = partial(change_strength, employee_id=ANN, contact_id=UMA)
finish = partial(end, employee_id=ANN, contact_id=UMA)


def test_two_people_come_to_know_each_other() -> None:
    given(RELATIONSHIP).when(establish, fact=ACQUAINTED).then(ACQUAINTED)


def test_so_already() -> None:
    given(RELATIONSHIP, ACQUAINTED).when(establish, fact=ACQUAINTED).then()
    given(RELATIONSHIP, ACQUAINTED).when(change, strength=2).then()
    given(RELATIONSHIP, ACQUAINTED, PARTED).when(finish).then()


def test_with_another_strength_it_is_changed_not_established() -> None:
    given(RELATIONSHIP, ACQUAINTED, CLOSER).when(establish, fact=ACQUAINTED).then_refused(
        "relationship-already-established", WrongState, field="contact_id"
    )
    given(RELATIONSHIP, ACQUAINTED).when(change, strength=4).then(CLOSER)


def test_it_ends_and_begins_anew() -> None:
    given(RELATIONSHIP, ACQUAINTED, CLOSER).when(finish).then(PARTED)
    given(RELATIONSHIP, ACQUAINTED, PARTED).when(establish, fact=ACQUAINTED).then(ACQUAINTED)


def test_what_has_ended_is_not_changed() -> None:
    given(RELATIONSHIP, ACQUAINTED, PARTED).when(change, strength=4).then_refused(
        "relationship-ended", WrongState, field="contact_id"
    )


def test_strangers_have_nothing_to_change_or_end() -> None:
    given(RELATIONSHIP).when(change, strength=4).then_refused(
        "unknown-relationship", NotFound, field="contact_id"
    )
    given(RELATIONSHIP).when(finish).then_refused(
        "unknown-relationship", NotFound, field="contact_id"
    )


@pytest.mark.parametrize("strength", [0, 6])
def test_a_strength_is_1_to_5(strength: int) -> None:
    told = ACQUAINTED.model_dump()
    for inside in (1, 5):
        RelationshipEstablished.model_validate(told | {"strength": inside})
    with pytest.raises(ValueError, match="strength"):
        RelationshipEstablished.model_validate(told | {"strength": strength})
