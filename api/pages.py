"""How answers leave: pages and single records, as JSON or as CSV."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel
from starlette.responses import Response, StreamingResponse

from api.answers import Body, Page
from api.tables import CSV, JSON, csv_chunks


def as_page(
    page: type[Page],
    item: type[Body],
    records: Sequence[Mapping[str, Any]],
    freshness: Mapping[str, int],
    *,
    kind: str,
    following: str | None,
    beside: Mapping[str, Any] = MappingProxyType({}),
) -> Response:
    """A page of records, each an ``item``, as JSON or CSV; ``beside`` stands in JSON alone."""
    if kind == CSV:
        return as_csv(records, freshness, columns=tuple(item.model_fields), following=following)
    items = [item.model_validate(one) for one in records]
    fields = {**freshness, "next": following, **beside, "items": items}
    return as_json(page.model_validate(fields))


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
