"""What each fact means to a score: the one mapping from facts to signals.

Another kind is a word in :data:`~events.signal_kinds.SIGNAL_KINDS` and an entry in
:data:`MEANINGS`. Facts of no account mean nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from events.accounts.competitor import CompetitorEntered, CompetitorLeft
from events.accounts.contact import (
    ContactAssessed,
    ContactLeft,
    ContactMoved,
    ContactRoleChanged,
)
from events.accounts.interaction import (
    InteractionContent,
    InteractionCorrected,
    InteractionKind,
    InteractionLogged,
    InteractionWithdrawn,
)
from events.event import Event
from events.pipeline.opportunity import OpportunityLost, OpportunityReopened, OpportunityWon
from events.planning.joint_project import JointProjectMilestoneMet, JointProjectMilestoneMissed
from events.planning.value_claim import ValueClaimConfirmed, ValueClaimWithdrawn
from events.recorded import instant
from events.service.survey import (
    SurveyAnswerContent,
    SurveyAnswerCorrected,
    SurveyAnswerRecorded,
    SurveyAnswerWithdrawn,
)
from events.signal_kinds import MICRO, SignalKind
from projections.metrics.numbers import half_up


class Sign(NamedTuple):
    """Something told of an account."""

    account_id: str
    kind: SignalKind
    occurred_at: datetime
    magnitude: int = MICRO
    """In millionths."""


def nothing(_: Sign) -> bool:
    """Ends no sign."""
    return False


def everything(_: Sign) -> bool:
    """Ends every sign."""
    return True


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a fact means."""

    signs: tuple[Sign, ...] = ()
    ends: Callable[[Sign], bool] = nothing
    """Which signs of the record's earlier facts do not count any more.

    One that is told again just so goes on.
    """
    final: bool = False
    """Whether its own signs count for good."""
    remembers: Mapping[str, Any] = field(default_factory=dict)
    """What later facts of the record have to know, besides what is remembered already; JSON."""


class Seen(NamedTuple):
    """What a fact is read against."""

    at: datetime
    """When it occurred."""
    memory: Mapping[str, Any]
    """What was remembered of its record."""


_OF_INTERACTION: Final[Mapping[InteractionKind, SignalKind]] = MappingProxyType(
    {
        "executive_visit": "interaction_executive_visit",
        "technical_exchange": "interaction_technical_exchange",
        "service_request": "service_request_logged",
        "call": "interaction_call",
        "joint_event": "interaction_joint_event",
    }
)


def _interaction(event: InteractionContent, seen: Seen) -> Meaning:
    """It took place, with a rating where there is one; a correction tells all of it anew."""
    at = _told_at(getattr(event, "took_place_at", None), seen)
    signs = [Sign(event.account_id, _OF_INTERACTION[event.kind], at)]
    if event.rating is not None:
        signs.append(Sign(event.account_id, "interaction_rating", at, event.rating * MICRO))
    return Meaning(tuple(signs), ends=everything, remembers={"at": instant(at)})


def _answer(event: SurveyAnswerContent, seen: Seen) -> Meaning:
    """The score; of ``csat`` as on a scale of 1 to 5, rounded half up to a millionth."""
    at = _told_at(getattr(event, "answered_at", None), seen)
    if event.kind == "nps":
        sign = Sign(event.account_id, "nps_answer", at, event.score * MICRO)
    else:
        of_five = MICRO + half_up(Fraction(4 * MICRO * (event.score - 1), event.scale - 1))
        sign = Sign(event.account_id, "csat_answer", at, of_five)
    return Meaning((sign,), ends=everything, remembers={"at": instant(at)})


def _told_at(corrected: datetime | None, seen: Seen) -> datetime:
    """When what a record tells of took place, as last told."""
    first = seen.memory.get("at")
    return corrected or (seen.at if first is None else datetime.fromisoformat(first))


def _role(event: ContactRoleChanged, _: Seen) -> Meaning:
    return Meaning(remembers={"role": event.role})


def _assessed(event: ContactAssessed, seen: Seen) -> Meaning:
    """A change since they were judged last; one that is not judged is taken to be as it was."""
    now, before = event.sentiment, seen.memory.get("sentiment")
    if now is None:
        return Meaning()
    if before is None or now == before:
        return Meaning(remembers={"sentiment": now})
    kind: SignalKind = "sentiment_rose" if now > before else "sentiment_fell"
    sign = Sign(event.account_id, kind, seen.at, abs(now - before) * MICRO)
    return Meaning((sign,), final=True, remembers={"sentiment": now})


def _left(event: ContactLeft, seen: Seen) -> Meaning:
    return Meaning((_leaving(event.account_id, seen),), remembers={"left": True})


def _moved(event: ContactMoved, seen: Seen) -> Meaning:
    """They left the old customer, unless they had; who is back where they were has not left."""

    def back(sign: Sign) -> bool:
        return sign.account_id == event.account_id

    gone = () if seen.memory.get("left") else (_leaving(event.from_account_id, seen),)
    return Meaning(gone, ends=back, remembers={"left": False, "role": None})


def _leaving(account_id: str, seen: Seen) -> Sign:
    decides = seen.memory.get("role") == "decision_maker"
    return Sign(account_id, "decision_maker_left" if decides else "contact_left", seen.at)


def _happened(kind: SignalKind, *, final: bool = True) -> Callable[[Any, Seen], Meaning]:
    """One sign of ``kind``, of the account there is."""

    def meaning(event: Any, seen: Seen) -> Meaning:
        if event.account_id is None:
            return Meaning()
        return Meaning((Sign(event.account_id, kind, seen.at),), final=final)

    return meaning


def _never_was(_: Event, __: Seen) -> Meaning:
    """What its record told of counts no more."""
    return Meaning(ends=everything)


MeaningOf = Callable[[Any, Seen], Meaning]

MEANINGS: Final[Mapping[type[Event], MeaningOf]] = MappingProxyType(
    {
        InteractionLogged: _interaction,
        InteractionCorrected: _interaction,
        InteractionWithdrawn: _never_was,
        SurveyAnswerRecorded: _answer,
        SurveyAnswerCorrected: _answer,
        SurveyAnswerWithdrawn: _never_was,
        ContactRoleChanged: _role,
        ContactAssessed: _assessed,
        ContactLeft: _left,
        ContactMoved: _moved,
        CompetitorEntered: _happened("competitor_entered"),
        CompetitorLeft: _happened("competitor_left"),
        JointProjectMilestoneMet: _happened("milestone_met"),
        JointProjectMilestoneMissed: _happened("milestone_missed"),
        ValueClaimConfirmed: _happened("value_confirmed", final=False),
        ValueClaimWithdrawn: _never_was,
        OpportunityWon: _happened("opportunity_won", final=False),
        OpportunityLost: _happened("opportunity_lost", final=False),
        OpportunityReopened: _never_was,
    }
)
"""By the fact."""
