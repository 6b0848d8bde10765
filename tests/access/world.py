"""A company made up at random, told as facts, with the truth about it kept beside them."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Final, NamedTuple
from uuid import UUID

from events.accounts.account import AccountOwnerChanged, AccountRegistered
from events.accounts.account_link import AccountLinked
from events.accounts.account_team import (
    AccountTeamMemberAssigned,
    AccountTeamMemberReleased,
    TeamRole,
)
from events.accounts.contact import ContactMoved, ContactRegistered
from events.accounts.customer_goal import CustomerGoalStated
from events.event import Event
from events.organization.access_grant import AccessGranted, AccessRevoked, Level
from events.organization.employee import (
    EmployeeHired,
    EmployeeManagerChanged,
    EmployeeMoved,
    EmployeeRolesChanged,
)
from events.organization.region import RegionMoved, RegionOpened
from events.pipeline.contract import ContractDrafted, ContractReassigned
from events.pipeline.opportunity import OpportunityOpened, OpportunityReassigned
from events.planning.account_plan import AccountPlanDrafted, AccountPlanReassigned
from events.policies.approval_route import NamedEmployee
from events.recorded import Envelope, Recorded
from events.work.alert import AlertReassigned
from events.work.approval import (
    ApprovalApproverReplaced,
    ApprovalDelegated,
    ApprovalEscalated,
    ApprovalRequested,
    Approver,
    RequestedStep,
    RoleInRegion,
)
from events.work.task import TaskOpened, TaskReassigned
from tests.examples.approvals import terms
from tests.examples.cast import NOON, usd
from tests.examples.warnings import RAISED

TODAY: Final = NOON.date()
ROLES: Final = ("sales_rep", "sales_manager")


class Place(NamedTuple):
    """Where a record lies."""

    account: str | None = None
    region: str | None = None
    owner: str | None = None
    other: str | None = None


class Held(NamedTuple):
    """A grant, as it was given."""

    employee: str
    region: str | None
    account: str | None
    level: Level
    until: date
    revoked: bool


@dataclass(slots=True)
class World:
    """What is true, and the facts that made it so."""

    random: Random
    parent: dict[str, str | None] = field(default_factory=dict)
    boss: dict[str, str | None] = field(default_factory=dict)
    home: dict[str, str] = field(default_factory=dict)
    roles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    """By stream: records with a place of their own."""
    goals: dict[str, str] = field(default_factory=dict)
    """The account of each customer goal: what has no place of its own."""
    team: dict[tuple[str, TeamRole], str] = field(default_factory=dict)
    named: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    grants: dict[str, Held] = field(default_factory=dict)
    told: list[tuple[str, str, Event]] = field(default_factory=list)
    """Actor, stream and fact."""

    @property
    def people(self) -> list[str]:
        """The employees there are."""
        return list(self.home)

    @property
    def accounts(self) -> list[str]:
        """The accounts there are."""
        return [one.removeprefix("account-") for one in self.places if one.startswith("account-")]

    def tell(self, stream: str, event: Event) -> None:
        """Have it happen, by whoever."""
        actor = f"employee-{self.random.choice(self.people)}" if self.home else "system"
        self.told.append((actor, stream, event))

    def perhaps(self, among: list[str], chance: float = 0.8) -> str | None:
        """One of them, or none."""
        return self.random.choice(among) if among and self.random.random() < chance else None

    def recorded(self) -> list[Recorded[Event]]:
        """The facts, as the log has them."""
        versions: dict[str, int] = defaultdict(int)
        found = []
        for position, (actor, stream, event) in enumerate(self.told, start=1):
            versions[stream] += 1
            envelope = Envelope(
                ledger="main",
                position=position,
                stream=stream,
                version=versions[stream],
                name=event.NAME,
                schema=event.VERSION,
                occurred_at=NOON + timedelta(seconds=position),
                recorded_at=NOON + timedelta(seconds=position),
                actor=actor,
                command_id=f"command-{position}",
                correlation_id="world",
                causation_id=None,
                policies={},
                release="test",
                imported=False,
                payload_sha256="0" * 64,
            )
            found.append(Recorded(event, envelope))
        return found


def made(seed: int, *, regions: int = 12, people: int = 24, accounts: int = 40) -> World:
    """A company of this size; the same for the same ``seed``."""
    world = World(Random(seed))
    _organize(world, regions, people)
    for number in range(accounts):
        _account(world, f"acc{number}")
    for number in range(2 * accounts):
        _records(world, number)
    _hand_over(world, accounts)
    _grant(world, people)
    return world


def _person(number: int) -> str:
    return str(UUID(int=0x4000_8000_0000_0000_0000 + number))


def _organize(world: World, regions: int, people: int) -> None:
    random = world.random
    for number in range(regions):
        region, parent = f"r{number}", world.perhaps(list(world.parent), 0.9)
        world.parent[region] = parent
        world.tell(
            f"region-{region}", RegionOpened(region_id=region, name=region, parent_id=parent)
        )
    for number in range(people):
        person, boss = _person(number), world.perhaps(world.people, 0.9)
        home = random.choice(list(world.parent))
        roles = tuple(random.sample(ROLES, random.randint(1, 2)))
        world.home[person], world.boss[person], world.roles[person] = home, boss, roles
        hired = EmployeeHired(
            employee_id=person, name="Somebody", region_id=home, manager_id=boss, roles=roles
        )
        world.tell(f"employee-{person}", hired)


def _account(world: World, account: str) -> None:
    owner = world.perhaps(world.people, 0.7)
    region = world.home[owner] if owner else world.perhaps(list(world.parent), 0.3)
    world.places[f"account-{account}"] = Place(account, region, owner)
    fact = AccountRegistered(
        account_id=account,
        name=account,
        sector=None,
        country=None,
        founded_year=None,
        employees=None,
        revenue=None,
        parent_id=None,
        owner_id=owner,
        region_id=region,
    )
    world.tell(f"account-{account}", fact)
    if world.random.random() < 0.4:
        _seat(world, account)


def _seat(world: World, account: str) -> None:
    roles: tuple[TeamRole, ...] = ("solution_architect", "delivery_expert", "executive_sponsor")
    role, employee = world.random.choice(roles), world.random.choice(world.people)
    world.team[account, role] = employee
    assigned = AccountTeamMemberAssigned(account_id=account, role=role, employee_id=employee)
    world.tell(f"account_team-{account}", assigned)


def _records(world: World, number: int) -> None:
    random = world.random
    account, other = random.sample(world.accounts, 2)
    owner, region = random.choice(world.people), random.choice(list(world.parent))
    for make in random.sample(_MAKERS, 5):
        make(world, f"x{number}", Place(account, region, owner, other))


def _opportunity(world: World, identity: str, place: Place) -> None:
    account = place.account if world.random.random() < 0.8 else None
    world.places[f"opportunity-{identity}"] = place._replace(account=account, other=None)
    assert place.owner is not None
    assert place.region is not None
    fact = OpportunityOpened(
        opportunity_id=identity,
        account_id=account,
        product_id="p",
        owner_id=place.owner,
        region_id=place.region,
        stage="lead",
        engaged=False,
        amount=None,
    )
    world.tell(f"opportunity-{identity}", fact)


def _contract(world: World, identity: str, place: Place) -> None:
    author = place.owner if world.random.random() < 0.7 else None
    world.places[f"contract-{identity}"] = place._replace(owner=author, other=None)
    assert place.account is not None
    assert place.region is not None
    fact = ContractDrafted(
        contract_id=identity,
        account_id=place.account,
        region_id=place.region,
        terms=terms(usd(1)),
        author_id=author,
    )
    world.tell(f"contract-{identity}", fact)


def _plan(world: World, identity: str, place: Place) -> None:
    world.places[f"account_plan-{identity}"] = place._replace(other=None)
    assert place.account is not None
    assert place.region is not None
    assert place.owner is not None
    fact = AccountPlanDrafted(
        plan_id=identity,
        account_id=place.account,
        fiscal_year=2026,
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        region_id=place.region,
        owner_id=place.owner,
        author_id=place.owner,
        aim="wallet_share",
        budget=usd(1),
    )
    world.tell(f"account_plan-{identity}", fact)


def _contact(world: World, identity: str, place: Place) -> None:
    contact = _person(10_000 + int(identity[1:]))
    assert place.account is not None
    world.places[f"contact-{contact}"] = Place(place.account)
    fact = ContactRegistered(
        contact_id=contact,
        account_id=place.account,
        name="Somebody",
        email=None,
        phone=None,
        title=None,
        department=None,
    )
    world.tell(f"contact-{contact}", fact)


def _link(world: World, identity: str, place: Place) -> None:
    assert place.account is not None
    assert place.other is not None
    world.places[f"account_link-{identity}"] = Place(place.account, other=place.other)
    fact = AccountLinked(
        link_id=identity,
        account_id=place.account,
        other_id=place.other,
        kind="joint_venture",
        share_bp=None,
        from_on=TODAY,
        until_on=None,
    )
    world.tell(f"account_link-{identity}", fact)


def _goal(world: World, identity: str, place: Place) -> None:
    assert place.account is not None
    world.goals[identity] = place.account
    fact = CustomerGoalStated(
        goal_id=identity, account_id=place.account, title="More", measure=None, due_on=None
    )
    world.tell(f"customer_goal-{identity}", fact)


def _approver(world: World) -> Approver:
    if world.random.random() < 0.5:
        return NamedEmployee(employee_id=world.random.choice(world.people))
    region = world.random.choice(list(world.parent))
    return RoleInRegion(role=world.random.choice(ROLES), region_id=region)


def _approval(world: World, identity: str, place: Place) -> None:
    record = f"approval-{identity}"
    account = place.account if world.random.random() < 0.5 else None
    world.places[record] = place._replace(account=account, other=None)
    assert place.owner is not None
    assert place.region is not None
    first, second = _approver(world), _approver(world)
    step = RequestedStep(
        step_id="s",
        approvers=(first, second),
        mode="all",
        quorum=None,
        due_on=None,
        escalate_to=None,
    )
    fact = ApprovalRequested(
        approval_id=identity,
        subject_kind="contract",
        subject_id=identity,
        region_id=place.region,
        account_id=account,
        requester_id=place.owner,
        author_ids=(place.owner,),
        routes=(),
        may_decide_twice=False,
        facts=(),
        content_sha256="c0" * 32,
        steps=(step,),
    )
    world.tell(record, fact)
    later = world.random.choice(("delegated", "replaced", "escalated", "nothing"))
    taker = world.random.choice(world.people)
    named: list[Approver] = [first, second]
    if later == "delegated":
        delegated = ApprovalDelegated(
            approval_id=identity,
            from_employee_id=world.random.choice(world.people),
            to_employee_id=taker,
            from_day=TODAY,
            until_day=TODAY,
        )
        world.tell(record, delegated)
        named.append(NamedEmployee(employee_id=taker))
    if later == "replaced":
        replaced = ApprovalApproverReplaced(
            approval_id=identity, step=1, place=1, employee_id=taker, reason="ill"
        )
        world.tell(record, replaced)
        named.append(NamedEmployee(employee_id=taker))
    if later == "escalated":
        above = _approver(world)
        world.tell(record, ApprovalEscalated(approval_id=identity, step=1, approver=above))
        named.append(above)
    world.named[record] = {
        f"employee:{one.employee_id}"
        if isinstance(one, NamedEmployee)
        else f"role:{one.role}@{one.region_id}"
        for one in named
    }


def _task(world: World, identity: str, place: Place) -> None:
    record = f"task-{identity}"
    account = place.account if world.random.random() < 0.5 else None
    world.places[record] = Place(account, owner=place.owner)
    opener = world.perhaps(world.people, 0.5)
    assert place.owner is not None
    fact = TaskOpened(
        task_id=identity,
        title="to be done",
        account_id=account,
        subject=None,
        owner_id=place.owner,
        due_on=TODAY,
        opened_by=opener,
        rule=None,
    )
    world.tell(record, fact)
    world.named[record] = set() if opener is None else {f"employee:{opener}"}


def _alert(world: World, identity: str, place: Place) -> None:
    record = f"alert-{identity}"
    owner = place.owner if world.random.random() < 0.7 else None
    world.places[record] = place._replace(owner=owner, other=None)
    told = tuple(world.random.sample(world.people, 2))
    assert place.account is not None
    fact = RAISED.model_copy(
        update={
            "alert_id": identity,
            "account_id": place.account,
            "region_id": place.region,
            "owner_id": owner,
            "notified_ids": told,
        }
    )
    world.tell(record, fact)
    world.named[record] = {f"employee:{one}" for one in told}


_MAKERS: Final = (
    _opportunity,
    _contract,
    _plan,
    _contact,
    _link,
    _goal,
    _approval,
    _task,
    _alert,
)


def _hand_over(world: World, times: int) -> None:
    """Things change hands and place: what was seen before may not be any more."""
    random = world.random
    for _ in range(times):
        person, region = random.choice(world.people), random.choice(list(world.parent))
        record = random.choice([*world.places])
        kind, _, identity = record.partition("-")
        place = world.places[record]
        event: Event | None = None
        match kind:
            case "account":
                world.places[record] = place._replace(owner=person, region=region)
                event = AccountOwnerChanged(account_id=identity, owner_id=person, region_id=region)
                world.tell(record, event)
                _seat(world, identity)
                _release(world)
            case "opportunity":
                world.places[record] = place._replace(owner=person, region=region)
                event = OpportunityReassigned(
                    opportunity_id=identity,
                    account_id=place.account,
                    owner_id=person,
                    region_id=region,
                )
                world.tell(record, event)
            case "account_plan":
                assert place.account is not None
                world.places[record] = place._replace(owner=person)
                event = AccountPlanReassigned(
                    plan_id=identity, account_id=place.account, owner_id=person
                )
                world.tell(record, event)
            case "contract":
                assert place.account is not None
                world.places[record] = place._replace(owner=person)
                event = ContractReassigned(
                    contract_id=identity, account_id=place.account, owner_id=person
                )
                world.tell(record, event)
            case "alert":
                assert place.account is not None
                world.places[record] = place._replace(owner=person)
                event = AlertReassigned(
                    alert_id=identity, account_id=place.account, owner_id=person
                )
                world.tell(record, event)
            case "task":
                world.places[record] = place._replace(owner=person)
                event = TaskReassigned(task_id=identity, account_id=place.account, owner_id=person)
                world.tell(record, event)
            case "contact":
                assert place.account is not None
                to = random.choice(world.accounts)
                world.places[record] = Place(to)
                event = ContactMoved(
                    contact_id=identity, account_id=to, from_account_id=place.account
                )
                world.tell(record, event)
            case _:
                _reorganize(world, person, region)


def _release(world: World) -> None:
    account, role = world.random.choice([*world.team])
    employee = world.team.pop((account, role))
    fact = AccountTeamMemberReleased(account_id=account, role=role, employee_id=employee)
    world.tell(f"account_team-{account}", fact)


def line(above: dict[str, str | None], one: str | None) -> list[str]:
    """``one`` and all above it, nearest first."""
    found: list[str] = []
    while one is not None:
        found.append(one)
        one = above[one]
    return found


def _reorganize(world: World, person: str, region: str) -> None:
    random = world.random
    boss, parent = random.choice(world.people), random.choice(list(world.parent))
    what = random.choice(("boss", "parent", "home", "roles"))
    if what == "boss" and person not in line(world.boss, boss):
        world.boss[person] = boss
        event: Event = EmployeeManagerChanged(employee_id=person, manager_id=boss)
        world.tell(f"employee-{person}", event)
    if what == "parent" and region not in line(world.parent, parent):
        world.parent[region] = parent
        world.tell(f"region-{region}", RegionMoved(region_id=region, parent_id=parent))
    if what == "home":
        world.home[person] = region
        world.tell(f"employee-{person}", EmployeeMoved(employee_id=person, region_id=region))
    if what == "roles":
        world.roles[person] = ("sales_rep",)
        event = EmployeeRolesChanged(employee_id=person, roles=("sales_rep",))
        world.tell(f"employee-{person}", event)


def _grant(world: World, times: int) -> None:
    random = world.random
    for number in range(times):
        region = world.perhaps(list(world.parent), 0.5)
        held = Held(
            employee=random.choice(world.people),
            region=region,
            account=None if region else random.choice(world.accounts),
            level=random.choice(("read", "write")),
            until=TODAY + timedelta(days=random.choice((-1, 0, 1))),
            revoked=random.random() < 0.2,
        )
        world.grants[f"g{number}"] = held
        fact = AccessGranted(
            grant_id=f"g{number}",
            employee_id=held.employee,
            region_id=held.region,
            account_id=held.account,
            level=held.level,
            until_on=held.until,
            reason="test",
        )
        world.tell(f"access_grant-g{number}", fact)
        if held.revoked:
            world.tell(
                f"access_grant-g{number}", AccessRevoked(grant_id=f"g{number}", reason="test")
            )
