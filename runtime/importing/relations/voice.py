"""What the people of each account answer when they are asked what they think of us."""

from collections.abc import Iterator
from itertools import product
from typing import Final

from runtime.importing.relations.acts import Act, Phase, Script
from runtime.importing.relations.fortunes import Fortune
from runtime.importing.relations.ground import KnownAccount
from runtime.importing.relations.people import contacts_of, gone_of
from runtime.importing.relations.words import COMMENTS

_DAYS: Final = {"nps": (45, 135, 225, 315), "csat": (75, 165, 255, 345)}
"""The days of the year on which customers are asked; answers come within two weeks."""

_ASKED: Final = 3
"""How many contacts are asked each time, who decides first."""

_SCORES: Final = {
    "nps": ((0, 4), (2, 6), (5, 8), (7, 10), (8, 10)),
    "csat": ((1, 2), (1, 3), (2, 4), (3, 5), (4, 5)),
}
"""The lowest and the highest answer, by what the account thinks of us."""


def voice(script: Script, number: int, account: KnownAccount, fortune: Fortune) -> Iterator[Act]:
    """The answers of its contacts; not everybody answers, and not everybody thinks the same."""
    gone = gone_of(script, number, account, fortune)
    asked = contacts_of(script, account)[:_ASKED]
    for quarter, (kind, days), contact_id in product(range(4), _DAYS.items(), asked):
        draw = script.draw(contact_id, kind, quarter)
        day = days[quarter] + draw.randint(0, 14)
        there = day < gone.get(contact_id, day + 1) and day <= fortune.last_day
        if not there or draw.random() > _ANSWERS:
            continue
        mood = fortune.mood(day) if draw.random() > _DIFFERS else draw.randint(0, 3)
        line = script.line(
            "record-survey-answer",
            script.calendar.day(day),
            answer_id=f"{contact_id}-{kind}-{quarter + 1}",
            survey_id=f"{kind}-{quarter + 1}",
            account_id=account.account_id,
            contact_id=contact_id,
            kind=kind,
            score=draw.randint(*_SCORES[kind][mood]),
            comment=COMMENTS[mood] if draw.random() < _COMMENTS else None,
        )
        yield Act(Phase.TOGETHER, None, line)


_ANSWERS: Final = 0.5
_DIFFERS: Final = 0.1
_COMMENTS: Final = 0.2
