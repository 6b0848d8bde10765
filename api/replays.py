"""The doors of replays: the past of everybody under other policies, found in the background.

A replay is no command: it records nothing, and nobody is told of it.
"""

import asyncio
import hashlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Final
from uuid import uuid5

from fastapi import Depends
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from api.access.reader import Reader, ReaderOf
from api.cursors import cursor, number_after
from api.openapi import PROBLEMS_OF_REPLAYS, in_types, of_body, problem_responses
from api.problems import Problem, invalid_body
from api.questions import Accept, After, Limit, questions
from api.received import Received
from api.replay_answers import ReplayItem, ReplaysPage, item_of
from api.requests import DEPTH_MAX, namespace, too_deep
from api.tables import CSV, JSON, MARKDOWN, PARQUET, wanted
from commands.carry_out import CommandIdReused
from commands.policies.scoring import expect_may_be_tried
from events.values import Id
from replay.background import Format, Replay
from replay.what_if.question import Question
from replay.what_if.result import Result

OPEN_MAX: Final = 5
"""How many replays of one key may wait or be carried out at a time."""

_BYTES_MAX: Final = 2 * 2**20
_LATEST: Final = 2**53
_FORMATS: Final[Mapping[str, Format]] = MappingProxyType(
    {JSON: "json", CSV: "csv", PARQUET: "parquet", MARKDOWN: "markdown"}
)

ROUTER: Final = questions("/v1/replays")


def _may_replay(reader: ReaderOf) -> Reader:
    reader.expect_replays()
    return reader


Asker = Annotated[Reader, Depends(_may_replay)]
"""Who asks, and may have the past replayed."""


@ROUTER.post(
    "",
    status_code=202,
    response_model=ReplayItem,
    responses={
        **PROBLEMS_OF_REPLAYS,
        **problem_responses("malformed", "too-large", "unsupported-media-type"),
        202: {
            "description": "It waits to be carried out, or whatever has become of it by now.",
            "headers": {"Location": {"schema": {"type": "string"}}},
        },
    },
    openapi_extra=of_body(Question),
)
async def ask_for_replay(request: Request, asker: Asker) -> Response:
    """Score the past under other policies, beside those that were in force, in the background.

    Sent again with the same Idempotency-Key it is the same replay, and is answered as it stands.
    """
    received = Received.of(request.scope, request.receive)
    received.expect("", "application/x-www-form-urlencoded", JSON)
    key = received.idempotency_key
    question = _question(await received.body(_BYTES_MAX))
    doors, principal = asker.doors, asker.principal
    for place, one in enumerate(question.policies):
        await expect_may_be_tried(
            doors.desk.memory,
            region_id=one.region_id,
            version=one.version,
            document=one.document,
            field=f"policies.{place}",
        )
    digest = hashlib.sha256(question.model_dump_json(exclude_unset=True).encode()).digest()
    found = await asyncio.to_thread(
        doors.replays.ask,
        str(uuid5(namespace(doors.ledger), f"replay\n{principal.actor}\n{key}")),
        question,
        digest=digest,
        key_id=principal.key.key_id,
        actor=principal.actor,
        open_max=OPEN_MAX,
    )
    if found is None:
        raise Problem(
            "wrong-state",
            "too-many-replays",
            f"{OPEN_MAX} replays of this key have not ended; wait for one, or cancel it",
        )
    if found.digest != digest:
        raise CommandIdReused("this Idempotency-Key was used before for another replay")
    asker.told["replay"] = found.replay_id
    return _told(found, status=202)


@ROUTER.get(
    "",
    response_model=ReplaysPage,
    responses={**PROBLEMS_OF_REPLAYS, **problem_responses("malformed")},
)
def get_replays(asker: Asker, *, limit: Limit = 100, cursor_: After = None) -> Response:
    """Replays, whoever asked for them, the last one first."""
    before = number_after(cursor_) or _LATEST
    found = asker.doors.replays.page(before, limit)
    following = cursor(found[-1].number) if len(found) == limit else None
    page = ReplaysPage(next=following, items=[item_of(one) for one in found])
    return Response(page.model_dump_json(), media_type=JSON)


@ROUTER.get("/{replay_id}", response_model=ReplayItem, responses=PROBLEMS_OF_REPLAYS)
def get_replay(replay_id: Id, asker: Asker) -> Response:
    """One replay: how far it has come, how long it will take, and where its result is."""
    return _told(_existing(asker, replay_id))


@ROUTER.post("/{replay_id}/cancel", response_model=ReplayItem, responses=PROBLEMS_OF_REPLAYS)
def cancel_replay(replay_id: Id, asker: Asker) -> Response:
    """End a replay without a result; once it is, this changes nothing."""
    found = _existing(asker, replay_id)
    principal = asker.principal
    if found.actor != principal.actor and "administrator" not in principal.key.roles:
        raise Problem(
            "not-allowed", "replay-of-another", "whoever asked for it cancels it, or administrators"
        )
    after = asker.doors.replays.cancel(replay_id)
    if after is None:
        raise _unknown()
    if after.state != "cancelled":
        raise Problem("wrong-state", "replay-ended", f"it is {after.state} already")
    return _told(after)


@ROUTER.get(
    "/{replay_id}/result",
    response_model=Result,
    responses={
        **PROBLEMS_OF_REPLAYS,
        **problem_responses("not-acceptable"),
        **in_types(Result, CSV, PARQUET, MARKDOWN),
    },
)
def get_replay_result(replay_id: Id, asker: Asker, accept: Accept = None) -> Response:
    """What came of it.

    As JSON all of it, as CSV who changes, as Parquet the scores of every day beside each other, as
    Markdown a report.
    """
    kind = wanted(accept, tuple(_FORMATS))
    found = _existing(asker, replay_id)
    if found.state != "done":
        raise Problem("wrong-state", "replay-not-done", f"there is no result: it is {found.state}")
    told_as = _FORMATS[kind]
    file = found.results[told_as]
    return StreamingResponse(
        asker.doors.replays.result(replay_id, told_as),
        media_type=kind,
        headers={"ETag": f'"{file.sha256}"', "Content-Length": str(file.octets)},
    )


def _question(body: bytes) -> Question:
    if too_deep(body):
        raise Problem("malformed", "too-deep", f"values lie in values more than {DEPTH_MAX} deep")
    try:
        return Question.model_validate_json(body)
    except ValidationError as wrong:
        raise invalid_body(wrong) from wrong


def _existing(asker: Reader, replay_id: str) -> Replay:
    found = asker.doors.replays.find(replay_id)
    if found is None:
        raise _unknown()
    return found


def _unknown() -> Problem:
    return Problem("not-found", "unknown-replay", "there is no such replay")


def _told(found: Replay, status: int = 200) -> Response:
    headers = {"Location": f"/v1/replays/{found.replay_id}"} if status == 202 else {}
    text = item_of(found).model_dump_json()
    return Response(text, status_code=status, media_type=JSON, headers=headers)
