"""Verifying finds what was changed, dropped or added, and says where; a healthy ledger passes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from events.pipeline.product import ProductListed
from events.recorded import leaf_hash
from projections.products import PRODUCTS
from projections.projection import Projection, Table, fold
from replay.verify import OFTEN, Report, Watch, verify
from runtime.log.cloudevents import StoredFact
from runtime.store.event_store import stored
from tests.runtime.log.facts import fact

FACTS: Final = tuple(fact("main", position) for position in range(1, 6))


@dataclass(frozen=True, slots=True)
class Model:
    """A read model in memory."""

    held: dict[Any, Any]
    position: int = 5
    projection: Projection = PRODUCTS

    def rows(self, table: Table) -> Iterator[Any]:
        found = ((key, row) for (of, key), row in self.held.items() if of is table)
        return iter([row for _, row in sorted(found, key=lambda one: one[0])])


def folded(*facts: StoredFact) -> dict[Any, Any]:
    rows: dict[Any, Any] = {}
    for one in facts:
        fold(PRODUCTS, rows, stored(one.name, one.payload, one.leaf))
    return rows


def check(*facts: StoredFact, model: Model | None = None) -> Report:
    report = verify(facts, [model or Model(folded(*FACTS))], "UTC", Watch(lambda _: None))
    assert report is not None
    return report


def test_a_healthy_ledger_has_no_difference() -> None:
    report = check(*FACTS)
    assert (report.facts, report.rows, report.differences) == (5, 5, ())


def test_a_read_model_that_is_behind_is_compared_as_of_its_position() -> None:
    assert check(*FACTS, model=Model(folded(*FACTS[:3]), position=3)).differences == ()


def _broken(place: int, **fields: Any) -> tuple[StoredFact, ...]:
    return (*FACTS[:place], replace(FACTS[place], **fields), *FACTS[place + 1 :])


OTHER_LEAF: Final = FACTS[2].leaf.replace(b'"test"', b'"tset"')


@pytest.mark.parametrize(
    ("facts", "where", "detail"),
    [
        (FACTS[:2] + FACTS[3:], "position 4", "position 4 stands where 3 belongs"),
        (FACTS[:2] + FACTS[1:], "position 2", "position 2 stands where 3 belongs"),
        (FACTS[1:], "position 2", "position 2 stands where 1 belongs"),
        (_broken(2, payload=b"{}"), "position 3", "the payload does not have its hash"),
        (_broken(2, leaf=OTHER_LEAF), "position 3", "the leaf does not have its hash"),
        (_broken(2, leaf_hash=b"0" * 32), "position 3", "the leaf does not have its hash"),
        (_broken(2, name="product.retired"), "position 3", "the leaf belongs to another fact"),
        (
            _broken(2, leaf=FACTS[3].leaf, leaf_hash=FACTS[3].leaf_hash),
            "position 3",
            "the leaf belongs to another fact",
        ),
    ],
)
def test_a_store_that_was_changed_is_told_at_its_first_bad_position(
    facts: tuple[StoredFact, ...], where: str, detail: str
) -> None:
    (difference,) = check(*facts).differences
    assert difference.where.endswith(where)
    assert detail in difference.detail


def test_a_tail_that_was_cut_off_is_told_by_the_read_model_that_has_it() -> None:
    (difference,) = check(*FACTS[:4]).differences
    assert difference.where == "products"
    assert "the store ends at 4" in difference.detail


def _tampered(change: str) -> dict[Any, Any]:
    rows = folded(*FACTS)
    key = sorted(rows, key=lambda one: one[1])[2]
    match change:
        case "missing":
            del rows[key]
        case "added":
            rows[key[0], ("zzz", 1)] = rows[key]._replace(product_id="zzz")
        case _:
            rows[key] = rows[key]._replace(valid_from=datetime(1999, 1, 1, tzinfo=UTC))
    return rows


@pytest.mark.parametrize(
    ("change", "where", "detail"),
    [
        ("missing", "product P3/1", "a row is missing"),
        ("added", "product zzz/1", "a row is there that no fact says"),
        ("changed", "product P3/1", "valid_from"),
    ],
)
def test_a_row_that_no_fact_explains_is_named(change: str, where: str, detail: str) -> None:
    (difference,) = check(*FACTS, model=Model(_tampered(change))).differences
    assert difference.where == where
    assert detail in difference.detail


def test_a_recomputed_leaf_shows_in_its_payload_hash() -> None:
    """Whoever changes an amount and hashes the leaf again has still not changed what it says."""
    changed = FACTS[2].payload.replace(b"55000", b"99000")
    forged = _broken(2, payload=changed, leaf_hash=leaf_hash(FACTS[2].leaf))
    (difference,) = check(*forged).differences
    assert "payload" in difference.detail
    assert FACTS[2].name == ProductListed.NAME


@pytest.mark.parametrize("asked", [1, 2])
def test_it_stops_when_told_while_it_folds_and_while_it_compares(asked: int) -> None:
    """Of so many facts it is asked once while they are folded, and once while they are compared."""
    many = tuple(fact("main", position) for position in range(1, OFTEN + 1))
    answers = iter([False] * (asked - 1) + [True])
    told: list[int] = []
    watch = Watch(told.append, stop=lambda: next(answers))
    model = Model(folded(*many), position=OFTEN)
    assert verify(many, [model], "UTC", watch) is None
    assert told == [OFTEN] * asked


def test_it_says_how_far_it_is() -> None:
    many = tuple(fact("main", position) for position in range(1, OFTEN + 2))
    facts: list[int] = []
    rows: list[tuple[int, int]] = []
    watch = Watch(facts.append, lambda done, of: rows.append((done, of)))
    verify(many, [Model(folded(*many), position=OFTEN + 1)], "UTC", watch)
    assert facts == [OFTEN, OFTEN + 1]
    assert rows == [(OFTEN, OFTEN + 1), (OFTEN + 1, OFTEN + 1)]
