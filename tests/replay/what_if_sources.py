"""Random small ledgers for a what-if: signals, accounts that move, regions, policies, days."""

from datetime import UTC, datetime, timedelta
from typing import Final

import polars as pl
from hypothesis import strategies as st

from events.policies.place import GROUP
from events.policies.scoring import ScoringPolicy
from projections.scoring.deciding import ScoredAccountRow, ScoredRegionRow
from projections.scoring.holding import Holding, PolicyInForce
from replay.what_if.question import Candidate, Question
from replay.what_if.source import PLACED, TOLD, Outcome, Source, Version
from tests.projections.scoring.histories import AS_OF, histories, policies

NAMES: Final = ("acme", "bell", "corn", "dunn")
PLACES: Final = (GROUP, "emea", "dach")
FIRST: Final = AS_OF - timedelta(days=6)
LAST: Final = AS_OF + timedelta(days=2)
HEAD: Final = 60
"""The position of the last fact."""

POSITIONS: Final = st.integers(1, HEAD)
INSTANTS: Final = st.integers(-12 * 24, 4 * 24).map(
    lambda hours: datetime(AS_OF.year, AS_OF.month, AS_OF.day, tzinfo=UTC) + timedelta(hours=hours)
)
ONCE: Final = datetime(2026, 1, 1, tzinfo=UTC)


@st.composite
def signals(draw: st.DrawFn) -> pl.DataFrame:
    """Signals in any order, some known late, some taken back."""
    rows = draw(histories())
    for row in rows:
        row["position"] = draw(POSITIONS)
        ended = draw(st.none() | st.integers(row["position"] + 1, HEAD + 1))
        row["ended_at_position"] = ended
    return pl.DataFrame(rows, schema=TOLD, strict=False)


@st.composite
def placed(draw: st.DrawFn) -> pl.DataFrame:
    """Accounts, and the regions they are in one after the other."""
    rows = []
    for name in NAMES:
        times = sorted(draw(st.lists(INSTANTS, min_size=1, max_size=3)))
        positions = sorted(draw(st.sets(POSITIONS, min_size=len(times), max_size=len(times))))
        if draw(st.booleans()):
            times[0], positions[0] = ONCE, 1
        rows += [
            ScoredAccountRow(name, version, draw(st.sampled_from((None, *PLACES[1:]))), at, known)
            for version, (at, known) in enumerate(zip(times, positions, strict=True), 1)
        ]
    return pl.DataFrame(rows, schema=PLACED, orient="row")


@st.composite
def regions(draw: st.DrawFn) -> tuple[ScoredRegionRow, ...]:
    """Two regions, one below the other for a time, or each below the other."""
    rows = []
    for name in PLACES[1:]:
        for version in range(1, draw(st.integers(1, 3)) + 1):
            above = draw(st.sampled_from((None, *PLACES[1:])))
            at, known = (ONCE, 1) if version == 1 else (draw(INSTANTS), draw(POSITIONS))
            rows.append(ScoredRegionRow(name, version, above, at, known))
    return tuple(sorted(rows, key=lambda row: row.version))


@st.composite
def sources(draw: st.DrawFn) -> Source:
    """What a small ledger holds."""
    documents = [draw(policies()) for _ in range(draw(st.integers(1, 3)))]
    drafted: dict[Version, str] = {}
    in_force = []
    for place in draw(st.sets(st.sampled_from(PLACES))):
        days = sorted(draw(st.lists(st.integers(-9, 3), max_size=3)))
        for number, day in enumerate(days, 1):
            document: ScoringPolicy = draw(st.sampled_from(documents))
            drafted[place, number] = document.model_dump_json()
            since = (AS_OF + timedelta(days=day)).isoformat()
            in_force.append(
                PolicyInForce(
                    place, number * 2, number, since, drafted[place, number], draw(POSITIONS)
                )
            )
    first = FIRST + timedelta(days=draw(st.integers(0, 4)))
    closes = sorted(draw(st.sets(POSITIONS, max_size=9)))
    return Source(
        position=HEAD,
        zone=draw(st.sampled_from(("UTC", "Europe/Berlin", "Pacific/Auckland"))),
        signals=draw(signals()).lazy(),
        accounts=draw(placed()),
        holding=Holding(tuple(in_force), draw(regions())),
        drafted=drafted,
        closes={first + timedelta(days=number): at for number, at in enumerate(closes)},
        names={name: name.title() for name in NAMES},
        outcomes=tuple(draw(st.lists(outcomes(), max_size=4))),
    )


def outcomes() -> st.SearchStrategy[Outcome]:
    """Somebody leaves around these days."""
    return st.builds(
        Outcome,
        account_id=st.sampled_from(NAMES),
        kind=st.sampled_from(("churned", "renewal_lost")),
        occurred_on=st.integers(-8, 4).map(lambda day: AS_OF + timedelta(days=day)),
    )


@st.composite
def questions(draw: st.DrawFn, source: Source) -> Question:
    """What may be asked of it."""
    tried = [
        Candidate(name=f"v{version}", region_id=region_of(place), version=version)
        for place, version in sorted(source.drafted)[: draw(st.integers(0, 2))]
    ]
    place = draw(st.sampled_from(PLACES))
    tried.append(Candidate(name="mine", region_id=region_of(place), document=draw(policies())))
    first = FIRST + timedelta(days=draw(st.integers(0, 3)))
    return Question(
        policies=tuple({one.name: one for one in tried}.values()),
        first=first,
        last=max(first, LAST - timedelta(days=draw(st.integers(0, 4)))),
        known=draw(st.sampled_from(("now", "at_close"))),
        horizon_days=draw(st.integers(1, 6)),
        accounts=draw(st.none() | st.just(("acme", "corn"))),
    )


def region_of(place: str) -> str | None:
    """The region of a place; ``None`` for the whole group."""
    return None if place == GROUP else place
