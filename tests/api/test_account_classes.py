"""Accounts are ranked over HTTP: a matrix is agreed, accounts are classified, a change is tried."""

import asyncio
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import httpx
import pytest

from events.policies.approval_route import RoleHolder
from projections.catalogue import PROJECTIONS
from readmodels.builds import begin, current, fold_into
from readmodels.metrics import definitions
from runtime.log.store_source import StoreSource
from tests.api.conftest import House, issue
from tests.examples.approvals import route, step
from tests.examples.cast import ANN, BEA, CARL, FIVE

pytestmark = pytest.mark.postgres

OLD: Final = "2020-01-01"
NEW: Final = "2021-01-01"
SECRET: Final = "5ec7e7"
ROUTE: Final = route(("true", step(RoleHolder(role="administrator", level="group")))).model_dump(
    mode="json"
)
"""An administrator at the top of the tree approves whatever it is."""
EXAMPLE: Final = {"purchase": 350, "profit": 2_000}
"""Bands 4 and 3; by hand 4, 4, 4: golden SEG-01, 3.75."""


async def ok(client: httpx.AsyncClient, command: str, /, **fields: Any) -> dict[str, Any]:
    """Issue it, and have it done; its own content makes its key."""
    key = hashlib.sha256(f"{command} {fields}".encode()).hexdigest()
    answer = await issue(client, command, key, **fields)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def measures(amounts: dict[str, int], bands: tuple[int, int, int]) -> list[dict[str, Any]]:
    by_hand = zip(("influence", "innovation", "fit"), bands, strict=True)
    return [
        *({"dimension_id": one, "amount": amount} for one, amount in amounts.items()),
        *({"dimension_id": one, "band": band, "evidence": "seen"} for one, band in by_hand),
    ]


async def staff(client: httpx.AsyncClient) -> None:
    """A tree of regions with a route for matrices, three people with keys, and four accounts."""
    await ok(client, "open-region", region_id="world", name="World", occurred_at=OLD)
    await ok(client, "open-region", region_id="emea", name="E", parent_id="world", occurred_at=OLD)
    for person, name in ((ANN, "Ann"), (BEA, "Bea"), (CARL, "Carl")):
        await ok(
            client,
            "hire-employee",
            employee_id=person,
            name=name,
            region_id="world",
            roles=["administrator"],
            occurred_at=OLD,
        )
        await ok(
            client,
            "issue-api-key",
            key_id=name.lower(),
            secret_sha256=hashlib.sha256(SECRET.encode()).hexdigest(),
            roles=["administrator"],
            label="a laptop",
            employee_id=person,
        )
    named = {"region_id": "world", "subject_kind": "value_matrix"}
    await ok(client, "draft-approval-route", document=ROUTE, **named)
    await ok(client, "activate-approval-route", version=1, effective_on=OLD, **named)
    for account_id, region in (("a", "emea"), ("b", "emea"), ("c", "world"), ("d", None)):
        await ok(
            client,
            "register-account",
            account_id=account_id,
            name=account_id.upper(),
            region_id=region,
            occurred_at=OLD,
        )


async def put_up(client: httpx.AsyncClient, version: int, **place: str) -> str:
    """A version is proposed; the approval it waits for."""
    approval_id = f"a.{place.get('region_id', '')}.{version}"
    await ok(client, "propose-value-matrix", version=version, approval_id=approval_id, **place)
    return approval_id


def yes(approval_id: str) -> dict[str, Any]:
    """What approves it."""
    return {"approval_id": approval_id, "step": 1, "decision": "approved"}


async def agree(house: House, document: dict[str, Any], version: int, on: str) -> None:
    """Ann drafts and proposes, Bea approves and activates."""
    async with house.client(f"kl_ann_{SECRET}") as ann, house.client(f"kl_bea_{SECRET}") as bea:
        await ok(ann, "draft-value-matrix", document=document)
        asked = yes(await put_up(ann, version))
        own = await issue(ann, "decide-approval", f"own-{version}", **asked)
        assert (own.status_code, own.json()["rule"]) == (403, "self-approval")
        await ok(bea, "decide-approval", **asked)
        await ok(bea, "activate-value-matrix", version=version, effective_on=on)


