"""Scoring policies over HTTP, where nobody else has to agree to them."""

from typing import Any, Final

import httpx

from tests.api.warnings import told
from tests.examples.approvals import MANAGER, route, step
from tests.examples.cast import ANN

NOBODY: Final = route(("version < 1", step(MANAGER)))
"""Asks nobody: there is no version below the first."""


async def nobody_asked(client: httpx.AsyncClient, region_id: str = "emea") -> None:
    """Have a version of a scoring policy be approved as soon as it is proposed, from there down."""
    place: Final = {"region_id": region_id, "subject_kind": "scoring_policy"}
    document = NOBODY.model_dump(mode="json")
    await told(client, "draft-approval-route", **place, document=document)
    await told(client, "activate-approval-route", **place, version=1, effective_on="2000-01-01")


async def agreed(client: httpx.AsyncClient, region_id: str | None, version: int) -> None:
    """Ann asks for it, and it is approved."""
    await told(
        client,
        "propose-scoring-policy",
        region_id=region_id,
        version=version,
        approval_id=f"scoring-{region_id or 'group'}-{version}",
        requester_id=ANN,
    )


async def scored_by(
    client: httpx.AsyncClient,
    document: dict[str, Any],
    *,
    region_id: str | None = None,
    version: int = 1,
    effective_on: str = "2020-01-01",
) -> None:
    """Have the document be the version of a region's policy, or the group's, in force."""
    await told(client, "draft-scoring-policy", region_id=region_id, document=document)
    await agreed(client, region_id, version)
    await told(
        client,
        "activate-scoring-policy",
        region_id=region_id,
        version=version,
        effective_on=effective_on,
    )
