"""What can be asked of solution documents."""

from aggregates.accounts import account, solution_document
from aggregates.accounts.account import ACCOUNT
from aggregates.accounts.solution_document import SOLUTION_DOCUMENT
from commands.command import Command
from commands.look import Decided, Look
from events.accounts.solution_document import MediaType
from events.values import Digest, Id, Name, Uri


class PublishSolutionDocument(Command):
    """Publish a document for an account, or its next revision; earlier ones stay.

    Where it is kept, the SHA-256 of what it says, or both are given.
    """

    document_id: Id
    account_id: Id
    title: Name
    uri: Uri | None = None
    sha256: Digest | None = None
    media_type: MediaType


def publish_solution_document(command: PublishSolutionDocument, look: Look) -> Decided:
    """Publish it; the account must exist."""
    account.existing(look(ACCOUNT, command.account_id), field="account_id")
    return look.decide(
        SOLUTION_DOCUMENT,
        command.document_id,
        solution_document.publish,
        document_id=command.document_id,
        account_id=command.account_id,
        title=command.title,
        uri=command.uri,
        sha256=command.sha256,
        media_type=command.media_type,
    )
