"""The doors of value matrices: what they say, and who would move under another version."""

import dataclasses
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Final

from fastapi import Path, Query
from starlette.responses import Response

from api.metrics import defined
from api.openapi import of_list, of_one
from api.pages import as_json, as_page
from api.problems import Problem
from api.questions import AskedOfList, AskedOfOne, Asking, asking, questions
from api.ranking_answers import (
    DryRunAnswer,
    MoveCount,
    MoveItem,
    ValueMatricesPage,
    ValueMatrixAnswer,
    ValueMatrixItem,
)
from readmodels import account_classes, value_matrices
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

ROUTER: Final = questions()


@ROUTER.get("/value-matrices", **of_list(ValueMatricesPage))
def get_value_matrices(
    *,
    question: AskedOfList,
) -> Response:
    """Value matrices with all their versions, as they were."""
    with asking(question, value_matrices.READS) as asked:
        rows = value_matrices.value_matrices(
            asked.connection,
            asked.moment,
            after=question.after,
            limit=question.limit,
        )
        following = question.following(rows, lambda row: row.matrix_id)
    return as_page(
        ValueMatricesPage,
        [ValueMatrixItem.model_validate(row._asdict()) for row in rows],
        asked,
        question,
        following=following,
    )


@ROUTER.get("/value-matrices/{matrix_id}", **of_one(ValueMatrixAnswer))
def get_value_matrix(matrix_id: MatrixId, question: AskedOfOne) -> Response:
    """One value matrix with all its versions, as it was."""
    with asking(question, value_matrices.READS) as asked:
        row = value_matrices.value_matrix(asked.connection, asked.moment, matrix_id)
        if row is None:
            raise _unknown()
    item = ValueMatrixItem.model_validate(row._asdict())
    return as_json(ValueMatrixAnswer(**asked.freshness, item=item), asked, version=row.version)


@ROUTER.get("/value-matrices/{matrix_id}/dry-run", **of_list(DryRunAnswer, "not-found"))
def get_dry_run(
    *,
    matrix_id: MatrixId,
    version: Annotated[int, Query(ge=1, lt=2**31)],
    question: AskedOfList,
) -> Response:
    """Who would move from which class to which under a version; nothing is recorded."""
    with asking(question, DRY_RUN_READS) as asked:
        found = _moves(asked, question.day, matrix_id, version)
    moving = [move for move in found if move.moves]
    page = moving[question.skip : question.skip + question.limit]
    return as_page(
        DryRunAnswer,
        [MoveItem.model_validate(dataclasses.asdict(move)) for move in page],
        asked,
        question,
        following=question.further(page),
        beside={
            "metric": defined(account_classes.METRIC),
            "matrix_id": matrix_id,
            "version": version,
            "counts": _counts(found),
        },
    )


def _moves(asked: Asking, day: date, matrix_id: str, version: int) -> tuple[Move, ...]:
    moment = asked.moment
    row = value_matrices.value_matrix(asked.connection, moment, matrix_id)
    if row is None:
        raise _unknown()
    if str(version) not in row.versions:
        raise Problem("not-found", "unknown-version", f"there is no version {version}")
    reach = value_matrices.reach(asked.connection, moment, day)
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
