"""What an account wants to reach, and what of ours serves it."""

from readmodels.account_360.section import Asked, Part


def goals(asked: Asked) -> list[Part]:
    """Its goals that are pursued, each with the objectives of ours that serve it, in id order."""
    return asked.parts(
        """
        WITH objective AS (
            SELECT objective_id, title FROM strategic_objective WHERE {valid} AND NOT dropped),
        goal AS (
            SELECT *, (
                SELECT coalesce(jsonb_agg(jsonb_build_object(
                    'objective_id', objective_id, 'title', objective.title) ORDER BY objective_id),
                    '[]')
                FROM objective WHERE objective_id = ANY(objective_ids)
            ) AS objectives
            FROM customer_goal WHERE account_id = %(account)s AND {valid} AND NOT dropped)
        SELECT goal_id, version, title, measure, due_on, objectives,
            objectives <> '[]' AS linked
        FROM goal ORDER BY goal_id"""
    )
