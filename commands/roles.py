"""The roles there are; `commands/permissions.py` says what each may do."""

from typing import Annotated, Final, Literal

from pydantic import Field

Role = Literal["administrator", "sales_manager", "sales_rep", "analyst", "auditor"]
"""What somebody is to the company: the first three issue commands, the last two only read."""

Roles = Annotated[tuple[Role, ...], Field(min_length=1, max_length=16)]
"""At least one role."""

ADMINISTRATORS: Final = frozenset[Role]({"administrator"})
MANAGERS: Final = frozenset[Role]({"administrator", "sales_manager"})
SELLERS: Final = frozenset[Role]({"administrator", "sales_manager", "sales_rep"})
NOBODY: Final = frozenset[Role]()
"""What keyledger itself asks for, and nobody else."""
