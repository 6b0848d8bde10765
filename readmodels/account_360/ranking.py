"""What an account is to us, what that rests on, and what it was before."""

from typing import Final

from readmodels.account_360.section import Asked, Part

HISTORY_MAX: Final = 20
"""How many rankings are told, the latest first."""


def ranking(asked: Asked) -> Part | None:
    """Its class with score and ratings, and how it was ranked before; ``None``: never ranked.

    A ranking holds from ``valid_from`` until the next one. What was not known yet is not told.
    """
    found = asked.parts(
        """
        SELECT account_class, score, ratings, matrix_id, matrix_version, valid_from
        FROM account_class WHERE account_id = %(account)s
            AND known_from <= %(known_at)s AND valid_from < %(valid_before)s
        ORDER BY version DESC LIMIT %(limit)s""",
        limit=HISTORY_MAX,
    )
    if not found:
        return None
    told = ("account_class", "score", "matrix_id", "matrix_version", "valid_from")
    history = [{name: one[name] for name in told} for one in found]
    return {**found[0], "history": history}
