"""What can be asked of the fields that forms give records."""

from typing import Annotated

from pydantic import Field

from aggregates.pipeline import contract
from aggregates.pipeline.contract import CONTRACT
from aggregates.planning.account_plan import ACCOUNT_PLAN
from aggregates.planning.plan_content import open_draft
from aggregates.work import record_fields
from aggregates.work.record_fields import RECORD_FIELDS, fields_id
from commands.command import Command
from commands.look import Decided, Look
from commands.policies.form import form_for
from commands.records import record_of
from events.policies.form import FIELDS_MAX, FieldName, FieldValue, RecordType
from events.values import Id


class SetFields(Command):
    """Set fields that the form of a record's region gives it; null clears one, others stay.

    All of them together have to be as the form wants them. What is submitted or approved keeps
    what it has: a contract until it is amended, a plan until it is worked on again.
    """

    record_type: RecordType
    record_id: Id
    fields: Annotated[
        dict[FieldName, FieldValue | None], Field(min_length=1, max_length=FIELDS_MAX)
    ]


def set_fields(command: SetFields, look: Look) -> Decided:
    """Set them; the record must exist and may change."""
    record = record_of(look, command.record_type, command.record_id)
    _check_may_change(look, record)
    return look.decide(
        RECORD_FIELDS,
        fields_id(record.record_type, record.record_id),
        record_fields.set_fields,
        record=record,
        given=command.fields,
        form=form_for(look, record.record_type, record.region_id),
    )


def _check_may_change(look: Look, record: record_fields.Record) -> None:
    match record.record_type:
        case "contract":
            contract.changeable(look(CONTRACT, record.record_id))
        case "account_plan":
            open_draft(look(ACCOUNT_PLAN, record.record_id))
        case _:
            pass
