"""Random lives of a ledger whose accounts are scored."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from events.accounts.account import AccountOwnerChanged
from events.accounts.interaction import InteractionWithdrawn
from events.event import Event
from events.organization.calendar import DayClosed
from events.organization.region import RegionMoved, RegionOpened
from events.policies.place import place_of
from events.policies.scoring import ScoringPolicyActivated, ScoringPolicyDrafted
from events.recorded import Envelope, Recorded
from events.service.survey import SurveyAnswerCorrected, SurveyAnswerWithdrawn
from tests.examples.histories import LOGGED, REGISTERED
from tests.examples.surveys import ANSWERED
from tests.projections.scoring.histories import policies

ACCOUNTS: Final = ("acme", "bell", "corn")
REGIONS: Final = ("emea", "dach", "asia")
BEGIN: Final = datetime(2026, 3, 27, 6, tzinfo=UTC)
"""Clocks go forward two days later in Berlin."""

Told = list[Recorded[Any]]


@dataclass(repr=False)
class Life:
    """A log that is being told, each fact hours after the one before."""

    zone: ZoneInfo
    told: Told = field(default_factory=list)
    now: datetime = BEGIN
    closed: date | None = None

    def __repr__(self) -> str:
        """What was told, without what policies say: that would be pages."""
        facts = (f"{one.envelope.stream}/{one.event.NAME}" for one in self.told)
        return f"{self.zone.key}: {' '.join(facts)}"

    def tell(self, stream: str, event: Event, late: timedelta = timedelta(0)) -> None:
        """Record a fact; it occurred ``late`` before, but not before the last of its stream."""
        before = [one.envelope for one in self.told if one.envelope.stream == stream]
        at = max([self.now - late, *(one.occurred_at for one in before)])
        envelope = Envelope(
            ledger="main",
            position=len(self.told) + 1,
            stream=stream,
            version=len(before) + 1,
            name=event.NAME,
            schema=event.VERSION,
            occurred_at=at,
            recorded_at=self.now,
            actor="employee-ann",
            command_id="c",
            correlation_id="c",
            causation_id=None,
            policies={},
            release="1",
            imported=False,
            payload_sha256="0" * 64,
        )
        self.told.append(Recorded(event, envelope))

    def close_day(self) -> None:
        """Record that the day after the last closed one is over, if it is."""
        yesterday = self.now.astimezone(self.zone).date() - timedelta(days=1)
        day = yesterday if self.closed is None else self.closed + timedelta(days=1)
        if day <= yesterday:
            self.closed = day
            self.tell("calendar-days", DayClosed(day=day))

    def facts_of(self, stream: str) -> list[Any]:
        """The facts of a stream."""
        return [one.event for one in self.told if one.envelope.stream == stream]


@st.composite
def lives(draw: st.DrawFn, zone: str, *, at_most: int = 24) -> Life:
    """A log in which little happens that does not matter to a score."""
    life = Life(ZoneInfo(zone))
    steps = st.sampled_from(_STEPS)
    _policy(draw, life)
    life.close_day()
    for _ in range(draw(st.integers(1, at_most))):
        life.now += timedelta(hours=draw(st.sampled_from((0, 0, 1, 7, 30))))
        draw(steps)(draw, life)
    return life


def _account(draw: st.DrawFn, life: Life) -> None:
    account_id = draw(st.sampled_from(ACCOUNTS))
    region_id = draw(st.sampled_from(REGIONS))
    stream = f"account-{account_id}"
    if not life.facts_of(stream):
        update = {"account_id": account_id, "region_id": draw(st.sampled_from((region_id, None)))}
        life.tell(stream, REGISTERED.model_copy(update=update), _late(draw))
    else:
        event = AccountOwnerChanged(account_id=account_id, owner_id=_ANN, region_id=region_id)
        life.tell(stream, event, _late(draw))


def _region(draw: st.DrawFn, life: Life) -> None:
    region_id = draw(st.sampled_from(REGIONS))
    parent_id = draw(st.none() | st.sampled_from([one for one in REGIONS if one != region_id]))
    stream = f"region-{region_id}"
    event: Event = RegionMoved(region_id=region_id, parent_id=parent_id)
    if not life.facts_of(stream):
        event = RegionOpened(region_id=region_id, name="A region", parent_id=parent_id)
    life.tell(stream, event, _late(draw))


def _policy(draw: st.DrawFn, life: Life) -> None:
    """Another version, or one of those there are in force from a day that never falls."""
    region_id = draw(st.none() | st.sampled_from(REGIONS))
    stream = f"scoring_policy-{place_of(region_id)}"
    told = life.facts_of(stream)
    drafts = sum(isinstance(one, ScoringPolicyDrafted) for one in told)
    days = [one.effective_on for one in told if isinstance(one, ScoringPolicyActivated)]
    version = draw(st.integers(1, drafts + 1))
    if version > drafts:
        document = draw(policies())
        event = ScoringPolicyDrafted(
            region_id=region_id, version=version, document=document, drafted_by=None
        )
        life.tell(stream, event)
    today = life.now.astimezone(life.zone).date()
    since = max([today + timedelta(days=draw(st.integers(-2, 3))), *days])
    life.tell(
        stream, ScoringPolicyActivated(region_id=region_id, version=version, effective_on=since)
    )


def _call(draw: st.DrawFn, life: Life) -> None:
    name = f"visit-{len(life.told)}"
    update = {
        "interaction_id": name,
        "account_id": draw(st.sampled_from(ACCOUNTS)),
        "kind": "call",
        "rating": None,
    }
    life.tell(f"interaction-{name}", LOGGED.model_copy(update=update), _late(draw))


def _answer(draw: st.DrawFn, life: Life) -> None:
    name = f"s{len(life.told)}"
    update = {
        "answer_id": name,
        "account_id": draw(st.sampled_from(ACCOUNTS)),
        "kind": draw(st.sampled_from(("nps", "csat"))),
        "score": draw(st.integers(1, 10)),
    }
    life.tell(f"survey_answer-{name}", ANSWERED.model_copy(update=update), _late(draw))


def _corrected(draw: st.DrawFn, life: Life) -> None:
    """An answer was another one, perhaps of another account, or at another time."""
    streams = [one for one in _streams(life) if one.startswith("survey_answer-")]
    if not streams:
        return
    stream = draw(st.sampled_from(streams))
    fields = dict(life.facts_of(stream)[0])
    fields["score"] = draw(st.integers(1, 10))
    fields["account_id"] = draw(st.sampled_from((fields["account_id"], *ACCOUNTS)))
    answered_at = draw(st.none() | st.just(life.now - timedelta(days=2)))
    life.tell(
        stream, SurveyAnswerCorrected(**fields, answered_at=answered_at, reason="It was read wrong")
    )


def _withdrawn(draw: st.DrawFn, life: Life) -> None:
    streams = [one for one in _streams(life) if one.startswith(("survey_answer-", "interaction-"))]
    if not streams:
        return
    stream = draw(st.sampled_from(streams))
    first = life.facts_of(stream)[0]
    account_id, reason = first.account_id, "It never was"
    event: Event
    if stream.startswith("interaction-"):
        event = InteractionWithdrawn(
            interaction_id=first.interaction_id, account_id=account_id, reason=reason
        )
    else:
        event = SurveyAnswerWithdrawn(
            answer_id=first.answer_id, account_id=account_id, reason=reason
        )
    life.tell(stream, event)


def _close(_: st.DrawFn, life: Life) -> None:
    life.now += timedelta(hours=20)
    life.close_day()


_ANN: Final = REGISTERED.owner_id or ""
_STEPS: Final = (
    *(_account, _region, _policy, _call, _answer, _corrected, _withdrawn),
    *(_account, _policy, _region, _call, _answer, _close, _close),
)


def _streams(life: Life) -> list[str]:
    return sorted({one.envelope.stream for one in life.told})


def _late(draw: st.DrawFn) -> timedelta:
    return timedelta(hours=draw(st.sampled_from((0, 0, 5, 26, 80))))
