"""How the health of accounts is scored: the whole group's policy, and one region's own."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from runtime.importing.relations.acts import Act, Script
from runtime.importing.relations.approved import FIRST, NEXT, approved
from runtime.importing.relations.rules import TIGHTER_ON
from runtime.importing.relations.staff import Staff

_FILE: Final = Path(__file__).parent.with_name("sample_scoring_policy.json")

_TIGHTER_WEIGHTS: Final = {"voice": 30, "relationship": 40, "delivery": 20, "market": 10}
_TIGHTER_BELOW: Final = 65_000_000


def group_policy() -> dict[str, Any]:
    """The document of the whole group."""
    document: dict[str, Any] = json.loads(_FILE.read_text("utf-8"))
    return document


def tighter_policy() -> dict[str, Any]:
    """The same where nearness counts more and alerts are raised earlier."""
    document = copy.deepcopy(group_policy())
    for group in document["groups"]:
        group["weight"] = _TIGHTER_WEIGHTS[group["group_id"]]
    for alert in document["alerts"]:
        alert |= {"title": "Below sixty-five", "below": _TIGHTER_BELOW}
    return document


def scoring(script: Script, staff: Staff) -> Iterator[Act]:
    """One policy for all; the first region has the same, and a tighter one later in the year."""
    since, region_id = script.ground.since, script.ground.regions[0]
    tighter_on = script.calendar.day(TIGHTER_ON)
    for place, phases, version, document, on in (
        (None, FIRST, 1, group_policy(), since),
        (region_id, FIRST, 1, group_policy(), since),
        (region_id, NEXT, 2, tighter_policy(), tighter_on),
    ):
        yield from approved(
            script,
            staff,
            phases,
            kind="scoring-policy",
            region_id=place,
            version=version,
            document=document,
            on=on,
        )
