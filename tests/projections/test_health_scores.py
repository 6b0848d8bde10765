"""Scores as the days go by: what closes a day, what touches an account, and which policy holds."""

from hypothesis import given, settings
from hypothesis import strategies as st

from projections.derivation import derived_rows
from projections.health_scores import HEALTH_SCORE
from projections.projection import Key, fold
from projections.signals import SIGNALS
from tests.projections.scoring.day_rules import expected
from tests.projections.scoring.days import Life, lives

ZONES = ("UTC", "Europe/Berlin", "Pacific/Auckland")


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ZONES).flatmap(lives))
def test_rows_are_what_the_rules_make_of_them_by_hand(life: Life) -> None:
    """CARD-04, MET-10: whatever happened, late, corrected, moved or under another policy."""
    rows: dict[Key, object] = {}
    for fact in life.told:
        fold(SIGNALS, rows, fact)
    zone = life.zone.key
    found = derived_rows(SIGNALS, rows, zone)
    assert found == {(HEALTH_SCORE, key): row for key, row in expected(life.told, zone).items()}
