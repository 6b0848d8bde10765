"""Versions of policies that others than their authors agree to before they are in force."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from runtime.importing.relations.acts import Act, Phase, Script
from runtime.importing.relations.staff import HEAD_KEY, Staff

FIRST: Final = (Phase.RULES, Phase.RULES_DECIDED, Phase.RULES_IN_FORCE)
NEXT: Final = (Phase.NEW_RULES, Phase.NEW_RULES_DECIDED, Phase.NEW_RULES_IN_FORCE)
"""When a first and a second version are put up, decided about and put in force."""


def approved(
    script: Script,
    staff: Staff,
    phases: tuple[Phase, Phase, Phase],
    *,
    kind: str,
    region_id: str | None,
    version: int,
    document: dict[str, Any],
    on: date,
) -> Iterator[Act]:
    """Drafted and proposed for a sponsor, approved by the head, and in force from the same day.

    ``region_id`` is ``None`` for the policy of the whole group.
    """
    of = {"region_id": region_id}
    approval_id = f"{kind}-{region_id or 'group'}-{version}"
    written, decided_in, in_force_in = phases
    yield Act(written, None, script.line(f"draft-{kind}", on, **of, document=document))
    proposed = script.line(
        f"propose-{kind}",
        on,
        **of,
        version=version,
        approval_id=approval_id,
        requester_id=staff.sponsor_ids[0],
    )
    yield Act(written, None, proposed)
    decided = script.line(
        "decide-approval", on, approval_id=approval_id, step=1, decision="approved"
    )
    yield Act(decided_in, HEAD_KEY, decided)
    in_force = script.line(
        f"activate-{kind}", on, **of, version=version, effective_on=on.isoformat()
    )
    yield Act(in_force_in, None, in_force)
