"""Old facts in today's shape: pure steps from one version of a payload to the next."""

from collections.abc import Callable, Mapping
from typing import Any, Final

Payload = dict[str, Any]
Step = Callable[[Payload], Payload]

STEPS: Final[Mapping[tuple[str, int], Step]] = {}
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
