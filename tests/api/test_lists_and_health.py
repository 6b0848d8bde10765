"""Lists as CSV, and health: what a client relies on to know that there is more, or not yet all."""

from typing import Any, Final

import httpx
import pytest
from pydantic import BaseModel

from api.answers import AccountItem, AuditItem, OpportunityItem
from events.catalogue import EVENTS
from projections.accounts import AccountRow
from projections.audit_trail import AuditRow
from projections.catalogue import PROJECTIONS
from projections.funnel import OpportunityRow
from readmodels.builds import begin, fold_into
from runtime.log.store_source import StoreSource
from tests.api.conftest import House, issue

pytestmark = pytest.mark.postgres


def _follow(house: House) -> None:
    parts = house.system
    with (
        parts.pool.connection() as connection,
        StoreSource(parts.database_url, parts.settings.ledger) as source,
    ):
        builds = [begin(connection, projection, "current") for projection in PROJECTIONS]
        with connection.transaction():
            fold_into(connection, builds, source.read(0, 1_000, 0))


def _csv(house: House, path: str) -> httpx.Response:
    async def question(client: httpx.AsyncClient) -> httpx.Response:
        return await client.get(path, headers={"Accept": "text/csv"})

    return house.ask(question)


@pytest.mark.parametrize(
    "path", ["/v1/accounts", "/v1/opportunities", "/v1/contracts", "/v1/approvals"]
)
def test_a_list_of_nothing_has_a_header(house: House, path: str) -> None:
    _follow(house)
    answer = _csv(house, path)
    (header,) = answer.text.splitlines()
    assert header.endswith("valid_from,valid_to,known_from,known_to")
    assert "Next" not in answer.headers


def test_a_page_says_where_the_next_one_begins(house: House) -> None:
    async def register(client: httpx.AsyncClient) -> None:
        for name in ("a", "b", "c"):
            await issue(client, "register-account", name, account_id=name, name=name)

    house.ask(register)
    _follow(house)
    seen, path = [], "/v1/accounts?limit=2"
    first = _csv(house, path)
    second = _csv(house, f"{path}&cursor={first.headers['Next']}")
    for answer in (first, second):
        seen += [line.split(",")[0] for line in answer.text.splitlines()[1:]]
    assert seen == ["a", "b", "c"]
    assert "Next" not in second.headers


FROM_ANOTHER: Final = {"account_class"}
"""What an answer has from a read model beside its own."""


@pytest.mark.parametrize(
    ("row", "item"),
    [(AccountRow, AccountItem), (OpportunityRow, OpportunityItem), (AuditRow, AuditItem)],
)
def test_what_a_row_holds_its_answer_has_a_field_for(row: Any, item: type[BaseModel]) -> None:
    own = [field for field in item.model_fields if field not in FROM_ANOTHER]
    assert own == list(row._fields)


def test_health_is_ok_once_every_read_model_is_there(house: House) -> None:
    async def question(client: httpx.AsyncClient) -> str:
        return str((await client.get("/v1/health")).json()["status"])

    assert house.ask(question) == "starting"
    with house.system.pool.connection() as connection:
        for projection in PROJECTIONS:
            assert house.ask(question) == "starting"
            begin(connection, projection, "current")
    assert house.ask(question) == "ok"


def test_a_schema_is_found_where_a_record_of_the_log_says(house: House) -> None:
    """Whoever reads the log has no key: `ce_dataschema` leads to an open door."""

    async def question(client: httpx.AsyncClient) -> list[httpx.Response]:
        paths = [f"/schemas/{kind.NAME}.v{kind.VERSION}.json" for kind in EVENTS.values()]
        found = [await client.get(path, headers={"Authorization": ""}) for path in paths]
        assert [answer.json()["$id"] for answer in found] == paths
        return [await client.get(f"/schemas/{name}") for name in ("asyncapi.json", "none.json")]

    whole, none = house.ask(question)
    assert whole.json()["asyncapi"].startswith("3.")
    assert (none.status_code, none.json()["rule"]) == (404, "unknown-schema")
