"""Read models that are up to date, for tests that ask what they answer."""

from projections.catalogue import PROJECTIONS
from readmodels.builds import begin, current, fold_into
from runtime.log.store_source import StoreSource
from tests.api.conftest import House


def follow(house: House) -> None:
    """Fold whatever has been recorded so far."""
    parts = house.system
    with (
        parts.pool.connection() as connection,
        StoreSource(parts.database_url, parts.settings.ledger) as source,
    ):
        for projection in PROJECTIONS:
            build = current(connection, projection) or begin(connection, projection, "current")
            with connection.transaction():
                fold_into(connection, [build], source.read(build.position, 1_000, 0))
