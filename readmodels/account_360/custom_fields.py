"""What forms have added to an account."""

from readmodels.account_360.section import Asked, Part


def custom_fields(asked: Asked) -> list[Part]:
    """Its fields that hold something, in order of their names."""
    return asked.parts(
        """
        SELECT name, told ->> 'field_class' AS field_class, told -> 'value' AS value
        FROM record_fields, jsonb_each(fields) AS one (name, told)
        WHERE record_type = 'account' AND record_id = %(account)s AND {valid} ORDER BY name"""
    )
