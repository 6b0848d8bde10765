"""KAM-14 over HTTP: the account x product grid, its empty cells, and what to do about each."""

from typing import Any

import httpx
import pytest

from tests.api.conftest import House
from tests.api.following import follow
from tests.api.warnings import ago, asked, company, day_ago, sale, told
from tests.examples.cast import ANN, BEA

pytestmark = pytest.mark.postgres

POLICY: dict[str, Any] = {
    "recommendations": [
        {
            "recommendation_id": "mg-for-retail",
            "product_id": "mg",
            "sector": "retail",
            "action": {"kind": "demonstration", "text": "Show the MG."},
        }
    ],
    "peers": {
        "share_from_bp": 5_000,
        "peers_from": 2,
        "action": {"kind": "call", "text": "Others of the sector have it."},
    },
    "otherwise": {"kind": "note", "text": "Keep it in mind."},
}


async def market(client: httpx.AsyncClient) -> None:
    """Three in retail, of whom Acme bought gtx twice; Globex and Hooli bought gtx-pro."""
    await company(client)
    for account, sector in (("globex", "retail"), ("hooli", "retail"), ("zenith", None)):
        await told(
            client,
            "register-account",
            account_id=account,
            name=account.title(),
            sector=sector,
            region_id="dach",
            owner_id=BEA,
            occurred_at=ago(300),
        )
    await sale(client, "a1", "gtx", 200, won=1_000_00)
    await sale(client, "a2", "gtx", 100, won=500_00)
    await sale(client, "a3", "mg", 90, lost=True)
    await sale(client, "b1", "gtx-pro", 80, account="globex", won=700_00)
    await sale(client, "b2", "gtx", 80, account="globex")
    await sale(client, "c1", "gtx-pro", 70, account="hooli", won=700_00)


async def advised(client: httpx.AsyncClient) -> None:
    await told(client, "draft-white-space-policy", region_id="emea", document=POLICY)
    await told(
        client,
        "activate-white-space-policy",
        region_id="emea",
        version=1,
        effective_on=day_ago(300),
    )


@pytest.fixture
def sold(house: House) -> House:
    """A house with that market, and a policy for all of it."""
    house.ask(market)
    house.ask(advised)
    follow(house)
    return house


def grid(house: House, query: str = "") -> dict[tuple[str, str], dict[str, Any]]:
    """The cells by account and product, in order."""
    items = asked(house, f"/v1/white-space?{query}").json()["items"]
    return {(one["account_id"], one["product_id"]): one for one in items}


def test_each_cell_is_owned_open_lost_or_empty(sold: House) -> None:
    cells = grid(sold)
    assert len(cells) == 4 * 3
    assert [cells["acme", product]["state"] for product in ("gtx", "gtx-pro", "mg")] == [
        "owned",
        "empty",
        "lost",
    ]
    assert [cells["globex", product]["state"] for product in ("gtx", "gtx-pro", "mg")] == [
        "open",
        "owned",
        "empty",
    ]
    assert all(one["empty"] == (one["state"] == "empty") for one in cells.values())


def test_an_owned_cell_tells_amount_and_last_date(sold: House) -> None:
    cell = grid(sold)["acme", "gtx"]
    assert cell["amounts"] == [{"minor": 1_500_00, "currency": "EUR"}]
    assert (cell["won_on"], cell["sale"], cell["next_action"]) == (day_ago(100), None, None)
    lost = grid(sold)["acme", "mg"]
    assert (lost["lost_on"], lost["amounts"], lost["next_action"]) == (day_ago(90), [], None)
    assert grid(sold)["globex", "gtx"]["in_pipeline"] == 1


def test_every_empty_cell_lists_the_next_action(sold: House) -> None:
    empty = grid(sold, "state=empty")
    assert empty
    told_by = {key: one["next_action"]["source"] for key, one in empty.items()}
    assert told_by["globex", "mg"] == "recommendation"
    assert told_by["zenith", "mg"] == "otherwise"  # no sector: not for it, and without peers
    action = empty["acme", "gtx-pro"]["next_action"]
    assert (action["kind"], action["source"]) == ("call", "peers")
    assert (action["policy_region_id"], action["policy_version"]) == ("emea", 1)


