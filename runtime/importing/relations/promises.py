"""The contracts of each account, and what became of their approvals."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from runtime.importing.relations.acts import Act, Phase, Script
from runtime.importing.relations.ground import KnownAccount
from runtime.importing.relations.rules import ABOVE_MINOR
from runtime.importing.relations.staff import HEAD_KEY, Staff


def contract_id_of(account: KnownAccount, number: int) -> str:
    """The id of its contract ``number``, 1 for the first."""
    return f"{account.account_id}-contract-{number}"


def approval_id_of(account: KnownAccount, number: int) -> str:
    """The id of the approval its contract ``number`` was put up for first."""
    return f"{contract_id_of(account, number)}-approval"


def contracts(script: Script, staff: Staff, number: int, account: KnownAccount) -> Iterator[Act]:
    """One that was approved, and one whose approval waits, is overdue, or was not given."""
    draw = script.draw(account.account_id, "contracts")
    granted_on = draw.randint(40, 200)
    amount = draw.randint(50, 900) * 1_000_00
    yield from _put_up(script, account, 1, day=granted_on, amount=amount)
    yield _decided(script, staff, account, 1, day=granted_on + 3, decision="approved")
    if amount >= ABOVE_MINOR:
        yield _decided(script, staff, account, 1, day=granted_on + 8, step=2, decision="approved")
    less = draw.randint(20, ABOVE_MINOR // 1_000_00 - 1) * 1_000_00
    match number % 4:
        case 0:
            # Waits, with some days left.
            yield from _put_up(script, account, 2, day=360, amount=less)
        case 1:
            # Overdue by now: keyledger itself lets the head decide it.
            yield from _put_up(script, account, 2, day=340, amount=less)
        case 2:
            yield from _put_up(script, account, 2, day=300, amount=less)
            reason = "too much of a discount"
            refused: dict[str, Any] = {"decision": "rejected", "comment": reason}
            yield _decided(script, staff, account, 2, day=304, **refused)
        case _:
            yield from _put_up(script, account, 2, day=310, amount=less)
            refused = {"decision": "sent_back", "comment": "name the start of delivery"}
            yield _decided(script, staff, account, 2, day=312, **refused)


def _put_up(
    script: Script, account: KnownAccount, number: int, *, day: int, amount: int
) -> Iterator[Act]:
    on = script.calendar.day(day)
    about = {"contract_id": contract_id_of(account, number)}
    drafted = script.line(
        "draft-contract",
        on,
        **about,
        account_id=account.account_id,
        terms={
            "amount": script.money(amount),
            "discount_bps": script.draw(about["contract_id"]).randrange(0, 2_000, 50),
            "valid_from": (on + timedelta(days=30)).isoformat(),
            "valid_until": (on + timedelta(days=760)).isoformat(),
        },
    )
    yield Act(Phase.PUT_UP, None, drafted)
    submitted = script.line(
        "submit-contract",
        on,
        **about,
        approval_id=approval_id_of(account, number),
        requester_id=account.manager_id,
    )
    yield Act(Phase.PUT_UP, None, submitted)


def _decided(
    script: Script,
    staff: Staff,
    account: KnownAccount,
    number: int,
    *,
    day: int,
    decision: str,
    step: int = 1,
    comment: str | None = None,
) -> Act:
    line = script.line(
        "decide-approval",
        script.calendar.day(day),
        approval_id=approval_id_of(account, number),
        step=step,
        decision=decision,
        comment=comment,
    )
    if step == 1:
        return Act(Phase.DECIDED, staff.by_region[account.region_id].director_key, line)
    return Act(Phase.DECIDED_ABOVE, HEAD_KEY, line)
