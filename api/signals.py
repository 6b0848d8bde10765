"""The read door of signals: what the scores of an account are made of."""

from typing import Final

from starlette.responses import Response

from api.openapi import of_list
from api.pages import as_page
from api.problems import Problem
from api.questions import AskedOfList, asking, questions
from api.signal_answers import SignalItem, SignalsPage
from events.values import Id
from readmodels import accounts, signals
from readmodels.signals import SignalKind

ROUTER: Final = questions()


@ROUTER.get("/accounts/{account_id}/signals", **of_list(SignalsPage, "not-found"))
def get_signals(
    account_id: Id, *, kind: SignalKind | None = None, question: AskedOfList
) -> Response:
    """What was told of an account and counted, recorded last first."""
    with asking(question, (*accounts.READS, *signals.READS)) as asked:
        if accounts.account(asked.connection, asked.moment, account_id) is None:
            raise Problem("not-found", "unknown-account", "there is no such account")
        rows = signals.signals(
            asked.connection,
            asked.moment,
            account_id,
            kind=kind,
            before=question.skip,
            limit=question.limit,
        )
    items = [SignalItem(**row._asdict()) for row in rows]
    following = question.following(rows, signals.place)
    return as_page(SignalsPage, items, asked, question, following=following)
