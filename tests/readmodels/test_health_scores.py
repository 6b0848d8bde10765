"""Scores in PostgreSQL: written with the signals, the same bits however they came about."""

from collections.abc import Sequence
from typing import Any
from unittest.mock import patch

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.sql import SQL, Identifier

from projections.health_scores import HEALTH_SCORE
from projections.signals import SIGNALS
from readmodels import tables
from readmodels.builds import begin, digest_of, fold_into, writing
from readmodels.folding import FEW, Known
from runtime.store.migrate import migrate
from tests.projections.scoring.day_rules import expected
from tests.projections.scoring.days import Life, Told, lives

pytestmark = pytest.mark.postgres


@given(
    life=lives("UTC", at_most=60),
    cuts=st.lists(
        st.lists(st.sampled_from((1, 2, 3, 7, 40)), min_size=1, max_size=5), min_size=2, max_size=2
    ),
)
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_live_and_rebuilt_rows_are_those_of_the_rules(
    database_url: str, ledger: str, life: Life, cuts: list[list[int]]
) -> None:
    """CARD-03, CARD-04: cut into whatever batches, kept rows known or read again.

    Of the last, all batches but the smallest are those of a build that catches up.
    """
    migrate(database_url, ledger, "UTC")
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(SQL("SET search_path TO {}").format(Identifier(ledger)))
        told = life.told
        wanted = list(dict(sorted(expected(told, "UTC").items())).values())
        digests = set()
        for few, sizes in ((FEW, [len(told)]), (FEW, cuts[0]), (1, cuts[1])):
            with connection.transaction(force_rollback=True), patch("readmodels.folding.FEW", few):
                found, digest = _folded(connection, told, sizes)
            assert found == wanted
            digests.add(digest)
    assert len(digests) == 1


def _folded(
    connection: psycopg.Connection[Any], told: Told, sizes: Sequence[int]
) -> tuple[list[Any], str]:
    build = begin(connection, SIGNALS, "filling")
    known: Known = {}
    for turn in range(len(told)):
        batch = told[build.position :][: sizes[turn % len(sizes)]]
        if not batch:
            break
        with writing(connection, [build], batch):
            (build,) = fold_into(connection, [build], batch, known)
        if turn % 3 == 1:
            known.clear()
    rows = list(tables.whole(connection, build.schema, HEALTH_SCORE))
    return rows, digest_of(connection, build)
