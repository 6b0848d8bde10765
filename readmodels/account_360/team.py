"""Who works for an account, and which roles nobody fills."""

from typing import Any, Final

from readmodels.account_360.section import Asked, Part
from readmodels.account_classes import classes_of

ROLES: Final = ("account_manager", "solution_architect", "delivery_expert", "executive_sponsor")
"""The roles of a team. The first three carry an account together."""


def owner(asked: Asked) -> Part | None:
    """The employee who owns it, the account manager; ``None`` where nobody does."""
    return _members(asked, [asked.account.owner_id]).get(asked.account.owner_id)


def team(asked: Asked) -> Part:
    """Who has which role; a role nobody has, or somebody who has left, is a gap.

    A gap is a fault of an account that is key or strategic, or was never ranked.
    """
    found = asked.parts("SELECT * FROM account_team WHERE account_id = %(account)s AND {valid}")
    row: Part = found[0] if found else {}
    ids = {role: row.get(role) for role in ROLES} | {"account_manager": asked.account.owner_id}
    members = _members(asked, list(ids.values()))
    filled = {role: members.get(employee_id) for role, employee_id in ids.items()}
    gaps = [role for role, member in filled.items() if member is None or not member["active"]]
    classes = classes_of(asked.connection, asked.moment, [asked.account.account_id])
    ordinary = classes.get(asked.account.account_id) == "ordinary"
    return {**filled, "gaps": gaps, "flagged": bool(gaps) and not ordinary}


def _members(asked: Asked, ids: list[Any]) -> dict[str | None, Part]:
    found = asked.parts(
        """
        SELECT employee_id, name, active FROM employee
        WHERE employee_id = ANY(%(ids)s::text[]) AND {valid}""",
        ids=[one for one in ids if one is not None],
    )
    trained = _trainings(asked, [member["employee_id"] for member in found])
    return {
        member["employee_id"]: {**member, "trainings": trained.get(member["employee_id"], [])}
        for member in found
    }


def _trainings(asked: Asked, ids: list[str]) -> dict[str, list[Part]]:
    """What each of them has completed that counts on the day, by employee."""
    found = asked.parts(
        """
        SELECT employee_id, course_id, completed_on, expires_on FROM employee_training
        WHERE employee_id = ANY(%(ids)s::text[]) AND {completed}
            AND (expires_on IS NULL OR expires_on >= %(day)s)
        ORDER BY employee_id, course_id, completed_on""",
        ids=ids,
    )
    trained: dict[str, list[Part]] = {}
    for one in found:
        trained.setdefault(one.pop("employee_id"), []).append(one)
    return trained
