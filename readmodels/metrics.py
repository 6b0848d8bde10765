"""What each metric means."""

from projections.metrics.definitions import METRICS, Metric


def definitions() -> tuple[Metric, ...]:
    """Every definition, in alphabetical order of their ids."""
    return tuple(METRICS.values())


def definition(metric_id: str) -> Metric:
    """The definition of ``metric_id``, which is one of those there are."""
    return METRICS[metric_id]
