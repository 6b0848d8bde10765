"""How often we meet key contacts: MET-09, computed from what depth rests on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from projections.depth import per_30_days_centi
from readmodels.depth import Ground, effective_with


@dataclass(frozen=True, slots=True)
class Frequency:
    """The effective interactions with key contacts within a window."""

    interaction_ids: tuple[str, ...]
    """Each once, however many key contacts took part."""
    per_30_days_centi: int
    contacts: Mapping[str, tuple[int, date | None]]
    """Each key contact: how many interactions, and the day of the last; ``None`` without one."""


def frequency(found: Ground, key: Iterable[str], *, window_days: int, on: date) -> Frequency:
    """How often we met the contacts ``key`` in the ``window_days`` that end with ``on``."""
    contacts = tuple(dict.fromkeys(key))
    back = min(window_days - 1, (on - date.min).days)
    since = date.fromordinal(on.toordinal() - back)
    counted = effective_with(found, contacts, since=since, on=on)
    days = {one: [touch.on for touch in counted if one in touch.contact_ids] for one in contacts}
    return Frequency(
        tuple(touch.interaction_id for touch in counted),
        per_30_days_centi(len(counted), window_days),
        {one: (len(met), max(met, default=None)) for one, met in days.items()},
    )
