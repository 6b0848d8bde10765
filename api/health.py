"""How the ledger is; the door that tells it needs no key."""

from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.answers import HealthAnswer, ReadModelHealth
from api.openapi import problem_responses
from api.ports import Doors
from readmodels.catalogue import READ_MODELS
from readmodels.reading import reading
from readmodels.scope import NOTHING

ROUTER: Final = APIRouter(tags=["operation"])


@ROUTER.get(
    "/v1/health",
    response_model=HealthAnswer,
    responses=problem_responses("store-unavailable"),
)
def get_health(request: Request) -> Response:
    """The head of the log and how far each read model has come."""
    doors: Doors = request.app.state.doors
    with doors.pool.connection() as connection, reading(connection, NOTHING) as stand:
        models = {
            name: ReadModelHealth(position=position, lag=stand.lag(name))
            for name, position in sorted(stand.positions.items())
        }
        answer = HealthAnswer(
            status="ok" if models.keys() >= READ_MODELS else "starting",
            log=doors.log,
            position=stand.head,
            lag=max((model.lag for model in models.values()), default=stand.head),
            read_models=models,
        )
    return Response(answer.model_dump_json(), media_type="application/json")