DOCUMENT: Final[dict[str, Any]] = FIVE.model_dump(mode="json")
HARDER: Final[dict[str, Any]] = {**DOCUMENT, "strategic_from": 37_501}


async def classify(client: httpx.AsyncClient) -> None:
    await ok(
        client,
        "classify-account",
        account_id="a",
        measures=measures(EXAMPLE, (4, 4, 4)),
        occurred_at=OLD,
    )
    for account_id, amounts, bands in (
        ("b", {"purchase": 0, "profit": 0}, (1, 1, 1)),
        ("c", {"purchase": 400, "profit": 4_000}, (5, 5, 5)),
        ("d", {"purchase": 200, "profit": 1_500}, (3, 3, 3)),
    ):
        await ok(
            client,
            "classify-account",
            account_id=account_id,
            measures=measures(amounts, bands),
            occurred_at=OLD,
        )


def follow(house: House) -> None:
    parts = house.system
    with (
        parts.pool.connection() as connection,
        StoreSource(parts.database_url, parts.settings.ledger) as source,
    ):
        for projection in PROJECTIONS:
            build = current(connection, projection) or begin(connection, projection, "current")
            with connection.transaction():
                fold_into(connection, [build], source.read(build.position, 1_000, 0))


@contextmanager
def _ranked(house: House) -> Iterator[None]:
    async def question(client: httpx.AsyncClient) -> None:
        await staff(client)
        await agree(house, DOCUMENT, 1, OLD)
        await classify(client)

    house.ask(question)
    follow(house)
    yield


def get(house: House, path: str, accept: str = "application/json") -> httpx.Response:
    async def question(client: httpx.AsyncClient) -> httpx.Response:
        return await client.get(path, headers={"Accept": accept})

    answer = house.ask(question)
    assert answer.status_code == 200, answer.text
    return answer


@pytest.fixture
def ranked(house: House) -> Iterator[House]:
    with _ranked(house):
        yield house


def listed(house: House, query: str = "") -> list[tuple[int, str, str, int]]:
    items = get(house, f"/v1/account-classes{query}").json()["items"]
    return [
        (item["rank"], item["account_id"], item["account_class"], item["score"]) for item in items
    ]


RANKING: Final = [
    (1, "c", "strategic", 50_000),
    (2, "a", "strategic", 37_500),
    (3, "d", "key", 30_000),
    (4, "b", "ordinary", 10_000),
]


def test_accounts_are_ranked_in_three_classes(ranked: House) -> None:
    """KAM-01, KAM-02, golden SEG-01: the example of the source is 3.75."""
    assert listed(ranked) == RANKING
    page = get(ranked, "/v1/account-classes").json()
    assert page["metric"]["metric_id"] == "strategic_value_score"
    assert page["metric"]["formula"]
    (item,) = [one for one in page["items"] if one["account_id"] == "a"]
    assert (item["matrix_id"], item["matrix_version"]) == ("*", 1)
    assert item["ratings"]["purchase"] == {"amount": 350, "evidence": None, "band": 4}
    assert item["ratings"]["fit"] == {"amount": None, "evidence": "seen", "band": 4}


def test_the_ranking_is_filtered_by_class_and_region(ranked: House) -> None:
    """KAM-01: a region with all below it is ranked in itself, a class keeps its places."""
    assert listed(ranked, "?class=key") == [RANKING[2]]
    assert [one[:2] for one in listed(ranked, "?region=emea")] == [(1, "a"), (2, "b")]
    assert [one[:2] for one in listed(ranked, "?region=world")] == [(1, "c"), (2, "a"), (3, "b")]
    assert listed(ranked, "?region=none") == []


