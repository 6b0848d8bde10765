"""One alert: raised once for a cause, taken up by whoever is accountable, resolved."""

from dataclasses import dataclass, replace
from typing import Final, assert_never
from uuid import UUID, uuid5

from aggregates.decider import Decider
from aggregates.policies.condition import holds
from aggregates.refusals import NotAllowed, NotFound, WrongState
from events.work.alert import (
    AlertAcknowledged,
    AlertEvent,
    AlertRaised,
    AlertReassigned,
    AlertResolved,
)

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class Unraised:
    """There is no such alert."""


@dataclass(frozen=True, slots=True)
class Raised:
    """Somebody is accountable for it, or nobody was found."""

    raised: AlertRaised
    owner_id: str | None
    acknowledged: bool = False
    resolved: AlertResolved | None = None


Alert = Unraised | Raised

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(alert: Alert, event: AlertEvent) -> Alert:
    """The alert after ``event``."""
    if isinstance(event, AlertRaised):
        return Raised(event, event.owner_id)
    assert isinstance(alert, Raised)
    match event:
        case AlertAcknowledged():
            return replace(alert, acknowledged=True)
        case AlertReassigned(owner_id=owner_id):
            return replace(alert, owner_id=owner_id, acknowledged=False)
        case AlertResolved():
            return replace(alert, resolved=event)
        case unknown:
            assert_never(unknown)


ALERT: Final[Decider[Alert, AlertEvent]] = Decider("alert", Unraised(), evolve)

_NAMESPACE: Final = UUID("5b0d1d7e-6b0c-4a55-9d0b-3d2f6a1c8e47")


def alert_id(rule_id: str, account_id: str, cause: str) -> str:
    """The id of the alert that a rule raises for an account and a ``cause``: always the same.

    ``cause`` names the fact, or the stretch of time, that the rule noticed.
    """
    return str(uuid5(_NAMESPACE, f"{rule_id}\n{account_id}\n{cause}"))


# --- decisions: one verb each; facts or a refusal ----------------------------


def raise_alert(alert: Alert, *, fact: AlertRaised, when: str) -> tuple[AlertEvent, ...]:
    """Raise it as ``fact`` says; nothing when it was raised: one cause, one alert.

    Raises:
        WrongState: ``alert-condition-not-met``: the condition ``when`` does not hold for the facts.
    """
    if isinstance(alert, Raised):
        return ()
    if not holds(when, {one.name: one.value for one in fact.facts}):
        raise WrongState("alert-condition-not-met", f"not so: {when}", field="facts")
    return (fact,)


def acknowledge(alert: Alert, *, employee_id: str) -> tuple[AlertEvent, ...]:
    """Take it up; nothing if whoever is accountable has.

    Raises:
        NotFound: ``unknown-alert``.
        NotAllowed: ``alert-of-another``, when somebody else is accountable, or nobody.
        WrongState: ``alert-resolved``.
    """
    found = _theirs(alert, employee_id)
    _unresolved(found)
    if found.acknowledged:
        return ()
    return (
        AlertAcknowledged(
            alert_id=found.raised.alert_id,
            account_id=found.raised.account_id,
            employee_id=employee_id,
        ),
    )


def reassign(alert: Alert, *, owner_id: str) -> tuple[AlertEvent, ...]:
    """Have somebody else be accountable; nothing if they are, or were to its end.

    Raises:
        NotFound: ``unknown-alert``.
        WrongState: ``alert-resolved``.
    """
    found = _raised(alert)
    if found.owner_id == owner_id:
        return ()
    _unresolved(found)
    return (
        AlertReassigned(
            alert_id=found.raised.alert_id, account_id=found.raised.account_id, owner_id=owner_id
        ),
    )


def resolve(alert: Alert, *, fact: AlertResolved) -> tuple[AlertEvent, ...]:
    """Resolve it as ``fact`` says, acknowledged or not; nothing if it was resolved just so.

    Raises:
        NotFound: ``unknown-alert``.
        NotAllowed: ``alert-of-another``, when somebody else is accountable, or nobody.
        WrongState: ``alert-resolved``, otherwise than asked for.
    """
    found = _theirs(alert, fact.employee_id)
    if found.resolved == fact:
        return ()
    _unresolved(found)
    return (fact,)


def existing(alert: Alert) -> AlertRaised:
    """How it was raised.

    Raises:
        NotFound: ``unknown-alert``.
    """
    return _raised(alert).raised


def owner_of(alert: Alert) -> str | None:
    """Who is accountable, or was when it was resolved; ``None``: nobody.

    Raises:
        NotFound: ``unknown-alert``.
    """
    return _raised(alert).owner_id


def _raised(alert: Alert) -> Raised:
    if isinstance(alert, Unraised):
        raise NotFound("unknown-alert", "there is no such alert", field="alert_id")
    return alert


def _theirs(alert: Alert, employee_id: str) -> Raised:
    found = _raised(alert)
    if found.owner_id != employee_id:
        raise NotAllowed("alert-of-another", "somebody else is accountable", field="alert_id")
    return found


def _unresolved(found: Raised) -> None:
    if found.resolved is not None:
        raise WrongState("alert-resolved", "the alert is resolved", field="alert_id")
