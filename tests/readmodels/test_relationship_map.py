"""The people of a customer as a tree, as they were, and who of them is missing."""

from datetime import UTC, date, datetime
from typing import Final

import pytest

from events.accounts.account import AccountRegistered
from events.accounts.contact import (
    ContactAbsorbed,
    ContactErased,
    ContactLeft,
    ContactMerged,
    ContactMoved,
    ContactRegistered,
    ContactReleased,
    ContactReportsToChanged,
    ContactRoleChanged,
    ContactUnmerged,
    DecisionRole,
)
from events.accounts.relationship import (
    RelationshipEnded,
    RelationshipEstablished,
    RelationshipStrengthChanged,
)
from events.event import Event
from events.policies.coverage import (
    CoveragePolicy,
    CoveragePolicyActivated,
    CoveragePolicyDrafted,
    RoleMinimum,
)
from projections.people import ContactRow
from readmodels.people import ContactSelection, contact, contacts
from readmodels.relationship_map import RelationshipMap, arranged, relationship_map
from tests.examples.cast import ANN, BEA, UMA, VIC, WIM, XIA
from tests.readmodels.company import COMPANY
from tests.readmodels.conftest import Fact, Told

pytestmark = pytest.mark.postgres

LATE: Final = date(2018, 12, 31)


def on(day: str, event: Event) -> Fact:
    """A fact on the stream of the contact, pair, account or region it is about."""
    told = event.model_dump()
    if "employee_id" in told:
        return day, f"relationship-{told['employee_id']}-{told['contact_id']}", event
    if "contact_id" in told:
        return day, f"contact-{told['contact_id']}", event
    if "region_id" in told and "account_id" not in told:
        return day, f"coverage_policy-{told['region_id']}", event
    return day, f"account-{told['account_id']}", event


def met(contact_id: str, account_id: str = "zenith") -> Event:
    return ContactRegistered(
        contact_id=contact_id,
        account_id=account_id,
        name=contact_id[:4],
        email=None,
        phone=None,
        title=None,
        department="Buying",
    )


def reports(contact_id: str, superior: str | None) -> Event:
    return ContactReportsToChanged(contact_id=contact_id, account_id="zenith", reports_to=superior)


def role(contact_id: str, given: DecisionRole) -> Event:
    return ContactRoleChanged(contact_id=contact_id, account_id="zenith", role=given)


def knows(employee_id: str, contact_id: str, strength: int) -> Event:
    return RelationshipEstablished(
        employee_id=employee_id, contact_id=contact_id, account_id="zenith", strength=strength
    )


def merged(contact_id: str, into: str, day: str) -> tuple[Fact, Fact]:
    return (
        on(day, ContactMerged(contact_id=contact_id, account_id="zenith", into_id=into)),
        on(day, ContactAbsorbed(contact_id=into, account_id="zenith", absorbed_id=contact_id)),
    )


def unmerged(contact_id: str, from_id: str, day: str) -> tuple[Fact, Fact]:
    return (
        on(day, ContactUnmerged(contact_id=contact_id, account_id="zenith", from_id=from_id)),
        on(day, ContactReleased(contact_id=from_id, account_id="zenith", released_id=contact_id)),
    )


def policy(region_id: str, version: int, given: DecisionRole, contacts_: int) -> Event:
    minimum = (RoleMinimum(role=given, contacts=contacts_),)
    return CoveragePolicyDrafted(
        region_id=region_id, version=version, document=CoveragePolicy(minimum=minimum)
    )


def in_force(region_id: str, version: int, day: str) -> Event:
    return CoveragePolicyActivated(
        region_id=region_id, version=version, effective_on=date.fromisoformat(day)
    )


ZENITH: Final = AccountRegistered(
    account_id="zenith",
    name="Zenith",
    sector=None,
    country=None,
    founded_year=None,
    employees=None,
    revenue=None,
    parent_id=None,
    owner_id=ANN,
    region_id="north",
)
KNOWN: Final[tuple[Fact, ...]] = (
    *COMPANY,
    on("2017-01-02", ZENITH),
    *(on("2017-01-03", met(one)) for one in (UMA, VIC, WIM)),
    on("2017-02-01", reports(UMA, VIC)),
    on("2017-02-01", reports(VIC, WIM)),
    on("2017-02-02", role(VIC, "decision_maker")),
    on("2017-02-03", knows(ANN, UMA, 2)),
    on("2017-03-01", knows(BEA, UMA, 4)),
    on(
        "2017-04-01",
        RelationshipStrengthChanged(
            employee_id=ANN, contact_id=UMA, account_id="zenith", strength=5
        ),
    ),
)


