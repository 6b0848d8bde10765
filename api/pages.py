"""How answers leave: pages and single records, as JSON or as CSV."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, get_args

from pydantic import BaseModel
from starlette.responses import Response, StreamingResponse

from api.answers import Body, Page
from api.questions import Asking, ListQuestion
from api.tables import CSV, JSON, csv_chunks


def as_page(
    page: type[Page],
    items: Sequence[Body],
    asked: Asking,
    question: ListQuestion,
    *,
    following: str | None,
    beside: Mapping[str, Any] = MappingProxyType({}),
) -> Response:
    """A page of ``items`` as JSON or CSV; ``beside`` stands in JSON alone."""
    if question.kind == CSV:
        records = [item.model_dump(by_alias=True) for item in items]
        columns = [field.alias or name for name, field in item_of(page).model_fields.items()]
        return as_csv(records, asked.freshness, columns=columns, following=following)
    fields = {**asked.freshness, "next": following, **beside, "items": items}
    return as_json(page.model_validate(fields))


def item_of(page: type[Page]) -> type[Body]:
    """What the items of a ``page`` are."""
    item: type[Body]
    (item,) = get_args(page.model_fields["items"].annotation)
    return item


def as_json(answer: BaseModel, version: int | None = None) -> Response:
    """An answer as JSON, with the version of the one record it tells of as its ETag."""
    headers = {} if version is None else {"ETag": f'"{version}"'}
    return Response(answer.model_dump_json(by_alias=True), media_type=JSON, headers=headers)


def as_csv(
    rows: Sequence[Mapping[str, Any]],
    freshness: Mapping[str, int],
    *,
    columns: Sequence[str],
    following: str | None,
) -> Response:
    """A page as CSV; what JSON says beside the rows stands in headers, the next cursor too."""
    headers = {"Position": str(freshness["position"]), "Lag": str(freshness["lag"])}
    if following is not None:
        headers["Next"] = following
    return StreamingResponse(csv_chunks(rows, columns), media_type=CSV, headers=headers)
