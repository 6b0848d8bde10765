"""CARD-04: a what-if that is broken off goes on, and never says what it has half of."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest
from pydantic import ValidationError

from aggregates.refusals import Invalid, NotFound, Refusal
from events.policies.scoring import FULL, Band, Cap, ScoringPolicy
from events.signal_kinds import MICRO
from projections.scoring.deciding import ScoredAccountRow, ScoredRegionRow
from projections.scoring.holding import Holding, PolicyInForce
from replay.what_if.question import Candidate, Question
from replay.what_if.result import Result
from replay.what_if.run import Finished, run
from replay.what_if.source import PLACED, TOLD, Outcome, Source
from tests.examples.scores import POLICY
from tests.replay.test_what_if import contents

FIRST: Final = date(2025, 1, 1)
LAST: Final = date(2025, 3, 31)
DAYS: Final = 90
NAMES: Final = ("acme", "bell", "corn", "dunn")
LENIENT: Final = POLICY.model_copy(
    update={
        "bands": (
            Band(band_id="red", title="At risk", above=0, up_to=30_000_000),
            Band(band_id="yellow", title="To be watched", above=30_000_000, up_to=65_000_000),
            Band(band_id="green", title="Well", above=65_000_000, up_to=FULL),
        ),
        "alerts": (POLICY.alerts[0].model_copy(update={"below": 40_000_000}),),
    }
)


def _signals() -> Iterator[dict[str, Any]]:
    for position in range(1, 121):
        at = datetime(2024, 10, 1, 12, tzinfo=UTC) + timedelta(days=position * 37 % 180)
        yield {
            "account_id": NAMES[position % 4],
            "position": position,
            "number": 0,
            "kind": "nps_answer" if position % 5 == 0 else "interaction_call",
            "magnitude": MICRO if position % 5 else position % 11 * MICRO,
            "occurred_at": at,
            "recorded_at": at,
            "event_id": f"some-{position}/1",
            "ended_at_position": None,
        }


def source(document: ScoringPolicy | None = POLICY) -> Source:
    """Four accounts under a policy of the group, or under none."""
    begin = datetime(2024, 1, 1, tzinfo=UTC)
    told = "" if document is None else document.model_dump_json()
    in_force = () if document is None else (PolicyInForce("*", 2, 1, "2024-01-01", told, 5),)
    return Source(
        position=200,
        zone="UTC",
        signals=pl.DataFrame(list(_signals()), schema=TOLD).lazy(),
        accounts=pl.DataFrame(
            [ScoredAccountRow(name, 1, "emea", begin, 1) for name in NAMES],
            schema=PLACED,
            orient="row",
        ),
        holding=Holding(in_force, (ScoredRegionRow("emea", 1, None, begin, 1),)),
        drafted={("*", 1): told} if told else {},
        names={name: name.title() for name in NAMES} | {"bell": "Bell|*"},
        outcomes=(
            Outcome("acme", "churned", LAST),
            Outcome("corn", "renewal_lost", date(2025, 3, 1)),
            Outcome("dunn", "churned", date(2025, 2, 1)),
        ),
    )


QUESTION: Final = Question(
    policies=(Candidate(name="lenient", document=LENIENT),),
    first=FIRST,
    last=LAST,
    horizon_days=30,
)


def asked(
    folder: Path,
    question: Question = QUESTION,
    given: Source | None = None,
    progress: Callable[[int, int], None] = lambda *_: None,
    stop: Callable[[], bool] = lambda: False,
) -> Finished | None:
    return run(given or source(), question, folder, progress, stop, stretch=DAYS)


def answered(folder: Path, question: Question = QUESTION, given: Source | None = None) -> Finished:
    found = asked(folder, question, given)
    assert found is not None
    return found


def test_it_says_how_far_it_is_stretch_by_stretch(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    asked(tmp_path, progress=lambda done, total: told.append((done, total)))
    assert told == [(DAYS * number, DAYS * 4) for number in range(1, 5)]


@pytest.mark.parametrize("stretches", range(4))
def test_stopped_after_any_stretch_it_goes_on_with_the_next(tmp_path: Path, stretches: int) -> None:
    whole = contents(answered(tmp_path / "whole"))
    parts = tmp_path / "parts"
    asks = iter([False] * stretches + [True])
    assert asked(parts, stop=lambda: next(asks)) is None
    assert not (parts / "result").exists()
    kept = {path: path.stat().st_mtime_ns for path in parts.rglob("*.parquet")}
    assert len(kept) == stretches
    again = answered(parts)
    assert contents(again) == whole
    assert {path: path.stat().st_mtime_ns for path in kept} == kept


@pytest.mark.parametrize("stretch", range(4))
def test_a_stretch_that_is_not_whole_is_scored_again(tmp_path: Path, stretch: int) -> None:
    whole = contents(answered(tmp_path))
    path = sorted((tmp_path / "stretches").rglob("*.parquet"))[stretch]
    path.write_bytes(path.read_bytes()[:-1])
    (path.parent / "under-way").write_bytes(b"half of it")
    assert contents(answered(tmp_path)) == whole
    assert len(list((tmp_path / "stretches").rglob("*"))) == 5


def test_another_question_or_another_position_begins_anew(tmp_path: Path) -> None:
    answered(tmp_path)
    other = QUESTION.model_copy(update={"last": LAST - timedelta(days=1)})
    assert contents(answered(tmp_path, other)) == contents(answered(tmp_path / "other", other))
    moved = Source(**{**vars_of(source()), "position": 201})
    found = answered(tmp_path, QUESTION, moved)
    assert found.result.position == 201
    assert len(list((tmp_path / "stretches").iterdir())) == 1


def vars_of(given: Source) -> dict[str, Any]:
    return {name: getattr(given, name) for name in Source.__slots__}


def test_more_outcomes_need_no_stretch_anew(tmp_path: Path) -> None:
    """Scores do not depend on them, and the answer does."""
    fewer = Source(**{**vars_of(source()), "outcomes": ()})
    assert answered(tmp_path, QUESTION, fewer).result.comparisons[0].active.outcomes == ()
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("0*.parquet")}
    assert answered(tmp_path).result.comparisons[0].active.outcomes
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_the_json_document_is_the_answer(tmp_path: Path) -> None:
    found = answered(tmp_path)
    assert Result.model_validate_json(found.json.read_bytes(), strict=False) == found.result
    assert json.loads(found.json.read_text())["position"] == 200


def test_the_report_names_who_moves_and_means_nothing_else(tmp_path: Path) -> None:
    report = answered(tmp_path).markdown.read_text()
    for words in (
        "# What if “lenient” had made the health scores?",
        "Who stands higher",
        "Bell\\|\\* (bell)",
        "xychart-beta",
        "edges of bands",
        "Days of warning before each loss",
    ):
        assert words in report
    assert "\n\n\n" not in report


def test_where_no_policy_was_in_force_there_is_none_to_compare_with(tmp_path: Path) -> None:
    found = answered(tmp_path, QUESTION, source(None))
    (told,) = found.result.comparisons
    assert (told.active.scored_days, told.active.mean_score) == (0, None)
    assert told.candidate.scored_days == DAYS * 4
    assert all(one.days_lower == one.days_higher == 0 for one in told.changes)
    assert "neither lower nor higher" in found.markdown.read_text()


def test_a_ledger_without_accounts_has_an_answer_too(tmp_path: Path) -> None:
    empty = Source(**{**vars_of(source()), "accounts": PLACED.to_frame(), "outcomes": ()})
    found = answered(tmp_path, QUESTION, empty)
    assert found.result.comparisons[0].account_days == 0
    assert "It would have held for nobody" in found.markdown.read_text()


UNKNOWN: Final = POLICY.model_copy(
    update={"caps": (Cap(cap_id="c", title="C", kinds=("no_kind",), window_days=1, at_most=0),)}
)


@pytest.mark.parametrize(
    ("changed", "kind", "rule", "field"),
    [
        (
            {"policies": (Candidate(name="x", document=UNKNOWN),)},
            Invalid,
            "unknown-signal-kind",
            "policies.0.document.caps.0.kinds",
        ),
        (
            {"policies": (Candidate(name="x", region_id="apac", document=POLICY),)},
            NotFound,
            "unknown-region",
            "policies.0.region_id",
        ),
        (
            {"policies": (*QUESTION.policies, Candidate(name="x", version=2))},
            NotFound,
            "unknown-version",
            "policies.1.version",
        ),
        ({"accounts": ("acme", "nobody")}, NotFound, "unknown-account", "accounts.1"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_field(
    tmp_path: Path, changed: dict[str, Any], kind: type[Refusal], rule: str, field: str
) -> None:
    with pytest.raises(kind) as refused:
        asked(tmp_path, QUESTION.model_copy(update=changed))
    assert (refused.value.rule, refused.value.field) == (rule, field)


MINE: Final = {"name": "mine", "version": 1}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"first": "2025-04-01"}, "first is not after last"),
        ({"first": "2015-03-22"}, "1 to 3660 days"),
        ({"policies": [{**MINE, "name": "active"}]}, "a name of its own"),
        ({"policies": [MINE, MINE]}, "a name of its own"),
        ({"policies": [{"name": "mine"}]}, "either the version"),
        ({"policies": []}, "at least 1 item"),
        ({"policies": [{**MINE, "name": f"m{number}"} for number in range(6)]}, "at most 5 items"),
        ({"horizon_days": 0}, "greater than or equal to 1"),
        ({"known": "then"}, "'now' or 'at_close'"),
    ],
)
def test_a_question_that_makes_no_sense_is_none(changed: dict[str, Any], words: str) -> None:
    told = {"policies": [MINE], "first": str(FIRST), "last": str(LAST)}
    assert Question.model_validate_json(json.dumps(told)).days == DAYS
    with pytest.raises(ValidationError, match=words):
        Question.model_validate_json(json.dumps({**told, **changed}))


def test_a_period_may_have_3660_days() -> None:
    told = {"policies": [MINE], "first": "2015-03-25", "last": str(LAST)}
    assert Question.model_validate_json(json.dumps(told)).days == 3_660
