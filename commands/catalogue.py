"""Every command there is. Each area has a catalogue of its own, with a line a command."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from commands.accounts import catalogue as accounts
from commands.carry_out import Handler
from commands.command import Command
from commands.issuable import Catalogue
from commands.organization import catalogue as organization
from commands.pipeline import catalogue as pipeline
from commands.planning import catalogue as planning
from commands.policies import catalogue as policies
from commands.roles import Role
from commands.service import catalogue as service
from commands.work import catalogue as work

CATALOGUE: Final[Catalogue] = MappingProxyType(
    {
        **organization.CATALOGUE,
        **accounts.CATALOGUE,
        **pipeline.CATALOGUE,
        **planning.CATALOGUE,
        **policies.CATALOGUE,
        **service.CATALOGUE,
        **work.CATALOGUE,
    }
)

HANDLERS: Final[Mapping[type[Command], Handler]] = MappingProxyType(
    {kind: its.handler for kind, its in CATALOGUE.items()}
)
"""Who carries a command out."""

MAY_ISSUE: Final[Mapping[type[Command], frozenset[Role]]] = MappingProxyType(
    {kind: its.roles for kind, its in CATALOGUE.items()}
)
"""The roles that may issue a command; what nobody may, keyledger itself issues: it has no door."""