@pytest.fixture
def known(tell: Told) -> Told:
    tell.tell(*KNOWN)
    return tell


def asked(told: Told, day: date | None = None, known_at: datetime | None = None) -> RelationshipMap:
    with told.asked() as (connection, stand):
        found = relationship_map(
            connection, stand.moment(day, known_at), "zenith", today=day or LATE
        )
    assert found is not None
    return found


def tree(found: RelationshipMap) -> list[tuple[str, int]]:
    return [(placed.contact.contact_id, placed.level) for placed in found.people]


def test_reports_to_renders_a_tree(known: Told) -> None:
    """KAM-05."""
    assert tree(asked(known)) == [(WIM, 0), (VIC, 1), (UMA, 2)]


def test_the_map_is_read_as_of_a_past_date(known: Told) -> None:
    """KAM-06: contacts, edges and relationships as they were."""
    assert tree(asked(known, date(2017, 1, 2))) == []
    assert tree(asked(known, date(2017, 1, 31))) == [(UMA, 0), (VIC, 0), (WIM, 0)]
    assert tree(asked(known, date(2017, 2, 1))) == [(WIM, 0), (VIC, 1), (UMA, 2)]

    def strengths(day: date) -> list[tuple[str, int]]:
        (uma,) = (one for one in asked(known, day).people if one.contact.contact_id == UMA)
        return [(one.relationship.employee_id, one.relationship.strength) for one in uma.known_by]

    assert strengths(date(2017, 2, 28)) == [(ANN, 2)]
    assert strengths(date(2017, 3, 31)) == [(BEA, 4), (ANN, 2)]
    assert strengths(date(2017, 4, 1)) == [(ANN, 5), (BEA, 4)]


def test_the_map_is_read_as_it_was_known(known: Told) -> None:
    """KAM-06: what was told late was not known before."""
    last = known.recorded_at(len(KNOWN))
    known.tell(on("2017-05-01", reports(VIC, None)))
    assert tree(asked(known, date(2017, 5, 1))) == [(VIC, 0), (UMA, 1), (WIM, 0)]
    assert tree(asked(known, date(2017, 5, 1), last)) == [(WIM, 0), (VIC, 1), (UMA, 2)]


def test_who_has_left_moved_or_was_erased_is_not_on_the_map(known: Told) -> None:
    known.tell(
        on("2017-05-01", ContactLeft(contact_id=VIC, account_id="zenith")),
        on(
            "2017-06-01",
            ContactMoved(contact_id=UMA, account_id="acme", from_account_id="zenith"),
        ),
        on("2017-07-01", ContactErased(contact_id=WIM, account_id="zenith")),
    )
    assert tree(asked(known, date(2017, 5, 1))) == [(UMA, 0), (WIM, 0)]
    assert tree(asked(known, date(2017, 6, 1))) == [(WIM, 0)]
    assert tree(asked(known)) == []
    assert tree(asked(known, date(2017, 4, 30))) == [(WIM, 0), (VIC, 1), (UMA, 2)]


def test_a_relationship_that_has_ended_is_not_on_the_map(known: Told) -> None:
    known.tell(
        on(
            "2017-05-01",
            RelationshipEnded(employee_id=ANN, contact_id=UMA, account_id="zenith"),
        ),
        on("2017-06-01", knows(ANN, UMA, 1)),
    )

    def employees(day: date | None = None) -> list[str]:
        found = asked(known, day).people
        return [one.relationship.employee_id for placed in found for one in placed.known_by]

    assert employees(date(2017, 5, 1)) == [BEA]
    assert employees() == [BEA, ANN]


