"""The public API of a ledger of its own, for cases that are run through it."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Self

import httpx

from events.policies.scoring import ScoringPolicy
from runtime.store.postgres import EmbeddedPostgres
from tests.api.conftest import House, issue, opened
from tests.api.following import follow
from tests.api.scoring import agreed, nobody_asked
from tests.api.warnings import told
from tests.examples.cast import ANN
from tests.golden.health import ACCOUNTS_MAX, DAY, Scored, called

_numbers: Final = count(1)

LONG_AGO: Final = "2020-01-01T00:00:00Z"


class Doors:
    """A company that is scored over HTTP; it is founded when the first score is asked for."""

    def __init__(self, database_url: str | None = None) -> None:
        self._url = database_url
        self._drafts = 0
        self._open = ExitStack()
        self._house: House | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def refusal(self, policy: ScoringPolicy) -> str | None:
        """The rule that does not let the policy be drafted; ``None`` where it may be."""
        answer = self._founded().ask(lambda client: self._draft(client, policy))
        return None if answer.status_code == httpx.codes.OK else str(answer.json()["rule"])

    def scores(self, policy: ScoringPolicy, accounts: int) -> Sequence[Scored]:
        """What so many accounts score at the end of the day :data:`DAY`.

        The policy is drafted, approved and put in force over HTTP, and the scores are asked for.
        """
        house = self._founded()

        async def in_force(client: httpx.AsyncClient) -> None:
            answer = await self._draft(client, policy)
            assert answer.status_code == httpx.codes.OK, answer.text
            await agreed(client, None, self._drafts)
            since = DAY.isoformat()
            await told(client, "activate-scoring-policy", version=self._drafts, effective_on=since)

        async def asked(client: httpx.AsyncClient) -> list[Scored]:
            return [await _scored(client, self._drafts, one) for one in range(accounts)]

        house.ask(in_force)
        follow(house)
        return house.ask(asked)

    async def _draft(self, client: httpx.AsyncClient, policy: ScoringPolicy) -> httpx.Response:
        document = policy.model_dump(mode="json")
        answer = await issue(
            client, "draft-scoring-policy", f"draft-{next(_numbers)}", document=document
        )
        if answer.status_code == httpx.codes.OK:
            # What the last draft says already is not drafted again.
            self._drafts += len(answer.json()["events"])
        return answer

    def _founded(self) -> House:
        if self._house is None:
            made = TemporaryDirectory(prefix="keyledger-golden-", ignore_cleanup_errors=True)
            folder = Path(self._open.enter_context(made))
            if self._url is None:
                server = EmbeddedPostgres(folder / "data")
                self._url = server.start()
                self._open.callback(server.stop)
            self._house = self._open.enter_context(opened(self._url, "golden", folder))
            self._house.ask(_company)
        return self._house


async def _company(client: httpx.AsyncClient) -> None:
    """Ann looks after all accounts; the account number n was called n days ago."""
    then: Any = {"occurred_at": LONG_AGO}
    await told(client, "open-region", region_id="emea", name="Europe", **then)
    ann = {"employee_id": ANN, "name": "Ann", "region_id": "emea", "roles": ["sales_rep"]}
    await told(client, "hire-employee", **ann, **then)
    await nobody_asked(client)
    for number in range(ACCOUNTS_MAX):
        account = {"account_id": f"{number:04}", "name": f"Account {number}", "owner_id": ANN}
        await told(client, "register-account", **account, **then)
        await told(
            client,
            "log-interaction",
            interaction_id=f"call-{number}",
            account_id=f"{number:04}",
            kind="call",
            subject="A call",
            employee_ids=[ANN],
            occurred_at=called(number).isoformat(),
        )


async def _scored(client: httpx.AsyncClient, version: int, account: int) -> Scored:
    path = f"/v1/accounts/{account:04}/health-score?as_of={DAY.isoformat()}"
    answer = await client.get(path)
    assert answer.status_code == httpx.codes.OK, answer.text
    item: Mapping[str, Any] = answer.json()["item"]
    assert item["policy"]["version"] == version
    return {
        "score": item["score"],
        "band": item["band"] and item["band"]["band_id"],
        "groups": {one["group_id"]: one["points"] for one in item["groups"]},
        "components": {one["component_id"]: one for one in item["components"]},
        "alerts": {one["alert_id"]: one["raised"] for one in item["alerts"]},
    }
