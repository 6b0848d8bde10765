"""Whom we know at each account, and who of ours knows them."""

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any, Final

from runtime.importing.relations.acts import Act, Phase, Script, person, told_in
from runtime.importing.relations.fortunes import Fortune
from runtime.importing.relations.ground import KnownAccount
from runtime.importing.relations.words import CONTACT_ROLES, TITLES
from runtime.importing.sample_names import FIRST_NAMES, LAST_NAMES

CONTACTS: Final = (3, 8)
"""The fewest and the most contacts of an account."""

_LEFT_ON: Final = 300
"""The day of the year on which the last contact of every ninth account leaves, if enough stay."""


def contacts_of(script: Script, account: KnownAccount) -> tuple[str, ...]:
    """The ids of its contacts, who decides first: the same every time."""
    draw = script.draw(account.account_id, "contacts")
    return tuple(person(draw) for _ in range(draw.randint(*CONTACTS)))


def gone_of(
    script: Script, number: int, account: KnownAccount, fortune: Fortune
) -> Mapping[str, int]:
    """Which of its contacts leave, and on which day of the year; one at most."""
    draw, contact_ids = script.draw(account.account_id, "gone"), contacts_of(script, account)
    if len(contact_ids) == CONTACTS[0]:
        return {}
    if fortune.falls and draw.random() < _LEAVES_WHERE_WE_FALL:
        assert fortune.turns_on is not None
        # Who decides, or who pays for it.
        return {contact_ids[draw.randrange(2)]: fortune.turns_on + draw.randint(20, 45)}
    if number % 9 == _WHERE_ONE_LEAVES and fortune.last_day > _LEFT_ON:
        return {contact_ids[-1]: _LEFT_ON}
    return {}


def people(
    script: Script,
    number: int,
    account: KnownAccount,
    fortune: Fortune,
    colleagues: tuple[str, ...],
) -> Iterator[Act]:
    """Its contacts with their reporting line, known to ``colleagues``; ``number`` is its place."""
    draw, contact_ids = script.draw(account.account_id, "people"), contacts_of(script, account)

    def on(phase: Phase, day: int, command: str, **fields: Any) -> Act:
        return Act(phase, None, script.line(command, script.calendar.day(day), **fields))

    for place, contact_id in enumerate(contact_ids):
        first, last = draw.choice(FIRST_NAMES), draw.choice(LAST_NAMES)
        title, department = TITLES[place]
        yield on(
            Phase.CONTACTS,
            8,
            "register-contact",
            contact_id=contact_id,
            account_id=account.account_id,
            name=f"{first} {last}",
            email=f"{first}.{last}@{account.account_id}.example".lower(),
            phone=f"+1 555 {draw.randrange(10_000):04}",
            title=title,
            department=department,
        )
    for place, contact_id in enumerate(contact_ids):
        about = {"contact_id": contact_id}
        # Every seventh account has nobody yet who pays for it.
        if not (place == 1 and number % 7 == 0):
            yield on(Phase.PEOPLE, 9, "change-contact-role", **about, role=CONTACT_ROLES[place])
        influence, sentiment = max(1, 5 - place // 2), draw.randint(2, 5)
        judged = {"influence": influence, "sentiment": sentiment}
        yield on(Phase.PEOPLE, 10, "assess-contact", **about, **judged)
        if place:
            superior = contact_ids[(place - 1) // 2]
            yield on(Phase.PEOPLE, 10, "change-contact-reports-to", **about, reports_to=superior)
        for day, felt in _minds(draw, fortune, place, sentiment):
            judged["sentiment"] = felt
            yield on(told_in(day, Phase.PEOPLE), day, "assess-contact", **about, **judged)
        for employee_id in dict.fromkeys((colleagues[0], colleagues[place % len(colleagues)])):
            pair = {"employee_id": employee_id, **about}
            strength = draw.randint(1, 4)
            yield on(Phase.PEOPLE, 15, "establish-relationship", **pair, strength=strength)
            if draw.random() < _GROWS:
                grown = {**pair, "strength": strength + 1}
                yield on(Phase.PEOPLE, 220, "change-relationship-strength", **grown)


def _minds(draw: Random, fortune: Fortune, place: int, sentiment: int) -> Iterator[tuple[int, int]]:
    """On which days the contact at ``place`` is found to feel otherwise, and how."""
    if fortune.turns_on is None or place > 1:
        if draw.random() < _CHANGES_THEIR_MIND:
            yield 240, max(1, sentiment - 1)
        return
    # Before whoever leaves has left.
    first = fortune.turns_on + draw.randint(8, 18)
    yield first, max(1, sentiment - 1)
    if fortune.way == "recovering":
        yield first + 90, sentiment


_LEAVES_WHERE_WE_FALL: Final = 0.6
_CHANGES_THEIR_MIND: Final = 0.2
_GROWS: Final = 0.4
_WHERE_ONE_LEAVES: Final = 4
