"""CARD-04, MET-11: a real what-if from the door to the switch, which nobody else notices."""

import hashlib
import io
import time
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

import httpx
import polars as pl
import pytest
from psycopg.sql import SQL, Identifier

from projections.catalogue import PROJECTIONS
from readmodels.builds import current, digest_of
from readmodels.reading import head
from replay.what_if.result import Result
from runtime.replays.carrying import WhatIfs
from tests.api.conftest import House
from tests.api.following import follow
from tests.api.replaying import posted, replay, work
from tests.api.warnings import ago, asked, day_ago, day_closes, told
from tests.examples.approvals import route
from tests.examples.cast import ANN
from tests.examples.scores import NEARNESS, POLICY, PROMOTION
from tests.kills.parts import Parts
from tests.processes import until

pytestmark = pytest.mark.postgres

DAYS: Final = 60
STRICT: Final = POLICY.model_copy(
    update={"components": (NEARNESS.model_copy(update={"weight": 1}), PROMOTION)}
)
"""In which what customers say weighs as much as how near we are."""
VISITS: Final = {"a1": (50, 40, 3), "a2": (45,), "a3": ()}
"""How many days ago who was visited."""


async def _company(client: httpx.AsyncClient) -> None:
    """Ann visits two of three customers; the group's first policy makes the scores."""
    then: dict[str, Any] = {"occurred_at": ago(400)}
    await told(client, "open-region", region_id="emea", name="Europe", **then)
    hired = {"name": "Ann", "region_id": "emea", "roles": ["sales_manager"]}
    await told(client, "hire-employee", employee_id=ANN, **hired, **then)
    for account, days in VISITS.items():
        given = {"account_id": account, "name": account.upper(), "owner_id": ANN}
        await told(client, "register-account", **given, **then)
        for number, one in enumerate(days):
            await told(
                client,
                "log-interaction",
                interaction_id=f"{account}-{number}",
                account_id=account,
                kind="executive_visit",
                subject="Plans",
                employee_ids=[ANN],
                occurred_at=ago(one),
            )
    of_policies = {"region_id": "emea", "subject_kind": "scoring_policy"}
    document = route().model_dump(mode="json")
    await told(client, "draft-approval-route", **of_policies, document=document)
    since = {"version": 1, "effective_on": "2020-01-01"}
    await told(client, "activate-approval-route", **of_policies, **since)
    await told(client, "draft-scoring-policy", document=POLICY.model_dump(mode="json"))
    proposal = {"version": 1, "approval_id": "s1", "requester_id": ANN}
    await told(client, "propose-scoring-policy", **proposal)
    await told(client, "activate-scoring-policy", **since)
    await told(client, "draft-scoring-policy", document=STRICT.model_dump(mode="json"))


@pytest.fixture
def company(house: House) -> House:
    """A house in which all that there is has been folded, and yesterday is closed."""
    house.ask(_company)
    day_closes(house)
    follow(house)
    return house


def question(*, version: int = 2) -> dict[str, Any]:
    """What if this version had made the scores of the last days?"""
    return {
        "policies": [{"name": "strict", "version": version}],
        "first": day_ago(DAYS),
        "last": day_ago(1),
    }


def state(house: House) -> dict[str, Any]:
    """All there is but for replays: the head, every read model, every other table."""
    found: dict[str, Any] = {}
    with house.system.pool.connection() as connection, connection.transaction():
        for projection in PROJECTIONS:
            build = current(connection, projection)
            assert build is not None
            found[projection.name] = (build.position, digest_of(connection, build))
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
        ).fetchall()
        for (table,) in tables:
            if not table.startswith("replay"):
                query = SQL("SELECT md5(string_agg(one::text, ',' ORDER BY one::text)) FROM {} one")
                row = connection.execute(query.format(Identifier(table))).fetchone()
                found[table] = row
    return found


def what_ifs(house: House) -> WhatIfs:
    """What the process for replays uses."""
    return WhatIfs(house.system.database_url, house.system.settings.ledger)


