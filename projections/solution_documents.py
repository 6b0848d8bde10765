"""What was worked out with and for each account: every revision of every document."""

from datetime import datetime
from typing import Final, NamedTuple

from events.accounts.solution_document import SolutionDocumentPublished
from events.recorded import Recorded
from projections.history import begin, interval, row_before, succeed
from projections.projection import ByAccount, Key, Projection, Rows, Table


class SolutionDocumentRow(NamedTuple):
    """One revision, the newest from ``valid_from`` (inclusive) to ``valid_to`` (exclusive)."""

    document_id: str
    version: int
    account_id: str
    revision: int
    title: str
    uri: str | None
    sha256: str | None
    media_type: str
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


SOLUTION_DOCUMENT: Final = Table(
    "solution_document",
    SolutionDocumentRow,
    guard=ByAccount(),
    key=("document_id", "version"),
    indexes=(("account_id",),),
)


def keys(recorded: Recorded[SolutionDocumentPublished]) -> tuple[Key, ...]:
    """The revision before."""
    return row_before(SOLUTION_DOCUMENT, recorded.event.document_id, recorded)


def evolve(rows: Rows, recorded: Recorded[SolutionDocumentPublished]) -> Rows:
    """The revision before, which is not the newest any more, and this one."""
    event = recorded.event
    row = SolutionDocumentRow(
        event.document_id,
        recorded.envelope.version,
        event.account_id,
        event.revision,
        event.title,
        event.uri,
        event.sha256,
        event.media_type,
        *interval(recorded),
    )
    if not rows:
        return begin(SOLUTION_DOCUMENT, row)
    # All but the key and the interval is what the new revision says.
    said = zip(row._fields[2:-4], row[2:-4], strict=True)
    return succeed(rows, recorded, dict(said))


SOLUTION_DOCUMENTS: Final = Projection(
    name="solution_documents",
    version=1,
    tables=(SOLUTION_DOCUMENT,),
    subscribes=frozenset({SolutionDocumentPublished}),
    keys=keys,
    evolve=evolve,
)
