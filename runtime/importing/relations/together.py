"""What was done with each account over the year, and what is to follow from it."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, Final

from runtime.importing.relations.acts import Act, Phase, Script
from runtime.importing.relations.fortunes import Fortune
from runtime.importing.relations.ground import KnownAccount
from runtime.importing.relations.people import contacts_of, gone_of
from runtime.importing.relations.words import FEEDBACK, FOLLOW_UPS, MINUTES, SUBJECTS

INTERACTIONS: Final = (6, 30)
"""The fewest and the most interactions of an account in the year."""

_OFTEN: Final = {
    "call": 8,
    "technical_exchange": 5,
    "service_request": 5,
    "executive_visit": 2,
    "joint_event": 1,
}

_RATINGS: Final = (
    (8, 6, 3, 1, 0),
    (4, 6, 5, 2, 0),
    (1, 3, 7, 5, 1),
    (0, 1, 5, 8, 4),
    (0, 0, 2, 7, 8),
)
"""How often interactions are rated 1 to 5, by what the account thinks of us."""


def together(
    script: Script,
    number: int,
    account: KnownAccount,
    fortune: Fortune,
    colleagues: tuple[str, ...],
) -> Iterator[Act]:
    """Its interactions, one of each kind at least, with ``colleagues``, the earliest first.

    Who thinks little of us receives our executives less often.
    """
    draw = script.draw(account.account_id, "together")
    count = draw.randint(*INTERACTIONS)
    kinds = [*_OFTEN, *draw.choices(list(_OFTEN), list(_OFTEN.values()), k=count - len(_OFTEN))]
    draw.shuffle(kinds)
    days = sorted(draw.randint(20, fortune.last_day) for _ in kinds)
    gone = gone_of(script, number, account, fortune)
    for place, day in enumerate(days):
        mood = fortune.mood(day)
        if kinds[place] in _OURS and mood < _RECEIVES and kinds.count(kinds[place]) > 1:
            kinds[place] = "call"
        there = [one for one in contacts_of(script, account) if gone.get(one, day + 1) > day]
        yield from _interaction(
            script,
            account,
            colleagues,
            number=place,
            kind=kinds[place],
            day=day,
            there=there,
            mood=mood,
        )


_OURS: Final = frozenset({"executive_visit", "joint_event"})
_RECEIVES: Final = 2


def _interaction(
    script: Script,
    account: KnownAccount,
    colleagues: tuple[str, ...],
    *,
    number: int,
    kind: str,
    day: int,
    there: Sequence[str],
    mood: int,
) -> Iterator[Act]:
    draw, on = script.draw(account.account_id, "interaction", number), script.calendar.day(day)
    met = draw.sample(there, min(len(there), draw.randint(1, 3)))
    rating = draw.choices(range(1, 6), _RATINGS[mood])[0]
    told = draw.random() < _SAYS_SOMETHING
    content: dict[str, Any] = {
        "interaction_id": f"{account.account_id}-{number:02}",
        "kind": kind,
        "subject": draw.choice(SUBJECTS[kind]),
        "employee_ids": list(colleagues[: draw.randint(1, 2)]),
        "contact_ids": met,
        "minutes": draw.randint(*MINUTES[kind]),
        "rating": rating if draw.random() < _IS_RATED else None,
        "feedback_by": met[0] if told else None,
        "feedback": FEEDBACK[rating - 1] if told else None,
    }
    owner_id, due_on = draw.choice(colleagues[:2]), on + timedelta(days=draw.randint(5, 40))
    if draw.random() < _HAS_A_FOLLOW_UP:
        text = draw.choice(FOLLOW_UPS)
        promised = {"follow_up_id": "1", "text": text, "owner_id": owner_id}
        content["follow_ups"] = [{**promised, "due_on": due_on.isoformat()}]
    at = f"{on}T{draw.randint(8, 17):02}:00:00Z"
    logged = script.line("log-interaction", at, account_id=account.account_id, **content)
    yield Act(Phase.TOGETHER, None, logged)
    about = {"interaction_id": content["interaction_id"]}
    if draw.random() < _IS_CORRECTED:
        content["minutes"] += 15
        given = {name: value for name, value in content.items() if value is not None}
        corrected = script.line("correct-interaction", at, **given, reason="it took longer")
        yield Act(Phase.TOGETHER, None, corrected)
    done_on = due_on - timedelta(days=2)
    if "follow_ups" in content and done_on < script.calendar.last_on and draw.random() < _IS_DONE:
        done = script.line("complete-follow-up", done_on, **about, follow_up_id="1")
        yield Act(Phase.TOGETHER, None, done)


_IS_RATED: Final = 0.7
_SAYS_SOMETHING: Final = 0.3
_HAS_A_FOLLOW_UP: Final = 0.5
_IS_DONE: Final = 0.8
_IS_CORRECTED: Final = 0.05
