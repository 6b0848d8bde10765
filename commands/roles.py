"""The roles there are; `commands/permissions.py` says what each may do."""

from typing import Annotated, Literal

from pydantic import Field

Role = Literal["administrator", "sales_manager", "sales_rep", "analyst", "auditor"]
"""What somebody is to the company: the first three issue commands, the last two only read."""

Roles = Annotated[tuple[Role, ...], Field(min_length=1, max_length=16)]
"""At least one role."""
