"""The audit door: who did what, when, on which record, and what it changed."""

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime
from starlette.responses import Response, StreamingResponse

from api.answers import AuditItem, AuditPage
from api.cursors import cursor, number_after
from api.openapi import PROBLEMS_OF_LISTS, in_types
from api.ports import Doors
from api.questions import Accept, After, Limit, MinPosition, Reader, Text, asking, opened
from api.tables import CSV, JSON, NDJSON, csv_chunks, ndjson_chunks, wanted
from readmodels.audit_trail import READS, AuditSelection, audit_trail, whole_audit_trail

Position = Annotated[int | None, Query(ge=0, lt=2**53)]


def _selection(
    *,
    actor: Text | None = None,
    name: Text | None = None,
    record: Text | None = None,
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


def audit_router(doors: Doors) -> APIRouter:
    """The audit door on ``doors``; it needs a key that works."""
    router = APIRouter(prefix="/v1", dependencies=[Depends(Reader(doors))])

    @router.get(
        "/audit-trail",
        tags=["questions"],
        response_model=AuditPage,
        responses=PROBLEMS_OF_LISTS | in_types(AuditPage, CSV, NDJSON),
    )
    def get_audit_trail(
        selection: Annotated[AuditSelection, Depends(_selection)],
        limit: Limit = 100,
        cursor_: After = None,
        min_position: MinPosition = None,
        accept: Accept = None,
    ) -> Response:
        """Facts in order of position; as NDJSON or CSV all of them at once, as JSON by pages."""
        kind, after = wanted(accept, (JSON, CSV, NDJSON)), number_after(cursor_)
        with asking(doors, READS, min_position) as asked:
            if kind != JSON:
                return _export(doors, kind, selection)
            page = audit_trail(asked.connection, selection=selection, after=after, limit=limit)
            answer = AuditPage(
                **asked.freshness,
                next=cursor(page[-1].position) if len(page) == limit else None,
                items=[AuditItem.model_validate(_opened(doors, row)) for row in page],
            )
        return Response(answer.model_dump_json(by_alias=True), media_type=JSON)

    return router


def _export(doors: Doors, kind: str, selection: AuditSelection) -> Response:
    rows = _all(doors, selection)
    chunks = csv_chunks(rows, tuple(AuditItem.model_fields)) if kind == CSV else ndjson_chunks(rows)
    return StreamingResponse(chunks, media_type=kind)


def _all(doors: Doors, selection: AuditSelection) -> Iterator[dict[str, Any]]:
    # On a connection of its own, which it keeps until the last chunk is sent.
    with asking(doors, READS, None) as asked:
        for row in whole_audit_trail(asked.connection, selection=selection):
            yield _opened(doors, row)


def _opened(doors: Doors, row: Any) -> dict[str, Any]:
    return {**row._asdict(), "changes": opened(doors, row.changes)}
