"""The scores of many accounts: one by one, and as heat by region, owner, manager or class."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Literal, NamedTuple

from psycopg import Connection

from events.policies.scoring import Band
from projections.metrics.numbers import half_up
from readmodels.health_scores.placed import PlacedAccount, PlaceSelection, names, placed
from readmodels.health_scores.scores import OnDay, Score, in_force, open_scores, scores
from readmodels.policies import PoliciesInForce

HeatBy = Literal["region", "owner", "manager", "account_class"]
"""What accounts are grouped by."""

WORST: Final = 5
"""How many accounts of a group are told, the lowest scores first."""

_EVERY: Final = PlaceSelection()


class Standing(NamedTuple):
    """An account with its score."""

    account: PlacedAccount
    score: Score


@dataclass(frozen=True, slots=True)
class Heat:
    """The accounts of a group, counted."""

    group: str | None
    name: Any
    """What the group is called; of a person sealed as it is stored."""
    accounts: int
    unscored: int
    """How many have no score, for nothing was measured."""
    mean_score: int | None
    """Of those that have one; in millionths of a point, rounded half up."""
    bands: tuple[tuple[Band, int], ...]
    """From the lowest up, with how many accounts lie in each, none included."""
    worst: tuple[Standing, ...]


def standings(
    connection: Connection[Any], on: OnDay, selection: PlaceSelection
) -> tuple[Standing, ...]:
    """The accounts of ``selection`` that a policy holds for, in order of their ids.

    ``connection`` is inside :func:`readmodels.reading.reading`.
    """
    found = placed(connection, on.moment, selection)
    regions = {one.account_id: one.region_id for one in found}
    made = open_scores(connection, on, regions)
    if made is None:
        made = scores(connection, on, regions, all_signals=selection == _EVERY)
    return tuple(Standing(one, made[one.account_id]) for one in found if one.account_id in made)


def by_score(found: Iterable[Standing], *, descending: bool = False) -> list[Standing]:
    """The lowest score first, or the highest; of equal ones by id, and those without one last."""

    def place(one: Standing) -> tuple[bool, int, str]:
        points = one.score.score
        if points is None:
            return True, 0, one.account.account_id
        return False, -points if descending else points, one.account.account_id

    return sorted(found, key=place)


def scores_before(
    connection: Connection[Any], earlier: OnDay, found: Sequence[Standing]
) -> Mapping[str, Score]:
    """The scores of the same accounts on an earlier day, in the regions they then lay in."""
    accounts = {one.account.account_id for one in found}
    regions = {
        one.account_id: one.region_id
        for one in placed(connection, earlier.moment, _EVERY)
        if one.account_id in accounts
    }
    return scores(connection, earlier, regions)


def heat(
    connection: Connection[Any], on: OnDay, found: Sequence[Standing], by: HeatBy
) -> tuple[Heat, ...]:
    """``found`` by group, in order of the groups; those of none come first.

    An account counts in its region and in every region above.
    """
    holding = in_force(connection, on) if by == "region" else None
    groups: dict[str | None, list[Standing]] = {}
    for one in found:
        for group in _groups(one.account, by, holding):
            groups.setdefault(group, []).append(one)
    ids = [one for one in groups if one is not None]
    called: Mapping[str, Any] = {}
    if by != "account_class":
        called = names(connection, on.moment, "region" if by == "region" else "employee", ids)
    ordered = sorted(groups, key=lambda one: (one is not None, one or ""))
    return tuple(counted(one, called.get(one or ""), groups[one]) for one in ordered)


def _groups(
    account: PlacedAccount, by: HeatBy, holding: PoliciesInForce | None
) -> Sequence[str | None]:
    if holding is None:
        of: Mapping[HeatBy, Callable[[PlacedAccount], str | None]] = {
            "owner": lambda one: one.owner_id,
            "manager": lambda one: one.manager_id,
            "account_class": lambda one: one.account_class,
        }
        return (of[by](account),)
    _, *regions = holding.chain(account.region_id)
    return regions or (None,)


def counted(group: str | None, name: Any, found: Sequence[Standing]) -> Heat:
    """``found`` as one group."""
    points = [one.score.score for one in found if one.score.score is not None]
    bands: dict[str, Band] = {}
    for one in found:
        bands |= {band.band_id: band for band in one.score.made_by.document.bands}
    lying = Counter(one.score.band_id for one in found)
    return Heat(
        group,
        name,
        len(found),
        len(found) - len(points),
        half_up(Fraction(sum(points), len(points))) if points else None,
        tuple(
            (band, lying[band.band_id])
            for band in sorted(bands.values(), key=lambda band: (band.above, band.up_to))
        ),
        tuple(one for one in by_score(found)[:WORST] if one.score.score is not None),
    )
