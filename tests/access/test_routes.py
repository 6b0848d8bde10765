"""A-02: every door there is, asked by everybody about everything; REG-05 in all its ways.

The doors come from the OpenAPI document. One with a path this does not know fails, so that no new
door is forgotten.
"""

import asyncio
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from psycopg.sql import SQL, Identifier

from api.app import create_app
from projections.catalogue import PROJECTIONS
from readmodels.access import GUARDED, KINDS
from readmodels.builds import begin, fold_into
from readmodels.reading import reading
from readmodels.scope import COMPANY
from runtime.composition import clock, doors, system
from runtime.credentials import ensure_admin_key
from runtime.settings import settings
from tests.access import places
from tests.access.places import CHILD, OTHER, OWN, PARENT, SIBLING, SPOTS, Spot
from tests.access.world import World
from tests.api.conftest import House, issue

pytestmark = pytest.mark.postgres

EVERYWHERE: Final = frozenset(SPOTS)


@dataclass(frozen=True, slots=True)
class Asker:
    """A key, and the spots of which it may see anything."""

    name: str
    roles: tuple[str, ...]
    employee: str | None
    sees: frozenset[Spot]
    whole: bool = True
    """Whether it sees all there is at these spots."""

    def __str__(self) -> str:
        return self.name


def _employee(name: str, role: str, who: str, *sees: Spot, whole: bool = True) -> Asker:
    return Asker(name, (role,), who, frozenset(sees), whole)


ASKERS: Final = (
    Asker("administrator", ("administrator",), None, EVERYWHERE),
    Asker("auditor", ("auditor",), places.TOM, EVERYWHERE),
    Asker("analyst", ("analyst",), places.TOM, EVERYWHERE),
    Asker("program", ("sales_rep",), None, EVERYWHERE),
    _employee("rep", "sales_rep", places.ANN, OWN),
    _employee("rep-beside", "sales_rep", places.BEN, SIBLING),
    _employee("manager", "sales_manager", places.MIA, OWN, SIBLING, CHILD),
    _employee("manager-above", "sales_manager", PARENT.owner, PARENT, OWN, SIBLING, CHILD),
    _employee("manager-as-rep", "sales_rep", places.MIA),
    _employee("team-member", "sales_rep", places.TOM, SIBLING, whole=False),
    _employee("granted-region", "sales_rep", places.GIL, CHILD, whole=False),
    _employee("granted-account", "sales_rep", places.LEO, OTHER, whole=False),
    _employee("granted-before", "sales_rep", places.SAM),
)

WITHOUT_KEY: Final = frozenset({"/v1/health", "/problems/{code}", "/schemas/{file}"})
FOR_EVERYBODY: Final = frozenset(
    {
        "/v1/strategic-objectives",
        "/v1/value-matrices",
        "/v1/value-matrices/{matrix_id}",
        "/v1/metrics",
        "/v1/forms",
        "/v1/form-versions",
        "/v1/regions",
        "/v1/alert-rules",
        "/v1/policies",
        "/v1/policies/{kind}/{policy_id}",
        "/v1/trainings",
    }
)
"""Doors about nothing that belongs to anybody."""

OF_THE_COMPANY: Final = frozenset(
    {"/v1/replays", "/v1/replays/{replay_id}", "/v1/replays/{replay_id}/result"}
)
"""Doors about everybody at once: whoever does not see all of them is refused."""

WEBHOOKS: Final = frozenset(
    {
        "/v1/webhooks",
        "/v1/webhooks/{webhook_id}",
        "/v1/webhooks/{webhook_id}/deliveries",
        "/v1/webhooks/{webhook_id}/secret",
    }
)
"""Doors about what belongs to nobody, for who sees the whole company or administers it."""

NEEDED: Final = {
    "first_day": "2020-01-01",
    "last_day": "2030-01-01",
    "region_id": "branch",
    "record_type": "account",
    "version": "1",
}
"""Parameters without which a door is not asked."""

PUBLIC: Final = {
    "employee_id": places.ANN,
    "matrix_id": "group",
    "form_id": "account.group",
    "kind": "approval_route",
    "policy_id": "contract.group",
    "webhook_id": "desk",
}
"""Parameters in paths that name nothing that is hidden."""


