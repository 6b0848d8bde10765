"""The commands about early warnings and white space: who may ask for them, who carries them out."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from commands.accounts.competitor import (
    RecordCompetitor,
    RecordCompetitorLeft,
    record_competitor,
    record_competitor_left,
)
from commands.carry_out import Handler
from commands.command import Command
from commands.organization.employee_training import (
    RecordTraining,
    RevokeTraining,
    record_training,
    revoke_training,
)
from commands.policies.alert_rule import (
    ActivateAlertRule,
    DraftAlertRule,
    activate_alert_rule,
    draft_alert_rule,
)
from commands.policies.white_space import (
    ActivateWhiteSpacePolicy,
    DraftWhiteSpacePolicy,
    activate_white_space_policy,
    draft_white_space_policy,
)
from commands.roles import ADMINISTRATORS, MANAGERS, NOBODY, SELLERS, Role
from commands.work.alert import (
    AcknowledgeAlert,
    RaiseAlert,
    ReassignAlert,
    ResolveAlert,
    acknowledge_alert,
    raise_alert,
    reassign_alert,
    resolve_alert,
)
from commands.work.notice import MarkNoticeRead, mark_notice_read

WARNINGS: Final[Mapping[type[Command], Handler]] = MappingProxyType(
    {
        RecordTraining: record_training,
        RevokeTraining: revoke_training,
        RecordCompetitor: record_competitor,
        RecordCompetitorLeft: record_competitor_left,
        DraftWhiteSpacePolicy: draft_white_space_policy,
        ActivateWhiteSpacePolicy: activate_white_space_policy,
        DraftAlertRule: draft_alert_rule,
        ActivateAlertRule: activate_alert_rule,
        RaiseAlert: raise_alert,
        AcknowledgeAlert: acknowledge_alert,
        ReassignAlert: reassign_alert,
        ResolveAlert: resolve_alert,
        MarkNoticeRead: mark_notice_read,
    }
)
"""Who carries them out."""

WARNINGS_MAY_ISSUE: Final[Mapping[type[Command], frozenset[Role]]] = MappingProxyType(
    {
        RecordTraining: MANAGERS,
        RevokeTraining: MANAGERS,
        RecordCompetitor: SELLERS,
        RecordCompetitorLeft: SELLERS,
        DraftWhiteSpacePolicy: MANAGERS,
        ActivateWhiteSpacePolicy: ADMINISTRATORS,
        DraftAlertRule: MANAGERS,
        ActivateAlertRule: ADMINISTRATORS,
        RaiseAlert: NOBODY,
        AcknowledgeAlert: SELLERS,
        ReassignAlert: MANAGERS,
        ResolveAlert: SELLERS,
        MarkNoticeRead: SELLERS,
    }
)
"""Who may ask for them."""
