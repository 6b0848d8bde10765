"""How answers leave, as JSON or as CSV: without what is not for who asks, or was not known."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, get_args

from starlette.responses import Response, StreamingResponse

from api.answers import Body, Page
from api.as_known import as_known
from api.field_classes import class_of, left_out
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
        (item,) = get_args(page.model_fields["items"].annotation)
        return as_csv(item, items, asked, following=following)
    fields = {**asked.freshness, "next": following, **beside, "items": items}
    return as_json(page.model_validate(fields), asked)


def as_json(answer: Body, asked: Asking, version: int | None = None) -> Response:
    """An answer as JSON, with the version of the one record it tells of as its ETag."""
    headers = {} if version is None else {"ETag": f'"{version}"'}
    known = as_known(answer, asked.moment.known_at)
    text = known.model_dump_json(by_alias=True, exclude=left_out(known, asked.sight))
    return Response(text, media_type=JSON, headers=headers)


def as_csv(
    item: type[Body], items: Sequence[Body], asked: Asking, *, following: str | None = None
) -> Response:
    """``items`` as CSV, with a column for each field of an ``item`` that is told of one of them."""
    rows = [told(one, asked) for one in items]
    seen = asked.sight.of(None)
    columns = [
        field.alias or name
        for name, field in item.model_fields.items()
        if class_of(field) in seen or any((field.alias or name) in row for row in rows)
    ]
    return as_table(rows, columns, asked, following=following)


def told(item: Body, asked: Asking) -> dict[str, Any]:
    """The fields of ``item`` that are for who asks, as far as they were known."""
    known = as_known(item, asked.moment.known_at)
    return known.model_dump(by_alias=True, exclude=left_out(known, asked.sight))


def as_table(
    rows: Sequence[Mapping[str, Any]],
    columns: Sequence[str],
    asked: Asking,
    *,
    following: str | None,
) -> Response:
    """``rows`` as CSV; what JSON says beside them stands in headers, the next cursor too."""
    headers = {"Position": str(asked.freshness["position"]), "Lag": str(asked.freshness["lag"])}
    if following is not None:
        headers["Next"] = following
    return StreamingResponse(csv_chunks(rows, columns), media_type=CSV, headers=headers)
