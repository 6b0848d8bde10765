"""Who would be what under another version of a value matrix; nothing is recorded."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from aggregates.accounts.account_class import class_of, measures_for, rate, score_of
from aggregates.policies.value_matrix import strictest
from aggregates.refusals import Invalid
from events.accounts.account_class import Class, Rating
from events.policies.place import GROUP
from events.policies.value_matrix import ValueMatrix


class Ranked(Protocol):
    """An account, its class, and what that rests on."""

    @property
    def account_id(self) -> str:
        """Its id."""

    @property
    def name(self) -> str | None:
        """Its name, where it is known."""

    @property
    def region_id(self) -> str | None:
        """Where it lies."""

    @property
    def account_class(self) -> Class:
        """What it is."""

    @property
    def score(self) -> int:
        """In ten-thousandths of a point."""

    @property
    def ratings(self) -> Mapping[str, Any]:
        """By dimension: band, amount and evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What one account is, and what it would be."""

    account_id: str
    name: str | None
    class_before: Class
    class_after: Class | None
    """``None`` where its measures do not do for the version."""
    score_before: int
    score_after: int | None
    rule: str | None
    """The rule that says no, where one does."""
    detail: str | None

    @property
    def moves(self) -> bool:
        """Whether it would be something else, or could not be ranked."""
        return self.class_after != self.class_before


def dry_run(
    ranked: Iterable[Ranked],
    document: Mapping[str, Any],
    *,
    matrix_id: str,
    parents: Mapping[str, str | None],
    in_force: Mapping[str, Mapping[str, Any]],
) -> tuple[Move, ...]:
    """What each account would be that the matrix ``matrix_id`` would hold for, in their order.

    ``document`` is a value matrix as JSON. It holds for accounts in its region, or below it where
    no nearer region has one among ``in_force`` that is as strict; ``parents`` is the tree of
    regions.
    """
    documents = {
        place: ValueMatrix.model_validate(told, strict=False)
        for place, told in {**in_force, matrix_id: document}.items()
    }

    @cache
    def holding(region_id: str | None) -> str | None:
        above = _above(region_id, parents)
        return strictest([(place, documents[place]) for place in above if place in documents])

    return tuple(
        _move(documents[matrix_id], account)
        for account in ranked
        if holding(account.region_id) == matrix_id
    )


def _above(region_id: str | None, parents: Mapping[str, str | None]) -> Iterator[str]:
    """The region, those above it, nearest first, and at the end the whole group."""
    while region_id is not None:
        yield region_id
        region_id = parents.get(region_id)
    yield GROUP


def _move(matrix: ValueMatrix, account: Ranked) -> Move:
    ratings = tuple(
        Rating(dimension_id=dimension_id, **told) for dimension_id, told in account.ratings.items()
    )
    try:
        rated = rate(matrix, measures_for(matrix, ratings))
    except Invalid as refused:
        return _moved(account, None, None, refused)
    score = score_of(matrix, rated)
    return _moved(account, class_of(matrix, score), score, None)


def _moved(
    account: Ranked, class_after: Class | None, score_after: int | None, refused: Invalid | None
) -> Move:
    return Move(
        account_id=account.account_id,
        name=account.name,
        class_before=account.account_class,
        class_after=class_after,
        score_before=account.score,
        score_after=score_after,
        rule=None if refused is None else refused.rule,
        detail=None if refused is None else refused.detail,
    )
