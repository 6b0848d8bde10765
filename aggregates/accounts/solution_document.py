"""One solution document: published, and published again in further revisions."""

from dataclasses import dataclass
from typing import Final

from aggregates.decider import Decider
from aggregates.refusals import Invalid, WrongState
from events.accounts.solution_document import SolutionDocumentPublished

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class Unpublished:
    """There is no such document."""


@dataclass(frozen=True, slots=True)
class Published:
    """A document that is there, with its newest revision."""

    newest: SolutionDocumentPublished


SolutionDocument = Unpublished | Published

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(document: SolutionDocument, event: SolutionDocumentPublished) -> SolutionDocument:
    """The document after ``event``."""
    assert event.revision == revision_of(document) + 1
    return Published(event)


SOLUTION_DOCUMENT: Final[Decider[SolutionDocument, SolutionDocumentPublished]] = Decider(
    "solution_document", Unpublished(), evolve
)

# --- decisions: one verb each; facts or a refusal ----------------------------


def revision_of(document: SolutionDocument) -> int:
    """The number of the newest revision; 0 before the first."""
    return document.newest.revision if isinstance(document, Published) else 0


def publish(
    document: SolutionDocument,
    *,
    document_id: str,
    account_id: str,
    title: str,
    uri: str | None,
    sha256: str | None,
    media_type: str,
) -> tuple[SolutionDocumentPublished, ...]:
    """Publish the next revision; nothing when the newest is just so.

    Raises:
        WrongState: ``document-of-another-account``.
        Invalid: ``content-missing``, when it says neither where it is kept nor what it was.
    """
    newest = document.newest if isinstance(document, Published) else None
    if newest is not None and newest.account_id != account_id:
        raise WrongState(
            "document-of-another-account", "this document id is taken", field="document_id"
        )
    if uri is None and sha256 is None:
        raise Invalid("content-missing", "give its uri, its sha256 or both", field="uri")
    fact = SolutionDocumentPublished(
        document_id=document_id,
        account_id=account_id,
        revision=revision_of(document) + 1,
        title=title,
        uri=uri,
        sha256=sha256,
        media_type=media_type,
    )
    if newest is not None and newest == fact.model_copy(update={"revision": newest.revision}):
        return ()
    return (fact,)
