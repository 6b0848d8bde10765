"""What a command door answers."""

from pydantic import BaseModel, ConfigDict

from api.problems import ProblemBody


class EventBody(BaseModel):
    """One recorded fact."""

    model_config = ConfigDict(extra="forbid")

    name: str
    event_id: str
    position: int


class ReceiptBody(BaseModel):
    """What a command did: the stream, its version, the position in the log, and the facts."""

    model_config = ConfigDict(extra="forbid")

    stream: str
    version: int
    position: int
    events: list[EventBody]
    repeated: bool
    """Whether this request was answered before, and nothing new was recorded."""


class BatchAnswer(BaseModel):
    """What one line of a batch was answered: a receipt's fields, or a problem."""

    model_config = ConfigDict(extra="forbid")

    line: int
    status: int
    stream: str | None = None
    version: int | None = None
    position: int | None = None
    events: list[EventBody] | None = None
    repeated: bool | None = None
    problem: ProblemBody | None = None
