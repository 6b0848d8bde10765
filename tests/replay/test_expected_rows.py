"""Rows are the same and come in the same order wherever they are held: in memory or in the file."""

from contextlib import closing
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.access import PARTY
from projections.audit_trail import AUDIT, RECORD
from projections.policies import POLICY_DRAFT, PolicyDraftRow
from projections.products import PRODUCTS
from projections.projection import Key, fold
from replay.expected_rows import ExpectedRows
from runtime.store.event_store import stored
from tests.runtime.log.facts import fact

NOON: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
TABLES: Final = (POLICY_DRAFT, PARTY, AUDIT, RECORD)


def draft(policy_id: str, number: int, **document: Any) -> tuple[Key, PolicyDraftRow]:
    row = PolicyDraftRow("form", policy_id, number, None, document, NOON, NOON)
    return (POLICY_DRAFT, row[:3]), row


texts = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(st.lists(st.tuples(texts, st.integers(0, 2**53), texts)), st.integers(0, 4))
def test_rows_are_what_was_last_said_in_the_order_of_their_keys(
    told: list[tuple[str, int, str]], hot_max: int
) -> None:
    plain: dict[Key, Any] = {}
    with closing(ExpectedRows(TABLES, hot_max=hot_max)) as rows:
        for policy_id, number, value in told:
            key, row = draft(policy_id, number, value=value)
            rows[key] = plain[key] = row
            assert rows[key] == row
        in_order = sorted(plain.items(), key=lambda one: (one[0][1][1].encode(), one[0][1][2]))
        assert list(rows.of(POLICY_DRAFT)) == [row for _, row in in_order]
        assert dict(rows.items()) == plain
        assert len(rows) == len(plain)


@pytest.mark.parametrize("hot_max", [0, 10])
def test_a_row_nobody_told_is_not_there(hot_max: int) -> None:
    with closing(ExpectedRows(TABLES, hot_max=hot_max)) as rows:
        key, row = draft("a", 1)
        other, _ = draft("a", 2)
        rows[key] = row
        assert (rows.get(key), rows.get(other), list(rows.of(AUDIT))) == (row, None, [])


def test_facts_are_folded_into_the_file_as_into_memory() -> None:
    plain: dict[Key, Any] = {}
    with closing(ExpectedRows(PRODUCTS.tables, hot_max=1)) as rows:
        for position in range(1, 6):
            one = fact("main", position)
            recorded = stored(one.name, one.payload, one.leaf)
            fold(PRODUCTS, plain, recorded)
            fold(PRODUCTS, rows, recorded)
        assert dict(rows.items()) == plain
