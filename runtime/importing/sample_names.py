"""The words the sample year is made of; any likeness is chance."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

AREAS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "DACH": ("Germany", "Austria"),
        "Nordic": ("Sweden", "Finland"),
        "South": ("Italy", "Spain", "Portugal"),
    }
)
"""Each area of the group with its regions."""

STAGES: Final = ("Lead", "Engaged", "Proposal", "Negotiation")
REASONS: Final = ("price", "competitor", "no-decision", "no-budget")
SECTORS: Final = ("machinery", "medical", "energy", "retail", "chemicals", "logistics")
COUNTRIES: Final = ("Germany", "Austria", "Sweden", "Finland", "Italy", "Spain", "Portugal")

PRODUCTS: Final[Mapping[str, tuple[str, int]]] = MappingProxyType(
    {
        "Drive One": ("Drive", 1_200),
        "Drive Two": ("Drive", 2_400),
        "Drive Max": ("Drive", 5_900),
        "Sense Basic": ("Sense", 180),
        "Sense Pro": ("Sense", 420),
        "Sense Array": ("Sense", 2_100),
        "Control S": ("Control", 850),
        "Control M": ("Control", 1_650),
        "Control L": ("Control", 3_900),
        "Care Standard": ("Care", 300),
        "Care Plus": ("Care", 700),
        "Care Total": ("Care", 1_500),
    }
)
"""Each product with its series and its list price in whole units of the currency."""

FIRST_NAMES: Final = tuple(
    "Ada Bruno Clara David Elin Felix Greta Hanna Ivo Jana Karl Lea Mats Nora Otto Pia".split()
)
LAST_NAMES: Final = tuple(
    "Amsel Birke Dahl Eberle Falk Greco Hansson Iversen Jordan Kallio Lindt Moreno Neri".split()
)
ACCOUNT_NAMES: Final = (
    tuple("Alpen Baltic Nova Terra Orion Vega Prisma Lumen".split()),
    tuple("Werke Systems Energy Foods Medical Logistics Metals Digital Paper Optics".split()),
)
"""First and second words of the names of accounts."""
