"""What can be asked of forms, and what holds where."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from pydantic import Field

from aggregates.policies import form
from aggregates.policies.effective_form import EffectiveForm, effective
from aggregates.policies.form import FORM, form_id
from commands.command import Command, Day
from commands.look import Decided, Look
from commands.organization.region import regions_from
from events.policies.form import Form, RecordType
from events.values import Id


class DraftForm(Command):
    """Write down the next version of the form of a kind of record, for a region or for all.

    It mentions what it adds to the forms above and what it narrows; the rest stays as above.
    """

    region_id: Id | None = None
    record_type: RecordType
    document: Form


class ActivateForm(Command):
    """Put a version in force from a day on, for the region and all below it.

    What has been recorded stays as it is, and is asked for what is missing when it moves on.
    """

    region_id: Id | None = None
    record_type: RecordType
    version: Annotated[int, Field(ge=1, lt=2**31)]
    effective_on: Day


def draft_form(command: DraftForm, look: Look) -> Decided:
    """Draft it; the region must exist."""
    regions_from(look, command.region_id, field="region_id")
    return look.decide(
        FORM,
        form_id(command.region_id, command.record_type),
        form.draft,
        region_id=command.region_id,
        record_type=command.record_type,
        document=command.document,
    )


def activate_form(command: ActivateForm, look: Look) -> Decided:
    """Activate it; it may tighten or extend what the forms above have in force, never weaken it."""
    above = _places(look, command.region_id)[1:]
    inherited = [
        document
        for _, _, document in _in_force(look, command.record_type, above, command.effective_on)
    ]
    return look.decide(
        FORM,
        form_id(command.region_id, command.record_type),
        form.activate,
        region_id=command.region_id,
        record_type=command.record_type,
        version=command.version,
        effective_on=command.effective_on,
        above=effective(inherited),
    )


def form_for(look: Look, record_type: RecordType, region_id: str | None) -> EffectiveForm:
    """What holds for a record of a region on the business date; nothing where no form does.

    Raises:
        NotFound: ``unknown-region``.
    """
    documents = []
    places = _places(look, region_id)
    for identity, version, document in _in_force(
        look, record_type, places, look.context.business_date
    ):
        look.under(FORM.stream(identity), version)
        documents.append(document)
    return effective(documents)


def _places(look: Look, region_id: str | None) -> tuple[str | None, ...]:
    """The region and all above it, nearest first, and at the end the whole group."""
    regions = regions_from(look, region_id, field="region_id")
    return (*regions, None)


def _in_force(
    look: Look, record_type: RecordType, places: Iterable[str | None], on: date
) -> list[tuple[str, int, Form]]:
    """The forms in force, topmost first: their identities, versions and documents."""
    found = []
    for place in reversed(tuple(places)):
        identity = form_id(place, record_type)
        in_force = look(FORM, identity).in_force(on)
        if in_force is not None:
            found.append((identity, *in_force))
    return found
