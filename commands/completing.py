"""Records that move on have what the form of their region requires."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from aggregates.policies.effective_form import NO_FORM
from aggregates.work.record_fields import RECORD_FIELDS, check_complete, fields_id
from commands.look import Decided, Look
from commands.policies.form import form_for
from commands.records import record_of
from events.policies.form import RecordType

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


def completed(
    look: Look,
    record_type: RecordType,
    record_id: str,
    decided: Decided,
    *,
    told: Mapping[str, Any] = _NOTHING,
) -> Decided:
    """``decided``, where the record is complete; nothing is asked of what is so already.

    ``told`` are fields of the record's own that the command tells.

    Raises:
        WrongState: ``form-not-complete``.
    """
    if not decided.writes:
        return decided
    record = record_of(look, record_type, record_id)
    form = form_for(look, record_type, record.region_id)
    if form != NO_FORM:
        check_complete(
            look(RECORD_FIELDS, fields_id(record_type, record.record_id)),
            record=replace(record, core={**record.core, **told}),
            form=form,
        )
    return decided


def added_fields(look: Look, record_type: RecordType, record_id: str) -> dict[str, Any]:
    """What a form has added to what is approved of a record, under ``fields``.

    Left out where nothing is set, as before there were forms.
    """
    held = look(RECORD_FIELDS, fields_id(record_type, record_id)).held
    if not held:
        return {}
    return {"fields": {name: one.model_dump(mode="json")["value"] for name, one in held.items()}}
