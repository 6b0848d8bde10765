"""What can be asked about the company: handlers and roles."""

from types import MappingProxyType
from typing import Final

from commands.issuable import Catalogue, Issuable
from commands.organization.access_grant import (
    GrantAccess,
    RevokeAccess,
    grant_access,
    revoke_access,
)
from commands.organization.api_key import IssueApiKey, RevokeApiKey, issue_api_key, revoke_api_key
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
from commands.organization.employee_training import (
    RecordTraining,
    RevokeTraining,
    record_training,
    revoke_training,
)
from commands.organization.region import (
    MoveRegion,
    OpenRegion,
    SetRegionMode,
    move_region,
    open_region,
    set_region_mode,
)
from commands.roles import ADMINISTRATORS, MANAGERS, NOBODY

CATALOGUE: Final[Catalogue] = MappingProxyType(
    {
        OpenRegion: Issuable(open_region, ADMINISTRATORS),
        MoveRegion: Issuable(move_region, ADMINISTRATORS),
        SetRegionMode: Issuable(set_region_mode, ADMINISTRATORS),
        HireEmployee: Issuable(hire_employee, ADMINISTRATORS),
        ChangeEmployeeManager: Issuable(change_employee_manager, ADMINISTRATORS),
        MoveEmployee: Issuable(move_employee, ADMINISTRATORS),
        ChangeEmployeeRoles: Issuable(change_employee_roles, ADMINISTRATORS),
        RecordEmployeeLeft: Issuable(record_employee_left, ADMINISTRATORS),
        EraseEmployee: Issuable(erase_employee, ADMINISTRATORS),
        IssueApiKey: Issuable(issue_api_key, ADMINISTRATORS),
        RevokeApiKey: Issuable(revoke_api_key, ADMINISTRATORS),
        GrantAccess: Issuable(grant_access, MANAGERS),
        RevokeAccess: Issuable(revoke_access, MANAGERS),
        CloseDay: Issuable(close_day, NOBODY),
        RecordTraining: Issuable(record_training, MANAGERS),
        RevokeTraining: Issuable(revoke_training, MANAGERS),
    }
)
