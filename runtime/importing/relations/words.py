"""The words a year of relationships is made of; any likeness is chance."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

STAGES: Final = ("identification", "penetration", "lock_in", "ecosystem")
CHECKS: Final[tuple[list[str], ...]] = (
    ["market_intelligence", "background_check", "needs_interview"],
    ["value_proposition"],
    ["framework_contract"],
    [],
)
"""What is found out before each of the stages is left."""

CONTACT_ROLES: Final = (
    "decision_maker",
    "economic_buyer",
    "champion",
    "technical_buyer",
    "influencer",
    "user",
    "gatekeeper",
    "blocker",
)
TITLES: Final = (
    ("Chief Executive Officer", "Management"),
    ("Chief Financial Officer", "Finance"),
    ("Head of Operations", "Operations"),
    ("Head of IT", "IT"),
    ("Head of Purchasing", "Purchasing"),
    ("Plant Manager", "Production"),
    ("Assistant to the Board", "Management"),
    ("Controller", "Finance"),
)
"""The title and department of the first, second, … contact of an account."""

KIND_POINTS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "executive_visit": 40,
        "joint_event": 30,
        "technical_exchange": 20,
        "call": 8,
        "service_request": 4,
    }
)
"""Each kind of interaction and what it is worth."""

SUBJECTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "executive_visit": ("Year ahead", "Review of the partnership", "New plant"),
        "joint_event": ("Trade fair", "User day", "Innovation workshop"),
        "technical_exchange": ("Integration", "Pilot results", "Roadmap", "Architecture"),
        "call": ("Open points", "Offer", "Delivery dates", "Contract terms"),
        "service_request": ("Fault on a line", "Spare parts", "Training", "Update"),
    }
)
MINUTES: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {
        "executive_visit": (90, 240),
        "joint_event": (180, 480),
        "technical_exchange": (30, 180),
        "call": (10, 45),
        "service_request": (5, 60),
    }
)
FEEDBACK: Final = (
    "We do not feel understood.",
    "It took too long.",
    "Solid, as always.",
    "Helpful; please come again.",
    "The best team we work with.",
)
"""What is said with each rating, 1 first."""

COMMENTS: Final = (
    "We look at others by now.",
    "You have become slow.",
    "It is all right.",
    "You know our business.",
    "I tell everybody about you.",
)
"""What is written to a survey, by what the account thinks of us, the worst first."""

COMPETITORS: Final = ("Globex", "Initech", "Umbrella Systems", "Vandelay")
ATTACKS: Final = (
    "the service contract",
    "the next plant, at a lower price",
    "what runs on our platform",
)
LOSSES: Final = (
    "they went to a competitor",
    "they were bought, and the new owner has a supplier",
    "they do it themselves now",
)
"""Why a customer left us."""

COURSES: Final = ("key_account_management", "negotiation", "value_selling")

FOLLOW_UPS: Final = (
    "Send the minutes",
    "Prepare an offer",
    "Arrange a visit of the plant",
    "Clarify the delivery dates",
    "Find a reference",
)

OBJECTIVES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "grow-share": "Grow our share with those who buy most",
        "innovate": "Develop what is next together with customers",
        "defend": "Keep every customer we have",
        "service": "Be the partner who answers first",
    }
)
"""Our strategic objectives."""

GOALS: Final = (
    ("Fewer unplanned stops", "Stops a quarter"),
    ("Lower energy use", "kWh a unit"),
    ("Shorter time to market", "Days from idea to launch"),
    ("Less stock", "Days of stock"),
    ("Safer work", "Accidents a year"),
)
"""What customers want, and how they measure it."""

AIMS: Final[Mapping[str, tuple[str, str, str]]] = MappingProxyType(
    {
        "wallet_share": ("wallet_share_percent", "percent", "Win a larger share of what they buy"),
        "joint_innovation": ("joint_projects", "count", "Bring joint projects to the market"),
        "strategic_defence": ("retention_percent", "percent", "Keep what we deliver today"),
    }
)
"""Each aim of a plan with the metric it demands, its unit, and what is to be done for it."""

DEPARTMENTS: Final = ("sales", "service", "engineering", "marketing")
ACTIONS: Final = (
    "Visit every plant",
    "Run a pilot",
    "Train their operators",
    "Review prices and terms",
    "Set up a steering committee",
    "Measure what it saves",
)
PROJECTS: Final = ("Line that mends itself", "Energy cockpit", "Digital twin", "Green packaging")
MILESTONES: Final = ("Kick-off", "Pilot", "Acceptance", "Roll-out")
GAINS: Final = (
    ("unplanned_stops", "hours", "lower", 120),
    ("energy_use", "mwh", "lower", 900),
    ("output", "units", "higher", 4_000),
    ("stock", "days", "lower", 60),
)
"""What customers gain: metric, unit, which way is better, and what it was before."""
