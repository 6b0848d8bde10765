"""What facts mean to a score, what goes on counting, and what counted as it was known then."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, Final, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.accounts.account_outcome import AccountOutcomeEvent
from events.accounts.contact import (
    ContactAbsorbed,
    ContactAssessed,
    ContactLeft,
    ContactMerged,
    ContactMoved,
    ContactRoleChanged,
)
from events.accounts.interaction import InteractionFollowUpDone
from events.event import Event
from events.pipeline.opportunity import OpportunityLost, OpportunityReopened, OpportunityWon
from events.planning.joint_project import JointProjectMilestoneMet, JointProjectMilestoneMissed
from events.recorded import Envelope, Recorded
from events.signal_kinds import MICRO, SIGNAL_KINDS, SIGNAL_MEANINGS
from projections.projection import Key, fold
from projections.signal_meanings import MEANINGS
from projections.signal_rows import SIGNAL, SIGNAL_END
from projections.signals import SIGNALS
from tests.examples.cast import NOON, UMA, VIC, usd
from tests.examples.histories import CORRECTED, FOLLOWED_UP, LOGGED, WITHDRAWN
from tests.examples.planning import CLAIM_WITHDRAWN, CONFIRMED
from tests.examples.surveys import ANSWER_CORRECTED, ANSWER_WITHDRAWN, ANSWERED, CONTENT
from tests.examples.warnings import COMPETITOR_CAME, COMPETITOR_WENT

EVER: Final = datetime.max.replace(tzinfo=UTC)
QUIET: Final = LOGGED.model_copy(update={"rating": None})
LEFT: Final = ContactLeft(contact_id=UMA, account_id="acme")
WON: Final = OpportunityWon(opportunity_id="o", account_id="acme", amount=usd(5))
LOST: Final = OpportunityLost(opportunity_id="o", account_id="acme", reason="price")
REOPENED: Final = OpportunityReopened(opportunity_id="o", account_id="acme")
MET: Final = JointProjectMilestoneMet(
    project_id="j", account_id="acme", milestone_id="m", met_on=NOON.date()
)
MISSED: Final = JointProjectMilestoneMissed(
    project_id="j", account_id="acme", milestone_id="m", reason="late"
)

Seen = list[tuple[str, str, int]]
"""Account, kind and magnitude of each signal that counts, in order."""


def judged(sentiment: int | None) -> ContactAssessed:
    return ContactAssessed(contact_id=UMA, account_id="acme", influence=3, sentiment=sentiment)


def moved(to: str, origin: str) -> ContactMoved:
    return ContactMoved(contact_id=UMA, account_id=to, from_account_id=origin)


def role(given_: Any) -> ContactRoleChanged:
    return ContactRoleChanged(contact_id=UMA, account_id="acme", role=given_)


def recorded(facts: Sequence[tuple[str, Event]]) -> list[Recorded[Any]]:
    """The facts of a log: each occurs a minute and is recorded an hour after the one before."""
    told: list[Recorded[Any]] = []
    for position, (stream, event) in enumerate(facts, start=1):
        version = sum(one.envelope.stream == stream for one in told) + 1
        envelope = Envelope(
            ledger="main",
            position=position,
            stream=stream,
            version=version,
            name=event.NAME,
            schema=event.VERSION,
            occurred_at=NOON + timedelta(minutes=position),
            recorded_at=NOON + timedelta(hours=position),
            actor="employee-ann",
            command_id="c",
            correlation_id="c",
            causation_id=None,
            policies={},
            release="1",
            imported=False,
            payload_sha256="0" * 64,
        )
        told.append(Recorded(event, envelope))
    return told


def rows_of(told: Sequence[Recorded[Any]]) -> dict[Key, Any]:
    rows: dict[Key, Any] = {}
    for fact in told:
        fold(SIGNALS, rows, fact)
    return rows


def counting(rows: dict[Key, Any], known_at: datetime = EVER) -> list[Any]:
    """The signals that count as known at ``known_at``, in order."""
    ends = [row for (table, _), row in rows.items() if table is SIGNAL_END]
    ended = {row[:2] for row in ends if row.known_to <= known_at}
    found = [row for (table, _), row in rows.items() if table is SIGNAL]
    return sorted(row for row in found if row[:2] not in ended and row.recorded_at <= known_at)


def seen(*facts: Event, hours: int | None = None) -> Seen:
    """What counts after facts of one record, as known ``hours`` after noon."""
    rows = rows_of(recorded([("record-1", fact) for fact in facts]))
    at = EVER if hours is None else NOON + timedelta(hours=hours)
    return [(row.account_id, row.kind, row.magnitude) for row in counting(rows, at)]


def test_outcomes_are_no_signals() -> None:
    """They are what scores are to foretell: a score made of them would foretell the past."""
    assert MEANINGS.keys().isdisjoint(get_args(AccountOutcomeEvent))


def test_every_kind_has_a_sentence() -> None:
    assert tuple(SIGNAL_MEANINGS) == SIGNAL_KINDS


@pytest.mark.parametrize(
    ("facts", "kinds"),
    [
        ([QUIET], "interaction_executive_visit"),
        ([QUIET.model_copy(update={"kind": "call"})], "interaction_call"),
        (
            [QUIET.model_copy(update={"kind": "technical_exchange"})],
            "interaction_technical_exchange",
        ),
        ([QUIET.model_copy(update={"kind": "joint_event"})], "interaction_joint_event"),
        ([QUIET.model_copy(update={"kind": "service_request"})], "service_request_logged"),
        ([LOGGED], "interaction_executive_visit interaction_rating"),
        ([ANSWERED], "nps_answer"),
        ([CONTENT], "csat_answer"),
        ([LEFT], "contact_left"),
        ([role("user"), LEFT], "contact_left"),
        ([role("decision_maker"), LEFT], "decision_maker_left"),
        ([role("decision_maker"), role(None), LEFT], "contact_left"),
        ([role("decision_maker")], ""),
        ([judged(3)], ""),
        ([judged(3), judged(3)], ""),
        ([judged(3), judged(2)], "sentiment_fell"),
        ([judged(3), judged(4)], "sentiment_rose"),
        ([judged(3), judged(None)], ""),
        ([judged(3), judged(None), judged(1)], "sentiment_fell"),
        ([COMPETITOR_CAME], "competitor_entered"),
        ([COMPETITOR_CAME, COMPETITOR_WENT], "competitor_entered competitor_left"),
        ([MET], "milestone_met"),
        ([MISSED, MET], "milestone_missed milestone_met"),
        ([CONFIRMED], "value_confirmed"),
        ([WON], "opportunity_won"),
        ([LOST], "opportunity_lost"),
        ([WON.model_copy(update={"account_id": None})], ""),
        ([LOST.model_copy(update={"account_id": None})], ""),
        ([REOPENED.model_copy(update={"account_id": None})], ""),
    ],
)
def test_a_fact_tells_what_the_mapping_says(facts: list[Event], kinds: str) -> None:
    assert [kind for _, kind, _ in seen(*facts)] == kinds.split()


@pytest.mark.parametrize(
    ("facts", "magnitude"),
    [
        ([QUIET], 1_000_000),
        ([ANSWERED], 9_000_000),
        ([ANSWERED.model_copy(update={"score": 0})], 0),
        ([CONTENT], 4_000_000),
        ([CONTENT.model_copy(update={"scale": 10, "score": 10})], 5_000_000),
        ([CONTENT.model_copy(update={"scale": 10, "score": 8})], 4_111_111),
        ([CONTENT.model_copy(update={"scale": 7, "score": 6})], 4_333_333),
        ([CONTENT.model_copy(update={"scale": 2, "score": 1})], 1_000_000),
        ([judged(5), judged(2)], 3_000_000),
        ([judged(1), judged(2)], 1_000_000),
        ([WON], 1_000_000),
    ],
)
def test_a_magnitude_is_in_millionths(facts: list[Event], magnitude: int) -> None:
    """CSAT counts as on a scale of five."""
    assert [found for _, _, found in seen(*facts)] == [magnitude]


def test_what_is_told_anew_takes_the_place_of_what_was_told() -> None:
    visit = ("acme", "interaction_executive_visit", MICRO)
    rating = ("acme", "interaction_rating", 4 * MICRO)
    better = ("acme", "interaction_rating", 5 * MICRO)
    told = (LOGGED, CORRECTED)
    assert seen(*told, hours=1) == [visit, rating]
    assert seen(*told, hours=2) == seen(*told) == [visit, better]


def test_a_correction_moves_what_it_corrects_to_when_it_took_place() -> None:
    told = (CORRECTED, CORRECTED.model_copy(update={"took_place_at": None, "rating": 1}))
    rows = rows_of(recorded([("record-1", fact) for fact in (LOGGED, *told)]))
    assert {row.occurred_at for row in counting(rows)} == {CORRECTED.took_place_at}


def test_what_a_correction_leaves_as_it_was_goes_on_as_it_was() -> None:
    """It was known when it was told first, not when something else of it was corrected."""
    again = CORRECTED.model_copy(update={"took_place_at": None, "rating": 4})
    rows = rows_of(recorded([("record-1", LOGGED), ("record-1", again)]))
    assert {row.position for row in counting(rows)} == {1}
    assert not [key for key in rows if key[0] is SIGNAL_END]


@pytest.mark.parametrize(
    ("told", "ends"),
    [
        (LOGGED, WITHDRAWN),
        (ANSWERED, ANSWER_WITHDRAWN),
        (CONFIRMED, CLAIM_WITHDRAWN),
        (WON, REOPENED),
        (LOST, REOPENED),
        (LEFT, moved("acme", "acme")),
    ],
)
def test_what_never_was_or_is_so_no_more_counts_until_that_was_known(
    told: Event, ends: Event
) -> None:
    assert seen(told, ends, hours=1) == seen(told) != []
    assert seen(told, ends, hours=2) == seen(told, ends) == []


def test_an_answer_that_was_corrected_counts_once() -> None:
    assert seen(ANSWERED, ANSWER_CORRECTED) == [("acme", "nps_answer", 8 * MICRO)]
    assert seen(ANSWERED, ANSWER_CORRECTED, ANSWER_WITHDRAWN) == []


def test_an_opportunity_that_was_pursued_again_has_one_end() -> None:
    assert [kind for _, kind, _ in seen(LOST, REOPENED, WON)] == ["opportunity_won"]


def test_an_interaction_withdrawn_after_its_follow_ups_counts_no_more() -> None:
    assert isinstance(FOLLOWED_UP, InteractionFollowUpDone)
    assert seen(LOGGED, FOLLOWED_UP, WITHDRAWN) == []


def test_who_moves_has_left_the_customer_they_worked_for() -> None:
    decides = ("acme", "decision_maker_left", MICRO)
    assert seen(role("decision_maker"), moved("bolt", "acme")) == [decides]


def test_who_had_left_leaves_nobody_by_moving() -> None:
    assert seen(LEFT, moved("bolt", "acme")) == [("acme", "contact_left", MICRO)]


def test_a_role_stays_behind_and_a_sentiment_goes_along() -> None:
    later = judged(2).model_copy(update={"account_id": "bolt"})
    gone = ContactLeft(contact_id=UMA, account_id="bolt")
    told = (role("decision_maker"), judged(4), moved("bolt", "acme"), later, gone)
    assert seen(*told) == [
        ("acme", "decision_maker_left", MICRO),
        ("bolt", "sentiment_fell", 2 * MICRO),
        ("bolt", "contact_left", MICRO),
    ]


def test_who_comes_back_has_not_left() -> None:
    told = (moved("bolt", "acme"), moved("acme", "bolt"))
    assert seen(*told, hours=1) == [("acme", "contact_left", MICRO)]
    assert seen(*told) == [("bolt", "contact_left", MICRO)]


def test_a_merge_tells_nothing() -> None:
    """The one who answers from now on is judged as they were judged."""
    facts: list[tuple[str, Event]] = [
        (f"contact-{UMA}", judged(5)),
        (f"contact-{VIC}", ContactAbsorbed(contact_id=VIC, account_id="acme", absorbed_id=UMA)),
        (f"contact-{UMA}", ContactMerged(contact_id=UMA, account_id="acme", into_id=VIC)),
        (f"contact-{VIC}", judged(2).model_copy(update={"contact_id": VIC})),
    ]
    assert counting(rows_of(recorded(facts))) == []


_LIVES: Final[dict[str, tuple[Event, ...]]] = {
    "interaction-1": (LOGGED, CORRECTED, QUIET, WITHDRAWN),
    "survey_answer-1": (ANSWERED, ANSWER_CORRECTED, ANSWER_WITHDRAWN),
    f"contact-{UMA}": (
        role("decision_maker"),
        role(None),
        judged(2),
        judged(4),
        LEFT,
        moved("bolt", "acme"),
        moved("acme", "bolt"),
    ),
    "opportunity-1": (WON, LOST, REOPENED),
    "value_claim-1": (CONFIRMED, CLAIM_WITHDRAWN),
    "joint_project-1": (MET, MISSED),
}
_FACTS: Final = st.lists(
    st.sampled_from([(stream, fact) for stream, facts in _LIVES.items() for fact in facts]),
    max_size=25,
)


@given(_FACTS)
def test_what_counted_as_known_then_is_what_had_been_told_by_then(
    facts: list[tuple[str, Event]],
) -> None:
    """Whatever happens later, the past as it was known does not change."""
    told = recorded(facts)
    rows = rows_of(told)
    for fact in told:
        by_then = [one for one in told if one.envelope.position <= fact.envelope.position]
        assert counting(rows, fact.envelope.recorded_at) == counting(rows_of(by_then))


@given(_FACTS)
def test_what_was_written_is_never_written_otherwise(facts: list[tuple[str, Event]]) -> None:
    """Signals and their ends are appended; an end names a signal there is, after it."""
    told = recorded(facts)
    states = [
        {key: row for key, row in rows_of(told[:count]).items() if key[0] in {SIGNAL, SIGNAL_END}}
        for count in range(len(told) + 1)
    ]
    for before, after in pairwise(states):
        assert before.items() <= after.items()
    for (table, key), row in states[-1].items():
        if table is SIGNAL_END:
            assert states[-1][SIGNAL, key].recorded_at < row.known_to
