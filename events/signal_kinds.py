"""What kinds of signals there are, with what each tells of an account."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, get_args

SignalKind = Literal[
    "interaction_executive_visit",
    "interaction_technical_exchange",
    "interaction_call",
    "interaction_joint_event",
    "service_request_logged",
    "interaction_rating",
    "nps_answer",
    "csat_answer",
    "contact_left",
    "decision_maker_left",
    "sentiment_fell",
    "sentiment_rose",
    "competitor_entered",
    "competitor_left",
    "milestone_met",
    "milestone_missed",
    "value_confirmed",
    "opportunity_won",
    "opportunity_lost",
]
"""What a signal is of."""

SIGNAL_KINDS: Final[tuple[SignalKind, ...]] = get_args(SignalKind)

MICRO: Final = 1_000_000
"""A magnitude of one: magnitudes are whole numbers of millionths."""

SIGNAL_MEANINGS: Final[Mapping[SignalKind, str]] = MappingProxyType(
    {
        "interaction_executive_visit": "An executive visit took place; its magnitude is one.",
        "interaction_technical_exchange": "A technical exchange took place; one.",
        "interaction_call": "A call took place; one.",
        "interaction_joint_event": "An event was held together; one.",
        "service_request_logged": "The customer asked for service, as an interaction; one.",
        "interaction_rating": "The customer rated an interaction: 1 to 5.",
        "nps_answer": "Somebody at the customer would recommend us: 0 to 10.",
        "csat_answer": "Somebody at the customer is satisfied: 1 to 5, whatever the scale asked.",
        "contact_left": "A contact who was no decision maker left the customer; one.",
        "decision_maker_left": "A contact who was a decision maker left the customer; one.",
        "sentiment_fell": "A contact thinks worse of us: by how much, 1 to 4.",
        "sentiment_rose": "A contact thinks better of us: by how much, 1 to 4.",
        "competitor_entered": "A competitor is at work at the customer; one.",
        "competitor_left": "A competitor is at work there no more; one.",
        "milestone_met": "A milestone of a joint project was met; one.",
        "milestone_missed": "A milestone of a joint project was missed; one.",
        "value_confirmed": "The customer confirmed that value was delivered; one.",
        "opportunity_won": "The customer bought; one, whatever the amount and its currency.",
        "opportunity_lost": "The customer did not buy; one.",
    }
)
"""What each kind tells, and what its magnitude is."""
