"""Every read model there is, by name."""

from typing import Final

from projections.catalogue import PROJECTIONS

READ_MODELS: Final = frozenset(projection.name for projection in PROJECTIONS)
"""The read models that are kept up to date and answered from."""