def test_the_past_is_scored_under_another_policy_and_nothing_else_changes(company: House) -> None:
    """MET-11: a replay records nothing and notifies nobody."""
    before = state(company)
    assert {"events", "receipts", "log_head", "reaction_cursor"} <= before.keys()
    path = replay(company, question())
    assert work(company, what_ifs(company))
    assert state(company) == before

    item = asked(company, path).json()
    assert item["state"] == "done", item["failure"]
    with company.system.pool.connection() as connection:
        assert item["position"] == head(connection)
    told_as_json = asked(company, f"{path}/result")
    result = Result.model_validate_json(told_as_json.content)
    assert hashlib.sha256(told_as_json.content).hexdigest() == item["results"]["json"]["sha256"]
    (found,), (comparison,) = item["findings"], result.comparisons
    assert (found["name"], found["place"], found["version"]) == ("strict", "*", 2)
    assert found["accounts"] == comparison.accounts == len(VISITS)
    assert found["accounts_moved"] == len(comparison.changes)
    assert found["alerts_before"] == len(comparison.active.alerts)
    assert found["alerts_after"] == len(comparison.candidate.alerts) > 0
    last = {"doing": "account days", "done": len(VISITS) * DAYS, "total": len(VISITS) * DAYS}
    assert last.items() <= item["progress"].items()

    parquet = asked(company, f"{path}/result", accept="application/vnd.apache.parquet").content
    daily = pl.read_parquet(io.BytesIO(parquet))
    assert set(daily["account_id"]) == set(VISITS)
    assert daily["day"].min() == date.fromisoformat(day_ago(DAYS))
    assert len(asked(company, f"{path}/result", accept="text/csv").text.splitlines()) > 0
    report = asked(company, f"{path}/result", accept="text/markdown").text
    assert report.startswith("# ")
    assert "strict" in report


def test_from_the_draft_by_a_replay_to_the_switch(company: House) -> None:
    """CARD-04: drafted, replayed, put up with it, agreed to, in force from a day on."""
    path = replay(company, question())
    assert work(company, what_ifs(company))
    sha256 = asked(company, path).json()["results"]["json"]["sha256"]

    async def switch(client: httpx.AsyncClient) -> None:
        of_group = {"version": 2, "approval_id": "s2", "requester_id": ANN}
        identity = path.rpartition("/")[2]
        await told(client, "propose-scoring-policy", **of_group, replay_id=identity)
        await told(client, "activate-scoring-policy", version=2, effective_on=day_ago(0))

    company.ask(switch)
    follow(company)
    names = "scoring_policy.proposed", "scoring_policy.activated", "scoring_policy.superseded"
    for name in names:
        items = asked(company, f"/v1/audit-trail?name={name}").json()["items"]
        assert items, name
    proposed = asked(company, f"/v1/audit-trail?name={names[0]}").json()["items"][-1]
    assert proposed["changes"]["dry_run"]["after"]["result_sha256"] == sha256
    facts = asked(company, "/v1/approvals/s2").json()["item"]["facts"]
    assert facts["accounts_replayed"] == len(VISITS)


def test_asked_again_at_the_same_position_the_result_is_the_same_bytes(company: House) -> None:
    paths = [replay(company, question(), idempotency_key=one) for one in ("r1", "r2")]
    assert work(company, what_ifs(company))
    assert work(company, what_ifs(company))
    first, second = (asked(company, path).json()["results"] for path in paths)
    assert first == second


def test_a_question_that_turns_out_to_be_wrong_says_which_rule_says_no(company: House) -> None:
    """Accounts are looked for when it is carried out: there may be thousands."""
    path = replay(company, question() | {"accounts": ["a1", "nobody"]})
    assert work(company, what_ifs(company))
    found = asked(company, path).json()
    assert (found["state"], found["failure"]["rule"]) == ("failed", "unknown-account")
    assert found["failure"]["field"] == "accounts.1"


@pytest.fixture
def parts(company: House, tmp_path: Path) -> Iterator[Parts]:
    """The process for replays of the house, to be started and killed."""
    found = Parts(company.system.database_url, company.system.settings.ledger, tmp_path)
    yield found
    found.close()


def test_a_killed_process_leaves_no_half_result_and_the_next_has_the_same(
    company: House, parts: Parts
) -> None:
    """F-04: as `keyledger replays` runs, killed whenever it has just taken one up, and later."""
    undisturbed = replay(company, question(), idempotency_key="undisturbed")
    assert work(company, what_ifs(company))
    expected = asked(company, undisturbed).json()["results"]
    path = replay(company, question())
    for pause_s in (0.0, 0.1, 0.2):
        taken_up = _attempts(company)
        parts.start("replays")
        until(partial(_more_attempts, company, taken_up), "it is taken up")
        time.sleep(pause_s)
        parts.kill("replays")
        found = asked(company, path).json()
        assert (found["state"] == "done") == bool(found["results"])
        if found["state"] == "done":
            break
    parts.start("replays")
    until(lambda: _done(company, path), "it is done")
    assert asked(company, path).json()["results"] == expected
    assert posted(company, question()).json()["state"] == "done"
    digests = {
        kind: hashlib.sha256(asked(company, f"{path}/result", accept=kind).content).hexdigest()
        for kind in ("application/json", "text/csv")
    }
    assert list(digests.values()) == [expected[one]["sha256"] for one in ("json", "csv")]


def _attempts(house: House) -> int:
    with house.system.pool.connection() as connection:
        row = connection.execute("SELECT sum(attempt) FROM replay").fetchone()
    assert row is not None
    return int(row[0])


def _more_attempts(house: House, before: int) -> bool:
    return _attempts(house) > before


def _done(house: House, path: str) -> bool:
    return bool(asked(house, path).json()["state"] == "done")
