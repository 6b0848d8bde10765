"""What every amount of a sale has to be."""

from aggregates.refusals import Invalid, WrongState
from events.values import Money


def check_amount(amount: Money, *, field: str, like: Money | None = None) -> None:
    """Let pass what is not below zero, and in the currency of ``like`` where that is given.

    Raises:
        Invalid: ``negative-amount``; ``field`` is the field to blame.
        WrongState: ``other-currency`` than that of ``like``.
    """
    if amount.minor < 0:
        raise Invalid("negative-amount", "an amount is not below zero", field=field)
    if like is not None and amount.currency != like.currency:
        raise WrongState("other-currency", f"the amount so far is in {like.currency}", field=field)
