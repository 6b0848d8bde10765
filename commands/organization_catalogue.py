"""The commands about the organization: handlers, and who may ask for what."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from commands.carry_out import Handler
from commands.command import Command
from commands.organization.access_grant import (
    GrantAccess,
    RevokeAccess,
    grant_access,
    revoke_access,
)
from commands.organization.api_key import (
    IssueApiKey,
    RevokeApiKey,
    issue_api_key,
    revoke_api_key,
)
from commands.organization.calendar import CloseDay, close_day
from commands.organization.employee import (
    ChangeEmployeeManager,
    ChangeEmployeeRoles,
    EraseEmployee,
    HireEmployee,
    MoveEmployee,
    RecordEmployeeLeft,
    change_employee_manager,
    change_employee_roles,
    erase_employee,
    hire_employee,
    move_employee,
    record_employee_left,
)
from commands.organization.region import (
    MoveRegion,
    OpenRegion,
    SetRegionMode,
    move_region,
    open_region,
    set_region_mode,
)
from commands.roles import ADMINISTRATORS, MANAGERS, NOBODY, Role

ORGANIZATION: Final[Mapping[type[Command], Handler]] = MappingProxyType(
    {
        OpenRegion: open_region,
        MoveRegion: move_region,
        SetRegionMode: set_region_mode,
        HireEmployee: hire_employee,
        ChangeEmployeeManager: change_employee_manager,
        MoveEmployee: move_employee,
        ChangeEmployeeRoles: change_employee_roles,
        RecordEmployeeLeft: record_employee_left,
        EraseEmployee: erase_employee,
        IssueApiKey: issue_api_key,
        RevokeApiKey: revoke_api_key,
        GrantAccess: grant_access,
        RevokeAccess: revoke_access,
        CloseDay: close_day,
    }
)

ORGANIZATION_MAY_ISSUE: Final[Mapping[type[Command], frozenset[Role]]] = MappingProxyType(
    {
        OpenRegion: ADMINISTRATORS,
        MoveRegion: ADMINISTRATORS,
        SetRegionMode: ADMINISTRATORS,
        HireEmployee: ADMINISTRATORS,
        ChangeEmployeeManager: ADMINISTRATORS,
        MoveEmployee: ADMINISTRATORS,
        ChangeEmployeeRoles: ADMINISTRATORS,
        RecordEmployeeLeft: ADMINISTRATORS,
        EraseEmployee: ADMINISTRATORS,
        IssueApiKey: ADMINISTRATORS,
        RevokeApiKey: ADMINISTRATORS,
        GrantAccess: MANAGERS,
        RevokeAccess: MANAGERS,
        CloseDay: NOBODY,
    }
)
