"""What a catalogue of commands says of each: who carries it out, and who may ask for it."""

from collections.abc import Mapping
from typing import NamedTuple

from commands.carry_out import Handler
from commands.command import Command
from commands.roles import Role


class Issuable(NamedTuple):
    """One command that can be asked for."""

    handler: Handler
    roles: frozenset[Role]
    """The roles that may issue it."""


Catalogue = Mapping[type[Command], Issuable]
"""By the classes of commands."""