@dataclass(slots=True)
class Company:
    """The doors, a key for each asker, and the ids of all there is."""

    house: House
    keys: dict[str, str] = field(default_factory=dict)
    ids: dict[str, list[str]] = field(default_factory=dict)
    """By the field that names a record."""
    paths: dict[str, Any] = field(default_factory=dict)
    of_the_company: list[str] = field(default_factory=list)

    def get(self, asker: Asker, *paths: str, accept: str = "application/json") -> list[Any]:
        """The answers to ``asker``, one for each path."""

        async def run() -> list[httpx.Response]:
            async with self.house.client(self.keys[asker.name]) as client:
                return [await client.get(path, headers={"Accept": accept}) for path in paths]

        return asyncio.run(run())


def _facts() -> World:
    world = World(random=None)  # type: ignore[arg-type]
    world.told = [("system", stream, event) for stream, event in places.facts(clock().date())]
    return world


async def _staff(client: httpx.AsyncClient) -> None:
    await issue(client, "open-region", "group", region_id="group", name="Group")
    for hired in places.HIRES:
        answer = await issue(
            client,
            "hire-employee",
            hired.employee_id,
            employee_id=hired.employee_id,
            name="Somebody",
            region_id="group",
            roles=["sales_rep"],
        )
        assert answer.status_code == 200, answer.text
    for asker in ASKERS:
        answer = await issue(
            client,
            "issue-api-key",
            f"key-{asker.name}",
            key_id=asker.name,
            secret_sha256=hashlib.sha256(b"secret").hexdigest(),
            roles=list(asker.roles),
            label="a key",
            employee_id=asker.employee,
        )
        assert answer.status_code == 200, answer.text


