"""What was worked out with and for an account."""

from readmodels.account_360.section import Asked, Part


def documents(asked: Asked) -> list[Part]:
    """Its documents, each in its newest revision, in order of their ids."""
    return asked.parts(
        """
        SELECT document_id, revision, title, uri, sha256, media_type, valid_from AS published_at
        FROM solution_document WHERE account_id = %(account)s AND {valid} ORDER BY document_id"""
    )
