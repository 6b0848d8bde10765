"""What we do together with each account, and what it gained by that."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from runtime.importing.relations.acts import Act, Phase, Script
from runtime.importing.relations.fortunes import Fortune
from runtime.importing.relations.ground import KnownAccount
from runtime.importing.relations.people import contacts_of
from runtime.importing.relations.plans import plan_id_of
from runtime.importing.relations.words import GAINS, MILESTONES, PROJECTS

_BEGUN: Final = 50
_BETWEEN: Final = 90
"""How many days after the beginning, and after one another, milestones are due."""


def project(
    script: Script,
    number: int,
    account: KnownAccount,
    fortune: Fortune,
    colleagues: tuple[str, ...],
) -> Iterator[Act]:
    """A joint project of this year's plan: its milestones, members, and how it goes.

    Where the account thinks little of us, milestones are missed.
    """
    about = {"project_id": f"{account.account_id}-project"}

    def on(day: int, command: str, **fields: Any) -> Act:
        line = script.line(command, script.calendar.day(day), **about, **fields)
        return Act(Phase.RESULTS, None, line)

    yield on(
        _BEGUN,
        "start-joint-project",
        account_id=account.account_id,
        name=PROJECTS[number % len(PROJECTS)],
        plan_id=plan_id_of(account, script.calendar.fiscal_year),
        objective_id="objective-0",
    )
    decides, *_ = contacts_of(script, account)
    members = {"ours": colleagues[0], "customers": decides}
    for party, person_id in members.items():
        duty = {"party": party, "person_id": person_id, "duty": "steers it"}
        yield on(_BEGUN, "add-project-member", **duty)
    for place, name in enumerate(MILESTONES):
        due_on = script.calendar.first_on + timedelta(days=_BEGUN + _BETWEEN * place)
        milestone = {"milestone_id": f"m{place}", "name": name, "due_on": due_on.isoformat()}
        yield on(_BEGUN, "add-project-milestone", **milestone)
    for place in range(3):
        day, milestone = _BEGUN + _BETWEEN * place, {"milestone_id": f"m{place}"}
        if (number + place) % 5 == 0 or fortune.mood(day) < _HELPS:
            yield on(
                day + 1, "record-milestone-missed", **milestone, reason="the test bed was late"
            )
            status = {"status": "at_risk", "reason": "a milestone was missed"}
            yield on(day + 1, "change-project-status", **status)
        else:
            met_on = script.calendar.day(day).isoformat()
            yield on(day, "record-milestone-met", **milestone, met_on=met_on)


_HELPS: Final = 2


def claims(script: Script, number: int, account: KnownAccount) -> Iterator[Act]:
    """Two value claims of the project; the customer has confirmed the first, mostly."""
    draw = script.draw(account.account_id, "claims")
    decides, *_ = contacts_of(script, account)
    for place, day in enumerate((200, 320)):
        metric, unit, better, baseline = GAINS[(number + place) % len(GAINS)]
        percent = draw.randint(5, 30) * (-1 if better == "lower" else 1)
        about = {"claim_id": f"{account.account_id}-value-{place}"}
        measured_on = script.calendar.day(day)
        claimed = script.line(
            "claim-value",
            measured_on,
            **about,
            account_id=account.account_id,
            project_id=f"{account.account_id}-project",
            metric=metric,
            unit=unit,
            baseline=str(baseline),
            measured=str(baseline * (100 + percent) // 100),
            measured_on=measured_on.isoformat(),
            better=better,
            evidence="Readings of three months before and after, in the shared folder.",
        )
        yield Act(Phase.RESULTS, None, claimed)
        if place == 0 and number % 8:
            confirmed_on = script.calendar.day(day + 15)
            confirmed = {"contact_id": decides, "confirmed_on": confirmed_on.isoformat()}
            line = script.line(
                "confirm-value-claim", confirmed_on, **about, **confirmed, how="meeting"
            )
            yield Act(Phase.RESULTS, None, line)
