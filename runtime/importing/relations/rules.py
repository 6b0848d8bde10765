"""The policies the year is lived under, all of them the root region's."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from runtime.importing.relations.acts import Act, Phase, Script
from runtime.importing.relations.approved import FIRST, NEXT, approved
from runtime.importing.relations.staff import Staff
from runtime.importing.relations.words import (
    AIMS,
    CHECKS,
    CONTACT_ROLES,
    KIND_POINTS,
    STAGES,
)

ABOVE_MINOR: Final = 400_000_00
"""From this amount on the head approves a contract after the director."""

TIGHTER_ON: Final = 200
"""The day of the year from which on a tighter value matrix holds."""

_MATRIX: Final = "value_matrix"

_FORM: Final = {
    "title": "What we agree with every account",
    "properties": {
        "contract_language": {
            "type": "string",
            "title": "Language of contracts",
            "enum": ["de", "en", "fr"],
            "x-field-class": "public",
        },
        "payment_days": {
            "type": "integer",
            "title": "Days until an invoice is due",
            "minimum": 0,
            "maximum": 120,
            "x-field-class": "commercial",
        },
    },
    "required": [],
}
"""The fields of accounts beyond their own."""


def rules(script: Script, staff: Staff) -> Iterator[Act]:
    """Every policy is drafted and put in force."""
    since = script.ground.since
    for kind, document in _documents(script).items():
        yield from _in_force(script, kind, since, document=document)
    for subject_kind, document in _routes(script).items():
        yield from _in_force(
            script, "approval-route", since, subject_kind=subject_kind, document=document
        )
    yield from _in_force(script, "form", since, record_type="account", document=_FORM)
    yield from _matrix(script, staff, FIRST, version=1, key_from=30_000, on=since)
    tighter_on = script.calendar.day(TIGHTER_ON)
    yield from _matrix(script, staff, NEXT, version=2, key_from=32_000, on=tighter_on)


def _in_force(
    script: Script, kind: str, on: date, *, document: dict[str, Any], **fields: Any
) -> Iterator[Act]:
    fields["region_id"] = script.ground.root_id
    yield Act(Phase.RULES, None, script.line(f"draft-{kind}", on, **fields, document=document))
    in_force = {"version": 1, "effective_on": on.isoformat()}
    yield Act(Phase.RULES, None, script.line(f"activate-{kind}", on, **fields, **in_force))


def _documents(script: Script) -> dict[str, dict[str, Any]]:
    levels = [("none", 0), ("known", 40), ("trusted", 120), ("partner", 300)]
    return {
        "account-lifecycle": {
            "stages": [
                {"stage_id": stage, "name": stage.replace("_", " ").title(), "checks": checks}
                for stage, checks in zip(STAGES, CHECKS, strict=True)
            ]
        },
        "coverage-policy": {
            "minimum": [{"role": role, "contacts": 1} for role in CONTACT_ROLES[:3]]
        },
        "depth-policy": {
            "kind_points": [{"kind": kind, "points": n} for kind, n in KIND_POINTS.items()],
            "rating_points": [{"rating": 1, "points": -10}, {"rating": 5, "points": 10}],
            "window_days": 365,
            "decay": [{"from_days": 90, "keeps_bp": 7_500}, {"from_days": 180, "keeps_bp": 5_000}],
            "contact_levels": [{"level_id": one, "from_points": n} for one, n in levels],
            "account_levels": [{"level_id": one, "from_points": 2 * n} for one, n in levels],
            "effective": [
                {"kind": "executive_visit"},
                {"kind": "joint_event"},
                {"kind": "technical_exchange", "minutes_min": 30},
                {"kind": "call", "minutes_min": 20, "rating_min": 3},
            ],
        },
        "planning-policy": {
            "fiscal_start_month": script.calendar.start_month,
            "aims": [{"aim": aim, "metrics": [metric]} for aim, (metric, *_) in AIMS.items()],
        },
    }


def _routes(script: Script) -> dict[str, dict[str, Any]]:
    director = {
        "step_id": "director",
        "approvers": [{"role": "sales_manager", "level": "region"}],
        "due_days": 10,
        "escalate_to": {"role": "sales_manager", "level": "group"},
    }
    head = {
        "step_id": "head",
        "approvers": [{"role": "sales_manager", "level": "group"}],
        "due_days": 14,
    }
    always: dict[str, Any] = {"when": "true", "steps": [director]}
    above = {"when": f"amount_minor >= {ABOVE_MINOR}", "steps": [head]}
    route = {"currency": script.ground.currency}
    return {
        "contract": {**route, "rules": [always, above]},
        "account_plan": {**route, "rules": [always]},
        _MATRIX: {**route, "rules": [{"when": "true", "steps": [head]}]},
        "scoring_policy": {**route, "rules": [{"when": "true", "steps": [head]}]},
    }


def _matrix(
    script: Script,
    staff: Staff,
    phases: tuple[Phase, Phase, Phase],
    *,
    version: int,
    key_from: int,
    on: date,
) -> Iterator[Act]:
    accounts = script.ground.accounts
    document = {
        "dimensions": [
            _measured("revenue", 4_000, [account.revenue_minor for account in accounts]),
            _measured("bought", 3_000, [account.won_minor for account in accounts]),
            {"dimension_id": "potential", "name": "Potential", "weight_bp": 1_500},
            {"dimension_id": "fit", "name": "Strategic fit", "weight_bp": 1_500},
        ],
        "key_from": key_from,
        "strategic_from": 39_000,
    }
    yield from approved(
        script,
        staff,
        phases,
        kind="value-matrix",
        region_id=script.ground.root_id,
        version=version,
        document=document,
        on=on,
    )


def _measured(dimension_id: str, weight_bp: int, amounts: Sequence[int]) -> dict[str, Any]:
    """A dimension whose bands hold a fifth of the accounts each, as far as their amounts differ."""
    ordered, edges = sorted(amounts), [0]
    for fifth in range(1, 5):
        edges.append(max(ordered[len(ordered) * fifth // 5], edges[-1] + 1))
    return {
        "dimension_id": dimension_id,
        "name": dimension_id.title(),
        "weight_bp": weight_bp,
        "unit": "minor units",
        "lower_edges": edges[1:],
    }
