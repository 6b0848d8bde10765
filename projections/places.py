"""Where regions lie: each place whose policies hold there."""

from collections.abc import Mapping

from events.policies.place import GROUP


def chain(parents: Mapping[str, str | None], region_id: str | None) -> tuple[str, ...]:
    """The whole group, and the regions from the topmost down to ``region_id``.

    ``parents`` are those of each region; ``None``: nowhere in particular.
    """
    places: list[str] = []
    # Two late corrections together could make a circle in the past.
    while region_id is not None and region_id not in places:
        places.append(region_id)
        region_id = parents.get(region_id)
    return GROUP, *reversed(places)
