"""The examples of every fact there is, once for each of five places in a company.

Whatever is at a place has its mark in its id, so that an answer shows by itself what it tells of.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from events.accounts.account import AccountRegistered
from events.accounts.account_team import AccountTeamMemberAssigned
from events.event import Event
from events.organization.access_grant import AccessGranted, AccessRevoked
from events.organization.employee import EmployeeHired
from events.organization.region import RegionOpened
from tests.examples.histories import HISTORIES, History

Fact = tuple[str, Event]
"""Its stream, and what happened."""


class Spot(NamedTuple):
    """A place in the company."""

    name: str
    mark: str
    """Eight hexadecimal digits that stand nowhere else."""
    region: str
    owner: str


def _person(number: int) -> str:
    return f"{number:08x}-0000-4000-8000-000000000000"


REGIONS: Final[Mapping[str, str | None]] = {
    "group": None,
    "west": "group",
    "branch": "west",
    "desk": "branch",
    "east": "group",
}
ANN, BEN, MIA, CHI, OTO, TOM, GIL, LEO, SAM = map(_person, range(1, 10))
"""Ann and Ben sell for the branch that Mia manages, Chi for the desk below it, Oto in the east. Tom
is on a team, Gil and Leo have grants, Sam had one that is over and one that was revoked."""

OWN: Final = Spot("own", "a1a1a1a1", "branch", ANN)
SIBLING: Final = Spot("sibling", "b2b2b2b2", "branch", BEN)
PARENT: Final = Spot("parent", "c3c3c3c3", "west", _person(10))
CHILD: Final = Spot("child", "d4d4d4d4", "desk", CHI)
OTHER: Final = Spot("other", "e5e5e5e5", "east", OTO)
SPOTS: Final = (OWN, SIBLING, PARENT, CHILD, OTHER)

_HOMES: Final[Mapping[str, tuple[str, str | None]]] = {
    ANN: ("branch", MIA),
    BEN: ("branch", MIA),
    MIA: ("branch", PARENT.owner),
    CHI: ("desk", MIA),
    OTO: ("east", None),
    PARENT.owner: ("west", None),
    TOM: ("east", None),
    GIL: ("east", None),
    LEO: ("east", None),
    SAM: ("east", None),
}
"""Where everybody works, and whom they report to."""

HIRES: Final = tuple(
    EmployeeHired(
        employee_id=one, name="Somebody", region_id=region, manager_id=boss, roles=("sales_rep",)
    )
    for one, (region, boss) in _HOMES.items()
)

_TOLD_ONCE: Final = re.compile(
    r"(region|product|strategic_objective|.*_policy|account_lifecycle|sales_process|value_matrix"
    r"|approval_route|form|calendar|alert_rule|webhook)-"
)
_AT_A_PLACE: Final = re.compile(
    r"(account|account_stage|account_team|account_link|account_class|account_plan|customer_goal"
    r"|solution_document|contact|relationship|interaction|opportunity|plan_year|joint_project"
    r"|value_claim|contract|commitment|approval|task|record_fields|alert|notice|competitor"
    r"|survey_answer|account_outcome)-"
)
_NOBODYS: Final = re.compile(r"(employee|api_key|access_grant|employee_training)-")
_IDS: Final = re.compile(r".*_ids?$")
_PERSON: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_OURS: Final = frozenset(
    {"region_id", "product_id", "stage_id", "check_id", "matrix_region_id", "rule_id"}
)


_ENDINGS: Final = frozenset(
    """
    account.unlinked account_outcome.withdrawn account_plan.closed alert.resolved
    approval.granted approval.refused approval.voided competitor.left
    contact.erased contact.left contact.merged contact.unmerged
    customer_goal.dropped customer_goal.unlinked interaction.follow_up_done interaction.withdrawn
    joint_project.closed opportunity.reopened survey_answer.withdrawn task.cancelled task.completed
    value_claim.withdrawn
    """.split()
)
"""What may be left out, so that there is something to tell of now."""


def facts(today: date, *, endings: bool = False) -> Iterator[Fact]:
    """All that has happened, in order; what ended as well, where ``endings`` are wanted."""
    for region, parent in REGIONS.items():
        opened = RegionOpened(region_id=region, name=region, parent_id=parent)
        yield f"region-{region}", opened
    for hired in HIRES:
        yield f"employee-{hired.employee_id}", hired
    for history in HISTORIES:
        assert _sort(history), f"say where {history.stream} belongs"
        if _TOLD_ONCE.match(history.stream):
            yield from map(_everywhere(history), history.facts)
    for spot in SPOTS:
        yield from _at(spot, frozenset() if endings else _ENDINGS)
    yield from _widened(today)


def _everywhere(history: History) -> Callable[[Event], Fact]:
    """What a region has put in force holds for the whole group here."""
    if history.stream.startswith("region-"):
        return lambda fact: (history.stream, fact)
    return lambda fact: (
        history.stream.replace("emea", "group"),
        type(fact).model_validate_json(json.dumps(fact.wire()).replace('"emea"', '"group"')),
    )


def _sort(history: History) -> bool:
    kinds = (_TOLD_ONCE, _AT_A_PLACE, _NOBODYS)
    return any(kind.match(history.stream) for kind in kinds)


def _at(spot: Spot, without: frozenset[str]) -> Iterator[Fact]:
    known: set[str] = set()
    for history in HISTORIES:
        if not _AT_A_PLACE.match(history.stream):
            continue
        for fact in (one for one in history.facts if one.NAME not in without):
            moved = _moved(spot, fact)
            named = _accounts(moved) - known
            known |= named
            if not isinstance(moved, AccountRegistered):
                yield from ((f"account-{one}", _registered(spot, one)) for one in sorted(named))
            yield _stream(spot, history), moved


def _stream(spot: Spot, history: History) -> str:
    kind, _, identity = history.stream.partition("-")
    return f"{kind}-{marked(spot, identity)}"


def _moved(spot: Spot, fact: Event) -> Event:
    """The same fact at ``spot``."""
    wire = _walk(spot, fact.wire())
    return type(fact).model_validate_json(json.dumps(wire))


def _walk(spot: Spot, value: Any, field: str = "") -> Any:
    if isinstance(value, Mapping):
        return {name: _walk(spot, one, name) for name, one in value.items()}
    if isinstance(value, list):
        return [_walk(spot, one, field) for one in value]
    return _told(spot, value, field) if isinstance(value, str) else value


def _told(spot: Spot, value: str, field: str) -> str:
    if field in {"owner_id", "author_id", "requester_id", "submitted_by"}:
        return spot.owner
    if field == "region_id":
        return spot.region
    if field in {"name", "title"} and " " in value:
        return f"{value} {spot.mark}"
    if _IDS.match(field) and field not in _OURS:
        return marked(spot, value)
    return value


def marked(spot: Spot, identity: str) -> str:
    """The id at ``spot`` of what has ``identity`` in the examples."""
    if _PERSON.search(identity):
        return _PERSON.sub(lambda found: spot.mark + found[0][8:], identity)
    return f"{identity}.{spot.mark}"


def _accounts(fact: Event) -> set[str]:
    named = (getattr(fact, name, None) for name in ("account_id", "other_id", "from_account_id"))
    return {one for one in named if one is not None}


def _registered(spot: Spot, account: str) -> AccountRegistered:
    return AccountRegistered(
        account_id=account,
        name=f"Account {spot.mark}",
        sector=None,
        country=None,
        founded_year=None,
        employees=None,
        revenue=None,
        parent_id=None,
        owner_id=spot.owner,
        region_id=spot.region,
    )


def _widened(today: date) -> Iterator[Fact]:
    acme = f"acme.{SIBLING.mark}"
    served = AccountTeamMemberAssigned(account_id=acme, role="delivery_expert", employee_id=TOM)
    yield f"account_team-{acme}", served
    for grant_id, employee, region, account, days in (
        ("gil", GIL, "desk", None, 0),
        ("leo", LEO, None, f"acme.{OTHER.mark}", 1),
        ("sam", SAM, "east", None, -1),
        ("sam-2", SAM, "east", None, 1),
    ):
        granted = AccessGranted(
            grant_id=grant_id,
            employee_id=employee,
            region_id=region,
            account_id=account,
            level="read",
            until_on=today + timedelta(days=days),
            reason="test",
        )
        yield f"access_grant-{grant_id}", granted
    yield "access_grant-sam-2", AccessRevoked(grant_id="sam-2", reason="test")
