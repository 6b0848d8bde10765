"""How far a key sees."""

from dataclasses import replace
from datetime import date
from typing import Final

from api.security import Principal
from readmodels.scope import COMPANY, Scope

_SEE_ALL: Final = frozenset({"administrator", "analyst", "auditor"})


def scope_of(principal: Principal, today: date) -> Scope:
    """The scope of the key: the whole company, or what lies below or belongs to its employee.

    Administrators, analysts and auditors see all, and so does a program of its own: its key acts
    for nobody, and whoever issues it to sell in somebody's name names that employee.
    """
    key = principal.key
    if key.employee_id is None or not _SEE_ALL.isdisjoint(key.roles):
        return replace(COMPANY, roles=frozenset(key.roles))
    manages = "sales_manager" in key.roles
    return Scope("manager" if manages else "rep", key.employee_id, today)