def test_the_ranking_pages_and_comes_as_csv(ranked: House) -> None:
    """KAM-01."""
    first = get(ranked, "/v1/account-classes?limit=3", "text/csv")
    header, *rows = first.text.splitlines()
    assert header.startswith("rank,account_id,version,name,region_id,account_class,score,ratings")
    assert [row.split(",")[1] for row in rows] == ["c", "a", "d"]
    rest = get(ranked, f"/v1/account-classes?limit=3&cursor={first.headers['Next']}").json()
    assert [item["account_id"] for item in rest["items"]] == ["b"]
    assert rest["next"] is None


def test_the_class_stands_in_the_list_of_accounts(ranked: House) -> None:
    """KAM-01."""
    items = get(ranked, "/v1/accounts").json()["items"]
    assert [item["account_class"] for item in items] == [
        "strategic",
        "ordinary",
        "strategic",
        "key",
    ]
    assert get(ranked, "/v1/accounts/d").json()["item"]["account_class"] == "key"
    before = get(ranked, "/v1/accounts?as_of=2019-12-31").json()["items"]
    assert before == []


def test_a_new_standard_is_tried_agreed_and_leaves_the_old_class_readable(ranked: House) -> None:
    """KAM-03, CFG-06: a dry run writes nothing; after the change, the old day has the old class."""

    async def draft(client: httpx.AsyncClient) -> None:
        await ok(client, "draft-value-matrix", document=HARDER)

    ranked.ask(draft)
    follow(ranked)
    position = get(ranked, "/v1/health").json()["position"]
    tried = get(ranked, "/v1/value-matrices/*/dry-run?version=2").json()
    assert [
        (one["account_id"], one["class_before"], one["class_after"]) for one in tried["items"]
    ] == [("a", "strategic", "key")]
    assert {
        (one["class_before"], one["class_after"]): one["accounts"] for one in tried["counts"]
    } == {
        ("strategic", "key"): 1,
        ("strategic", "strategic"): 1,
        ("key", "key"): 1,
        ("ordinary", "ordinary"): 1,
    }
    assert get(ranked, "/v1/health").json()["position"] == position
    assert listed(ranked) == RANKING
    csv = get(ranked, "/v1/value-matrices/*/dry-run?version=2", "text/csv").text.splitlines()
    assert csv[1].startswith("a,A,strategic,key,37500,37500")

    async def change(client: httpx.AsyncClient) -> None:
        async with (
            ranked.client(f"kl_ann_{SECRET}") as ann,
            ranked.client(f"kl_bea_{SECRET}") as bea,
        ):
            await ok(bea, "decide-approval", **yes(await put_up(ann, 2)))
            await ok(bea, "activate-value-matrix", version=2, effective_on=NEW)
        for account_id in ("a", "b", "c", "d"):
            await ok(client, "reclassify-account", account_id=account_id, occurred_at=NEW)

    ranked.ask(change)
    follow(ranked)
    assert listed(ranked)[1] == (2, "a", "key", 37_500)
    assert listed(ranked, "?as_of=2020-12-31") == RANKING
    then = get(ranked, "/v1/account-classes/a?as_of=2020-12-31").json()["item"]
    now = get(ranked, "/v1/account-classes/a").json()["item"]
    assert (then["account_class"], then["matrix_version"]) == ("strategic", 1)
    assert (now["account_class"], now["matrix_version"]) == ("key", 2)


def test_what_a_version_cannot_rank_is_said(ranked: House) -> None:
    """CFG-06."""
    document = {
        **DOCUMENT,
        "dimensions": [
            *DOCUMENT["dimensions"][:-1],
            {"dimension_id": "luck", "name": "Luck", "weight_bp": 2_000},
        ],
    }

    async def draft(client: httpx.AsyncClient) -> None:
        await ok(client, "draft-value-matrix", document=document)

    ranked.ask(draft)
    follow(ranked)
    items = get(ranked, "/v1/value-matrices/*/dry-run?version=2").json()["items"]
    assert {(item["class_after"], item["rule"]) for item in items} == {(None, "measure-missing")}
    assert len(items) == 4