@pytest.fixture(scope="module")
def company(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    folder = tmp_path_factory.mktemp("routes")
    given = settings({"KEYLEDGER_DATA": str(folder), "KEYLEDGER_LEDGER": "routes"})
    file = Path(folder / "admin-key")
    with system(given, database_url) as parts:
        asyncio.run(
            ensure_admin_key(parts.desk, ledger="routes", zone=given.zone, file=file, now=clock())
        )
        house = House(parts, create_app(doors(parts)), file.read_text().strip())
        house.ask(_staff)
        found = Company(house, {asker.name: f"kl_{asker.name}_secret" for asker in ASKERS})
        with parts.pool.connection() as connection:
            builds = [begin(connection, projection, "current") for projection in PROJECTIONS]
            with connection.transaction():
                fold_into(connection, builds, _facts().recorded())
            with reading(connection, COMPANY):
                for table in KINDS.values():
                    query = SQL("SELECT DISTINCT {} FROM {}").format(
                        Identifier(table.key[0]), Identifier(table.name)
                    )
                    kept = [one for (one,) in connection.execute(query).fetchall()]
                    found.ids[table.key[0]] = sorted({*found.ids.get(table.key[0], []), *kept})
                    found.ids[table.name] = kept

        async def document(client: httpx.AsyncClient) -> Any:
            return (await client.get("/openapi.json")).json()["paths"]

        found.paths = {
            path: doors_of["get"]
            for path, doors_of in house.ask(document).items()
            if "get" in doors_of and path not in WITHOUT_KEY
        }
        found.of_the_company = [path for path in found.paths if path in OF_THE_COMPANY]
        for path in found.of_the_company:
            del found.paths[path]
        yield found


def marks(text: str) -> set[Spot]:
    """The spots that an answer tells of."""
    return {spot for spot in SPOTS if spot.mark in text}


def hidden_from(asker: Asker) -> list[Spot]:
    return [spot for spot in SPOTS if spot not in asker.sees]


def of_spot(company: Company, spot: Spot, name: str) -> list[str]:
    return [one for one in company.ids[name] if spot.mark in one]


def parameters(door: Any, place: str) -> list[str]:
    return [one["name"] for one in door.get("parameters", ()) if one["in"] == place]


def needed(door: Any) -> str:
    named = [
        f"{one['name']}={NEEDED[one['name']]}"
        for one in door.get("parameters", ())
        if one["in"] == "query" and one.get("required")
    ]
    return "&".join(named)


def lists(company: Company) -> list[str]:
    """The paths, with what they need, of doors about more than one record that is hidden."""
    found = []
    for path, door in company.paths.items():
        named = parameters(door, "path")
        if all(name in PUBLIC for name in named):
            found.append(path.format(**PUBLIC) + "?" + needed(door))
    return found


def singles(company: Company, spot: Spot | None) -> list[str]:
    """The paths of doors about one record, for each of those at ``spot``, or for none there is."""
    found = []
    for path, door in company.paths.items():
        named = [name for name in parameters(door, "path") if name not in PUBLIC]
        if not named:
            continue
        known = {name: name for name in named if name in GUARDED}
        kinds = [{"record_type": kind} for kind in _record_types(door)]
        for kind in kinds if "record_type" in named else [{}]:
            by = {**known, **({"record_id": kind["record_type"]} if kind else {})}
            assert set(named) == {*by, *kind}, f"say what {path} is about: {named}"
            (parameter, ids) = next(iter(by.items()))
            found += [
                path.format(**PUBLIC, **kind, **{parameter: identity})
                for identity in (of_spot(company, spot, ids) if spot else [_unknown(company, ids)])
            ]
    return found


def _record_types(door: Any) -> list[str]:
    for one in door.get("parameters", ()):
        if one["name"] == "record_type":
            return list(one["schema"]["enum"])
    return []


def _unknown(company: Company, name: str) -> str:
    """An id like the others that nothing has."""
    return re.sub("|".join(spot.mark for spot in SPOTS), "f6f6f6f6", company.ids[name][0])


def test_the_examples_are_told_at_every_spot(company: Company) -> None:
    """Else nothing could leak."""
    for spot in SPOTS:
        missing = [
            name for name in KINDS if name in company.ids and not of_spot(company, spot, name)
        ]
        assert missing == []


QUIET: Final = frozenset(
    {
        "/v1/expansion-revenue",
        "/v1/funnel",
        "/v1/revenue-concentration",
    }
)
"""Lists of figures, without an id."""

ABOUT_ONESELF: Final = frozenset({"/v1/approvals/inbox", "/v1/notices", "/v1/work"})
"""Lists that a key that acts for nobody has to name somebody for, as the filters do below."""


def test_every_list_tells_who_sees_all_of_every_spot(company: Company) -> None:
    """A list that tells nothing here proves nothing below."""
    answers = company.get(ASKERS[0], *lists(company))
    told = dict(zip((path.partition("?")[0] for path in lists(company)), answers, strict=True))
    silent = {path for path, one in told.items() if not marks(one.text)}
    refused = {path for path, one in told.items() if one.status_code != 200}
    known = {path.format(**PUBLIC) for path in FOR_EVERYBODY | WEBHOOKS}
    assert refused == ABOUT_ONESELF
    assert silent - refused - known == QUIET, "it has to tell of the examples, or be named here"


@pytest.mark.parametrize("asker", ASKERS, ids=str)
@pytest.mark.parametrize("accept", ["application/json", "text/csv", "application/x-ndjson"])
def test_reg_05_no_list_tells_of_what_may_not_be_seen(
    company: Company, asker: Asker, accept: str
) -> None:
    """In reports and exports, with every filter on what is hidden, and in the audit trail."""
    asked = [*lists(company), *filtered(company, asker)]
    for path, answer in zip(asked, company.get(asker, *asked, accept=accept), strict=True):
        assert answer.status_code in {200, 403, 404, 406, 422}, (path, answer.text)
        leaked = marks(_without_echo(answer, path)) - asker.sees
        assert leaked == set(), (path, leaked, answer.text)


def filtered(company: Company, asker: Asker) -> list[str]:
    """Every list with each filter that names something hidden, as of now and then."""
    found = []
    for path, door in company.paths.items():
        if not all(name in PUBLIC for name in parameters(door, "path")):
            continue
        for name, spot in product(parameters(door, "query"), hidden_from(asker)):
            for value in _values(company, name, spot):
                rest = needed(door)
                found.append(f"{path.format(**PUBLIC)}?{name}={value}" + (rest and f"&{rest}"))
        for extra in ("as_of=2026-03-02", "group_by=account,agent", "limit=500"):
            found += [
                f"{path.format(**PUBLIC)}?{extra}&{needed(door)}"
                for name in parameters(door, "query")
                if name == extra.partition("=")[0]
            ]
    return found


_FILTERS: Final = {
    "account": "account_id",
    "account_id": "account_id",
    "parent": "account_id",
    "contact_id": "contact_id",
    "plan": "plan_id",
    "project": "project_id",
    "subject_id": "contract_id",
}


def _values(company: Company, name: str, spot: Spot) -> list[str]:
    if name in _FILTERS:
        return of_spot(company, spot, _FILTERS[name])
    if name in {"owner", "owner_id", "agent", "manager", "employee_id"}:
        return [spot.owner]
    if name == "region":
        return [spot.region]
    if name == "record":
        return [f"opportunity-{one}" for one in of_spot(company, spot, "opportunity_id")]
    return []


def _without_echo(answer: httpx.Response, path: str) -> str:
    """The answer without the filter it was asked with, as problems repeat it."""
    return answer.text.replace(path, "") if answer.status_code == 200 else ""


@pytest.mark.parametrize("asker", ASKERS, ids=str)
def test_reg_05_what_may_not_be_seen_is_answered_as_what_there_is_not(
    company: Company, asker: Asker
) -> None:
    """Single records by guessed ids: the same status and the same body, now and in the past."""
    for spot in SPOTS:
        asked = singles(company, spot)
        answers = company.get(asker, *asked)
        if spot not in asker.sees:
            unknown = {
                _shape(path): _body(answer)
                for path, answer in zip(
                    singles(company, None),
                    company.get(asker, *singles(company, None)),
                    strict=True,
                )
            }
            for path, answer in zip(asked, answers, strict=True):
                assert answer.status_code == 404, (path, answer.text)
                assert _body(answer) == unknown[_shape(path)], path
                assert "ETag" not in answer.headers
        elif asker.whole:
            expected = [answer.status_code for answer in company.get(ASKERS[0], *asked)]
            assert expected.count(200) > len(expected) / 2
            assert [answer.status_code for answer in answers] == expected
            told = set().union(*(marks(answer.text) for answer in answers))
            assert told <= asker.sees


def _shape(path: str) -> str:
    """The path without the id."""
    return re.sub(r"[^/]*(?:a1|b2|c3|d4|e5|f6){4}[^/]*", "*", path)


def _body(answer: httpx.Response) -> Any:
    """A problem without what tells one request from another."""
    told = json.loads(answer.text)
    return {name: one for name, one in told.items() if name not in {"instance", "correlation_id"}}


@pytest.mark.parametrize("asker", ASKERS, ids=str)
def test_what_is_about_everybody_is_for_who_sees_the_company(
    company: Company, asker: Asker
) -> None:
    """And not only to sell: the answer to others does not say whether there is one."""
    assert set(company.of_the_company) == OF_THE_COMPANY
    allowed = asker.name in {"administrator", "auditor", "analyst"}
    asked = [path.format(replay_id="none") for path in company.of_the_company]
    for path, answer in zip(asked, company.get(asker, *asked), strict=True):
        found = 200 if path == "/v1/replays" else 404
        assert answer.status_code == (found if allowed else 403), (path, answer.text)


@pytest.mark.parametrize("asker", ASKERS, ids=str)
def test_reg_04_figures_are_those_of_what_is_listed(company: Company, asker: Asker) -> None:
    """Counts say no more than lists: each level's sum is that of the visible below it."""
    listed, total, regions = company.get(
        asker, "/v1/opportunities?limit=500", "/v1/funnel", "/v1/funnel?group_by=region"
    )
    items = listed.json()["items"]
    assert total.json()["total"]["count"] == len(items)
    told = {one["group"]["region"]: one["count"] for one in regions.json()["groups"]}
    for region, count in told.items():
        below = {one for one in places.REGIONS if region in _line(one)}
        assert count == sum(item["region_id"] in below for item in items)


def test_reg_04_the_sum_of_a_region_is_that_of_its_parts(company: Company) -> None:
    """What the manager above sees is what those below see, and what lies at their own level."""
    above, below, beside = (
        company.get(asker, "/v1/funnel")[0].json()["total"]["count"]
        for asker in (ASKERS[7], ASKERS[6], ASKERS[4])
    )
    per_spot = beside
    assert (below, above) == (3 * per_spot, 4 * per_spot)
    assert per_spot > 0


def _line(region: str | None) -> list[str]:
    found = []
    while region is not None:
        found.append(region)
        region = places.REGIONS[region]
    return found
