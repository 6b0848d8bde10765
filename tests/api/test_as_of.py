"""As of and known at, at every read door there is; CARD-06.

The doors come from the OpenAPI document. One that does not take both times, or has a parameter
this does not know, fails, so that no new door is forgotten.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest

from events.event import Event
from events.recorded import Recorded
from projections.catalogue import PROJECTIONS
from projections.policies import KIND_OF
from projections.projection import Key, fold
from readmodels.moment import end_of
from tests.access.past import BEA_THERE, facts
from tests.api.growing import ZONE, Answer, Told, ledger

pytestmark = pytest.mark.postgres

WITHOUT_TIMES: Final[Mapping[str, str]] = {
    "/v1/health": "how the process and its followers are now",
    "/v1/metrics": "what numbers mean; a definition has a version",
    "/problems/{code}": "a page about a refusal",
    "/schemas/{file}": "a file of the release",
    "/v1/replays": "work under way and what came of it: nothing of it is a fact",
    "/v1/replays/{replay_id}": "the same, one by one",
    "/v1/replays/{replay_id}/result": "the same, as a file",
    "/v1/webhooks/{webhook_id}/secret": "what signs messages now",
}
"""The doors that cannot be asked about the past, and what they are about."""

OF_NO_FACTS: Final = frozenset({"/v1/webhooks/{webhook_id}/deliveries"})
"""Doors that find a record as it was, and tell of it how something goes now."""

NEEDED: Final = {
    "/v1/expansion-revenue": "first_day=2026-05-01&last_day=2026-12-31",
    "/v1/nps": "first_day=2026-01-01&last_day=2026-12-31",
    "/v1/csat": "first_day=2026-01-01&last_day=2026-12-31",
    "/v1/value-matrices/{matrix_id}/dry-run": "version=1",
    "/v1/forms/{form_id}/dry-run": "version=1",
    "/v1/forms": "region=branch",
    "/v1/approvals/inbox": f"employee_id={BEA_THERE}",
    "/v1/notices": f"employee_id={BEA_THERE}",
}
"""What a door is not asked without."""

NAMED: Final[Mapping[str, Sequence[str]]] = {
    "kind": ("approval_route", "form"),
    "policy_id": ("contract.group", "account.group"),
    "form_id": ("account.group",),
    "record_type": ("account", "contact", "opportunity", "contract", "account_plan", "interaction"),
}
"""Parameters in paths that are no ids of records."""

SAYS_FROM_WHEN: Final[Mapping[str, str]] = {
    **{fact.NAME: "a policy holds from a day of its own, the first from ever" for fact in KIND_OF},
    "interaction.corrected": "how it had been all along",
    "interaction.withdrawn": "it never was",
    "survey_answer.corrected": "how it had been all along",
    "survey_answer.withdrawn": "it never was",
    "account.linked": "a link holds on days of its own",
    "account.unlinked": "a link holds on days of its own",
    "employee_training.recorded": "a training counts on days of its own",
    "employee_training.revoked": "it never was",
    "account_outcome.recorded": "an outcome happened on a day of its own",
    "account_outcome.withdrawn": "it never was",
}
"""Facts that tell of other days than the one they occurred on, so that as of an earlier day they
count: what happened later is the telling."""

SIGNALS: Final = "/v1/accounts/{account_id}/signals"
TAKES_BACK: Final[Mapping[str, str]] = {
    "opportunity.reopened": "it was not lost for good",
    "contact.moved": "who is back has not left",
    "value_claim.withdrawn": "it was not gained",
}
"""Facts after which a signal counts no more on any day, as `projections/signals.py` has it."""

DAYS: Final = (date(2026, 3, 15), date(2026, 5, 9))
"""In the middle of the history; on the later one an opportunity is lost that is pursued again."""


@dataclass(frozen=True, slots=True)
class Grown:
    """A ledger that was asked the same again and again while it grew."""

    told: Told
    facts: Sequence[Recorded[Event]]
    doors: Mapping[str, Any]
    paths: Mapping[str, str]
    """Each path that is asked, and the door it belongs to."""
    answers: Mapping[tuple[int, date | None], Sequence[Answer]]
    """What was answered when so many facts were known, as of a day or then."""

    def asked(self, **times: Any) -> list[Answer]:
        """What is answered at every path with these times."""
        return self.told.get([_with(path, **times) for path in self.paths])


def _with(path: str, **times: Any) -> str:
    given = (f"{name}={quote(one.isoformat())}" for name, one in times.items() if one is not None)
    return "&".join((path, *given))


def _stops(count: int) -> tuple[int, ...]:
    """After how many facts is asked; the first ones fall into the beginning of most lives."""
    return count // 8, count // 3, 2 * count // 3, count


def _paths(doors: Mapping[str, Any], told: Sequence[Recorded[Event]]) -> Iterator[tuple[str, str]]:
    ids = _ids(told)
    for door, its in doors.items():
        if door in WITHOUT_TIMES:
            continue
        named = [one["name"] for one in its.get("parameters", ()) if one["in"] == "path"]
        assert ids.keys() >= set(named), f"say what {door} may name: {named}"
        for values in product(*(ids[name] for name in named)):
            path = door.format(**dict(zip(named, values, strict=True)))
            yield f"{path}?{NEEDED.get(door, '')}{_most(its)}", door


def _most(its: Any) -> str:
    taken = {one["name"] for one in its["parameters"] if one["in"] == "query"}
    return "&limit=500" if "limit" in taken else ""


def _ids(told: Sequence[Recorded[Event]]) -> dict[str, Sequence[str]]:
    """What each parameter of a path may name."""
    rows: dict[Key, Any] = {}
    for one in told:
        for projection in PROJECTIONS:
            fold(projection, rows, one)
    found: dict[str, set[str]] = {}
    for table, key in rows:
        found.setdefault(table.key[0], set()).add(key[0])
    kept = {name: sorted(ids) for name, ids in found.items()}
    of_forms = ("account_id", "contact_id", "opportunity_id", "plan_id", "interaction_id")
    return {**kept, **NAMED, "record_id": [one for name in of_forms for one in kept[name]]}


@pytest.fixture(scope="module")
def grown(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grown]:
    told, answers = facts(), {}
    with ledger(database_url, "grown", tmp_path_factory.mktemp("grown")) as growing:
        doors = growing.doors()
        paths = dict(_paths(doors, told))
        begun = 0
        for stop in _stops(len(told)):
            growing.fold(told[begun:stop])
            begun = stop
            for day in (None, *DAYS):
                answers[stop, day] = growing.get([_with(path, as_of=day) for path in paths])
        yield Grown(growing, told, doors, paths, answers)


def _differing(
    grown: Grown, these: Sequence[Answer], those: Sequence[Answer]
) -> dict[str, tuple[Answer, Answer]]:
    """The first path of each door at which two answers are not the same."""
    found: dict[str, tuple[Answer, Answer]] = {}
    for (_, door), this, that in zip(grown.paths.items(), these, those, strict=True):
        if this != that:
            found.setdefault(door, (this, that))
    return found


def test_every_read_door_takes_both_times_or_says_why_not(grown: Grown) -> None:
    without = {
        door
        for door, its in grown.doors.items()
        if not {"as_of", "known_at"} <= {one["name"] for one in its.get("parameters", ())}
    }
    assert without == WITHOUT_TIMES.keys() & grown.doors.keys()


def test_every_door_tells_of_something_that_changes(grown: Grown) -> None:
    """A door that says the same all the time proves nothing below."""
    *early, last = (grown.answers[stop, None] for stop in _stops(len(grown.facts)))
    changing = set().union(*(_differing(grown, one, last) for one in early))
    assert set(grown.paths.values()) - changing <= OF_NO_FACTS
    refused = {one[0] for one in last} - {200, 404}
    assert refused == set()


@pytest.mark.parametrize("day", [None, *DAYS])
@pytest.mark.parametrize("place", range(3))
def test_card_06_as_known_at_a_time_is_what_was_answered_then(
    grown: Grown, place: int, day: date | None
) -> None:
    stop = _stops(len(grown.facts))[place]
    known_at = grown.facts[stop - 1].envelope.recorded_at
    now = grown.asked(as_of=day, known_at=known_at)
    assert _differing(grown, grown.answers[stop, day], now) == {}


@pytest.mark.parametrize("day", DAYS)
def test_card_06_as_of_a_day_is_what_the_facts_up_to_it_say(
    grown: Grown, day: date, database_url: str, tmp_path: Path
) -> None:
    """But for when it ended: of what was so on the day we know that today."""
    with ledger(database_url, f"up_to_{day:%m_%d}", tmp_path) as part:
        part.hold(list(_up_to(grown.facts, day, SAYS_FROM_WHEN.keys())))
        then = part.get([_with(path, as_of=day) for path in grown.paths])
    now = grown.answers[len(grown.facts), day]
    differing = _differing(grown, [_endless(one) for one in then], [_endless(one) for one in now])
    assert differing.keys() <= {SIGNALS}


def test_signals_as_of_a_day_leave_out_what_was_taken_back_later(
    grown: Grown, database_url: str, tmp_path: Path
) -> None:
    day = DAYS[-1]
    with ledger(database_url, "taken_back", tmp_path) as part:
        part.hold(list(_up_to(grown.facts, day, SAYS_FROM_WHEN.keys() | TAKES_BACK.keys())))
        then = part.get([_with(path, as_of=day) for path in grown.paths])
    differing = _differing(grown, then, grown.answers[len(grown.facts), day])
    assert SIGNALS not in differing


def _up_to(
    told: Sequence[Recorded[Event]], day: date, counting: Collection[str]
) -> Iterator[Recorded[Event]]:
    """The facts that had occurred by the end of ``day``, and those ``counting`` that came later."""
    end = end_of(day, ZoneInfo(ZONE))
    last = {one.envelope.stream: one.envelope.version for one in told if one.event.NAME in counting}
    for one in told:
        envelope = one.envelope
        # A fact is nothing without those before it in its stream.
        if envelope.occurred_at < end or envelope.version <= last.get(envelope.stream, 0):
            yield one


def _endless(value: Any) -> Any:
    match value:
        case dict():
            kept = value.keys() - {"valid_to", "known_to"}
            return {name: _endless(value[name]) for name in kept}
        case list() | tuple():
            return [_endless(one) for one in value]
        case _:
            return value