def test_a_dry_run_is_about_those_the_matrix_would_hold_for(ranked: House) -> None:
    """REG-11: of a region, its accounts; of the group, those without a nearer one as strict."""

    async def draft(client: httpx.AsyncClient) -> None:
        await ok(client, "draft-value-matrix", region_id="emea", document=HARDER)

    ranked.ask(draft)
    follow(ranked)
    counts = get(ranked, "/v1/value-matrices/emea/dry-run?version=1").json()["counts"]
    assert sum(one["accounts"] for one in counts) == 2

    async def activate(client: httpx.AsyncClient) -> None:
        async with (
            ranked.client(f"kl_ann_{SECRET}") as ann,
            ranked.client(f"kl_bea_{SECRET}") as bea,
        ):
            await ok(bea, "decide-approval", **yes(await put_up(ann, 1, region_id="emea")))
            await ok(bea, "activate-value-matrix", region_id="emea", version=1, effective_on=NEW)

    ranked.ask(activate)
    follow(ranked)
    counts = get(ranked, "/v1/value-matrices/*/dry-run?version=1").json()["counts"]
    assert sum(one["accounts"] for one in counts) == 2

    async def tighten(client: httpx.AsyncClient) -> None:
        for key_from in (25_000, 25_001):
            tighter = {**DOCUMENT, "key_from": key_from, "strategic_from": 37_502}
            await ok(client, "draft-value-matrix", document=tighter)

    ranked.ask(tighten)
    follow(ranked)
    for version in (2, 3):
        counts = get(ranked, f"/v1/value-matrices/*/dry-run?version={version}").json()["counts"]
        assert sum(one["accounts"] for one in counts) == 4


def test_a_matrix_is_read_with_its_versions_and_their_authors(ranked: House) -> None:
    """KAM-03."""
    item = get(ranked, "/v1/value-matrices/*").json()["item"]
    version = item["versions"]["1"]
    assert (version["state"], version["effective_on"]) == ("activated", OLD)
    assert (version["drafted_by"], version["proposed_by"]) == (ANN, ANN)
    assert (version["approval_id"], version["approved_by"]) == ("a..1", None)
    approval = get(ranked, "/v1/approvals/a..1").json()["item"]
    assert (approval["subject_id"], approval["state"]) == ("*.1", "granted")
    assert [one["employee_id"] for one in approval["steps"][0]["decisions"]] == [BEA]
    found = get(ranked, "/v1/approvals?subject_kind=value_matrix&subject_id=*.1").json()["items"]
    assert [one["approval_id"] for one in found] == ["a..1"]
    assert version["document"] == DOCUMENT
    page = get(ranked, "/v1/value-matrices").json()
    assert [one["matrix_id"] for one in page["items"]] == ["*"]
    assert get(ranked, "/v1/value-matrices", "text/csv").text.startswith("matrix_id,version,")


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("/v1/account-classes/none", "account-not-classified"),
        ("/v1/account-classes/a?as_of=2019-12-31", "account-not-classified"),
        ("/v1/value-matrices/none", "unknown-value-matrix"),
        ("/v1/value-matrices/none/dry-run?version=1", "unknown-value-matrix"),
        ("/v1/value-matrices/*/dry-run?version=9", "unknown-version"),
    ],
)
def test_what_is_not_there_is_not_found(ranked: House, path: str, rule: str) -> None:
    async def question(client: httpx.AsyncClient) -> httpx.Response:
        return await client.get(path)

    answer = ranked.ask(question)
    assert (answer.status_code, answer.json()["rule"]) == (404, rule)


