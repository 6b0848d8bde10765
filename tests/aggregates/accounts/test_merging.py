"""Two contacts that are one person, and two that are not."""

from functools import partial
from typing import Any

import pytest

from aggregates.accounts.contact import CONTACT
from aggregates.accounts.merging import absorb, merge, release, unmerge
from aggregates.refusals import Invalid, NotFound, WrongState
from tests.examples.cast import UMA, VIC, WIM
from tests.examples.histories import (
    ABSORBED,
    DECIDES,
    FORGOTTEN,
    JUDGED,
    MERGED,
    MET,
    QUIT,
    RELEASED,
    SUBORDINATE,
    UNMERGED,
)
from tests.given import given

merge_into_vic = partial(merge, contact_id=UMA, answered_by=UMA, into_id=VIC, above=(WIM,))
part = partial(unmerge, contact_id=UMA, above=(VIC, WIM))


def test_a_contact_is_merged_into_another_also_after_they_left() -> None:
    """Asked again they are answered for by the survivor, so the next test says what follows."""
    assert merge_into_vic(CONTACT.fold((MET,))) == (MERGED,)
    assert merge_into_vic(CONTACT.fold((MET, QUIT))) == (MERGED,)


def test_merging_again_changes_nothing_also_when_the_survivor_was_merged_on() -> None:
    merged = given(CONTACT, MET, MERGED)
    merged.when(merge_into_vic, answered_by=VIC).then()
    merged.when(merge_into_vic, answered_by=WIM, into_id=WIM).then()


def test_a_merged_contact_is_not_merged_into_a_third() -> None:
    given(CONTACT, MET, MERGED).when(merge_into_vic, answered_by=VIC, into_id=WIM).then_refused(
        "contact-merged", WrongState, field="contact_id"
    )


def test_a_contact_is_not_merged_into_itself() -> None:
    given(CONTACT, MET).when(merge_into_vic, into_id=UMA).then_refused(
        "merged-into-itself", Invalid, field="into_id"
    )


@pytest.mark.parametrize("above", [(UMA,), (WIM, UMA)])
def test_who_reports_to_somebody_is_not_the_same_person(above: tuple[str, ...]) -> None:
    """KAM-05: they would report to themselves."""
    given(CONTACT, MET).when(merge_into_vic, above=above).then_refused(
        "contact-cycle", Invalid, field="into_id"
    )


def test_unmerging_restores_exactly_what_was() -> None:
    before = (MET, DECIDES, JUDGED, SUBORDINATE)
    assert CONTACT.fold((*before, MERGED, UNMERGED)) == CONTACT.fold(before)
    assert CONTACT.fold((*before, ABSORBED, RELEASED)) == CONTACT.fold(before)
    given(CONTACT, *before, MERGED).when(part).then(UNMERGED)


def test_who_was_not_merged_is_not_unmerged() -> None:
    given(CONTACT, MET).when(part).then()


def test_what_has_become_a_circle_meanwhile_is_refused() -> None:
    given(CONTACT, MET, SUBORDINATE, MERGED).when(part, above=(VIC, UMA)).then_refused(
        "contact-cycle", Invalid, field="contact_id"
    )


def test_the_survivor_answers_and_answers_no_more() -> None:
    answering = partial(absorb, contact_id=UMA, absorbed_id=VIC)
    given(CONTACT, MET).when(answering).then(ABSORBED)
    given(CONTACT, MET, ABSORBED).when(answering).then()
    letting_go = partial(release, contact_id=UMA, released_id=VIC)
    given(CONTACT, MET, ABSORBED).when(letting_go).then(RELEASED)
    given(CONTACT, MET).when(letting_go).then()


@pytest.mark.parametrize("verb", [merge_into_vic, part])
def test_who_is_unknown_or_erased_is_neither_merged_nor_unmerged(verb: Any) -> None:
    given(CONTACT).when(verb).then_refused("unknown-contact", NotFound, field="contact_id")
    given(CONTACT, MET, FORGOTTEN).when(verb).then_refused(
        "contact-erased", WrongState, field="contact_id"
    )
