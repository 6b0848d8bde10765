"""Contacts and relationships as commands: who is found, on which streams, and what holds."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

import pytest

from aggregates.refusals import Invalid, NotFound, Refusal, WrongState
from commands.accounts.account import RegisterAccount
from commands.accounts.contact import (
    AssessContact,
    ChangeContactDetails,
    ChangeContactReportsTo,
    ChangeContactRole,
    EraseContact,
    MergeContact,
    MoveContact,
    RecordContactLeft,
    RegisterContact,
    UnmergeContact,
)
from commands.accounts.relationship import (
    ChangeRelationshipStrength,
    EndRelationship,
    EstablishRelationship,
)
from commands.command import Command
from commands.look import ExternalKey
from commands.ports import Receipt
from events.accounts.contact import ContactErased, ContactRegistered
from tests.commands.company import company
from tests.commands.office import Office
from tests.examples.cast import ANN, BEA, DORA, UMA, VIC, WIM, XIA

NONE: Final = "99999999-9999-4999-8999-999999999999"


def met(contact: str, name: str, account: str = "acme") -> RegisterContact:
    return RegisterContact(contact_id=contact, account_id=account, name=name)


def reports(contact: str, superior: str | None) -> ChangeContactReportsTo:
    return ChangeContactReportsTo(contact_id=contact, reports_to=superior)


def merge(contact: str, into: str) -> MergeContact:
    return MergeContact(contact_id=contact, into_id=into)


def knows(employee: str, contact: str, strength: int = 2) -> EstablishRelationship:
    return EstablishRelationship(employee_id=employee, contact_id=contact, strength=strength)


PEOPLE: Final = (
    RegisterAccount(account_id="zenith", name="Zenith"),
    met(UMA, "Uma Ulrich"),
    met(VIC, "Vic Vega"),
    met(WIM, "Wim Wolf"),
    met(XIA, "Xia Xu", "zenith"),
)


@pytest.fixture
def office() -> Office:
    return company(*PEOPLE)


def names(office: Office, stream: str) -> list[str]:
    return [fact.NAME for fact in office.facts(stream)]


def refusal(office: Office, command: Command) -> tuple[str, type[Refusal], str | None]:
    with pytest.raises(Refusal) as refused:
        office.ask(command)
    return refused.value.rule, type(refused.value), refused.value.field


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (met(NONE, "Nobody", "none"), "account_id"),
        (MoveContact(contact_id=UMA, account_id="none"), "account_id"),
        (ChangeContactRole(contact_id=NONE, role="user"), "contact_id"),
        (ChangeContactDetails(contact_id=NONE, name="Nobody"), "contact_id"),
        (reports(UMA, NONE), "reports_to"),
        (merge(NONE, UMA), "contact_id"),
        (merge(UMA, NONE), "into_id"),
        (UnmergeContact(contact_id=NONE), "contact_id"),
        (EraseContact(contact_id=NONE), "contact_id"),
        (knows(ANN, NONE), "contact_id"),
        (knows(NONE, UMA), "employee_id"),
        (EndRelationship(employee_id=ANN, contact_id=UMA), "contact_id"),
    ],
)
def test_what_is_named_exists(office: Office, command: Command, field: str) -> None:
    _, kind, blamed = refusal(office, command)
    assert (kind, blamed) == (NotFound, field)


def test_a_person_another_system_knows_is_found_again() -> None:
    register = RegisterContact(
        external_key=ExternalKey(system="crm", key="U-17"), account_id="acme", name="Uma Ulrich"
    )
    office = company(register)
    again = office.ask(register)
    (fact,) = office.facts(again.stream)
    assert isinstance(fact, ContactRegistered)
    assert again.stream == f"contact-{fact.contact_id}"
    assert again.version == 1


@pytest.mark.parametrize(
    "given", [{}, {"contact_id": UMA, "external_key": {"system": "c", "key": "1"}}]
)
def test_a_contact_has_one_identity(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="either contact_id or external_key"):
        RegisterContact.model_validate({"account_id": "acme", "name": "Uma", **given})


def test_nobody_reports_to_who_reports_to_them_through_others(office: Office) -> None:
    """KAM-05: cycles are refused."""
    office.ask_all(reports(UMA, VIC), reports(VIC, WIM))
    assert refusal(office, reports(WIM, UMA)) == ("contact-cycle", Invalid, "reports_to")


def test_a_superior_is_of_the_same_customer(office: Office) -> None:
    assert refusal(office, reports(UMA, XIA)) == ("other-account", Invalid, "reports_to")


def test_two_who_would_close_a_circle_together_do_not(office: Office) -> None:
    """KAM-05: exactly one of them gets through."""
    pair = (reports(UMA, VIC), reports(VIC, UMA))
    offices = (office, office.neighbour())

    async def race() -> Sequence[Receipt | BaseException]:
        asked = (each.carry(command) for each, command in zip(offices, pair, strict=True))
        return await asyncio.gather(*asked, return_exceptions=True)

    (refused,) = (end for end in asyncio.run(race()) if not isinstance(end, Receipt))
    assert isinstance(refused, Refusal)
    assert refused.rule == "contact-cycle"


def test_a_merge_is_recorded_on_both_streams(office: Office) -> None:
    receipt = office.ask(merge(UMA, VIC))
    assert [ref.name for ref in receipt.events] == ["contact.merged", "contact.absorbed"]
    assert receipt.stream == f"contact-{UMA}"
    again = office.ask(merge(UMA, VIC))
    assert again.events == ()


def test_whatever_is_asked_of_a_merged_contact_is_done_to_who_answers(office: Office) -> None:
    """KAM-06: the rule of merged contacts, through two merges."""
    office.ask_all(merge(UMA, VIC), merge(VIC, WIM))
    for command in (
        ChangeContactRole(contact_id=UMA, role="champion"),
        AssessContact(contact_id=VIC, influence=3, sentiment=3),
        ChangeContactDetails(contact_id=UMA, name="Wim Wolf"),
        MoveContact(contact_id=UMA, account_id="zenith"),
        reports(UMA, XIA),
        RecordContactLeft(contact_id=UMA),
    ):
        assert office.ask(command).stream == f"contact-{WIM}"
    assert names(office, f"contact-{UMA}") == ["contact.registered", "contact.merged"]


def test_who_is_named_as_superior_is_recorded_as_who_answers(office: Office) -> None:
    office.ask(merge(UMA, VIC))
    office.ask(reports(WIM, UMA))
    told = office.facts(f"contact-{WIM}")[-1].model_dump()
    assert told["reports_to"] == VIC


def test_an_unmerged_contact_is_as_before_and_what_happened_since_stays(office: Office) -> None:
    office.ask_all(
        ChangeContactRole(contact_id=UMA, role="user"),
        merge(UMA, VIC),
        ChangeContactRole(contact_id=UMA, role="champion"),
    )
    receipt = office.ask(UnmergeContact(contact_id=UMA))
    assert [ref.name for ref in receipt.events] == ["contact.unmerged", "contact.released"]
    assert office.ask(ChangeContactRole(contact_id=UMA, role="user")).events == ()
    assert office.ask(ChangeContactRole(contact_id=VIC, role="champion")).events == ()
    assert office.ask(UnmergeContact(contact_id=UMA)).events == ()


def test_two_merges_that_contradict_each_other_are_not_both_recorded(office: Office) -> None:
    pair = (merge(UMA, VIC), merge(VIC, UMA))
    offices = (office, office.neighbour())

    async def race() -> Sequence[Receipt | BaseException]:
        asked = (each.carry(command) for each, command in zip(offices, pair, strict=True))
        return await asyncio.gather(*asked, return_exceptions=True)

    (refused,) = (end for end in asyncio.run(race()) if not isinstance(end, Receipt))
    assert isinstance(refused, Refusal)
    assert refused.rule == "merged-into-itself"


def test_a_contact_is_merged_into_one_other(office: Office) -> None:
    office.ask(merge(UMA, VIC))
    assert refusal(office, merge(UMA, WIM)) == ("contact-merged", WrongState, "contact_id")


@pytest.mark.parametrize("through", [(), (reports(VIC, WIM), reports(WIM, UMA))])
def test_a_superior_is_not_merged_into_who_reports_to_them(
    office: Office, through: tuple[Command, ...]
) -> None:
    office.ask_all(*(through or (reports(VIC, UMA),)))
    assert refusal(office, merge(UMA, VIC)) == ("contact-cycle", Invalid, "into_id")


def test_an_unmerged_contact_reports_to_who_they_reported_to(office: Office) -> None:
    """Wim reports to who answers for Uma by then, so he does not report to her afterwards."""
    office.ask_all(reports(UMA, WIM), merge(UMA, VIC), reports(WIM, UMA))
    office.ask(UnmergeContact(contact_id=UMA))
    assert refusal(office, reports(VIC, UMA)) == ("contact-cycle", Invalid, "reports_to")


def test_nobody_is_unmerged_into_a_circle(office: Office) -> None:
    """Ned reports to Uma, and Uma to Wim, who has come to report to Ned while Vic answered."""
    office.ask_all(
        met(NONE, "Ned North"),
        reports(NONE, UMA),
        reports(UMA, WIM),
        merge(UMA, VIC),
        reports(WIM, NONE),
    )
    refused = refusal(office, UnmergeContact(contact_id=UMA))
    assert refused == ("contact-cycle", Invalid, "contact_id")
    office.ask_all(reports(WIM, None), UnmergeContact(contact_id=UMA))


def test_erasing_a_person_erases_all_they_answer_for(office: Office) -> None:
    office.ask_all(merge(UMA, VIC), merge(VIC, WIM))
    receipt = office.ask(EraseContact(contact_id=UMA))
    erased = [office.facts(f"contact-{one}")[-1] for one in (UMA, VIC, WIM)]
    assert all(isinstance(fact, ContactErased) for fact in erased)
    assert len(receipt.events) == 3
    assert office.ask(EraseContact(contact_id=WIM)).events == ()
    assert refusal(office, UnmergeContact(contact_id=UMA))[0] == "contact-erased"


def test_who_was_unmerged_is_not_erased_with_the_other(office: Office) -> None:
    office.ask_all(merge(UMA, VIC), UnmergeContact(contact_id=UMA), EraseContact(contact_id=VIC))
    assert office.ask(ChangeContactRole(contact_id=UMA, role="user")).version == 4


def test_a_relationship_has_a_stream_of_its_own(office: Office) -> None:
    office.ask(knows(ANN, UMA))
    receipt = office.ask(ChangeRelationshipStrength(employee_id=ANN, contact_id=UMA, strength=3))
    assert (receipt.stream, receipt.version) == (f"relationship-{ANN}-{UMA}", 2)
    office.ask(EndRelationship(employee_id=ANN, contact_id=UMA))
    assert refusal(
        office, ChangeRelationshipStrength(employee_id=ANN, contact_id=UMA, strength=4)
    ) == ("relationship-ended", WrongState, "contact_id")


def test_a_relationship_is_of_people_who_are_there(office: Office) -> None:
    assert refusal(office, knows(DORA, UMA)) == (
        "employee-not-active",
        WrongState,
        "employee_id",
    )
    office.ask(RecordContactLeft(contact_id=UMA))
    assert refusal(office, knows(ANN, UMA)) == ("contact-left", WrongState, "contact_id")


def test_a_relationship_stays_where_it_was_recorded_when_contacts_are_merged(
    office: Office,
) -> None:
    office.ask_all(knows(ANN, UMA), merge(UMA, VIC), knows(BEA, UMA))
    changed = office.ask(ChangeRelationshipStrength(employee_id=ANN, contact_id=UMA, strength=5))
    assert changed.stream == f"relationship-{ANN}-{UMA}"
    assert names(office, f"relationship-{BEA}-{VIC}") == ["relationship.established"]
    assert names(office, f"relationship-{BEA}-{UMA}") == []
