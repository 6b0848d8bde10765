"""The doors of value matrices: what they say, and who would move under another version."""

import dataclasses
from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import Response

from api.cursors import cursor, number_after, text_after
from api.metrics import defined
from api.openapi import PROBLEMS_OF_LISTS, PROBLEMS_OF_ONE, in_types, problem_responses
from api.pages import as_json, as_page
from api.ports import Doors
from api.problems import Problem
from api.questions import (
    Accept,
    After,
    Asking,
    AsOf,
    KnownAt,
    Limit,
    MinPosition,
    Reader,
    asking,
)
from api.ranking_answers import (
    DryRunAnswer,
    MoveCount,
    MoveItem,
    ValueMatricesPage,
    ValueMatrixAnswer,
    ValueMatrixItem,
)
from api.tables import CSV, JSON, wanted
from readmodels import account_classes, value_matrices
from readmodels.moment import Moment
from replay.reclassification import Move, dry_run

DRY_RUN_READS: Final = tuple(dict.fromkeys((*account_classes.READS, *value_matrices.READS)))
"""The read models a dry run rests on."""

MatrixId = Annotated[
    str,
    Path(
        pattern=r"^(\*|[A-Za-z0-9._-]{1,64})$",
        description="The region's id, or * for the one of the whole group.",
    ),
]


def value_matrices_router(doors: Doors) -> APIRouter:
    """The doors of value matrices on ``doors``; each needs a key that works."""
    router = APIRouter(prefix="/v1", tags=["questions"], dependencies=[Depends(Reader(doors))])
    _add_matrices(router, doors)
    _add_dry_run(router, doors)
    return router


def _add_matrices(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "/value-matrices",
        response_model=ValueMatricesPage,
        responses=PROBLEMS_OF_LISTS | in_types(ValueMatricesPage, CSV),
    )
    def get_value_matrices(
        *,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        limit: Limit = 100,
        cursor_: After = None,
        min_position: MinPosition = None,
        accept: Accept = None,
    ) -> Response:
        """Value matrices with all their versions, as they were."""
        kind = wanted(accept, (JSON, CSV))
        with asking(doors, value_matrices.READS, min_position) as asked:
            rows = value_matrices.value_matrices(
                asked.connection,
                asked.moment(as_of, known_at),
                after=text_after(cursor_),
                limit=limit,
            )
            following = cursor(rows[-1].matrix_id) if len(rows) == limit else None
        return as_page(
            ValueMatricesPage,
            ValueMatrixItem,
            [row._asdict() for row in rows],
            asked.freshness,
            kind=kind,
            following=following,
        )

    @router.get(
        "/value-matrices/{matrix_id}",
        response_model=ValueMatrixAnswer,
        responses=PROBLEMS_OF_ONE,
    )
    def get_value_matrix(
        matrix_id: MatrixId,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        min_position: MinPosition = None,
    ) -> Response:
        """One value matrix with all its versions, as it was."""
        with asking(doors, value_matrices.READS, min_position) as asked:
            row = value_matrices.value_matrix(
                asked.connection, asked.moment(as_of, known_at), matrix_id
            )
            if row is None:
                raise _unknown()
        item = ValueMatrixItem.model_validate(row._asdict())
        return as_json(ValueMatrixAnswer(**asked.freshness, item=item), version=row.version)


def _add_dry_run(router: APIRouter, doors: Doors) -> None:
    @router.get(
        "/value-matrices/{matrix_id}/dry-run",
        response_model=DryRunAnswer,
        responses=PROBLEMS_OF_LISTS | problem_responses("not-found") | in_types(DryRunAnswer, CSV),
    )
    def get_dry_run(
        *,
        matrix_id: MatrixId,
        version: Annotated[int, Query(ge=1, lt=2**31)],
        as_of: AsOf = None,
        known_at: KnownAt = None,
        limit: Limit = 100,
        cursor_: After = None,
        min_position: MinPosition = None,
        accept: Accept = None,
    ) -> Response:
        """Who would move from which class to which under a version; nothing is recorded."""
        kind, skip = wanted(accept, (JSON, CSV)), number_after(cursor_)
        with asking(doors, DRY_RUN_READS, min_position) as asked:
            found = _moves(asked, asked.moment(as_of, known_at), matrix_id, version)
        moving = [move for move in found if move.moves]
        following = cursor(skip + limit) if len(moving) > skip + limit else None
        return as_page(
            DryRunAnswer,
            MoveItem,
            [dataclasses.asdict(move) for move in moving[skip : skip + limit]],
            asked.freshness,
            kind=kind,
            following=following,
            beside={
                "metric": defined(account_classes.METRIC),
                "matrix_id": matrix_id,
                "version": version,
                "counts": _counts(found),
            },
        )


def _moves(asked: Asking, moment: Moment, matrix_id: str, version: int) -> tuple[Move, ...]:
    row = value_matrices.value_matrix(asked.connection, moment, matrix_id)
    if row is None:
        raise _unknown()
    if str(version) not in row.versions:
        raise Problem("not-found", "unknown-version", f"there is no version {version}")
    reach = value_matrices.reach(asked.connection, moment)
    return dry_run(
        account_classes.every_account_class(asked.connection, moment),
        row.versions[str(version)]["document"],
        matrix_id=matrix_id,
        parents=reach.parents,
        in_force=reach.in_force,
    )


def _counts(moves: Sequence[Move]) -> list[MoveCount]:
    counted = Counter((move.class_before, move.class_after) for move in moves)
    return [
        MoveCount(class_before=before, class_after=after, accounts=accounts)
        for (before, after), accounts in sorted(counted.items(), key=str)
    ]


def _unknown() -> Problem:
    return Problem("not-found", "unknown-value-matrix", "there is no such value matrix")
