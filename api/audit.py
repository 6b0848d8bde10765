"""The audit door: who did what, when, on which record, and what it changed."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Annotated, Any, Final

from fastapi import Depends, Query
from pydantic import AwareDatetime
from starlette.responses import Response, StreamingResponse

from api.answers import AuditItem, AuditPage
from api.audit_classes import seen_changes
from api.openapi import PROBLEMS_OF_LISTS, in_types
from api.questions import Asking, ListQuestion, Question, Text, asking, listing, questions
from api.tables import CSV, JSON, NDJSON, csv_chunks, ndjson_chunks
from events.values import Id
from readmodels.audit_trail import READS, AuditSelection, audit_trail, whole_audit_trail
from readmodels.reading import LIMIT_MAX

Position = Annotated[int | None, Query(ge=0, lt=2**53)]


def _selection(
    *,
    actor: Text | None = None,
    name: Text | None = None,
    record: Text | None = None,
    account: Id | None = None,
    field: Text | None = None,
    command_id: Text | None = None,
    correlation_id: Text | None = None,
    occurred_from: AwareDatetime | None = None,
    occurred_to: AwareDatetime | None = None,
    recorded_from: AwareDatetime | None = None,
    recorded_to: AwareDatetime | None = None,
    position_from: Position = None,
    position_to: Position = None,
) -> AuditSelection:
    return AuditSelection(
        actor=actor,
        name=name,
        record=record,
        account=account,
        field=field,
        command_id=command_id,
        correlation_id=correlation_id,
        occurred_from=occurred_from,
        occurred_to=occurred_to,
        recorded_from=recorded_from,
        recorded_to=recorded_to,
        position_from=position_from,
        position_to=position_to,
    )


ROUTER: Final = questions()


@ROUTER.get(
    "/audit-trail",
    response_model=AuditPage,
    responses=PROBLEMS_OF_LISTS | in_types(AuditPage, CSV, NDJSON),
)
def get_audit_trail(
    selection: Annotated[AuditSelection, Depends(_selection)],
    question: Annotated[ListQuestion, Depends(listing(kinds=(JSON, CSV, NDJSON)))],
) -> Response:
    """Facts in order of position; as NDJSON or CSV all of them at once, as JSON by pages."""
    after = question.skip
    with asking(question, READS) as asked:
        if question.kind != JSON:
            return _export(question, selection)
        page = audit_trail(
            asked.connection,
            asked.moment,
            selection=selection,
            after=after,
            limit=question.limit,
        )
        answer = AuditPage(
            **asked.freshness,
            next=question.following(page, lambda row: row.position),
            items=[AuditItem.model_validate(one) for one in _opened(question, asked, page)],
        )
    return Response(answer.model_dump_json(by_alias=True), media_type=JSON)


def _export(question: ListQuestion, selection: AuditSelection) -> Response:
    rows = _all(question, selection)
    columns = tuple(AuditItem.model_fields)
    chunks = csv_chunks(rows, columns) if question.kind == CSV else ndjson_chunks(rows)
    return StreamingResponse(chunks, media_type=question.kind)


def _all(question: Question, selection: AuditSelection) -> Iterator[dict[str, Any]]:
    # On a connection of its own, which it keeps until the last chunk is sent.
    with asking(replace(question, min_position=None), READS) as asked:
        rows = iter(whole_audit_trail(asked.connection, asked.moment, selection=selection))
        while chunk := list(islice(rows, LIMIT_MAX)):
            yield from _opened(question, asked, chunk)


def _opened(question: Question, asked: Asking, rows: Iterable[Any]) -> list[dict[str, Any]]:
    """What is not for who asks is left out before anything is opened."""
    told = [row._asdict() | {"changes": seen_changes(row, asked.sight)} for row in rows]
    opened: list[dict[str, Any]] = question.opened(told)
    return opened
