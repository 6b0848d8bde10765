"""Facts about solution documents: what was worked out with and for an account, in revisions."""

from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from events.event import Event
from events.values import Digest, Id, Name, Uri

MediaType = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,99}$"),
]
"""What kind of file it is, in lower case: ``application/pdf``."""


class SolutionDocumentPublished(Event):
    """A revision of a document is there for whoever works for the account; earlier ones stay."""

    NAME: ClassVar[str] = "solution_document.published"
    PARTITION: ClassVar[str | None] = "account_id"

    document_id: Id
    account_id: Id
    revision: int = Field(ge=1)
    title: Name
    uri: Uri | None
    """Where it is kept."""
    sha256: Digest | None
    """What it was when it was published."""
    media_type: MediaType


SolutionDocumentEvent = SolutionDocumentPublished
