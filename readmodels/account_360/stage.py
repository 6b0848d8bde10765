"""How deep we stand with an account: its stage, what was checked, and what is missing."""

from typing import Any

from readmodels.account_360.section import Asked, Part
from readmodels.policies import policies_in_force


def stage(asked: Asked) -> Part:
    """Its stage in the lifecycle of its region.

    Without a lifecycle there is no stage but the one it was once moved to, and nothing is missing.
    """
    found = asked.parts("SELECT * FROM account_stage WHERE account_id = %(account)s AND {valid}")
    standing: Part = found[0] if found else {}
    lifecycles = policies_in_force(asked.connection, asked.moment, "account_lifecycle", asked.day)
    policy = lifecycles.nearest(asked.account.region_id)
    stages: list[Part] = [] if policy is None else policy.document["stages"]
    checks: Part = standing.get("checks", {})
    at = standing.get("stage") or (stages[0]["stage_id"] if stages else None)
    place = next((n for n, one in enumerate(stages) if one["stage_id"] == at), None)
    return {
        "stage": at,
        "moved_at": standing.get("moved_at"),
        "reason": standing.get("reason"),
        "policy": policy and {"region_id": policy.policy_id, "version": policy.draft},
        "stages": [one["stage_id"] for one in stages],
        "next": _after(stages, place),
        "checks": _checks(stages, checks),
        "missing": []
        if place is None
        else [check for check in stages[place]["checks"] if check not in checks],
    }


def _after(stages: list[Part], place: int | None) -> str | None:
    """The next stage; the first, where the lifecycle does not have the present one."""
    following = stages[0 if place is None else place + 1 :]
    return following[0]["stage_id"] if following else None


def _checks(stages: list[Part], found: Part) -> list[Part]:
    """What the lifecycle asks for, in its order, then what was recorded under an earlier one."""
    asked_for = {check: one["stage_id"] for one in stages for check in one["checks"]}
    return [
        _check(check, asked_for.get(check), found.get(check))
        for check in (*asked_for, *(check for check in found if check not in asked_for))
    ]


def _check(check_id: str, stage_id: str | None, found: Any) -> Part:
    told = found or {"result": None, "evidence": None, "recorded_at": None}
    return {"check_id": check_id, "stage": stage_id, "done": found is not None, **told}
