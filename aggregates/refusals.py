"""What the rules say no with; every refusal leaves the ledger as it was.

Refusal
├── NotFound    what the command names does not exist, or may not be seen
├── NotAllowed  it exists, but this actor may not do this to it
├── WrongState  it exists, but not in a state in which this can be done
└── Invalid     the command contradicts itself or the policy in force
"""

from collections.abc import Mapping
from types import MappingProxyType


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """The rules say no. ``rule`` is the stable id of the rule, ``detail`` one sentence.

    ``field`` names the field of the command that breaks the rule, where one does; where several
    do, ``wrong`` says of each what is wrong with it. The parts of a field's path have dots between.
    """

    def __init__(
        self,
        rule: str,
        detail: str,
        *,
        field: str | None = None,
        wrong: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        super().__init__(detail)
        self.rule = rule
        self.detail = detail
        self.field = field
        self.wrong = wrong


class NotFound(Refusal):
    """What the command names does not exist, or the actor may not see it."""


class NotAllowed(Refusal):
    """The actor may see it but may not do this."""


class WrongState(Refusal):
    """This cannot be done in the present state."""


class Invalid(Refusal):
    """The command contradicts itself, or the policy in force."""
