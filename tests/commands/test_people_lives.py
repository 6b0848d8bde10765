"""Whatever is asked of contacts in whatever order: nobody comes to stand above themselves."""

from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregates.accounts.contact import CONTACT, Contact, Registered
from aggregates.refusals import Refusal
from commands.accounts.account import RegisterAccount
from commands.accounts.contact import (
    ChangeContactReportsTo,
    EraseContact,
    MergeContact,
    MoveContact,
    RecordContactLeft,
    RegisterContact,
    UnmergeContact,
)
from commands.command import Command
from tests.commands.office import Office
from tests.examples.cast import UMA, VIC, WIM, XIA

EVERYBODY: Final = (UMA, VIC, WIM, XIA)
persons = st.sampled_from(EVERYBODY)
accounts = st.sampled_from(("acme", "zenith"))

REPORTING: Final = st.builds(
    ChangeContactReportsTo, contact_id=persons, reports_to=persons | st.none()
)
MERGING: Final = st.builds(MergeContact, contact_id=persons, into_id=persons)
UNMERGING: Final = st.builds(UnmergeContact, contact_id=persons)
GOING: Final = st.one_of(
    st.builds(MoveContact, contact_id=persons, account_id=accounts),
    st.builds(RecordContactLeft, contact_id=persons),
)
COMMANDS: Final = st.sampled_from(
    [REPORTING] * 8 + [MERGING] * 4 + [UNMERGING] * 3 + [GOING]
).flatmap(lambda kind: kind)
"""Mostly what can close a circle; who has gone ends most of what could."""
ENDINGS: Final = st.builds(EraseContact, contact_id=persons)


def states(office: Office) -> dict[str, Contact]:
    return {one: CONTACT.fold(office.facts(f"contact-{one}")) for one in EVERYBODY}  # type: ignore[arg-type]


def answering(known: dict[str, Contact], contact_id: str) -> str:
    """Who answers, in at most as many steps as there are contacts."""
    for _ in EVERYBODY:
        found = known[contact_id]
        if not isinstance(found, Registered) or found.merged_into is None:
            return contact_id
        contact_id = found.merged_into
    raise AssertionError(contact_id)


def check_nobody_is_above_themselves(known: dict[str, Contact]) -> None:
    for one in EVERYBODY:
        at, seen = answering(known, one), set[str]()
        while at not in seen:
            seen.add(at)
            found = known[at]
            if not isinstance(found, Registered) or found.reports_to is None:
                break
            at = answering(known, found.reports_to)
        else:
            raise AssertionError(one)


def check_both_sides_of_a_merge_agree(known: dict[str, Contact]) -> None:
    registered = {one: found for one, found in known.items() if isinstance(found, Registered)}
    merged = {(one, found.merged_into) for one, found in registered.items() if found.merged_into}
    absorbed = {(other, one) for one, found in registered.items() for other in found.absorbed}
    assert merged == absorbed


@settings(max_examples=80, deadline=None, derandomize=True)
@given(asked=st.lists(COMMANDS, min_size=12, max_size=25), ending=ENDINGS)
def test_contacts_stay_a_tree_of_people_who_answer(
    asked: list[Command], ending: EraseContact
) -> None:
    """KAM-05, KAM-06: by random commands, refused ones included."""
    office = Office()
    office.ask_all(*(RegisterAccount(account_id=one, name=one) for one in ("acme", "zenith")))
    office.ask_all(
        *(RegisterContact(contact_id=one, account_id="acme", name=one) for one in EVERYBODY)
    )
    for command in asked:
        try:
            office.ask(command)
        except Refusal:
            continue
        known = states(office)
        check_nobody_is_above_themselves(known)
        check_both_sides_of_a_merge_agree(known)
    office.ask(ending)
    check_both_sides_of_a_merge_agree(states(office))