def test_of_two_approvers_and_of_two_proposers_at_once_one_is_told_so(ranked: House) -> None:
    """A version has one request, and the request one outcome."""
    proposed, decided = ("propose-value-matrix", "decide-approval")

    async def both(
        clients: Sequence[httpx.AsyncClient], command: str, *asked: dict[str, Any]
    ) -> list[httpx.Response]:
        return await asyncio.gather(
            *(
                issue(one, command, f"{command} {fields}"[:200], **fields)
                for one, fields in zip(clients, asked, strict=True)
            )
        )

    def told(answers: Sequence[httpx.Response]) -> list[tuple[int, str | None]]:
        return sorted((one.status_code, one.json().get("rule")) for one in answers)

    async def race(client: httpx.AsyncClient) -> list[list[tuple[int, str | None]]]:
        found = []
        async with (
            ranked.client(f"kl_ann_{SECRET}") as ann,
            ranked.client(f"kl_bea_{SECRET}") as bea,
        ):
            for version in range(2, 7):
                changed = {**DOCUMENT, "strategic_from": 37_500 + version}
                await ok(client, "draft-value-matrix", document=changed)
                names = f"v{version}.1", f"v{version}.2"
                asked = [
                    {"version": version, "approval_id": name, "requester_id": CARL}
                    for name in names
                ]
                first = await both((client, client), proposed, *asked)
                won = yes(names[0] if first[0].is_success else names[1])
                lost = {**won, "decision": "rejected"}
                second = await both((ann, bea), decided, won, lost)
                found += [told(first), told(second)]
        return found

    one_of_two = [
        [(200, None), (409, "version-proposed")],
        [(200, None), (409, "approval-ended")],
    ]
    assert ranked.ask(race) == one_of_two * 5
    follow(ranked)
    versions = get(ranked, "/v1/value-matrices/*").json()["item"]["versions"]
    for version in range(2, 7):
        approval_id = versions[str(version)]["approval_id"]
        approval = get(ranked, f"/v1/approvals/{approval_id}").json()["item"]
        assert (versions[str(version)]["state"], approval["state"]) in {
            ("approved", "granted"),
            ("rejected", "rejected"),
        }


def test_weights_that_do_not_add_up_are_refused_over_http(house: House) -> None:
    """KAM-02."""
    dimensions = [{**DOCUMENT["dimensions"][0], "weight_bp": 9_999}]

    async def question(client: httpx.AsyncClient) -> httpx.Response:
        document = {**DOCUMENT, "dimensions": dimensions}
        return await issue(client, "draft-value-matrix", "1", document=document)

    answer = house.ask(question)
    assert (answer.status_code, answer.json()["rule"]) == (422, "weights-do-not-add-up")


# --- metrics ------------------------------------------------------------------


def test_every_metric_is_listed_with_its_definition(house: House) -> None:
    """MET-01 to MET-08: public definitions conflict, so each says what it means."""
    items = get(house, "/v1/metrics").json()["items"]
    assert [item["metric_id"] for item in items] == [one.metric_id for one in definitions()]
    assert all(item["formula"] and item["version"] and item["window"] for item in items)


async def shop(client: httpx.AsyncClient) -> None:
    """Products of two series, and a sales process of one stage."""
    await staff(client)
    price = {"minor": 1, "currency": "EUR"}
    document = {
        "stages": [{"stage_id": "lead", "name": "Lead"}],
        "may_skip": False,
        "loss_reasons": ["price"],
    }
    for product_id, series in (("p", "S"), ("p2", "S"), ("q", "T")):
        product = {"product_id": product_id, "name": product_id, "series": series}
        await ok(client, "list-product", **product, list_price=price, occurred_at=OLD)
    await ok(client, "draft-sales-process", region_id="world", document=document)
    await ok(client, "activate-sales-process", region_id="world", version=1, effective_on=OLD)


async def win(
    client: httpx.AsyncClient,
    account: str | None,
    product: str,
    minor: int,
    on: str,
    *,
    currency: str = "EUR",
) -> None:
    deal = {"opportunity_id": f"{account}-{product}-{minor}-{currency}"}
    given = {"account_id": account, "product_id": product, "owner_id": ANN}
    await ok(client, "open-opportunity", **deal, **given, occurred_at=on)
    amount = {"minor": minor, "currency": currency}
    await ok(client, "win-opportunity", **deal, amount=amount, occurred_at=on)


