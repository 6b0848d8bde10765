"""What happened around an account: the facts that explain how it stands."""

from typing import Final

from readmodels.account_360.section import Asked, Part

LATEST: Final = 10
"""How many facts are told."""

_OF_ACCOUNT: Final = (
    " FROM audit WHERE account_id = %(account)s"
    " AND recorded_at <= %(known_at)s AND occurred_at < %(valid_before)s"
)


def events(asked: Asked) -> Part:
    """How many facts belong to it as of the moment, and those recorded last, the last one first."""
    (total,) = asked.parts("SELECT count(*) AS count" + _OF_ACCOUNT)
    latest = asked.parts(
        "SELECT position, name, record, version, occurred_at, recorded_at, actor"
        + _OF_ACCOUNT
        + " ORDER BY position DESC LIMIT %(limit)s",
        limit=LATEST,
    )
    return {**total, "latest": latest}
