"""Forms over HTTP: agreed, followed, tried before they are put in force; and how regions sell."""

import asyncio
from typing import Any, Final

import httpx
import pytest

from projections.catalogue import PROJECTIONS
from replay.verify import Watch, verify
from runtime.composition import clock
from runtime.read_models import answering, whole_store
from tests.api.conftest import House, issue
from tests.api.following import follow
from tests.examples.cast import UMA

pytestmark = pytest.mark.postgres

OLD: Final = "2024-01-01"
NEW: Final = "2025-01-01"


def text(**keywords: Any) -> dict[str, Any]:
    return {"type": "string", "title": "A field", "x-field-class": "commercial", **keywords}


GROUP: Final = {
    "title": "Every account",
    "properties": {
        "tax_id": text(title="Tax id", maxLength=20),
        "segment": text(enum=["industry", "retail"]),
    },
}
EMEA: Final = {
    "title": "An account in Europe",
    "properties": {"tax_id": text(title="VAT number", pattern="^[A-Z]{2}")},
    "required": ["tax_id", "sector"],
}
APAC: Final = {"title": "An account in Asia", "absent": ["tax_id"]}
CONTACT: Final = {
    "title": "A contact",
    "properties": {"salutation": text(**{"x-field-class": "personal"})},
}


class Teller:
    """Commands with keys of their own, as of a day."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.told = 0

    async def __call__(self, command: str, *, on: str | None = None, **fields: Any) -> None:
        answer = await self.ask(command, **fields, **({"occurred_at": on} if on else {}))
        assert answer.status_code == 200, answer.text

    async def ask(self, command: str, **fields: Any) -> httpx.Response:
        self.told += 1
        return await issue(self.client, command, f"{command}-{self.told}", **fields)

    async def form(self, document: dict[str, Any], of: str = "account", **fields: Any) -> None:
        version = fields.pop("version", 1)
        day = fields.pop("effective_on", OLD)
        await self("draft-form", record_type=of, document=document, on=OLD, **fields)
        await self(
            "activate-form",
            record_type=of,
            version=version,
            effective_on=day,
            on=OLD,
            **fields,
        )


async def agree(client: httpx.AsyncClient) -> None:
    tell = Teller(client)
    for name in ("emea", "apac"):
        await tell("open-region", region_id=name, name=name, on=OLD)
    await tell.form(GROUP)
    await tell.form(EMEA, region_id="emea")
    await tell.form(APAC, region_id="apac")
    await tell.form(CONTACT, of="contact")
    regions = {"here": "emea", "there": "apac", "nowhere": None}
    for account, region in regions.items():
        await tell("register-account", account_id=account, name=account, region_id=region, on=OLD)


@pytest.fixture
def agreed(house: House) -> House:
    """Two regions with a form each, and an account in each and in none."""
    house.ask(agree)
    follow(house)
    return house


def get(house: House, path: str) -> Any:
    async def question(client: httpx.AsyncClient) -> Any:
        answer = await client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return house.ask(question)


def fields(house: House, record: str, query: str = "") -> dict[str, Any]:
    item = get(house, f"/v1/records/{record}/fields{query}")["item"]
    return {one["name"]: one["value"] for one in item["fields"]}


def test_a_field_is_required_in_one_region_and_absent_in_another(agreed: House) -> None:
    """REG-01, CFG-01: read as what holds there, with the forms it is made of."""
    (emea,) = get(agreed, "/v1/forms?region=emea&record_type=account")["items"]
    assert [(one["region_id"], one["version"]) for one in emea["chain"]] == [
        (None, 1),
        ("emea", 1),
    ]
    assert emea["form"]["required"] == ["sector", "tax_id"]
    assert emea["form"]["properties"]["tax_id"] == {
        "type": "string",
        "title": "VAT number",
        "x-field-class": "commercial",
        "maxLength": 20,
        "pattern": "^[A-Z]{2}",
    }
    (apac,) = get(agreed, "/v1/forms?region=apac&record_type=account")["items"]
    assert (list(apac["form"]["properties"]), apac["absent"]) == (["segment"], ["tax_id"])
    every = get(agreed, "/v1/forms")["items"]
    assert {one["record_type"]: list(one["form"]["properties"]) for one in every} == {
        "account": ["segment", "tax_id"],
        "contact": ["salutation"],
        "interaction": [],
        "opportunity": [],
        "contract": [],
        "account_plan": [],
    }


def test_a_refusal_points_to_each_field(agreed: House) -> None:
    """REG-01."""

    async def question(client: httpx.AsyncClient) -> httpx.Response:
        given = {"record_type": "account", "record_id": "here"}
        return await issue(client, "set-fields", "1", **given, fields={"segment": "x", "no": 1})

    answer = agreed.ask(question)
    assert (answer.status_code, answer.json()["rule"]) == (422, "form-not-met")
    assert answer.json()["errors"] == [
        {"pointer": "/fields/no", "detail": "the form has no such field"},
        {"pointer": "/fields/segment", "detail": 'it is not one of "industry" or "retail"'},
        {"pointer": "/fields/tax_id", "detail": "it is required"},
    ]


def test_a_form_that_cannot_be_is_refused_with_its_place(agreed: House) -> None:
    """CFG-01: what JSON Schema cannot mean here, and what it can but no text is matched by."""

    async def question(client: httpx.AsyncClient) -> list[httpx.Response]:
        ask = Teller(client).ask
        documents: list[dict[str, Any]] = [
            {"title": "F", "properties": {"a": text(pattern="(?=b)")}},
            {"title": "F", "properties": {"a": text(oneOf=[])}},
            {"title": "F", "properties": {"A": text()}},
        ]
        return [await ask("draft-form", record_type="account", document=one) for one in documents]

    answers = agreed.ask(question)
    assert [answer.json()["errors"][0]["pointer"] for answer in answers] == [
        "/document/properties/a/pattern",
        "/document/properties/a/oneOf",
        "/document/properties/A/[key]",
    ]
    assert [answer.status_code for answer in answers] == [422, 422, 422]


def test_a_region_cannot_weaken_what_the_group_has_set(agreed: House) -> None:
    """REG-11."""

    async def question(client: httpx.AsyncClient) -> httpx.Response:
        tell = Teller(client)
        looser = {"title": "F", "properties": {"tax_id": text(maxLength=21)}}
        await tell("draft-form", region_id="emea", record_type="account", document=looser)
        return await tell.ask(
            "activate-form",
            region_id="emea",
            record_type="account",
            version=2,
            effective_on=NEW,
        )

    answer = agreed.ask(question)
    assert (answer.status_code, answer.json()["rule"]) == (422, "weaker-than-parent")
    assert answer.json()["detail"] == "tax_id: has maxLength 20 above"


async def fill(client: httpx.AsyncClient) -> None:
    tell = Teller(client)
    here = {"record_type": "account", "record_id": "here"}
    await tell("set-fields", **here, fields={"tax_id": "DE1"}, on="2024-02-01")
    await tell("set-fields", **here, fields={"tax_id": "DE2", "segment": "retail"}, on="2024-03-01")
    await tell("set-fields", **here, fields={"segment": None}, on="2024-04-01")


def test_fields_are_read_as_they_were_and_as_was_known(agreed: House) -> None:
    """REG-01: with what the record lacks."""
    agreed.ask(fill)
    follow(agreed)
    assert fields(agreed, "account/here") == {"segment": None, "tax_id": "DE2"}
    assert fields(agreed, "account/here", "?as_of=2024-03-31")["segment"] == "retail"
    assert fields(agreed, "account/here", "?as_of=2024-02-29")["tax_id"] == "DE1"
    assert fields(agreed, "account/here", "?as_of=2024-01-31")["tax_id"] is None
    item = get(agreed, "/v1/records/account/here/fields")["item"]
    assert item["lacks"] == [
        {"pointer": "/sector", "detail": "it is required", "field_class": "public"}
    ]
    assert item["version"] == 3
    assert [one["region_id"] for one in item["chain"]] == [None, "emea"]
    whole = get(agreed, "/v1/accounts/here?as_of=2024-03-31")
    assert whole["fields"] == [
        {"name": "segment", "field_class": "commercial", "value": "retail"},
        {"name": "tax_id", "field_class": "commercial", "value": "DE2"},
    ]
    assert get(agreed, "/v1/accounts/there")["fields"] == []


def test_fields_are_read_as_they_were_known(agreed: House) -> None:
    """REG-01."""

    async def set_segment(client: httpx.AsyncClient, segment: str) -> None:
        given = {"record_type": "account", "record_id": "there"}
        answer = await issue(client, "set-fields", segment, **given, fields={"segment": segment})
        assert answer.status_code == 200

    agreed.ask(lambda client: set_segment(client, "retail"))
    then = clock().isoformat()
    agreed.ask(lambda client: set_segment(client, "industry"))
    follow(agreed)
    known = httpx.QueryParams({"known_at": then})
    assert fields(agreed, "account/there", f"?{known}") == {"segment": "retail"}
    assert fields(agreed, "account/there") == {"segment": "industry"}


def test_a_record_that_has_what_is_required_lacks_nothing(agreed: House) -> None:
    """REG-01: a field every account may have is told by its own command."""
    agreed.ask(fill)

    async def describe(client: httpx.AsyncClient) -> None:
        fields = {"account_id": "here", "name": "Here AG", "sector": "retail"}
        await Teller(client)("change-account-details", **fields)

    agreed.ask(describe)
    follow(agreed)
    assert get(agreed, "/v1/records/account/here/fields")["item"]["lacks"] == []
    item = get(agreed, "/v1/accounts/here")["item"]
    assert (item["name"], item["sector"], item["country"]) == ("Here AG", "retail", None)
    assert get(agreed, "/v1/accounts/here?as_of=2024-12-31")["item"]["name"] == "here"


def test_the_audit_trail_tells_what_each_field_was_before(agreed: House) -> None:
    agreed.ask(fill)
    follow(agreed)
    items = get(agreed, "/v1/audit-trail?record=record_fields-account.here")["items"]
    (last,) = [one for one in items if one["version"] == 3]
    held = {"field_class": "commercial", "value": "retail"}
    assert last["changes"] == {"fields.segment": {"before": held, "after": {**held, "value": None}}}
    assert last["policies"] == {"form-account.*": 1, "form-account.emea": 1}


def test_a_form_is_tried_before_anybody_puts_it_in_force(agreed: House) -> None:
    """CFG-06: who would lack what; nothing is recorded."""
    agreed.ask(fill)

    async def draft(client: httpx.AsyncClient) -> None:
        stricter = {"title": "Stricter", "required": ["segment"]}
        await Teller(client)("draft-form", record_type="account", document=stricter)

    agreed.ask(draft)
    follow(agreed)
    position = get(agreed, "/v1/health")["position"]
    tried = get(agreed, "/v1/forms/account.*/dry-run?version=2")
    assert (tried["records"], tried["incomplete_before"], tried["incomplete_after"]) == (3, 1, 3)
    assert {one["record_id"]: one["lacks_already"] for one in tried["items"]} == {
        "here": True,
        "nowhere": False,
        "there": False,
    }
    (here, *_) = tried["items"]
    assert {"pointer": "/segment", "detail": "it is required", "field_class": "public"} in here[
        "lacks"
    ]
    assert get(agreed, "/v1/health")["position"] == position
    region = get(agreed, "/v1/forms/account.emea/dry-run?version=1")
    assert [one["record_id"] for one in region["items"]] == ["here"]


def test_a_new_form_changes_no_answer_about_the_past(agreed: House) -> None:
    """CFG-01: old facts are folded as they were, and every row is what the facts say."""
    agreed.ask(fill)
    follow(agreed)
    before = get(agreed, "/v1/records/account/here/fields?as_of=2024-12-31")["item"]

    async def change(client: httpx.AsyncClient) -> None:
        later = {"title": "Later", "properties": {"vat": text(minLength=9)}, "required": ["vat"]}
        await Teller(client).form(later, region_id="emea", version=2, effective_on=NEW)

    agreed.ask(change)
    follow(agreed)
    now = get(agreed, "/v1/records/account/here/fields")["item"]
    assert get(agreed, "/v1/records/account/here/fields?as_of=2024-12-31")["item"] == before
    assert [one["pointer"] for one in now["lacks"]] == ["/vat"]
    assert {one["name"]: one["title"] for one in now["fields"]}["tax_id"] == "Tax id"
    (past,) = get(agreed, "/v1/forms?region=emea&record_type=account&as_of=2024-12-31")["items"]
    assert past["form"]["required"] == ["sector", "tax_id"]
    parts = agreed.system
    with parts.pool.connection() as connection, connection.transaction():
        models = answering(connection, PROJECTIONS)
        report = verify(whole_store(connection), models, "UTC", Watch(lambda _: None))
    assert report is not None
    assert report.rows > 20
    assert report.differences == ()


def test_versions_are_listed_with_the_days_they_hold_from(agreed: House) -> None:
    items = get(agreed, "/v1/form-versions?record_type=account")["items"]
    assert [(one["form_id"], one["version"], one["in_force_from"]) for one in items] == [
        ("account.*", 1, [OLD]),
        ("account.apac", 1, [OLD]),
        ("account.emea", 1, [OLD]),
    ]
    (group,) = get(agreed, "/v1/form-versions?record_type=account&region=*")["items"]
    assert group["document"]["properties"]["segment"]["enum"] == ["industry", "retail"]
    first = get(agreed, "/v1/form-versions?limit=2")
    second = get(agreed, f"/v1/form-versions?limit=2&cursor={first['next']}")
    assert len(first["items"]) + len(second["items"]) == 4


def test_what_is_personal_is_read_until_the_person_is_erased(agreed: House) -> None:
    """CFG-01: a custom field about a person is sealed like their name."""

    async def meet(client: httpx.AsyncClient) -> None:
        tell = Teller(client)
        await tell("register-contact", contact_id=UMA, account_id="here", name="Uma Ulrich")
        await tell(
            "set-fields",
            record_type="contact",
            record_id=UMA,
            fields={"salutation": "Professor Doctor"},
        )

    agreed.ask(meet)
    follow(agreed)
    assert fields(agreed, f"contact/{UMA}") == {"salutation": "Professor Doctor"}
    with agreed.system.pool.connection() as connection:
        stored = [bytes(state) for (state,) in connection.execute("SELECT state FROM events")]
    assert not any(b"Professor" in state for state in stored)

    async def erase(client: httpx.AsyncClient) -> None:
        await Teller(client)("erase-contact", contact_id=UMA)

    agreed.ask(erase)
    agreed.system.keyring.erase(UMA)
    follow(agreed)
    assert fields(agreed, f"contact/{UMA}") == {"salutation": {"$erased": True}}


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("/v1/forms?region=none", "unknown-region"),
        ("/v1/forms/account.none/dry-run?version=1", "unknown-version"),
        ("/v1/forms/account.emea/dry-run?version=2", "unknown-version"),
        ("/v1/records/account/none/fields", "unknown-record"),
        ("/v1/records/account/here/fields?as_of=2023-12-31", "unknown-record"),
    ],
)
def test_what_is_not_there_is_not_found(agreed: House, path: str, rule: str) -> None:
    async def question(client: httpx.AsyncClient) -> httpx.Response:
        return await client.get(path)

    answer = agreed.ask(question)
    assert (answer.status_code, answer.json()["rule"]) == (404, rule)


def test_of_two_who_change_what_they_have_read_one_is_told(agreed: House) -> None:
    """REG-01: If-Match is the version of the fields; the answer of the door says it."""

    async def both(client: httpx.AsyncClient) -> list[httpx.Response]:
        tag = (await client.get("/v1/records/account/there/fields")).headers["ETag"]
        body = {"record_type": "account", "record_id": "there"}
        return await asyncio.gather(
            *(
                client.post(
                    "/v1/commands/set-fields",
                    json={**body, "fields": {"segment": segment}},
                    headers={"Idempotency-Key": segment, "If-Match": tag},
                )
                for segment in ("retail", "industry")
            )
        )

    answers = agreed.ask(both)
    assert sorted(answer.status_code for answer in answers) == [200, 412]


def test_a_region_says_how_it_sells_and_those_below_do_the_same(house: House) -> None:
    """REG-10: with its history."""

    async def tell_modes(client: httpx.AsyncClient) -> None:
        tell = Teller(client)
        for region, parent in (("world", None), ("emea", "world"), ("dach", "emea")):
            await tell("open-region", region_id=region, name=region, parent_id=parent, on=OLD)
        await tell("set-region-mode", region_id="emea", mode="channel", on="2024-02-01")
        await tell("set-region-mode", region_id="dach", mode="direct", on="2024-03-01")
        await tell("set-region-mode", region_id="dach", mode=None, on="2024-04-01")

    house.ask(tell_modes)
    follow(house)

    def modes(query: str = "") -> dict[str, tuple[str | None, str]]:
        items = get(house, f"/v1/regions{query}")["items"]
        return {one["region_id"]: (one["mode"], one["mode_in_force"]) for one in items}

    assert modes("?as_of=2024-01-31")["dach"] == (None, "direct")
    assert modes("?as_of=2024-02-28")["dach"] == (None, "channel")
    assert modes("?as_of=2024-03-31")["dach"] == ("direct", "direct")
    assert modes() == {
        "dach": (None, "channel"),
        "emea": ("channel", "channel"),
        "world": (None, "direct"),
    }
