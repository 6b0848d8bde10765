"""Old facts in today's shape: pure steps from one version of a payload to the next."""

from collections.abc import Callable, Mapping
from typing import Any, Final

Payload = dict[str, Any]
Step = Callable[[Payload], Payload]


def _without_approval(payload: Payload) -> Payload:
    """Nobody asked the approval engine for it."""
    return {**payload, "approval_id": None}


def _without_dry_run(payload: Payload) -> Payload:
    """Nobody attached one."""
    return {**payload, "dry_run": None}


def _without_window(payload: Payload) -> Payload:
    """No cause compared windows."""
    return {**payload, "document": {**payload["document"], "window_days": None}}


def _as_it_is(payload: Payload) -> Payload:
    """The newer version allows more values, and says the same of the old ones."""
    return payload


STEPS: Final[Mapping[tuple[str, int], Step]] = {
    ("account_plan.submitted", 1): _without_approval,
    ("account_plan.returned", 1): _without_approval,
    ("account_plan.approved", 1): _without_approval,
    ("value_matrix.proposed", 1): _without_approval,
    ("value_matrix.approved", 1): _without_approval,
    ("approval.requested", 1): _as_it_is,
    ("scoring_policy.proposed", 1): _without_dry_run,
    ("alert_rule.drafted", 1): _without_window,
}
"""(event name, from version) to the step that makes it one version newer."""


def upcast(
    name: str,
    schema: int,
    newest: int,
    payload: Payload,
    steps: Mapping[tuple[str, int], Step] = STEPS,
) -> Payload:
    """``payload`` of version ``schema`` brought to version ``newest``, step by step.

    Raises:
        KeyError: a step is missing.
    """
    for version in range(schema, newest):
        payload = steps[name, version](payload)
    return payload
