"""How healthy an account is, and what has changed since a week before."""

from typing import Final

from readmodels import accounts
from readmodels.account_360.section import Asked, Part
from readmodels.health_scores.explanation import Explanation, explanation
from readmodels.health_scores.scores import WEEK, OnDay, on_day, scores

REASONS_MAX: Final = 3
"""How many reasons are told, those that change most first."""


def health(asked: Asked) -> Part | None:
    """The score, its band, and why it changed; ``None`` where no scoring policy holds."""
    account_id = asked.account.account_id
    on = on_day(asked.day, OnDay(asked.day, asked.moment.known_at, asked.zone))
    earlier = on_day(on.day - WEEK, on)
    now = scores(asked.connection, on, {account_id: asked.account.region_id}).get(account_id)
    if now is None:
        return None
    row = accounts.account(asked.connection, earlier.moment, account_id)
    then = {} if row is None else scores(asked.connection, earlier, {account_id: row.region_id})
    found = explanation(asked.connection, now, on, then.get(account_id), earlier)
    before = found.before and found.before.score
    return {
        "day": now.day,
        "score": now.score,
        "band": now.band_id,
        "band_title": now.band and now.band.title,
        "cap": now.cap_id,
        "policy_id": now.made_by.policy_id,
        "policy_version": now.made_by.version,
        "score_before": before,
        "change": found.difference,
        "reasons": _reasons(found),
    }


def _reasons(found: Explanation) -> list[Part]:
    if found.difference is None:
        return []
    titles = {one.component_id: one.title for one in found.now.made_by.document.components}
    reasons: list[tuple[int, str | None, str]] = [
        (line.difference, line.component_id, titles[line.component_id]) for line in found.lines
    ]
    reasons += [(found.caps, None, "Caps"), (found.policy, None, "Another policy")]
    changed = sorted((one for one in reasons if one[0]), key=lambda one: -abs(one[0]))
    return [
        {"component_id": component_id, "title": title, "difference": difference}
        for difference, component_id, title in changed[:REASONS_MAX]
    ]