def test_cross_sell_and_up_sell_are_told_apart(sold: House) -> None:
    """GTX Pro is of the series Acme has bought of; Zenith has bought nothing."""
    cells = grid(sold)
    assert cells["acme", "gtx-pro"]["sale"] == "up_sell"
    assert cells["globex", "mg"]["sale"] == "cross_sell"
    assert cells["zenith", "gtx"]["sale"] == "first_sale"


def test_the_share_of_peers_is_of_the_others_in_the_sector(sold: House) -> None:
    cells = grid(sold)

    def share(account: str, product: str) -> tuple[int, int, int]:
        cell = cells[account, product]
        return cell["peers"], cell["buyers"], cell["buyers_bp"]

    assert share("acme", "gtx-pro") == (2, 2, 10_000)
    assert share("globex", "gtx-pro") == (2, 1, 5_000)  # its own purchase is not a peer's
    assert share("hooli", "gtx") == (2, 1, 5_000)
    assert share("zenith", "gtx") == (0, 0, 0)


def test_without_a_policy_no_action_is_made_up(house: House) -> None:
    house.ask(market)
    follow(house)
    assert all(one["next_action"] is None for one in grid(house).values())


@pytest.mark.parametrize(
    ("query", "accounts", "count"),
    [
        ("account=acme", {"acme"}, 3),
        ("product=mg", {"acme", "globex", "hooli", "zenith"}, 4),
        ("region=emea", {"acme", "globex", "hooli", "zenith"}, 12),
        ("region=none", set(), 0),
        (f"owner={ANN}", {"acme"}, 3),
        (f"owner={BEA}", {"globex", "hooli", "zenith"}, 9),
        ("state=owned", {"acme", "globex", "hooli"}, 3),
    ],
)
def test_cells_are_selected(sold: House, query: str, accounts: set[str], count: int) -> None:
    cells = grid(sold, query)
    assert ({account for account, _ in cells}, len(cells)) == (accounts, count)


@pytest.mark.parametrize("query", ["", "state=empty&", "product=gtx&"])
def test_pages_of_any_size_make_up_the_grid(sold: House, query: str) -> None:
    whole = list(grid(sold, query))
    for limit in (1, 2, 5):
        seen: list[tuple[str, str]] = []
        path = f"/v1/white-space?{query}limit={limit}"
        following = path
        while following:
            page = asked(sold, following).json()
            assert len(page["items"]) <= limit
            seen += [(one["account_id"], one["product_id"]) for one in page["items"]]
            following = page["next"] and f"{path}&cursor={page['next']}"
        assert seen == whole, limit


def test_it_is_answered_as_of_a_day_and_as_known(sold: House) -> None:
    then = grid(sold, f"as_of={day_ago(150)}")
    assert then["acme", "gtx"]["amounts"] == [{"minor": 1_000_00, "currency": "EUR"}]
    assert then["acme", "mg"]["state"] == "empty"
    assert then["acme", "gtx-pro"]["next_action"]["source"] == "otherwise"  # nobody had it yet
    assert grid(sold, "known_at=2020-01-01T00:00:00Z") == {}


def test_a_product_off_the_list_is_told_of_where_it_was_bought(sold: House) -> None:
    async def retire(client: httpx.AsyncClient) -> None:
        await told(client, "retire-product", product_id="gtx-pro")

    sold.ask(retire)
    follow(sold)
    having = {account for account, product in grid(sold) if product == "gtx-pro"}
    assert having == {"globex", "hooli"}


def test_it_is_answered_as_csv(sold: House) -> None:
    answer = asked(sold, "/v1/white-space?account=acme", accept="text/csv")
    header, *rows = answer.text.splitlines()
    assert header.startswith("account_id,account_name,")
    assert len(rows) == 3
    assert "Position" in answer.headers


def test_a_cursor_that_is_none_is_refused(sold: House) -> None:
    answer = asked(sold, "/v1/white-space?cursor=!")
    assert (answer.status_code, answer.json()["rule"]) == (400, "cursor-malformed")
