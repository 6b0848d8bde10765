"""What each account is to us: its manager, class, team, stage, goals, links and documents."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Final

from runtime.importing.relations.acts import Act, Phase, Script
from runtime.importing.relations.ground import KnownAccount
from runtime.importing.relations.rules import TIGHTER_ON
from runtime.importing.relations.staff import Staff
from runtime.importing.relations.words import CHECKS, GOALS, OBJECTIVES, STAGES

_STAGE_DAYS: Final = (20, 90, 200)
"""When an account goes on to the second, third and fourth stage, if it goes so far."""


def objectives(script: Script) -> Iterator[Act]:
    """What we want to reach ourselves."""
    for objective_id, title in OBJECTIVES.items():
        line = script.line(
            "state-strategic-objective",
            script.ground.since,
            objective_id=objective_id,
            title=title,
            region_id=script.ground.root_id,
        )
        yield Act(Phase.RULES, None, line)


def standing(script: Script, staff: Staff, number: int, account: KnownAccount) -> Iterator[Act]:
    """Everything about the account itself; ``number`` is its place, 0 for the first."""
    about = {"account_id": account.account_id}

    def on(day: int, command: str, **fields: Any) -> Act:
        return Act(Phase.ACCOUNTS, None, script.line(command, script.calendar.day(day), **fields))

    owner = script.line(
        "change-account-owner",
        script.ground.since,
        **about,
        owner_id=account.manager_id,
        region_id=account.region_id,
    )
    yield Act(Phase.ACCOUNTS, None, owner)
    yield on(5, "classify-account", **about, measures=measures(script, account, 100))
    yield on(TIGHTER_ON + 5, "reclassify-account", **about)
    if number % 3 == 0:
        percent = script.draw(account.account_id, "growth").randint(70, 160)
        yield on(330, "classify-account", **about, measures=measures(script, account, percent))
    # Every third one has not been asked yet.
    if number % 3:
        draw = script.draw(account.account_id, "terms")
        terms = {"contract_language": draw.choice(("de", "en", "fr"))}
        fields: dict[str, Any] = {**terms, "payment_days": draw.choice((14, 30, 60))}
        of = {"record_type": "account", "record_id": account.account_id}
        yield on(15, "set-fields", **of, fields=fields)
    for role, employee_id in team(staff, number, account).items():
        yield on(10, "assign-team-member", **about, role=role, employee_id=employee_id)
    yield from _stages(script, number, account)
    for place in range(2 + number % 2):
        goal_id, (title, measure) = (
            f"{account.account_id}-goal-{place}",
            GOALS[(number + place) % 5],
        )
        due_on = script.calendar.begin(script.calendar.fiscal_year + 1).isoformat()
        goal = {"goal_id": goal_id, **about, "title": title, "measure": measure, "due_on": due_on}
        yield on(12, "state-customer-goal", **goal)
        # The third one is still without anything of ours that serves it.
        if place < 2:
            objective_id = list(OBJECTIVES)[(number + place) % len(OBJECTIVES)]
            yield on(14, "link-customer-goal", goal_id=goal_id, objective_id=objective_id)
    for revision in range(number % 3):
        yield on(60 + 120 * revision, "publish-solution-document", **_document(account, revision))


def measures(script: Script, account: KnownAccount, percent: int) -> list[dict[str, Any]]:
    """What is known of the account, its purchases being ``percent`` of what they were."""
    draw = script.draw(account.account_id, "measures")
    bands = {"potential": draw.randint(1, 5), "fit": draw.randint(1, 5)}
    return [
        {"dimension_id": "revenue", "amount": account.revenue_minor},
        {"dimension_id": "bought", "amount": account.won_minor * percent // 100},
        *(
            {"dimension_id": name, "band": band, "evidence": "workshop with the account manager"}
            for name, band in bands.items()
        ),
    ]


def team(staff: Staff, number: int, account: KnownAccount) -> dict[str, str]:
    """Who has which role; every fourth account lacks an expert, every fifth a sponsor."""
    found = staff.by_region[account.region_id]
    roles = {"solution_architect": found.architect_id}
    if number % 4 != 1:
        roles["delivery_expert"] = found.expert_id
    if number % 5 != 2:
        roles["executive_sponsor"] = staff.sponsor_ids[number % len(staff.sponsor_ids)]
    return roles


def _stages(script: Script, number: int, account: KnownAccount) -> Iterator[Act]:
    about = {"account_id": account.account_id}
    reached = number % len(STAGES)
    for place, day in enumerate(_STAGE_DAYS[:reached]):
        for check in CHECKS[place]:
            result = f"{check.replace('_', ' ')} done"
            on = script.calendar.day(day - 5)
            line = script.line("record-account-check", on, **about, check_id=check, result=result)
            yield Act(Phase.ACCOUNTS, None, line)
        moved = script.line(
            "move-account-stage", script.calendar.day(day), **about, to_stage=STAGES[place + 1]
        )
        yield Act(Phase.ACCOUNTS, None, moved)
    if reached == 0:
        line = script.line(
            "record-account-check",
            script.calendar.day(30),
            **about,
            check_id=CHECKS[0][0],
            result="a report of the market",
        )
        yield Act(Phase.ACCOUNTS, None, line)


def _document(account: KnownAccount, revision: int) -> dict[str, Any]:
    uri = f"https://files.example/{account.account_id}/solution-{revision + 1}.pdf"
    return {
        "document_id": f"{account.account_id}-solution",
        "account_id": account.account_id,
        "title": "What we propose",
        "uri": uri,
        "sha256": sha256(uri.encode()).hexdigest(),
        "media_type": "application/pdf",
    }


def link(script: Script, account: KnownAccount, other: KnownAccount) -> Act:
    """A holding of one account in another."""
    line = script.line(
        "link-accounts",
        script.calendar.day(40),
        link_id=f"{account.account_id}-holds",
        account_id=account.account_id,
        other_id=other.account_id,
        kind="equity",
        share_bp=2_500,
        from_on=script.calendar.day(30).isoformat(),
    )
    return Act(Phase.TOGETHER, None, line)