def test_a_merged_contact_stands_under_the_survivor_until_it_is_unmerged(known: Told) -> None:
    """KAM-06: edges and relationships of the merged one are those of who answers."""
    known.tell(
        on("2017-05-01", met(XIA)),
        on("2017-05-01", reports(XIA, WIM)),
        *merged(VIC, XIA, "2017-05-02"),
        on("2017-05-03", knows(ANN, XIA, 1)),
        on("2017-06-01", knows(BEA, VIC, 3)),
        *unmerged(VIC, XIA, "2017-07-01"),
    )
    day = date(2017, 6, 30)
    found = asked(known, day)
    assert tree(found) == [(WIM, 0), (XIA, 1), (UMA, 2)]
    _, xia, _ = found.people
    assert xia.answers_for == (VIC,)
    assert [one.relationship.contact_id for one in xia.known_by] == [VIC, XIA]
    with known.asked() as (connection, stand):
        answering = contact(connection, stand.moment(day), VIC)
        listed = contacts(
            connection, stand.moment(day), selection=ContactSelection(account="zenith")
        )
        itself = contact(connection, stand.moment(), VIC)
    assert answering is not None
    assert answering.contact_id == XIA
    assert [row.contact_id for row in listed] == [UMA, WIM, XIA]
    assert itself is not None
    assert (itself.contact_id, itself.role) == (VIC, "decision_maker")
    assert tree(asked(known)) == [(WIM, 0), (VIC, 1), (UMA, 2), (XIA, 1)]


def test_an_account_nobody_knows_has_no_map(known: Told) -> None:
    with known.asked() as (connection, stand):
        assert relationship_map(connection, stand.moment(), "none", today=LATE) is None


def test_without_a_policy_there_is_no_coverage(known: Told) -> None:
    assert asked(known).coverage is None


def test_coverage_follows_the_region_those_above_and_the_day(known: Told) -> None:
    """REG-11: the group tightens later than the region, and that holds for the region too."""
    known.tell(
        on("2017-01-05", policy("north", 1, "decision_maker", 1)),
        on("2017-01-05", in_force("north", 1, "2017-03-01")),
        on("2017-05-01", policy("group", 1, "decision_maker", 2)),
        on("2017-05-01", in_force("group", 1, "2017-06-01")),
        on("2017-05-02", policy("group", 2, "champion", 1)),
        on("2017-05-02", in_force("group", 2, "2017-07-01")),
        on("2017-05-03", policy("south", 1, "user", 9)),
        on("2017-05-03", in_force("south", 1, "2017-01-01")),
    )

    def missing(day: date) -> dict[str, int]:
        found = asked(known, day).coverage
        assert found is not None
        return dict(found.missing)

    assert missing(date(2017, 2, 1)) == {"decision_maker": 2}
    assert missing(date(2017, 6, 30)) == {"decision_maker": 1}
    assert missing(date(2017, 7, 1)) == {"champion": 1}


def row(contact_id: str, reports_to: str | None, influence: int | None = None) -> ContactRow:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return ContactRow(
        contact_id=contact_id,
        version=1,
        account_id="zenith",
        name={},
        email=None,
        phone=None,
        title=None,
        department=None,
        role=None,
        influence=influence,
        sentiment=None,
        reports_to=reports_to,
        merged_into=None,
        active=True,
        erased=False,
        valid_from=now,
        valid_to=None,
        known_from=now,
        known_to=None,
    )


def places(*rows: ContactRow) -> list[tuple[str, int, str | None]]:
    return [(one.contact.contact_id, one.level, one.reports_to) for one in arranged(rows)]


def test_the_more_influential_stands_first() -> None:
    assert places(row("a", None), row("b", "a", 1), row("c", "a", 5), row("d", "a")) == [
        ("a", 0, None),
        ("c", 1, "a"),
        ("b", 1, "a"),
        ("d", 1, "a"),
    ]


def test_a_circle_of_the_past_is_cut_and_everybody_stands_once() -> None:
    """It takes days told in another order than they were recorded: see the read model."""
    assert places(row("a", "b"), row("b", "c"), row("c", "b"), row("d", None)) == [
        ("d", 0, None),
        ("b", 0, None),
        ("a", 1, "b"),
        ("c", 1, "b"),
    ]


def test_a_deep_chain_is_no_harder_than_a_flat_one() -> None:
    chain = [row(f"{n:05}", f"{n - 1:05}" if n else None) for n in range(3_000)]
    assert places(*chain)[-1] == ("02999", 2999, "02998")
