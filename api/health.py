"""How the ledger is."""

from fastapi import APIRouter
from starlette.responses import Response

from api.answers import HealthAnswer, ReadModelHealth
from api.openapi import problem_responses
from api.ports import Doors
from readmodels.catalogue import READ_MODELS
from readmodels.reading import reading


def health_router(doors: Doors) -> APIRouter:
    """The door that tells it; it needs no key."""
    router = APIRouter()

    @router.get(
        "/v1/health",
        tags=["operation"],
        response_model=HealthAnswer,
        responses=problem_responses("store-unavailable"),
    )
    def get_health() -> Response:
        """The head of the log and how far each read model has come."""
        with doors.pool.connection() as connection, reading(connection) as stand:
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

    return router