def test_the_share_of_the_top_accounts_is_reported(house: House) -> None:
    """KAM-31: 70 of 100 by the first of two; what was won for no account stands apart."""

    async def sell(client: httpx.AsyncClient) -> None:
        await shop(client)
        for account, minor, currency in [
            ("a", 70, "EUR"),
            ("b", 30, "EUR"),
            ("b", 5, "USD"),
            (None, 9, "EUR"),
        ]:
            await win(client, account, "p", minor, OLD, currency=currency)

    house.ask(sell)
    follow(house)
    body = get(house, "/v1/revenue-concentration?top=50").json()
    assert (body["top"], body["metric"]["metric_id"]) == (50, "revenue_concentration")
    assert body["items"] == [
        {
            "currency": "EUR",
            "accounts": 2,
            "top_accounts": 1,
            "total_minor": 100,
            "top_minor": 70,
            "share_bp": 7_000,
            "unassigned_minor": 9,
        },
        {
            "currency": "USD",
            "accounts": 1,
            "top_accounts": 1,
            "total_minor": 5,
            "top_minor": 5,
            "share_bp": 10_000,
            "unassigned_minor": 0,
        },
    ]
    before = get(house, "/v1/revenue-concentration?as_of=2019-12-31").json()
    assert before["items"] == []
    csv = get(house, "/v1/revenue-concentration?top=50", "text/csv").text.splitlines()
    assert csv[1] == "EUR,2,1,100,70,7000,9"


def test_what_existing_accounts_buy_beyond_is_reported(house: House) -> None:
    """MET-06: a new account, and the same product again, do not count."""

    async def sell(client: httpx.AsyncClient) -> None:
        await shop(client)
        await win(client, "a", "p", 1, "2020-12-31")
        await win(client, "a", "p", 2, NEW)
        await win(client, "a", "p2", 4, NEW)
        await win(client, "a", "q", 8, "2021-03-31")
        await win(client, "a", "q", 16, "2021-04-01")
        await win(client, "b", "p", 32, NEW)
        await win(client, "b", "q", 64, "2021-02-01")

    house.ask(sell)
    follow(house)
    period = "first_day=2021-01-01&last_day=2021-03-31"
    body = get(house, f"/v1/expansion-revenue?{period}").json()
    assert body["metric"]["metric_id"] == "expansion_revenue"
    assert body["items"] == [
        {
            "currency": "EUR",
            "accounts": 1,
            "up_sell_minor": 4,
            "cross_sell_minor": 8,
            "total_minor": 12,
        }
    ]
    assert get(house, f"/v1/expansion-revenue?{period}&account=b").json()["items"] == []
    assert get(house, f"/v1/expansion-revenue?{period}&as_of=2020-12-31").json()["items"] == []
    csv = get(house, f"/v1/expansion-revenue?{period}", "text/csv").text.splitlines()
    assert csv[1] == "EUR,1,4,8,12"


def test_a_class_that_was_not_known_yet_does_not_count(ranked: House) -> None:
    """KAM-03: late news is read apart from what was known at the time."""
    first = get(ranked, "/v1/account-classes/a").json()["item"]["known_from"]

    async def late(client: httpx.AsyncClient) -> None:
        await ok(
            client,
            "classify-account",
            account_id="a",
            measures=measures(EXAMPLE, (1, 1, 1)),
            occurred_at="2020-06-01",
        )

    ranked.ask(late)
    follow(ranked)
    now = get(ranked, "/v1/account-classes/a?as_of=2020-07-01").json()["item"]
    query = httpx.QueryParams({"as_of": "2020-07-01", "known_at": first})
    then = get(ranked, f"/v1/account-classes/a?{query}").json()["item"]
    assert (then["account_class"], now["account_class"]) == ("strategic", "ordinary")
