"""The one place that decides who may do what to which record: Cedar policies, nothing else."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice, product
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

from cedarpy import PolicySet, is_authorized_batch

from api.field_classes import CLASSES, EVERYTHING, FieldClass, Sight
from readmodels.access import NOWHERE, Surroundings
from readmodels.scope import Breadth, Scope

Action = Literal[
    "read",
    "write",
    "see_commercial",
    "see_personal",
    "see_approval",
    "see_solution",
    "see_delivery",
    "replay",
]

_FOLDER: Final = Path(__file__).parent
POLICIES: Final = (_FOLDER / "policies.cedar").read_text()
SCHEMA: Final = (_FOLDER / "schema.cedarschema").read_text()

POLICY_HASH: Final = hashlib.sha256(f"{SCHEMA}\n{POLICIES}".encode()).hexdigest()
"""Which policies a decision was made by: SHA-256 of schema and policies, in hexadecimal."""

_POLICIES: Final = PolicySet.from_str(POLICIES)
SEEING: Final[Mapping[FieldClass, Action]] = MappingProxyType(
    {
        "commercial": "see_commercial",
        "personal": "see_personal",
        "approval": "see_approval",
        "solution": "see_solution",
        "delivery": "see_delivery",
    }
)
"""What it takes to see the fields of a class that is not for everybody."""

_KEY: Final = 'Key::"asking"'
_DIRECTORY: Final = 'Directory::"directory"'

_TRADES: Final = MappingProxyType(
    {
        "executive_sponsor": "sponsors",
        "solution_architect": "architects",
        "delivery_expert": "experts",
    }
)
"""The roles in a team, by what the policies call those who have them."""

Entity = dict[str, Any]


def decide(scope: Scope, action: Action, around: Surroundings | None) -> bool:
    """Whether the one who asks may do it to what ``around`` surrounds; never to what lies nowhere.

    ``None`` stands for what belongs to no account and is no secret, and for lists, whose rows are
    picked by row security.
    """
    if around is None:
        return _of_directory(scope.breadth, scope.roles)[action]
    return bool(around.ends) and all(decided(scope, action, around, around.ends))


def decided(
    scope: Scope, action: Action, around: Surroundings, places: Iterable[str]
) -> Sequence[bool]:
    """Whether the one who asks may do it to each of ``places``, all of them in ``around``."""
    return _answers(scope, around, [_request(action, _named_place(place)) for place in places])


def seen_fields(scope: Scope, around: Surroundings) -> Sight:
    """Which classes of fields the one who asks sees of what they may read.

    ``around`` surrounds the accounts in whose teams they serve in a role of a trade. Whatever else
    somebody sees but not all of the company, they see with all its fields.
    """
    if scope.breadth == "company":
        allowed = _of_directory(scope.breadth, scope.roles)
        return Sight(_classes(allowed[action] for action in SEEING.values()))
    if not around.ends:
        return EVERYTHING
    asked = list(product(around.ends, SEEING.values()))
    requests = [_request(action, _named_place(place)) for place, action in asked]
    found = iter(_answers(scope, around, requests))
    return Sight(
        CLASSES,
        {
            place.removeprefix("account-"): _classes(islice(found, len(SEEING)))
            for place in around.ends
        },
    )


@cache
def _of_directory(breadth: Breadth, roles: frozenset[str]) -> Mapping[Action, bool]:
    """What may be done to what belongs to nobody: nothing else of who asks decides about that."""
    actions: tuple[Action, ...] = get_args(Action)
    requests = [_request(action, _DIRECTORY) for action in actions]
    allowed = _answers(Scope(breadth, roles=roles), NOWHERE, requests)
    return MappingProxyType(dict(zip(actions, allowed, strict=True)))


def _classes(allowed: Iterable[bool]) -> frozenset[FieldClass]:
    pairs = zip(SEEING, allowed, strict=True)
    return frozenset({"public", *(one for one, may in pairs if may)})


def _answers(scope: Scope, around: Surroundings, requests: list[dict[str, Any]]) -> Sequence[bool]:
    entities = [_key(scope, around), *_entities(around)]
    return [answer.allowed for answer in is_authorized_batch(requests, _POLICIES, entities)]


def _named_place(place: str) -> str:
    return f'Place::"{place}"'


def _request(action: Action, resource: str) -> dict[str, Any]:
    return {"principal": _KEY, "action": f'Action::"{action}"', "resource": resource}


def _key(scope: Scope, around: Surroundings) -> Entity:
    attributes: dict[str, Any] = {
        "company": scope.breadth == "company",
        "roles": sorted(scope.roles),
        "manages": scope.breadth == "manager",
        "seats": [],
    }
    for level in ("read", "write"):
        held = [grant for grant in around.grants if grant.level == level]
        regions = [grant.region_id for grant in held if grant.region_id is not None]
        accounts = [f"account-{grant.account_id}" for grant in held if grant.account_id is not None]
        attributes[f"{level}s_regions"] = [_named("Region", one) for one in regions]
        attributes[f"{level}s_accounts"] = [_named("Place", one) for one in accounts]
    for one in around.staff:
        if one.employee_id == scope.employee_id:
            attributes["employee"] = _named("Employee", one.employee_id)
            attributes["region"] = _named("Region", one.region_id)
            attributes["seats"] = list(one.seats)
    return _entity("Key", "asking", (), attributes)


def _entities(around: Surroundings) -> Iterator[Entity]:
    for branch in around.branches:
        yield _entity("Region", branch.region_id, [("Region", branch.parent_id)])
    for one in around.staff:
        yield _entity("Employee", one.employee_id, [("Employee", one.manager_id)])
    parties = defaultdict(list)
    teams: dict[str, dict[str, list[Entity]]] = defaultdict(lambda: defaultdict(list))
    for seat in around.seats:
        if seat.employee_id is not None:
            team, member = teams[f"account-{seat.account_id}"], _named("Employee", seat.employee_id)
            team["team"].append(member)
            team[_TRADES[seat.role]].append(member)
    for party in around.parties:
        parties[party.record].append(party.seat)
    for place in around.places:
        account = None if place.kind == "account" else place.account
        attributes: dict[str, Any] = {
            **{part: teams[place.record][part] for part in ("team", *_TRADES.values())},
            "parties": parties[place.record],
        }
        if place.owner_id is not None:
            attributes["owner"] = _named("Employee", place.owner_id)
        if account is not None:
            attributes["account"] = _named("Place", account)
        above = [("Place", account), ("Region", place.region_id), ("Employee", place.owner_id)]
        yield _entity("Place", place.record, above, attributes)


def _entity(
    kind: str,
    identity: str,
    above: Iterable[tuple[str, str | None]],
    attributes: Mapping[str, Any] = MappingProxyType({}),
) -> Entity:
    parents = [_uid(parent, named) for parent, named in above if named is not None]
    return {"uid": _uid(kind, identity), "attrs": dict(attributes), "parents": parents}


def _uid(kind: str, identity: str) -> Entity:
    return {"type": kind, "id": identity}


def _named(kind: str, identity: str) -> Entity:
    return {"__entity": _uid(kind, identity)}
