"""What befalls accounts: competitors come and go, contacts leave, and some are lost."""

from collections.abc import Iterator
from typing import Any, Final

from runtime.importing.relations.acts import DAYS, Act, Script, told_in
from runtime.importing.relations.fortunes import Fortune
from runtime.importing.relations.ground import KnownAccount
from runtime.importing.relations.people import gone_of
from runtime.importing.relations.promises import contract_id_of
from runtime.importing.relations.words import ATTACKS, COMPETITORS, LOSSES

_MISTAKEN: Final = 2
"""At which place among each twenty a loss is recorded that was none."""


def turns(script: Script, number: int, account: KnownAccount, fortune: Fortune) -> Iterator[Act]:
    """What befalls the account at place ``number`` while it is ours."""
    for contact_id, day in gone_of(script, number, account, fortune).items():
        yield _on(script, day, "record-contact-left", contact_id=contact_id)
    yield from _competitor(script, account, fortune)


def outcomes(script: Script, number: int, account: KnownAccount, fortune: Fortune) -> Iterator[Act]:
    """That it was lost, or a renewal; for some that it was not, once that was said."""
    draw, fields = script.draw(account.account_id, "outcome"), {}
    about = {"outcome_id": f"{account.account_id}-outcome", "account_id": account.account_id}
    if fortune.lost_on is not None:
        day, fields = fortune.lost_on, {"outcome": "churned", "reason": draw.choice(LOSSES)}
    elif fortune.way == "not_renewing":
        reason = "they did not agree to the new terms"
        lost = {"outcome": "renewal_lost", "reason": reason}
        day, fields = draw.randint(318, 345), {**lost, "contract_id": contract_id_of(account, 2)}
    elif number % 20 == _MISTAKEN:
        day, fields = 250, {"outcome": "renewal_lost", "reason": "nobody has signed"}
    else:
        return
    known_on = day + draw.randint(0, 5)
    occurred_on = script.calendar.day(day).isoformat()
    yield _on(
        script, known_on, "record-account-outcome", **about, **fields, occurred_on=occurred_on
    )
    if number % 20 == _MISTAKEN:
        reason = "it was signed by a sister company"
        about = {"outcome_id": about["outcome_id"], "reason": reason}
        yield _on(script, known_on + 10, "withdraw-account-outcome", **about)


def _competitor(script: Script, account: KnownAccount, fortune: Fortune) -> Iterator[Act]:
    """Most who think less of us have let a competitor in, and a few of the others."""
    draw = script.draw(account.account_id, "competitor")
    if fortune.turns_on is not None:
        comes, day = draw.random() < _WHERE_WE_FALL, fortune.turns_on + draw.randint(10, 30)
    else:
        comes, day = draw.random() < _ELSEWHERE, draw.randint(30, DAYS - 30)
    if not comes or day > fortune.last_day:
        return
    entry = {"entry_id": f"{account.account_id}-competitor"}
    name = draw.choice(COMPETITORS)
    what: dict[str, Any] = {"competitor": name, "attacks": draw.choice(ATTACKS)}
    seen = {"account_id": account.account_id, **what, "evidence": "our contact told us"}
    yield _on(script, day, "record-competitor", **entry, **seen)
    gone_on = day + draw.randint(50, 90)
    if not fortune.falls and gone_on <= fortune.last_day:
        yield _on(script, gone_on, "record-competitor-left", **entry, reason="they gave up")


def _on(script: Script, day: int, command: str, **fields: Any) -> Act:
    return Act(told_in(day), None, script.line(command, script.calendar.day(day), **fields))


_WHERE_WE_FALL: Final = 0.7
_ELSEWHERE: Final = 0.06
