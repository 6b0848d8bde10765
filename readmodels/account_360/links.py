"""What an account holds of other companies, and others of it."""

from readmodels.account_360.section import Asked, Part
from readmodels.account_links import HELD


def links(asked: Asked) -> list[Part]:
    """Its links that held on the day, from its own side, in order of their ids.

    ``outgoing`` are those in which it is the one that holds or invests.
    """
    return asked.parts(
        """
        WITH name_then AS (SELECT account_id, name FROM account WHERE {valid}),
        held AS (
            SELECT link_id, version, kind, share_bp, from_on, until_on,
                account_id = %(account)s AS outgoing,
                CASE account_id WHEN %(account)s THEN other_id ELSE account_id END AS with_id
            FROM account_link
            WHERE %(account)s IN (account_id, other_id) AND"""
        + HELD
        + """)
        SELECT link_id, version, kind, share_bp, from_on, until_on, outgoing, with_id,
            name AS with_name
        FROM held LEFT JOIN name_then ON account_id = with_id ORDER BY link_id"""
    )
