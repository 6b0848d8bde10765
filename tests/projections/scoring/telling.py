"""A ledger whose accounts are scored, told fact by fact."""

from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from events.organization.region import RegionOpened
from events.policies.place import place_of
from events.policies.scoring import ScoringPolicy, ScoringPolicyActivated, ScoringPolicyDrafted
from tests.examples.cast import ANN
from tests.examples.histories import LOGGED, REGISTERED
from tests.examples.scores import NEARNESS, POLICY
from tests.projections.scoring.days import BEGIN, Life

YESTERDAY: Final = BEGIN.date() - timedelta(days=1)
TODAY: Final = BEGIN.date()
TOMORROW: Final = TODAY + timedelta(days=1)

CALLS: Final = POLICY.model_copy(
    update={"components": (NEARNESS.model_copy(update={"weight": 1}),), "caps": ()}
)
"""A call of today is a fifth of all that can be."""
CALM: Final = CALLS.model_copy(
    update={"components": (NEARNESS.model_copy(update={"window_days": 1}),)}
)
"""What was yesterday does not count."""


def policy(life: Life, region_id: str | None, document: ScoringPolicy, since: date) -> None:
    stream = f"scoring_policy-{place_of(region_id)}"
    facts = life.facts_of(stream)
    version = sum(isinstance(one, ScoringPolicyDrafted) for one in facts) + 1
    drafted = ScoringPolicyDrafted(
        region_id=region_id, version=version, document=document, drafted_by=ANN
    )
    life.tell(stream, drafted)
    life.tell(
        stream, ScoringPolicyActivated(region_id=region_id, version=version, effective_on=since)
    )


def account(life: Life, account_id: str, region_id: str | None = "emea") -> None:
    update = {"account_id": account_id, "region_id": region_id}
    life.tell(f"account-{account_id}", REGISTERED.model_copy(update=update))


def call(life: Life, account_id: str = "acme", *, late_h: int = 0) -> str:
    name = f"call-{len(life.told)}"
    update = {
        "interaction_id": name,
        "account_id": account_id,
        "kind": "call",
        "rating": None,
        "feedback_by": None,
        "feedback": None,
    }
    life.tell(f"interaction-{name}", LOGGED.model_copy(update=update), timedelta(hours=late_h))
    return name


def begun(document: ScoringPolicy = CALLS, *, closed: bool = True, zone: str = "UTC") -> Life:
    """Two accounts in a region, a policy of the group, and, where ``closed``, a day that is over.

    Of seven facts, the last at 6 in the morning.
    """
    life = Life(ZoneInfo(zone))
    life.tell("region-emea", RegionOpened(region_id="emea", name="Europe", parent_id=None))
    policy(life, None, document, YESTERDAY)
    account(life, "acme")
    account(life, "bell")
    call(life)
    if closed:
        life.close_day()
    return life


def next_day(life: Life) -> None:
    life.now += timedelta(days=1)
    life.close_day()
