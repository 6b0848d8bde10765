"""The doors of forms: what holds where, who would lack what, and what one record has and lacks."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Annotated, Final, cast, get_args

from fastapi import Path, Query
from starlette.responses import Response

from api.form_answers import (
    EffectiveFormItem,
    FieldItem,
    FormDryRunPage,
    FormInForcePart,
    FormsAnswer,
    FormVersionItem,
    FormVersionsPage,
    LackPart,
    RecordFieldsAnswer,
    RecordFieldsItem,
    TriedItem,
)
from api.openapi import of_list, of_one
from api.pages import as_json, as_page
from api.problems import Problem, pointer
from api.questions import AskedOfList, AskedOfOne, Asking, Question, asking, questions
from events.values import Id
from readmodels import form_records, forms, policies
from readmodels.forms import FormedType
from readmodels.policies import InForce, PolicyVersion
from replay.forms import Lack, Tried, dry_run, form_of, held, lacks

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

FormId = Annotated[
    str,
    Path(
        pattern=r"^[a-z_]{1,32}\.(\*|[A-Za-z0-9._-]{1,64})$",
        description="The kind of record, a dot, and the region's id or * for the whole group.",
    ),
]
Place = Annotated[
    str | None,
    Query(
        pattern=r"^(\*|[A-Za-z0-9._-]{1,64})$",
        description="The region's id, or * for the forms of the whole group.",
    ),
]

ROUTER: Final = questions()


@ROUTER.get("/forms", **of_one(FormsAnswer))
def get_forms(
    *,
    region: Id | None = None,
    record_type: FormedType | None = None,
    question: AskedOfOne,
) -> Response:
    """What holds for records of a region, or of none, as of a day: the strictest of all forms."""
    wanted = [record_type] if record_type else get_args(FormedType)
    with asking(question, forms.READS) as asked:
        items = [_form(asked, question, kind, region) for kind in wanted]
    return as_json(FormsAnswer(**asked.freshness, items=items), asked)


@ROUTER.get("/form-versions", **of_list(FormVersionsPage))
def get_form_versions(
    *,
    region: Place = None,
    record_type: FormedType | None = None,
    question: AskedOfList,
) -> Response:
    """Forms in all their versions, as they were written and put in force."""
    with asking(question, forms.READS) as asked:
        rows = policies.versions(
            asked.connection,
            asked.moment,
            "form",
            prefix=f"{record_type}." if record_type else "",
            place=region,
            skip=question.skip,
            limit=question.limit,
        )
    return as_page(
        FormVersionsPage,
        [_version(row) for row in rows],
        asked,
        question,
        following=question.further(rows),
    )


@ROUTER.get("/forms/{form_id}/dry-run", **of_list(FormDryRunPage, "not-found"))
def get_form_dry_run(
    *,
    form_id: FormId,
    version: Annotated[int, Query(ge=1, lt=2**31)],
    question: AskedOfList,
) -> Response:
    """Which records that go on would lack something under a version; nothing is recorded."""
    with asking(question, form_records.READS) as asked:
        tried = _tried(asked, question, form_id, version)
    lacking = [one for one in tried if one.lacks_after]
    page = lacking[question.skip : question.skip + question.limit]
    return as_page(
        FormDryRunPage,
        [_tried_item(one) for one in page],
        asked,
        question,
        following=question.further(page),
        beside={
            "form_id": form_id,
            "version": version,
            "records": len(tried),
            "incomplete_before": sum(bool(one.lacks_before) for one in tried),
            "incomplete_after": len(lacking),
        },
    )


@ROUTER.get("/records/{record_type}/{record_id}/fields", **of_one(RecordFieldsAnswer))
def get_record_fields(record_type: FormedType, record_id: Id, question: AskedOfOne) -> Response:
    """The fields of one record as they were, with the form that holds and what it lacks."""
    with asking(question, form_records.READS) as asked:
        found = form_records.form_record(asked.connection, asked.moment, record_type, record_id)
        if found is None:
            raise Problem("not-found", "unknown-record", "there is no such record")
        in_force = forms.forms_in_force(
            asked.connection, asked.moment, record_type, question.day
        ).rows(found.region_id)
    record = found._replace(fields=question.opened(found.fields))
    form = form_of(row.document for row in in_force)
    item = RecordFieldsItem(
        record_type=record_type,
        record_id=record.record_id,
        account_id=record.account_id,
        region_id=record.region_id,
        version=record.version,
        chain=_chain(in_force),
        fields=[FieldItem.model_validate(asdict(one)) for one in held(record, record_type, form)],
        lacks=_lacks(lacks(record, record_type, form)),
    )
    return as_json(RecordFieldsAnswer(**asked.freshness, item=item), asked, version=record.version)


def _form(
    asked: Asking, question: Question, record_type: str, region: str | None
) -> EffectiveFormItem:
    found = forms.forms_in_force(asked.connection, asked.moment, record_type, question.day)
    if region is not None and region not in found.parents:
        raise Problem("not-found", "unknown-region", "there is no such region")
    rows = found.rows(region)
    form = form_of(row.document for row in rows)
    return EffectiveFormItem(
        record_type=record_type,
        region_id=region,
        chain=_chain(rows),
        form={
            "$schema": DIALECT,
            "type": "object",
            "properties": {name: dict(one) for name, one in sorted(form.properties.items())},
            "required": sorted(form.required),
        },
        absent=sorted(form.absent),
    )


def _version(row: PolicyVersion) -> FormVersionItem:
    return FormVersionItem(
        form_id=row.policy_id,
        version=row.version,
        record_type=row.policy_id.partition(".")[0],
        region_id=row.region_id,
        document=row.document,
        drafted_at=row.drafted_at,
        in_force_from=row.in_force_from,
    )


def _tried(asked: Asking, question: Question, form_id: str, version: int) -> tuple[Tried, ...]:
    record_type, _, place = form_id.partition(".")
    draft = policies.draft(asked.connection, asked.moment, "form", form_id, version)
    if draft is None:
        raise Problem("not-found", "unknown-version", f"there is no version {version}")
    in_force = forms.forms_in_force(asked.connection, asked.moment, record_type, question.day)
    records = form_records.form_records(asked.connection, asked.moment, record_type)
    return tuple(
        dry_run(
            [one._replace(fields=question.opened(one.fields)) for one in records],
            draft.document,
            record_type=cast("FormedType", record_type),
            place=place,
            documents={of: row.document for of, row in in_force.by_place.items()},
            chains=in_force,
        )
    )


def _tried_item(tried: Tried) -> TriedItem:
    return TriedItem(
        record_id=tried.record_id,
        account_id=tried.account_id,
        region_id=tried.region_id,
        lacks=_lacks(tried.lacks_after),
        lacks_already=bool(tried.lacks_before),
    )


def _chain(rows: Sequence[InForce]) -> list[FormInForcePart]:
    return [
        FormInForcePart(
            region_id=row.region_id,
            version=row.draft,
            effective_on=row.effective_on,
            title=row.document["title"],
        )
        for row in rows
    ]


def _lacks(found: Iterable[Lack]) -> list[LackPart]:
    return [
        LackPart(
            pointer=pointer(one.path.split(".")), detail=one.detail, field_class=one.field_class
        )
        for one in found
    ]
